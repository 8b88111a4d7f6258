//! Objects that provisioners made, held against the API: keys that it does not know, values that it would not take.

use k8s_openapi::api::{apps, autoscaling, batch, core, networking, policy, rbac};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::target::kubernetes::object::Identity;

/// Words of the API under which amounts stand; they may be written as numbers there.
const AMOUNTS: [&str; 5] = ["requests", "limits", "capacity", "hard", "sizeLimit"];

/// What is wrong with an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// A key that the API does not know.
    Unknown(Path),
    /// A value that the API would not take, in words.
    Wrong(String),
}

/// What the API would refuse in an object; nothing for a kind that is not known here.
pub(super) fn oddities(tree: &Tree) -> Vec<Oddity> {
    let mut plain = tree.clone();
    spell_amounts(&mut plain, false);
    let Identity { api_version, kind, namespace: _, name: _ } = Identity::of(tree);
    match read_back(&api_version, &kind, &plain) {
        None => Vec::new(),
        Some(Err(words)) => vec![Oddity::Wrong(words)],
        Some(Ok(known)) => {
            let mut found = Vec::new();
            unknown(&plain, &known, &Path::default(), &mut found);
            found
        }
    }
}

/// The object as the API reads it.
fn read_back(api_version: &str, kind: &str, tree: &Tree) -> Option<Result<Tree, String>> {
    let read = match (api_version, kind) {
        ("v1", "ConfigMap") => through::<core::v1::ConfigMap>,
        ("v1", "PersistentVolumeClaim") => through::<core::v1::PersistentVolumeClaim>,
        ("v1", "Secret") => through::<core::v1::Secret>,
        ("v1", "Service") => through::<core::v1::Service>,
        ("v1", "ServiceAccount") => through::<core::v1::ServiceAccount>,
        ("apps/v1", "DaemonSet") => through::<apps::v1::DaemonSet>,
        ("apps/v1", "Deployment") => through::<apps::v1::Deployment>,
        ("apps/v1", "StatefulSet") => through::<apps::v1::StatefulSet>,
        ("batch/v1", "CronJob") => through::<batch::v1::CronJob>,
        ("batch/v1", "Job") => through::<batch::v1::Job>,
        ("autoscaling/v2", "HorizontalPodAutoscaler") => through::<autoscaling::v2::HorizontalPodAutoscaler>,
        ("networking.k8s.io/v1", "Ingress") => through::<networking::v1::Ingress>,
        ("networking.k8s.io/v1", "NetworkPolicy") => through::<networking::v1::NetworkPolicy>,
        ("policy/v1", "PodDisruptionBudget") => through::<policy::v1::PodDisruptionBudget>,
        ("rbac.authorization.k8s.io/v1", "Role") => through::<rbac::v1::Role>,
        ("rbac.authorization.k8s.io/v1", "RoleBinding") => through::<rbac::v1::RoleBinding>,
        _ => return None,
    };
    Some(read(tree))
}

fn through<T: DeserializeOwned + Serialize>(tree: &Tree) -> Result<Tree, String> {
    let object: T = tree.parse().map_err(|error| error.to_string())?;
    Tree::of(&object).map_err(|error| error.to_string())
}

/// The API takes `cpu: 1` for `cpu: "1"`.
fn spell_amounts(tree: &mut Tree, is_amount: bool) {
    match tree {
        Tree::Int(_) | Tree::Uint(_) | Tree::Float(_) if is_amount => {
            *tree = Tree::from(tree.to_json().to_string());
        }
        Tree::List(list) => list.iter_mut().for_each(|item| spell_amounts(item, false)),
        Tree::Map(map) => {
            for (key, value) in map {
                spell_amounts(value, is_amount || AMOUNTS.contains(&key.as_str()));
            }
        }
        _ => {}
    }
}

fn unknown(written: &Tree, known: &Tree, path: &Path, found: &mut Vec<Oddity>) {
    match (written, known) {
        (Tree::Map(written), Tree::Map(known)) => {
            for (key, value) in written {
                let here = path.then(key);
                match known.get(key) {
                    Some(other) => unknown(value, other, &here, found),
                    None if value.is_blank() => {}
                    None => found.push(Oddity::Unknown(here)),
                }
            }
        }
        (Tree::List(written), Tree::List(known)) => {
            for (index, (item, other)) in written.iter().zip(known).enumerate() {
                unknown(item, other, &path.then(index), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Oddity, oddities};
    use crate::model::path::Path;
    use crate::model::tree::Tree;

    #[test]
    fn what_the_api_would_refuse() {
        let deployment = |container: &str| {
            format!(
                r#"{{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "a"}},
                    "spec": {{"selector": {{}}, "template": {{"spec": {{"containers": [{container}]}}}}}}}}"#
            )
        };
        let at = |key: &str| Path::of(["spec", "template", "spec", "containers"]).then(0).then(key);
        let table = [
            (deployment(r#"{"name": "a", "image": "b"}"#), vec![]),
            (
                deployment(r#"{"name": "a", "imagePullPolcy": "Always"}"#),
                vec![Oddity::Unknown(at("imagePullPolcy"))],
            ),
            (deployment(r#"{"name": "a", "resources": {"limits": {"cpu": 1, "memory": "1Gi"}}}"#), vec![]),
            (deployment(r#"{"name": "a", "ports": [], "env": null, "securityContext": {}}"#), vec![]),
            (
                deployment(r#"{"name": "a", "env": [{"name": "A", "value": 1}]}"#),
                vec![Oddity::Wrong("invalid type: integer `1`, expected a string".to_owned())],
            ),
            (r#"{"apiVersion": "example.com/v1", "kind": "Thing", "any": "key"}"#.to_owned(), vec![]),
        ];
        for (text, wanted) in table {
            let tree = Tree::from(serde_json::from_str::<serde_json::Value>(&text).unwrap_or_default());
            assert_eq!(oddities(&tree), wanted, "{text}");
        }
    }
}
