//! Files, mounted one by one: contents in, one ConfigMap and one Secret per workload out, and a mount per file.
//!
//! **Invariant:** a mount has a `subPath`, so nothing else in its folder is hidden.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{
    ConfigMap, ConfigMapVolumeSource, KeyToPath, SecretVolumeSource, Volume, VolumeMount,
};

use crate::diag::codes::kubernetes as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Content, Doc, ResolvedFile};
use crate::model::text::{Part, Text};
use crate::target::kubernetes::names;
use crate::target::kubernetes::object;
use crate::target::kubernetes::paths;
use crate::target::kubernetes::pod::Volumes;
use crate::target::kubernetes::scene::Scene;
use crate::target::kubernetes::stores::Stores;

/// What an API server takes in one ConfigMap or Secret.
pub(super) const LIMIT: usize = 1024 * 1024;

/// The files of a workload, mounted.
#[derive(Debug, Default)]
pub(super) struct Mounted {
    /// The ConfigMap that holds them.
    pub(super) docs: Vec<Doc>,
    /// The mounts by container.
    pub(super) mounts: BTreeMap<String, Vec<VolumeMount>>,
    /// A hash of all contents; empty where there are no files.
    pub(super) hash: String,
}

/// Where a file's content is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    Map,
    Secret,
    Store(String),
}

/// A file on its way: where its content is kept, under which key, and how it is shown.
struct Placed<'a> {
    container: &'a str,
    target: &'a str,
    kept: Kept,
    key: String,
    mode: Option<i32>,
}

/// Mounts all files of a workload.
pub(super) fn mount(
    scene: &Scene<'_>,
    volumes: &mut Volumes,
    stores: &mut Stores,
    report: &mut Report,
) -> Mounted {
    let mut keys = Keys::of(scene);
    let mut map = ConfigMap::default();
    let mut placed = Vec::new();
    let mut hashed = Vec::new();
    for (container, _, contents) in scene.containers() {
        for (target, ResolvedFile { content, mode }) in &contents.files {
            let key = keys.key(container, target);
            hashed.push(format!("{container}\n{target}\n{mode:?}\n{}\n", digest(content)));
            let at = scene.value(container, ["files", target]);
            let (kept, key) = match content {
                Content::Bytes(bytes) => (keep_bytes(&mut map, key.clone(), bytes), key),
                Content::Text(text) => keep_text(scene, &mut map, key, text, &at, stores, report),
            };
            let mode = mode.as_ref().and_then(|mode| octal(mode));
            placed.push(Placed { container, target, kept, key, mode });
        }
    }
    let docs = close_map(scene, map, report).into_iter().collect();
    let hash = if placed.is_empty() { String::new() } else { names::hex(hashed.concat().as_bytes(), 16) };
    Mounted { docs, mounts: mounts(scene, &placed, volumes), hash }
}

/// The number of an octal mode such as `0644`.
pub(super) fn octal(mode: &str) -> Option<i32> {
    i32::from_str_radix(mode, 8).ok()
}

/// The name of the ConfigMap, and of the Secret, that hold a workload's files.
fn store(scene: &Scene<'_>) -> String {
    format!("{}-files", scene.name)
}

fn digest(content: &Content) -> String {
    match content {
        Content::Bytes(bytes) => names::hex(bytes, 64),
        Content::Text(text) => names::hex(text.reveal().unwrap_or_else(|| text.masked()).as_bytes(), 64),
    }
}

/// Text goes where people can read it, all else as base64.
fn keep_bytes(map: &mut ConfigMap, key: String, bytes: &[u8]) -> Kept {
    let printable = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(printable) => {
            map.data.get_or_insert_default().insert(key, text.to_owned());
        }
        Ok(_) | Err(_) => {
            map.binary_data.get_or_insert_default().insert(key, ByteString(bytes.to_vec()));
        }
    }
    Kept::Map
}

/// A single secret is mounted from its own store; a text that contains one becomes a secret as a whole.
fn keep_text(
    scene: &Scene<'_>,
    map: &mut ConfigMap,
    key: String,
    text: &Text,
    at: &At,
    stores: &mut Stores,
    report: &mut Report,
) -> (Kept, String) {
    if let Some(literal) = text.as_literal() {
        return (keep_bytes(map, key.clone(), literal.as_bytes()), key);
    }
    if let [Part::Secret(secret)] = text.parts() {
        let held = stores.secret(secret);
        return (Kept::Store(held.store), held.key);
    }
    text.envs().filter(|env| env.value.is_none()).for_each(|env| stores.lacks(env, at));
    match text.reveal() {
        Some(value) => stores.own(&store(scene), &key, value, scene.from()),
        None => unknown_secret(text, at, report),
    }
    (Kept::Secret, key)
}

/// Says that a file cannot be written, because a manifest keeps the secret to itself.
pub(super) fn unknown_secret(text: &Text, at: &At, report: &mut Report) {
    for secret in text.secrets().filter(|secret| secret.value.is_none()) {
        let said = format!(
            "this file mixes text with the secret `{}` of `{}`, whose value is not known here",
            secret.key, secret.store
        );
        let said = Diagnostic::new(&codes::MIXED_SECRET, said, at.clone());
        report.push(said.note("the value is only in the Secret object that a manifest defines").help(
            "let the file hold the secret and nothing else, or pass it as a variable, where it may stand inside text",
        ));
    }
}

