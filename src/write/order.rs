//! The order in which the keys of a map are printed.

use std::cmp::Ordering;

use crate::model::tree::Tree;

/// A kind of object, known by the keys it always has, and the keys that come first in it.
struct Shape {
    /// One of these must be there; none means any.
    any: u32,
    /// All of these must be there.
    all: u32,
    first: &'static [&'static str],
}

/// Keys that tell shapes apart, one bit each.
const TELLING: &[&str] = &[
    "apiVersion",
    "kind",
    "services",
    "name",
    "image",
    "build",
    "test",
    "interval",
    "format",
    "path",
    "httpGet",
    "exec",
    "tcpSocket",
    "grpc",
    "containers",
    "key",
    "type",
    "source",
    "target",
    "replicas",
    "selector",
    "serviceName",
    "template",
];

/// The bits of some keys.
const fn bits<const N: usize>(keys: [&str; N]) -> u32 {
    let (mut found, mut rest) = (0, keys.as_slice());
    while let [key, others @ ..] = rest {
        found |= bit(key);
        rest = others;
    }
    found
}

/// The bit of a key; none for one that tells nothing.
const fn bit(key: &str) -> u32 {
    let (mut here, mut rest) = (1, TELLING);
    while let [known, others @ ..] = rest {
        if alike(known.as_bytes(), key.as_bytes()) {
            return here;
        }
        here <<= 1;
        rest = others;
    }
    0
}

const fn alike(one: &[u8], other: &[u8]) -> bool {
    let (mut one, mut other) = (one, other);
    if one.len() != other.len() {
        return false;
    }
    while let ([a, rest @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (rest, others);
    }
    true
}

/// The shapes, the most telling first.
const SHAPES: &[Shape] = &[
    Shape {
        any: 0,
        all: bits(["apiVersion", "kind"]),
        first: &["apiVersion", "kind", "metadata", "type", "immutable", "spec", "data", "stringData"],
    },
    Shape {
        any: 0,
        all: bits(["services"]),
        first: &["name", "services", "networks", "volumes", "configs", "secrets"],
    },
    Shape {
        any: bits(["image", "build"]),
        all: 0,
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
    Shape { any: 0, all: bits(["test", "interval"]), first: &["test"] },
    Shape { any: 0, all: bits(["format", "path"]), first: &["path"] },
    Shape {
        any: bits(["httpGet", "exec", "tcpSocket", "grpc"]),
        all: 0,
        first: &["httpGet", "exec", "tcpSocket", "grpc"],
    },
    Shape {
        any: 0,
        all: bits(["containers"]),
        first: &["serviceAccountName", "securityContext", "initContainers", "containers"],
    },
    Shape { any: 0, all: bits(["name"]), first: &["name", "namespace"] },
    Shape { any: 0, all: bits(["key"]), first: &["key", "operator"] },
    Shape { any: bits(["type", "source"]), all: bits(["target"]), first: &["type", "source", "target"] },
    Shape {
        any: bits(["replicas", "selector", "serviceName"]),
        all: bits(["template"]),
        first: &["serviceName", "replicas", "selector"],
    },
];

/// Sorts the entries of a map so that a person finds what they look for: by the shape of the map, then by name.
pub fn order(entries: &mut [(&String, &Tree)]) {
    let there = entries.iter().fold(0, |there, (key, _)| there | bit(key));
    let fits = |shape: &&Shape| there & shape.all == shape.all && (shape.any == 0 || there & shape.any != 0);
    let first = match there {
        0 => &[],
        _ => SHAPES.iter().find(fits).map_or(&[][..], |shape| shape.first),
    };
    if first.is_empty() || entries.len() < 2 {
        return;
    }
    let rank = |key: &str| first.iter().position(|name| *name == key).unwrap_or(first.len());
    // Entries come sorted by name, and equal ranks keep that order.
    entries.sort_by_cached_key(|(key, _)| rank(key));
}

/// Compares keys as Go's yaml.v3 does: digits by their number, letters after everything else.
pub fn go_natural(a: &str, b: &str) -> Ordering {
    let mut digits = false;
    for (n, (l, r)) in a.chars().zip(b.chars()).enumerate() {
        if l == r {
            digits = l.is_ascii_digit();
            continue;
        }
        let (left_letter, right_letter) = (l.is_alphabetic(), r.is_alphabetic());
        if left_letter && right_letter {
            return l.cmp(&r);
        }
        if left_letter || right_letter {
            // After a digit the letter comes first: `1a` is a shorter run than `10`.
            return if left_letter == digits { Ordering::Less } else { Ordering::Greater };
        }
        let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        return numbers(&left, &right, n).unwrap_or_else(|| l.cmp(&r));
    }
    a.chars().count().cmp(&b.chars().count())
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
            let mut entries: Vec<(&String, &Tree)> = map.iter().collect();
            order(&mut entries);
            assert_eq!(entries.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), wanted);
        }
    }
}
