//! Judges where files and volumes go, before anything is mounted.

use std::collections::BTreeMap;

use crate::diag::codes::kubernetes as codes;
use crate::diag::codes::target as shared;
use crate::diag::{At, Diagnostic, Report};
use crate::target::kubernetes::scene::Scene;

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

/// A path without `.`, empty steps and a slash at its end.
pub(super) fn clean(path: &str) -> String {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
    format!("/{}", steps.join("/"))
}

fn sane(placed: &Placed<'_>, at: &At, report: &mut Report) {
    let Placed { section, target, read_only: _ } = placed;
    let wrong =
        |reason: &str| Diagnostic::new(&codes::TARGET_PATH, format!("`{target}` {reason}"), at.clone());
    if !target.starts_with('/') {
        let cure = format!("write `/{}`", target.trim_start_matches("./"));
        report.push(wrong("is not an absolute path, so it is unclear where it goes").help(cure));
    } else if target.split('/').any(|step| step == "..") {
        report.push(wrong("has `..` in it").help("write the path that you mean in full"));
    } else if target.contains(':') {
        report.push(wrong("has a `:` in it, which Kubernetes refuses in paths of mounts"));
    } else if *section == "files" && target.ends_with('/') {
        report
            .push(wrong("names a folder, not a file").help(format!("write the file's name: `{target}NAME`")));
    } else if clean(target) == "/" {
        report.push(wrong("is the root of the container").help("mount it at a folder below"));
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