fn close_map(scene: &Scene<'_>, mut map: ConfigMap, report: &mut Report) -> Option<Doc> {
    let text: usize = map.data.iter().flatten().map(|(_, text)| text.len()).sum();
    let bytes: usize = map.binary_data.iter().flatten().map(|(_, bytes)| bytes.0.len()).sum();
    if text + bytes > LIMIT {
        too_large(scene, text + bytes, report);
    }
    let labels = object::labels(scene.name, &scene.workload.instance_suffix, scene.options.shape);
    map.metadata = object::meta(&store(scene), labels);
    (map.data.is_some() || map.binary_data.is_some()).then(|| object::doc(&map, scene.from()))
}

/// Says that the files of a workload do not fit.
pub(super) fn too_large(scene: &Scene<'_>, size: usize, report: &mut Report) {
    let said =
        format!("the files of `{}` take {size} bytes, but a ConfigMap holds at most {LIMIT}", scene.name);
    let said = Diagnostic::new(&codes::FILES_TOO_LARGE, said, scene.name_at());
    report.push(said.help("put large files into the image, or into a volume"));
}

/// Makes one volume per keeper, which lists the files whose mode is given.
fn mounts(
    scene: &Scene<'_>,
    placed: &[Placed<'_>],
    volumes: &mut Volumes,
) -> BTreeMap<String, Vec<VolumeMount>> {
    let mut mounts: BTreeMap<String, Vec<VolumeMount>> = BTreeMap::new();
    let keepers: BTreeSet<&Kept> = placed.iter().map(|file| &file.kept).collect();
    for keeper in keepers {
        let files: Vec<&Placed<'_>> = placed.iter().filter(|file| file.kept == *keeper).collect();
        let name = volumes.add(volume(scene, keeper, &files));
        for file in files {
            mounts.entry(file.container.to_owned()).or_default().push(VolumeMount {
                mount_path: paths::clean(file.target),
                name: name.clone(),
                read_only: Some(true),
                sub_path: Some(shown(file)),
                ..VolumeMount::default()
            });
        }
    }
    for list in mounts.values_mut() {
        list.sort_by(|one, other| one.mount_path.cmp(&other.mount_path));
    }
    mounts
}

/// The path of a file in its volume. Two files may show one key of a store with different modes.
fn shown(file: &Placed<'_>) -> String {
    match (&file.kept, file.mode) {
        (Kept::Store(_), Some(mode)) => format!("{}-{mode:o}", file.key),
        (Kept::Store(_) | Kept::Map | Kept::Secret, _) => file.key.clone(),
    }
}

fn volume(scene: &Scene<'_>, keeper: &Kept, files: &[&Placed<'_>]) -> Volume {
    let listed = files.iter().any(|file| file.mode.is_some());
    let items: BTreeMap<String, KeyToPath> = files
        .iter()
        .map(|file| (shown(file), KeyToPath { key: file.key.clone(), mode: file.mode, path: shown(file) }))
        .collect();
    let items = listed.then(|| items.into_values().collect());
    let secret = |name: &str, items| SecretVolumeSource {
        items,
        secret_name: Some(name.to_owned()),
        ..SecretVolumeSource::default()
    };
    match keeper {
        Kept::Map => {
            let source =
                ConfigMapVolumeSource { items, name: store(scene), ..ConfigMapVolumeSource::default() };
            Volume { name: "files".to_owned(), config_map: Some(source), ..Volume::default() }
        }
        Kept::Secret => {
            let source = secret(&store(scene), items);
            Volume { name: "secret-files".to_owned(), secret: Some(source), ..Volume::default() }
        }
        Kept::Store(name) => {
            let source = secret(name, items);
            let label = names::label(&format!("secret-{name}"));
            Volume { name: label, secret: Some(source), ..Volume::default() }
        }
    }
}

/// Chooses keys for files: the file's name where only one has it, else container and path.
struct Keys {
    counts: BTreeMap<String, usize>,
    taken: BTreeSet<String>,
}

impl Keys {
    fn of(scene: &Scene<'_>) -> Self {
        let mut counts = BTreeMap::new();
        for (_, _, contents) in scene.containers() {
            for target in contents.files.keys() {
                *counts.entry(names::key(base(target))).or_default() += 1;
            }
        }
        Self { counts, taken: BTreeSet::new() }
    }

    fn key(&mut self, container: &str, target: &str) -> String {
        let short = names::key(base(target));
        let chosen = match self.counts.get(&short) {
            Some(1) => short,
            Some(_) | None => names::key(&format!("{container}{}", paths::clean(target).replace('/', "."))),
        };
        names::unique(&chosen, 253, &mut self.taken)
    }
}

/// The last step of a path.
pub(super) fn base(target: &str) -> &str {
    target.trim_end_matches('/').rsplit('/').next().unwrap_or(target)
}
