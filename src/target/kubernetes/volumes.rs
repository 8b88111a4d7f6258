//! Volumes: what a resource says about itself in, a pod's volume or claim template out.

use k8s_openapi::api::core::v1::{
    EmptyDirVolumeSource, PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeClaimStatus,
    Volume, VolumeMount,
};

use crate::diag::codes::kubernetes as codes;
use crate::diag::codes::target as shared;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{ResolvedVolume, VolumeSource};
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::target::kubernetes::names;
use crate::target::kubernetes::object;
use crate::target::kubernetes::options::{Mounts, Shape};
use crate::target::kubernetes::paths;
use crate::target::kubernetes::scene::Scene;

/// What a volume turns into.
pub(super) enum Made {
    /// A volume of the pod.
    Volume(Box<Volume>),
    /// A claim per pod.
    Claim(Box<PersistentVolumeClaim>),
}

/// Makes what a mount needs. Its name may still change where another volume of the pod has it.
pub(super) fn made(
    scene: &Scene<'_>,
    container: &str,
    target: &str,
    volume: &ResolvedVolume,
    report: &mut Report,
) -> Option<Made> {
    let at = scene.value(container, ["volumes", target, "source"]);
    match &volume.source {
        VolumeSource::Resource(uid, outputs) => {
            let name = name(scene, target, &label(scene, uid));
            of_resource(scene, uid, outputs, name, at, report)
        }
        VolumeSource::Ephemeral(text) => {
            let name = name(scene, target, &names::label(text));
            let empty_dir = Some(EmptyDirVolumeSource::default());
            Some(Made::Volume(Box::new(Volume { name, empty_dir, ..Volume::default() })))
        }
        VolumeSource::Named(text) => {
            let said = format!("the volume `{text}` is no resource of this workload");
            let said = Diagnostic::new(&codes::VOLUME_UNKNOWN, said, at);
            let declared = scene.workload.spec.resources.keys().map(String::as_str);
            report.push(said.suggest(text, declared).help(
                "declare it under `resources` with `type: volume` and write `source: ${resources.NAME}`",
            ));
            None
        }
    }
}

/// The mount of a volume of this name.
pub(super) fn mount(scene: &Scene<'_>, name: String, target: &str, volume: &ResolvedVolume) -> VolumeMount {
    let ResolvedVolume { source: _, path, read_only } = volume;
    VolumeMount {
        mount_path: match scene.options.mounts {
            Mounts::Files => paths::clean(target),
            Mounts::Folders => target.to_owned(),
        },
        name,
        read_only: read_only.then_some(true),
        sub_path: path.clone().filter(|path| !path.is_empty()),
        ..VolumeMount::default()
    }
}

fn name(scene: &Scene<'_>, target: &str, readable: &str) -> String {
    match scene.options.mounts {
        Mounts::Files => readable.to_owned(),
        // compat(score-k8s): the name comes from the path, not from the volume.
        Mounts::Folders => format!("vol-{}", names::target_hash(target)),
    }
}

/// A resource's name inside a pod: its own name where the workload declares it alone, else its type and id.
fn label(scene: &Scene<'_>, uid: &Uid) -> String {
    let Uid { kind, class, id } = uid;
    let own = id.strip_prefix(scene.name).and_then(|rest| rest.strip_prefix('.'));
    let class = if class == "default" { String::new() } else { format!("{class}-") };
    own.map_or_else(|| names::label(&format!("{kind}-{class}{id}")), names::label)
}

fn of_resource(
    scene: &Scene<'_>,
    uid: &Uid,
    outputs: &Tree,
    name: String,
    at: At,
    report: &mut Report,
) -> Option<Made> {
    let wrong = |why: String| {
        let said = format!("the resource `{uid}` is no volume: {why}");
        Diagnostic::new(&shared::NOT_A_VOLUME, said, at).help(
            "a volume's outputs are `source` (a Kubernetes volume source) or `claimSpec` (a claim's spec)",
        )
    };
    let entries = outputs.as_map().cloned().unwrap_or_default();
    let mut keys = entries.iter().filter(|(_, value)| !matches!(value, Tree::Null));
    match (keys.next(), keys.next()) {
        (Some((key, value)), None) if key == "source" => match typed_volume(name, value) {
            Ok(volume) => Some(Made::Volume(Box::new(volume))),
            Err(why) => said(report, wrong(why)),
        },
        (Some((key, value)), None) if key == "claimSpec" => match strictly(value) {
            Ok(_) if value.is_blank() => said(report, wrong("its `claimSpec` is empty".to_owned())),
            Ok(spec) => Some(Made::Claim(Box::new(claim(scene, &name, spec)))),
            Err(why) => said(report, wrong(why)),
        },
        (None, _) => said(report, wrong("it has neither a `source` nor a `claimSpec`".to_owned())),
        (Some(_), _) => {
            let names: Vec<String> = entries.keys().map(|key| format!("`{key}`")).collect();
            said(report, wrong(format!("its outputs are {}", names.join(", "))))
        }
    }
}

fn said(report: &mut Report, diagnostic: Diagnostic) -> Option<Made> {
    report.push(diagnostic);
    None
}

fn claim(scene: &Scene<'_>, name: &str, spec: PersistentVolumeClaimSpec) -> PersistentVolumeClaim {
    let status = match scene.options.shape {
        Shape::Tidy => None,
        Shape::Verbose => Some(PersistentVolumeClaimStatus::default()),
    };
    PersistentVolumeClaim { metadata: object::meta(name, object::Words::new()), spec: Some(spec), status }
}

fn typed_volume(name: String, source: &Tree) -> Result<Volume, String> {
    let Tree::Map(kinds) = source else { return Err(format!("its `source` is {}", source.kind())) };
    if kinds.len() != 1 {
        return Err("its `source` must say exactly one kind, such as `emptyDir: {}`".to_owned());
    }
    let mut named: Map = kinds.clone();
    named.insert("name".to_owned(), Tree::from(name));
    strictly(&Tree::Map(named))
}

/// Reads a typed value in which no key may be lost.
fn strictly<T: serde::Serialize + serde::de::DeserializeOwned>(tree: &Tree) -> Result<T, String> {
    let value: T = tree.parse().map_err(|error| error.to_string())?;
    let back = Tree::of(&value).map_err(|error| error.to_string())?;
    match lost(tree, &back, &Path::default()) {
        Some(path) => Err(format!("Kubernetes knows no `{path}`")),
        None => Ok(value),
    }
}

/// The first path that a typed value did not keep.
fn lost(before: &Tree, after: &Tree, here: &Path) -> Option<Path> {
    match (before, after) {
        (Tree::Map(before), Tree::Map(after)) => before.iter().find_map(|(key, value)| {
            let path = here.then(key);
            match after.get(key) {
                Some(kept) => lost(value, kept, &path),
                None => (!value.is_blank()).then_some(path),
            }
        }),
        (Tree::List(before), Tree::List(after)) => {
            let pairs = before.iter().zip(after).enumerate();
            pairs.into_iter().find_map(|(index, (before, after))| lost(before, after, &here.then(index)))
        }
        _ => None,
    }
}
