//! Reads once the files that `files.*.source` names, so that no later room needs the disk.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Component, Path as File, PathBuf};
use std::sync::Arc;

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{Plan, Workload};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::read::Rules;
use crate::world::{Entry, World};

/// Fills [`Workload::assets`]. A path may not leave the Score file's folder, links resolved, unless a rule allows it. A
/// file that is missing, unreadable or out of bounds is an error.
pub fn assets(
    workloads: Vec<Workload>,
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Vec<Workload> {
    let mut filled = Vec::new();
    for mut workload in workloads {
        let home = Home::of(workload.file.as_deref(), rules, world);
        let mut assets = BTreeMap::new();
        for (container, spec) in &workload.spec.containers {
            for (target, file) in &spec.files {
                let Some(source) = &file.source else { continue };
                let path = Path::of(["containers", container, "files", target, "source"]);
                match home.read(source, At::value(workload.doc, path)) {
                    Ok(bytes) => drop(assets.insert((container.clone(), target.clone()), Arc::from(bytes))),
                    Err(said) => report.push(*said),
                }
            }
        }
        workload.assets = assets;
        filled.push(workload);
    }
    filled
}

/// Fills [`Planned::contents`]: the texts of the files that params name, by the same rules. `wanted` are the params, by
/// the place of their resource in the plan.
///
/// # Errors
/// When a file is missing, unreadable, out of bounds or no text.
pub fn params(
    mut plan: Plan,
    wanted: &[(usize, String)],
    workloads: &[Workload],
    rules: &Rules,
    world: &dyn World,
    report: &mut Report,
) -> Result<Plan, Failed> {
    let by_name: BTreeMap<&str, &Workload> =
        workloads.iter().map(|workload| (workload.name(), workload)).collect();
    for (place, name) in wanted {
        let Some(planned) = plan.resources.get_mut(*place) else { continue };
        let Some(source) = planned.params.get(name).and_then(Tree::as_str) else { continue };
        let path = Path::of(["resources", &planned.source.name, "params", name]);
        let at = At::value(planned.source.doc, path);
        let workload = by_name.get(planned.source_workload.as_str());
        let home = Home::of(workload.and_then(|workload| workload.file.as_deref()), rules, world);
        match home.read(source, at.clone()).map(String::from_utf8) {
            Ok(Ok(text)) => drop(planned.contents.insert(name.clone(), text)),
            Ok(Err(_)) => {
                let words = format!("`{source}` is not text");
                report.push(Diagnostic::new(&codes::SOURCE_UNREADABLE, words, at));
            }
            Err(said) => report.push(*said),
        }
    }
    report.failed(plan)
}

/// The folder of a Score file, and what else may be read.
struct Home<'a> {
    folder: PathBuf,
    bounds: Vec<PathBuf>,
    world: &'a dyn World,
}

impl<'a> Home<'a> {
    fn of(file: Option<&str>, rules: &Rules, world: &'a dyn World) -> Self {
        let parent = file.and_then(|file| File::new(file).parent());
        let folder =
            parent.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(File::new(".")).to_owned();
        let allowed = rules.allow_read.iter().chain([&folder]);
        let bounds = allowed.filter_map(|folder| world.canonical(folder).ok()).collect();
        Self { folder, bounds, world }
    }

    fn read(&self, source: &str, at: At) -> Result<Vec<u8>, Box<Diagnostic>> {
        let path = self.folder.join(source);
        let real = match self.world.canonical(&path) {
            Ok(real) => real,
            Err(failure) if failure.kind() == ErrorKind::NotFound => {
                return Err(if leaves(source) {
                    outside(source, &path, at)
                } else {
                    self.missing(source, at)
                });
            }
            Err(failure) => return Err(unreadable(source, at, &failure)),
        };
        if !self.bounds.iter().any(|folder| real.starts_with(folder)) {
            return Err(outside(source, &real, at));
        }
        if self.world.entry(&real) == Some(Entry::Folder) {
            let message = format!("`{source}` is a folder, and a file is needed");
            return Err(Box::new(
                Diagnostic::new(&codes::SOURCE_UNREADABLE, message, at)
                    .help("name one file; for a whole folder build it into the image or mount a volume"),
            ));
        }
        self.world.read(&real).map_err(|failure| unreadable(source, at, &failure))
    }

    fn missing(&self, source: &str, at: At) -> Box<Diagnostic> {
        let home = self.folder.display();
        let said = Diagnostic::new(&codes::SOURCE_NOT_FOUND, format!("there is no file `{source}`"), at)
            .note(format!("it is looked up from the folder of the Score file, which is `{home}`"));
        let path = self.folder.join(source);
        let folder = path.parent().unwrap_or(&self.folder);
        let names = self.world.list(folder).unwrap_or_default();
        let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let near = crate::diag::nearest(&wanted, names.iter().map(String::as_str));
        let near = near.map(|name| File::new(source).with_file_name(name).display().to_string());
        let portable = source.replace('\\', "/");
        let there = portable != source && self.world.entry(&self.folder.join(&portable)).is_some();
        Box::new(match near {
            _ if there => said.help(format!("did you mean `{portable}`? `/` is understood everywhere")),
            None if portable != source => {
                said.help("write `/` between folders, which is understood everywhere")
            }
            Some(name) => said.help(format!("did you mean `{name}`?")),
            None if source.contains("${") => said.note("placeholders are not filled in the path of a file"),
            None => said,
        })
    }
}

/// True when a path leads out of its folder by its words alone.
fn leaves(source: &str) -> bool {
    let mut depth = 0_i32;
    File::new(source).components().any(|part| {
        depth += match part {
            Component::Normal(_) => 1,
            Component::CurDir => 0,
            Component::ParentDir => -1,
            Component::RootDir | Component::Prefix(_) => -1000,
        };
        depth < 0
    })
}

fn outside(source: &str, real: &File, at: At) -> Box<Diagnostic> {
    let folder = real.parent().unwrap_or(real).display();
    Box::new(
        Diagnostic::new(
            &codes::SOURCE_OUTSIDE,
            format!("`{source}` leads out of the Score file's folder"),
            at,
        )
        .note(
            "a Score file may come from somebody else, so it reads only what lies beside it, links followed",
        )
        .help(format!("move the file beside the Score file, or allow its folder: `--allow-read {folder}`")),
    )
}

fn unreadable(source: &str, at: At, failure: &std::io::Error) -> Box<Diagnostic> {
    let said = Diagnostic::new(&codes::SOURCE_UNREADABLE, format!("`{source}` cannot be read"), at);
    Box::new(said.note(failure.to_string()))
}
