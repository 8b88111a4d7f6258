//! Volumes of a container: what the outputs of a resource say, or an empty volume.

use std::collections::BTreeMap;

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic};
use crate::model::flow::{ResolvedVolume, VolumeSource};
use crate::model::path::Path;
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::target::compose::draft::Draft;
use crate::target::compose::long::{self, Oddity};
use crate::target::compose::options::{Names, Sections};
use crate::target::compose::workload::Spot;
use crate::target::compose::{shape, spell};
use crate::target::paths;

/// All volume mounts of a container.
pub(super) fn of(draft: &mut Draft<'_>, spot: &Spot<'_>) -> Vec<Tree> {
    spot.filled.volumes.iter().filter_map(|(target, volume)| one(draft, spot, target, volume)).collect()
}

fn one(draft: &mut Draft<'_>, spot: &Spot<'_>, target: &str, volume: &ResolvedVolume) -> Option<Tree> {
    let ResolvedVolume { source, path, read_only } = volume;
    let path = path.as_deref().filter(|path| !path.is_empty());
    let mut mount = match source {
        VolumeSource::Resource(uid, outputs) => Site { draft, spot, target }.resource(uid, outputs, path)?,
        VolumeSource::Named(name) => Site { draft, spot, target }.named(name, path),
        VolumeSource::Ephemeral(text) => Site { draft, spot, target }.ephemeral(text, path),
    };
    mount.insert("target".to_owned(), Tree::from(spell::word(target, draft.options.dollars)));
    if *read_only {
        mount.insert("read_only".to_owned(), Tree::from(true));
    }
    Some(Tree::Map(mount))
}

/// Says where two things would be mounted at one path, which Compose refuses.
pub(super) fn judge(draft: &mut Draft<'_>, spot: &Spot<'_>) {
    let volumes = spot.filled.volumes.keys().map(|target| ("volumes", target));
    let files = spot.filled.files.keys().map(|target| ("files", target));
    let mut seen: BTreeMap<String, At> = BTreeMap::new();
    for (section, target) in volumes.chain(files) {
        let at = spot.key([section, target]);
        // compat(score-compose): any path is handed on, however odd.
        if draft.options.names == Names::Mirrored {
            paths::sane(section, target, &at, draft.report);
        }
        let path = paths::clean(target);
        if let Some(first) = seen.get(&path) {
            let words = format!("two things would be mounted at `{target}`");
            draft.say(Diagnostic::new(&codes::MOUNT_CLASH, words, at).also(first.clone(), "the first one"));
        } else {
            seen.insert(path, at);
        }
    }
}

struct Site<'a, 'b> {
    draft: &'a mut Draft<'b>,
    spot: &'a Spot<'a>,
    target: &'a str,
}

impl Site<'_, '_> {
    /// A volume that a resource stands for.
    fn resource(&mut self, uid: &Uid, outputs: &Tree, path: Option<&str>) -> Option<Map> {
        let Some(outputs) = outputs.as_map() else {
            self.wrong(uid, "its outputs are not a map");
            return None;
        };
        let kind = outputs.get("type").and_then(Tree::as_str);
        let allowed: &[&str] = match kind {
            Some("volume") => &["type", "source", "volume"],
            Some("bind") => &["type", "source", "bind"],
            Some("tmpfs") => &["type", "tmpfs"],
            Some(other) => {
                self.wrong(uid, &format!("its output `type` is `{other}`, not `volume`, `bind` or `tmpfs`"));
                return None;
            }
            None => {
                self.wrong(uid, "it has no output `type`");
                return None;
            }
        };
        let extra: Vec<&str> =
            outputs.keys().map(String::as_str).filter(|key| !allowed.contains(key)).collect();
        if !extra.is_empty() && self.draft.options.sections == Sections::Long {
            self.wrong(uid, &format!("its outputs `{}` mean nothing for a volume", extra.join("`, `")));
            return None;
        }
        if let Some(secret) = outputs.iter().find(|(_, value)| matches!(value, Tree::Text(_))) {
            self.wrong(uid, &format!("its output `{}` is secret", secret.0));
            return None;
        }
        let mut mount: Map = outputs
            .iter()
            .filter(|(key, _)| allowed.contains(&key.as_str()))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        if let Some(path) = path {
            self.inside(uid, kind, path, &mut mount)?;
        }
        if self.draft.options.sections == Sections::Written {
            return Some(mount);
        }
        let mut oddities = Vec::new();
        let mount = long::spelled(Tree::Map(mount), &shape::MOUNT, &Path::default(), &mut oddities);
        if let Some(Oddity::Unknown(at, key, _)) = oddities.first() {
            self.wrong(uid, &format!("its output `{at}` has an unknown key `{key}`"));
        }
        mount.as_map().cloned()
    }

