//! compat(score-k8s): files, mounted by folder. One ConfigMap per file, names from hashes of paths, and one projected
//! volume where several files or volumes meet in a folder.
//!
//! A folder that a volume occupies, and the root, cannot be mounted over: such files are mounted one by one.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{
    ConfigMap, ConfigMapProjection, ConfigMapVolumeSource, KeyToPath, ProjectedVolumeSource,
    SecretProjection, SecretVolumeSource, Volume, VolumeMount, VolumeProjection,
};

use crate::diag::Report;
use crate::model::flow::{Content, Doc, ResolvedContainer, ResolvedFile};
use crate::model::text::{Part, Text};
use crate::target::kubernetes::files::{self, Mounted};
use crate::target::kubernetes::pod::Volumes;
use crate::target::kubernetes::scene::Scene;
use crate::target::kubernetes::stores::Stores;
use crate::target::kubernetes::volumes::{self, Made};
use crate::target::kubernetes::{names, object, paths};

/// The key of a file in its ConfigMap.
const KEY: &str = "file";

/// A volume with its mount; the volume's name is not yet final.
struct Piece {
    volume: Volume,
    mount: VolumeMount,
}

/// Mounts all volumes and files of a workload.
pub(super) fn mount(
    scene: &Scene<'_>,
    room: &mut Volumes,
    stores: &mut Stores,
    report: &mut Report,
) -> Mounted {
    let mut mounted = Mounted::default();
    for (container, _, contents) in scene.containers() {
        let mut mounts = Vec::new();
        let mut pieces = own_volumes(scene, container, contents, room, &mut mounts, report);
        let occupied: BTreeSet<String> = mounts.iter().map(|mount| mount.mount_path.clone()).collect();
        for (target, file) in &contents.files {
            let volume = file_volume(scene, container, target, file, &mut mounted.docs, stores, report);
            let folder = folder(target);
            let alone = folder == "/" || occupied.contains(&folder);
            let (mount_path, sub_path) =
                if alone { (target.clone(), Some(files::base(target).to_owned())) } else { (folder, None) };
            let mount = VolumeMount { mount_path, name: String::new(), sub_path, ..VolumeMount::default() };
            pieces.push((target.clone(), Piece { volume, mount }));
        }
        pieces.sort_by(|(one, _), (other, _)| one.cmp(other));
        gather(pieces.into_iter().map(|(_, piece)| piece), room, &mut mounts);
        if !mounts.is_empty() {
            mounted.mounts.insert(container.to_owned(), mounts);
        }
    }
    mounted
}

/// Mounts the volumes that stand alone, and answers with those that may meet files in a folder.
fn own_volumes(
    scene: &Scene<'_>,
    container: &str,
    contents: &ResolvedContainer,
    room: &mut Volumes,
    mounts: &mut Vec<VolumeMount>,
    report: &mut Report,
) -> Vec<(String, Piece)> {
    let mut pieces = Vec::new();
    for (target, written) in &contents.volumes {
        let Some(made) = volumes::made(scene, container, target, written, report) else { continue };
        let mount = |name| volumes::mount(scene, name, target, written);
        match made {
            Made::Volume(volume) if volume.config_map.is_some() || volume.secret.is_some() => {
                let mount = mount(volume.name.clone());
                pieces.push((target.clone(), Piece { volume: *volume, mount }));
            }
            made @ (Made::Volume(_) | Made::Claim(_)) => mounts.push(mount(room.put(made))),
        }
    }
    pieces
}

/// Mounts each folder once: what is alone in it as it is, several pieces as one projected volume.
fn gather(pieces: impl Iterator<Item = Piece>, room: &mut Volumes, mounts: &mut Vec<VolumeMount>) {
    let mut folders: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    for piece in pieces {
        folders.entry(piece.mount.mount_path.clone()).or_default().push(piece);
    }
    let mut count = 0;
    for (mount_path, pieces) in folders {
        match <[Piece; 1]>::try_from(pieces) {
            Ok([Piece { volume, mount }]) => {
                let name = room.add(volume);
                mounts.push(VolumeMount { name, ..mount });
            }
            Err(pieces) => {
                let name = room.add(projected(count, pieces));
                count += 1;
                mounts.push(VolumeMount {
                    mount_path,
                    name,
                    read_only: Some(true),
                    ..VolumeMount::default()
                });
            }
        }
    }
}

