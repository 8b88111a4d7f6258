//! The order in which the keys of a map are printed.

use std::cmp::Ordering;

use crate::model::tree::Map;

/// A kind of object, known by the keys it always has, and the keys that come first in it.
struct Shape {
    /// One of these must be there; none means any.
    any: &'static [&'static str],
    /// All of these must be there.
    all: &'static [&'static str],
    first: &'static [&'static str],
}

/// The shapes, the most telling first.
const SHAPES: &[Shape] = &[
    Shape {
        any: &[],
        all: &["apiVersion", "kind"],
        first: &["apiVersion", "kind", "metadata", "type", "immutable", "spec", "data", "stringData"],
    },
    Shape {
        any: &["services", "name"],
        all: &["services"],
        first: &["name", "services", "networks", "volumes", "configs", "secrets"],
    },
    Shape {
        any: &["image", "build"],
        all: &[],
        first: &[
            "name",
            "image",
            "build",
            "restartPolicy",
            "command",
            "entrypoint",
            "args",
            "environment",
            "env_file",
            "envFrom",
            "env",
            "ports",
            "volumes",
            "volumeMounts",
            "depends_on",
            "startupProbe",
            "readinessProbe",
            "livenessProbe",
            "healthcheck",
            "resources",
        ],
    },
    Shape { any: &["test"], all: &["interval"], first: &["test"] },
    Shape { any: &["format"], all: &["path"], first: &["path"] },
    Shape {
        any: &["httpGet", "exec", "tcpSocket", "grpc"],
        all: &[],
        first: &["httpGet", "exec", "tcpSocket", "grpc"],
    },
    Shape {
        any: &[],
        all: &["containers"],
        first: &["serviceAccountName", "securityContext", "initContainers", "containers"],
    },
    Shape { any: &["name"], all: &[], first: &["name", "namespace"] },
    Shape { any: &["key"], all: &[], first: &["key", "operator"] },
    Shape { any: &["type", "source"], all: &["target"], first: &["type", "source", "target"] },
    Shape {
        any: &["replicas", "selector", "serviceName"],
        all: &["template"],
        first: &["serviceName", "replicas", "selector"],
    },
];

/// Sorts keys so that a person finds what they look for: by the shape of the map, then by name.
pub fn order(keys: &mut [&String], map: &Map) {
    let fits = |shape: &&Shape| {
        let has = |key: &&&str| map.contains_key(**key);
        shape.all.iter().all(|key| has(&key))
            && (shape.any.is_empty() || shape.any.iter().any(|key| has(&key)))
    };
    let first = SHAPES.iter().find(fits).map_or(&[][..], |shape| shape.first);
    let rank = |key: &str| first.iter().position(|name| *name == key).unwrap_or(first.len());
    // Keys come sorted by name, and equal ranks keep that order.
    keys.sort_by_cached_key(|key| rank(key));
}

/// Compares keys as Go's yaml.v3 does: digits by their number, letters after everything else.
pub fn go_natural(a: &str, b: &str) -> Ordering {
    let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut digits = false;
    for (n, (l, r)) in left.iter().zip(&right).enumerate() {
        if l == r {
            digits = l.is_ascii_digit();
            continue;
        }
        let (left_letter, right_letter) = (l.is_alphabetic(), r.is_alphabetic());
        if left_letter && right_letter {
            return l.cmp(r);
        }
        if left_letter || right_letter {
            // After a digit the letter comes first: `1a` is a shorter run than `10`.
            return if left_letter == digits { Ordering::Less } else { Ordering::Greater };
        }
        return numbers(&left, &right, n).unwrap_or_else(|| l.cmp(r));
    }
    left.len().cmp(&right.len())
}

/// Compares the runs of digits from the first place where two keys differ. Zeros count only after another digit.
fn numbers(left: &[char], right: &[char], at: usize) -> Option<Ordering> {
    let run = |key: &[char]| -> Vec<char> {
        key.iter().skip(at).take_while(|c| c.is_ascii_digit()).copied().collect()
    };
    let before = left.iter().take(at).rev().take_while(|c| c.is_ascii_digit());
    let inside = before.into_iter().any(|c| *c != '0');
    let value = |digits: &[char]| -> Vec<char> {
        digits.iter().skip_while(|c| **c == '0' && !inside).copied().collect()
    };
    let (l, r) = (run(left), run(right));
    let (left_value, right_value) = (value(&l), value(&r));
    let by_value = left_value.len().cmp(&right_value.len()).then_with(|| left_value.cmp(&right_value));
    let by_length = by_value.then_with(|| l.len().cmp(&r.len()));
    (by_length != Ordering::Equal).then_some(by_length)
}

#[cfg(test)]
mod tests {
    use super::{go_natural, order};
    use crate::model::tree::{Map, Tree};

    #[test]
    fn go_sorts_naturally() {
        let table = [
            ["A9", "A10"],
            ["A1", "A1B"],
            ["A1B", "A01"],
            ["A_B", "AB"],
            ["KAFKA_LISTENER_X", "KAFKA_LISTENERS"],
            ["B", "a"],
            ["1", "a"],
            ["a-b", "aa"],
            ["a", "ab"],
            ["A17", "A105"],
        ];
        for [first, second] in table {
            assert!(go_natural(first, second).is_lt(), "{first} < {second}");
            assert!(go_natural(second, first).is_gt(), "{second} > {first}");
        }
    }

    #[test]
    fn people_find_the_name_first() {
        let table: [(&[&str], &[&str]); 3] = [
            (&["spec", "metadata", "kind", "apiVersion"], &["apiVersion", "kind", "metadata", "spec"]),
            (&["labels", "name"], &["name", "labels"]),
            (&["volumes", "services", "name"], &["name", "services", "volumes"]),
        ];
        for (given, wanted) in table {
            let map: Map = given.iter().map(|key| ((*key).to_owned(), Tree::Null)).collect();
            let mut keys: Vec<&String> = map.keys().collect();
            order(&mut keys, &map);
            assert_eq!(keys, wanted);
        }
    }
}