    /// Takes a path inside the volume.
    fn inside(&mut self, uid: &Uid, kind: Option<&str>, path: &str, mount: &mut Map) -> Option<()> {
        match kind {
            Some("bind") => {
                let source = mount.get("source").and_then(Tree::as_str).unwrap_or_default();
                let joined = format!("{}/{}", source.trim_end_matches('/'), path.trim_start_matches('/'));
                mount.insert("source".to_owned(), Tree::from(joined));
            }
            Some("volume") => {
                let options = mount.entry("volume".to_owned()).or_insert_with(Tree::map);
                let before = options.get("subpath").and_then(Tree::as_str).unwrap_or_default();
                let joined = if before.is_empty() { path.to_owned() } else { format!("{before}/{path}") };
                if let Some(options) = options.as_map_mut() {
                    options.insert("subpath".to_owned(), Tree::from(joined));
                }
                self.subpath(path);
            }
            _ => {
                self.wrong(uid, "a volume in memory has no paths inside, so that `path` cannot be");
                return None;
            }
        }
        Some(())
    }

    /// Text that names no resource.
    fn named(&mut self, name: &str, path: Option<&str>) -> Map {
        if is_volume_name(name) {
            let from = self.spot.from();
            self.draft.declare_volume(name, from);
        } else {
            let said = Diagnostic::new(
                &codes::VOLUME_SOURCE,
                format!("`{name}` is not a name that a Compose volume can have"),
                self.spot.at(["volumes", self.target, "source"]),
            )
            .help("refer to a resource of type `volume`: `source: ${resources.NAME}`");
            self.draft.say(said);
        }
        self.volume(name, path)
    }

    /// An empty volume; containers that wrote the same text share it.
    fn ephemeral(&mut self, text: &str, path: Option<&str>) -> Map {
        // No workload's name holds a `_`, so that volumes of two workloads never meet.
        let name = format!("{}_{}", self.spot.workload.spec.name(), cleaned(text));
        let from = self.spot.from();
        self.draft.declare_volume(&name, from);
        self.volume(&name, path)
    }

    fn volume(&mut self, name: &str, path: Option<&str>) -> Map {
        let mut mount =
            Map::from([("type".to_owned(), Tree::from("volume")), ("source".to_owned(), Tree::from(name))]);
        if let Some(path) = path {
            let options = Tree::from_pairs([("subpath", Tree::from(path))]);
            mount.insert("volume".to_owned(), options);
            self.subpath(path);
        }
        mount
    }

    fn subpath(&mut self, path: &str) {
        if self.draft.options.sections == Sections::Long {
            return;
        }
        let said = Diagnostic::new(
            &codes::VOLUME_PATH,
            format!("Docker does not make the path `{path}` inside a volume"),
            self.spot.at(["volumes", self.target, "path"]),
        )
        .note(
            "a service that mounts a path which the volume lacks does not start; Kubernetes makes such paths",
        )
        .help("make the folder once in a container that mounts the whole volume");
        self.draft.say(said);
    }

    fn wrong(&mut self, uid: &Uid, why: &str) {
        let said = Diagnostic::new(
            &codes::NOT_A_VOLUME,
            format!("resource `{uid}` cannot be mounted as a volume: {why}"),
            self.spot.at(["volumes", self.target, "source"]),
        )
        .help("refer to a resource of type `volume`");
        self.draft.say(said);
    }
}

fn is_volume_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// A piece of a volume name out of any text; different texts stay different.
fn cleaned(text: &str) -> String {
    if is_volume_name(text) {
        return text.to_owned();
    }
    let safe: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let safe: String = safe.trim_matches('-').chars().take(40).collect();
    format!("{safe}-{}", crate::target::compose::short_hash(text)).trim_start_matches('-').to_owned()
}
