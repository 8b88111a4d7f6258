//! A file that speaks of several types: what stands beside `types` belongs to each of them, and each lays its own over it.

use std::sync::Arc;

use crate::model::node::{Kind, Node};

/// The key under which the types stand.
pub const TYPES: &str = "types";

/// The contracts of a file, each as if it stood in a file of its own; `None` for a file without `types`, none where
/// they are no map.
pub fn contracts(root: &Node) -> Option<Vec<Arc<Node>>> {
    let types = root.get(TYPES)?.as_map().unwrap_or_default();
    let common: Vec<(Node, Node)> =
        root.as_map()?.iter().filter(|(key, _)| key.key_text() != TYPES).cloned().collect();
    let one = |(name, own): &(Node, Node)| {
        let mut entries = common.clone();
        // What a person looks for is the line where the type is named.
        let key = Node { kind: Kind::Str("type".to_owned()), ..name.clone() };
        entries.insert(0, (key, name.clone()));
        let below = Node { kind: Kind::Map(entries), ..own.clone() };
        Arc::new(laid(&below, own))
    };
    Some(types.iter().map(one).collect())
}

/// One value over another: maps merge, lists follow each other, anything else is replaced. What is below comes first.
fn laid(below: &Node, above: &Node) -> Node {
    let kind = match (&below.kind, &above.kind) {
        (Kind::Map(lower), Kind::Map(upper)) => {
            let mut entries = lower.clone();
            for (key, value) in upper {
                let text = key.key_text();
                match entries.iter_mut().find(|(known, _)| known.key_text() == text) {
                    Some((_, known)) => *known = laid(known, value),
                    None => entries.push((key.clone(), value.clone())),
                }
            }
            Kind::Map(entries)
        }
        (Kind::List(lower), Kind::List(upper)) => Kind::List(lower.iter().chain(upper).cloned().collect()),
        (_, Kind::Null) => return below.clone(),
        _ => return above.clone(),
    };
    Node { kind, ..above.clone() }
}

#[cfg(test)]
mod tests {
    use crate::diag::Report;
    use crate::resolve::catalog::{Origins, load};
    use crate::world::memory::Memory;

    /// The contracts of a text as JSON, one a line.
    fn of(text: &str) -> String {
        let mut world = Memory::default();
        world.put("x.yaml", format!("compose: {{}}\n{text}\n"), 0o644);
        let origins = Origins { paths: vec!["x.yaml".to_owned()], ..Origins::default() };
        let catalog = load(&origins, None, "", &world, &mut Report::default()).expect(text);
        let contracts = catalog.provisioners.iter().filter_map(|one| one.contract());
        contracts.map(|(_, one)| one.root.tree().to_json().to_string()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_type_lays_its_own_over_what_is_common() {
        let table = [
            ("types: {a: {}, b: null}", "{\"compose\":{},\"type\":\"a\"}\n{\"compose\":{},\"type\":\"b\"}"),
            (
                "params: {x: {}}\ntypes: {a: {params: {y: {}}}}",
                r#"{"compose":{},"params":{"x":{},"y":{}},"type":"a"}"#,
            ),
            (
                "params: {x: {default: 1}}\ntypes: {a: {params: {x: {default: 2}}}}",
                r#"{"compose":{},"params":{"x":{"default":2}},"type":"a"}"#,
            ),
            (
                "kubernetes: {manifests: [1]}\ntypes: {a: {kubernetes: {manifests: [2]}}}",
                r#"{"compose":{},"kubernetes":{"manifests":[1,2]},"type":"a"}"#,
            ),
            (
                "description: of all\ntypes: {a: {description: of a}}",
                r#"{"compose":{},"description":"of a","type":"a"}"#,
            ),
        ];
        for (text, wanted) in table {
            assert_eq!(of(text), wanted, "{text}");
        }
    }
}
