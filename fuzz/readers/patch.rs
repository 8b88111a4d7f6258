//! A list of changes at any paths changes a Compose file and a list of manifests, or is refused with a reason.
//! The first line is a path, the second one another; what follows is the value.

use std::collections::BTreeMap;

use sightread::diag::Report;
use sightread::model::flow::{Doc, From, Lowered};
use sightread::model::tree::Tree;
use sightread::world::memory::Memory;
use sightread::write::patch::{About, Patches, patch};

fn documents(compose: bool) -> Vec<Doc> {
    let text = if compose {
        r#"{"services": {"a.b": {"ports": [{"target": 80}], "image": "x", "1": [1, [2]]}}, "x-n": null}"#
    } else {
        r#"[{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}},
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a.b": "c", "*": "d"}}]"#
    };
    let tree: Tree = serde_json::from_str(text).unwrap();
    let doc = |tree: &Tree| Doc { tree: tree.clone(), from: From::Workload("web".to_owned()), part: None };
    tree.as_list().map_or_else(|| vec![doc(&tree)], |list| list.iter().map(doc).collect())
}

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    let mut lines = text.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (set, delete, value) = (next(), next(), next());
    let quoted = |text: &str| Tree::from(text).to_json().to_string();
    // Braces of a template are not what this target is about.
    let changes = format!(
        "- {{op: set, path: {}, value: {}}}\n- {{op: delete, path: {}}}\n",
        quoted(set),
        quoted(value),
        quoted(delete)
    )
    .replace("{{", "{ {");
    for (compose, target) in [(true, "compose"), (false, "kubernetes")] {
        let lowered = Lowered { docs: documents(compose), ..Lowered::default() };
        let patches = Patches {
            texts: vec![changes.clone()],
            namespace: String::new(),
            target: target.to_owned(),
            environment: false,
        };
        let mut report = Report::default();
        let fill = |_: &str, text: &str| Ok(text.to_owned());
        let about = About { workloads: &BTreeMap::new(), fill: &fill, world: &Memory::default() };
        let done = patch(lowered, &patches, &about, &mut report);
        assert!(done.is_ok() || report.has_errors(), "refused without a word");
    }
}
