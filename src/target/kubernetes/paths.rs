//! Judges where files and volumes go, before anything is mounted.

use std::collections::BTreeMap;

use crate::diag::codes::target as shared;
use crate::diag::{At, Diagnostic, Report};
use crate::target::kubernetes::scene::Scene;
use crate::target::paths;
pub(super) use crate::target::paths::clean;

/// Something that goes to a path in a container.
struct Placed<'a> {
    section: &'static str,
    target: &'a str,
    read_only: bool,
}

/// Checks every target path of a workload.
pub(super) fn check(scene: &Scene<'_>, report: &mut Report) {
    for (name, _, filled) in scene.containers() {
        let files = filled.files.keys().map(|target| Placed { section: "files", target, read_only: true });
        let volumes = filled.volumes.iter();
        let volumes = volumes.map(|(target, volume)| Placed {
            section: "volumes",
            target,
            read_only: volume.read_only,
        });
        let mut seen: BTreeMap<String, Placed<'_>> = BTreeMap::new();
        for placed in volumes.chain(files) {
            let at = scene.key(name, [placed.section, placed.target]);
            sane(&placed, &at, report);
            let path = clean(placed.target);
            if let Some(first) = seen.get(&path) {
                clash(scene, name, &placed, first, at, report);
            } else {
                under_read_only(scene, name, &placed, &seen, &path, at, report);
                seen.insert(path, placed);
            }
        }
    }
}

fn sane(placed: &Placed<'_>, at: &At, report: &mut Report) {
    let Placed { section, target, read_only: _ } = placed;
    if paths::sane(section, target, at, report) && target.contains(':') {
        let said = format!("`{target}` has a `:` in it, which Kubernetes refuses in paths of mounts");
        report.push(Diagnostic::new(&shared::TARGET_PATH, said, at.clone()));
    }
}

fn clash(
    scene: &Scene<'_>,
    name: &str,
    placed: &Placed<'_>,
    first: &Placed<'_>,
    at: At,
    report: &mut Report,
) {
    let said = format!("two things go to `{}` in `{name}`", clean(placed.target));
    let other = scene.key(name, [first.section, first.target]);
    let said = Diagnostic::new(&shared::MOUNT_CLASH, said, at).also(other, "the first one");
    report.push(said.help("give one of them another path"));
}

/// A file below a volume needs a place to be mounted on, which a read-only volume cannot make.
fn under_read_only(
    scene: &Scene<'_>,
    name: &str,
    placed: &Placed<'_>,
    seen: &BTreeMap<String, Placed<'_>>,
    path: &str,
    at: At,
    report: &mut Report,
) {
    let above = seen.iter().find(|(above, first)| {
        first.section == "volumes" && first.read_only && path.starts_with(&format!("{above}/"))
    });
    if let Some((above, first)) = above {
        let said = format!("`{}` lies below `{above}`, a volume that is mounted read-only", placed.target);
        let other = scene.key(name, [first.section, first.target]);
        let said = Diagnostic::new(&shared::MOUNT_CLASH, said, at).also(other, "the volume");
        report.push(said.help("take `readOnly` off the volume, or put the file elsewhere"));
    }
}