fn projected(count: usize, pieces: Vec<Piece>) -> Volume {
    let sources = pieces.into_iter().map(|piece| {
        let Volume { config_map, secret, .. } = piece.volume;
        VolumeProjection {
            config_map: config_map.map(|map| {
                let ConfigMapVolumeSource { default_mode: _, items, name, optional } = map;
                ConfigMapProjection { items, name, optional }
            }),
            secret: secret.map(|secret| {
                let SecretVolumeSource { default_mode: _, items, optional, secret_name } = secret;
                SecretProjection { items, name: secret_name.unwrap_or_default(), optional }
            }),
            ..VolumeProjection::default()
        }
    });
    let source = ProjectedVolumeSource { default_mode: None, sources: Some(sources.collect()) };
    Volume { name: format!("proj-vol-{count}"), projected: Some(source), ..Volume::default() }
}

/// The folder of a file.
fn folder(target: &str) -> String {
    let clean = paths::clean(target);
    match clean.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
    }
}

/// The volume of one file, and its ConfigMap.
fn file_volume(
    scene: &Scene<'_>,
    container: &str,
    target: &str,
    file: &ResolvedFile,
    docs: &mut Vec<Doc>,
    stores: &mut Stores,
    report: &mut Report,
) -> Volume {
    let ResolvedFile { content, mode } = file;
    let hash = names::target_hash(target);
    let name = format!("{}-{container}-file-{hash}", scene.name);
    let volume = Volume { name: format!("file-{hash}"), ..Volume::default() };
    let item = |key: &str| {
        let mode = mode.as_ref().and_then(|mode| files::octal(mode));
        Some(vec![KeyToPath { key: key.to_owned(), mode, path: files::base(target).to_owned() }])
    };
    let secret = |name: String, key: &str| SecretVolumeSource {
        items: item(key),
        secret_name: Some(name),
        ..SecretVolumeSource::default()
    };
    let bytes = match content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::Text(text) => match (text.as_literal(), text.parts()) {
            (Some(literal), _) => literal.as_bytes().to_vec(),
            (None, [Part::Secret(held)]) => {
                let held = stores.secret(held);
                return Volume { secret: Some(secret(held.store, &held.key)), ..volume };
            }
            (None, _) => {
                keep_whole(scene, container, target, &name, text, stores, report);
                return Volume { secret: Some(secret(name, KEY)), ..volume };
            }
        },
    };
    if bytes.len() > files::LIMIT {
        files::too_large(scene, bytes.len(), report);
    }
    let data = BTreeMap::from([(KEY.to_owned(), ByteString(bytes))]);
    let map = ConfigMap {
        binary_data: Some(data),
        metadata: object::meta(&name, object::Words::new()),
        ..ConfigMap::default()
    };
    docs.push(object::doc(&map, scene.from()));
    let source = ConfigMapVolumeSource { items: item(KEY), name, ..ConfigMapVolumeSource::default() };
    Volume { config_map: Some(source), ..volume }
}

/// Keeps a text that contains secrets in a Secret of its own, where all their values are known.
fn keep_whole(
    scene: &Scene<'_>,
    container: &str,
    target: &str,
    name: &str,
    text: &Text,
    stores: &mut Stores,
    report: &mut Report,
) {
    let at = scene.value(container, ["files", target]);
    text.envs().filter(|env| env.value.is_none()).for_each(|env| stores.lacks(env, &at));
    match text.reveal() {
        Some(value) => stores.own(name, KEY, value, scene.from()),
        None => files::unknown_secret(text, &at, report),
    }
}
