//! Judges projects, many at a time.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::projects::{self, Project};
use crate::cli::native::options::Reading;
use crate::cli::native::{request, telling};
use crate::diag::Report;
use crate::diag::codes::resolve::ABSENT_WORKLOAD;
use crate::model::node::Node;
use crate::world::{Entry, World};
use crate::{pipeline, read};

/// A project that was judged.
#[derive(Debug)]
pub(super) struct Checked {
    /// Its files.
    pub(super) files: Vec<String>,
    /// What there is to say.
    pub(super) report: Report,
    /// How many workloads it has.
    pub(super) workloads: usize,
    /// How many resources they need.
    pub(super) resources: usize,
    /// The resources, each with the provisioner that wins.
    pub(super) answers: Vec<(String, String)>,
}

/// What was found in all projects.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Numbers {
    /// Workloads.
    pub(super) workloads: usize,
    /// Resources.
    pub(super) resources: usize,
}

impl Numbers {
    /// Adds up.
    pub(super) fn of(checked: &[Checked]) -> Self {
        checked.iter().fold(Self::default(), |sum, one| Self {
            workloads: sum.workloads + one.workloads,
            resources: sum.resources + one.resources,
        })
    }
}

/// With fewer projects a thread costs more than it saves.
const FEW: usize = 4;

/// More threads than this wait for each other's memory.
const MOST: usize = 8;

/// Judges all projects and settles what was said. A file by itself that names a workload of another file is judged
/// again, knowing of all workloads below the current folder.
pub(super) fn all(projects: &[Project], reading: &Reading, world: &dyn World) -> Vec<Checked> {
    let nobody = BTreeSet::new();
    let mut checked = together(projects, |project| one(project, reading, &nobody, world));
    let asks = |one: &Checked| one.report.diagnostics.iter().any(|said| said.code == &ABSENT_WORKLOAD);
    if projects.iter().zip(&checked).any(|(project, done)| project.alone && asks(done)) {
        let around = world.walk(Path::new("."), &projects::is_score).unwrap_or_default();
        let mut report = Report::default();
        for file in around.files.iter().map(|file| file.display().to_string()) {
            // What is wrong with a file that was not asked for is not said here.
            if let Ok(source) = read::load::text(&file, world, &mut report)
                && let Ok(root) = read::parse::yaml(source, &mut report)
            {
                let id = report.sources.reserve();
                report.sources.keep(id, Arc::new(root));
            }
        }
        let known = checked.iter().map(|one| &one.report).chain([&report]);
        let names: BTreeSet<String> = known.flat_map(names).collect();
        for (project, done) in projects.iter().zip(&mut checked) {
            if project.alone && asks(done) {
                *done = one(project, reading, &names, world);
            }
        }
    }
    for one in &mut checked {
        telling::settle(&mut one.report, &reading.telling);
    }
    checked
}

/// Does a piece of work for every project, on as many threads as help; the order stays.
fn together<T: Send>(projects: &[Project], work: impl Fn(&Project) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST).min(projects.len() / FEW);
    if threads < 2 {
        return projects.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(project) = projects.get(number) else { return done };
            done.push((number, work(project)));
        }
    };
    let mut all = thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut all = take();
        for worker in workers {
            match worker.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, done)| done).collect()
}

fn one(project: &Project, reading: &Reading, elsewhere: &BTreeSet<String>, world: &dyn World) -> Checked {
    let mut report = Report::default();
    let mut reading = Reading { files: project.files.clone(), ..reading.clone() };
    if project.alone {
        reading.provisioners.extend(beside(project, world));
    }
    let mut request = request::reading(&reading, None, world, &mut report);
    request.resolving.elsewhere.clone_from(elsewhere);
    let judged = pipeline::check(&request, world, &mut report);
    let files = project.files.clone();
    let Ok(judged) = judged else {
        return Checked { files, report, workloads: 0, resources: 0, answers: Vec::new() };
    };
    let answers = judged.plan.resources.iter().filter_map(|planned| {
        let provisioner = judged.catalog.find(&planned.uid)?;
        Some((planned.uid.to_string(), provisioner.uri.clone()))
    });
    let answers: Vec<(String, String)> = answers.collect();
    let (workloads, resources) = (judged.workloads.len(), judged.plan.resources.len());
    Checked { files, report, workloads, resources, answers }
}

/// The provisioners that lie beside a Score file in another folder, which would be found from there.
fn beside(project: &Project, world: &dyn World) -> Option<String> {
    let folder =
        Path::new(project.files.first()?).parent().filter(|folder| !folder.as_os_str().is_empty())?;
    let path = folder.join(request::PROVISIONERS);
    (world.entry(&path) == Some(Entry::Folder)).then(|| path.display().to_string())
}

/// The names of the workloads that were read.
fn names(report: &Report) -> Vec<String> {
    let name = |root: &Arc<Node>| Some(root.get("metadata")?.get("name")?.as_str()?.to_owned());
    report.sources.documents().filter_map(name).collect()
}
