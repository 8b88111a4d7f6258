//! The spine: names every stage once, in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::codes::resolve as codes;
use crate::diag::{Failed, Report};
use crate::model::flow::{Document, Emission, From, Lowered, Plan, Provisioned, Resolved, Story, Workload};
use crate::model::state::State;
use crate::model::tree::Tree;
use crate::read::overlay::Overlays;
use crate::read::state::Remembered;
use crate::resolve::catalog::Catalog;
use crate::target::Target;
use crate::target::kubernetes::judge::Schemas;
use crate::target::verdict::{self, Verdict};
use crate::world::World;
use crate::{read, resolve, target, write};

/// What a run is asked, whichever door it came through.
pub struct Request {
    /// Score files as named; `-` is standard input.
    pub scores: Vec<String>,
    /// What is laid over them.
    pub overlays: Overlays,
    /// How to read.
    pub reading: read::Rules,
    /// Where provisioners come from.
    pub origins: resolve::catalog::Origins,
    /// How to resolve.
    pub resolving: resolve::Rules,
    /// The platform.
    pub target: &'static dyn Target,
    /// What is asked of it.
    pub options: target::Options,
    /// Where the result goes.
    pub output: write::emit::Output,
    /// What the project remembers; `None` where it remembers nothing.
    pub state: Option<Remembered>,
    /// What is changed after lowering.
    pub patches: write::patch::Patches,
}

/// What is known before anything runs.
#[derive(Debug)]
pub struct Judged {
    /// The workloads, typed and checked.
    pub workloads: Vec<Workload>,
    /// What they need, in order.
    pub plan: Plan,
    /// Who can answer for it.
    pub catalog: Catalog,
}

/// Runs all stages and ends in a value.
///
/// # Errors
/// When any stage fails; the report says why.
pub fn generate(request: &Request, world: &dyn World, report: &mut Report) -> Result<Emission, Failed> {
    let Judged { workloads, plan, catalog } = check(request, world, report)?;
    let environment = resolve::upstream::environment::names(&workloads, &plan, &catalog);
    let mut story = begun(&request.scores, &workloads, &catalog);
    let rules = &resolve::upstream::environment::with(&request.resolving, &environment, world);
    let state = request.state.as_ref().map(|kept| kept.with(&workloads)).unwrap_or_default();
    let (resources, mut state) = resolve::run::run(&plan, &workloads, &catalog, state, rules, world, report)?;
    if request.state.is_some() {
        resolve::plan::warn_of_ghosts(&plan, &state, report);
    }
    drop((plan, catalog));
    let logs = resources.iter().flat_map(lines).collect();
    let seeded = resolve::secrets::any(&resources);
    let mut resolved = resolve::fill::fill(workloads, resources, rules, report)?;
    resolve::upstream::suffix::apply(&mut resolved, &mut state, rules);
    let lowered = request.target.lower(&mut resolved, &request.options, report)?;
    story.made = makers(&lowered);
    let lowered = patched(lowered, request, &resolved, world, report)?;
    let lowered = request.target.finish(lowered, &resolved, &request.options, report)?;
    write::check::check(&lowered, report)?;
    story.resources = state.resources.len();
    let patched = !request.patches.texts.is_empty();
    let unjudged = request.target.judge(&lowered, &resolved, &request.options, patched, report).unjudged;
    report.failed(())?;
    drop(resolved);
    let state = request.state.is_some().then_some(state);
    let emission = write::emit::emit(lowered, state.as_ref(), &request.output, report)?;
    let emission = write::stale::stale(emission, &request.output, world, report)?;
    Ok(Emission { seeded, logs, environment, story, unjudged, ..emission })
}

/// What is known of a run before anything is made.
fn begun(scores: &[String], workloads: &[Workload], catalog: &Catalog) -> Story {
    // Of a file that is named twice, the first workload counts.
    let by_file: BTreeMap<Option<&String>, &Workload> =
        workloads.iter().rev().map(|workload| (workload.file.as_ref(), workload)).collect();
    let read = |score: &String| Some((score.clone(), by_file.get(&Some(score))?.name().to_owned()));
    Story {
        read: scores.iter().filter_map(read).collect(),
        workloads: workloads.iter().map(|workload| workload.name().to_owned()).collect(),
        provisioners: catalog.provisioners.len(),
        ..Story::default()
    }
}

/// Who made documents, in order, and how many.
fn makers(lowered: &Lowered) -> Vec<(From, usize)> {
    let mut made: Vec<(From, usize)> = Vec::new();
    for doc in &lowered.docs {
        match made.last_mut() {
            Some((from, count)) if *from == doc.from => *count += 1,
            _ => made.push((doc.from.clone(), 1)),
        }
    }
    made
}

/// Runs the stages up to the provisioners: the resources with their outputs. Nothing is made of them.
///
/// # Errors
/// When any stage fails; the report says why.
pub fn provision(
    request: &Request,
    world: &dyn World,
    report: &mut Report,
) -> Result<Vec<Provisioned>, Failed> {
    let Judged { workloads, plan, catalog } = check(request, world, report)?;
    let state = request.state.as_ref().map(|kept| kept.with(&workloads)).unwrap_or_default();
    let made = resolve::run::run(&plan, &workloads, &catalog, state, &request.resolving, world, report)?;
    Ok(made.0)
}

/// Applies the patch templates of the project.
fn patched(
    lowered: Lowered,
    request: &Request,
    resolved: &Resolved,
    world: &dyn World,
    report: &mut Report,
) -> Result<Lowered, Failed> {
    if request.patches.texts.is_empty() {
        return Ok(lowered);
    }
    let specs = resolved
        .workloads
        .iter()
        .map(|(name, made)| (name.clone(), Tree::of(&made.spec).unwrap_or_default()));
    let specs = specs.collect();
    let fill = |workload: &str, text: &str| resolve::fill::text(resolved, &request.resolving, workload, text);
    let about = write::patch::About { workloads: &specs, fill: &fill, world };
    let lowered = write::patch::patch(lowered, &request.patches, &about, report)?;
    request.target.patched(lowered, &request.options, report)
}

/// The provisioners of a project, all of them.
///
/// # Errors
/// When a file is missing or wrong.
pub fn catalog(
    origins: &resolve::catalog::Origins,
    target: &str,
    world: &dyn World,
    report: &mut Report,
) -> Result<Catalog, Failed> {
    resolve::catalog::load(origins, None, target, world, report)
}

/// The resources of the workloads that a state remembers, in the order in which they are provisioned.
///
/// # Errors
/// When a remembered workload is not one.
pub fn remembered(kept: &Remembered, rules: &resolve::Rules, report: &mut Report) -> Result<Plan, Failed> {
    let workloads = read::state::workloads(kept, &[], report)?;
    let plan = resolve::plan::plan(&workloads, &kept.state, rules, report);
    report.failed(plan)
}

/// Judges manifests and Compose files that are already there; how many documents, and what is wrong with them.
///
/// # Errors
/// When a file cannot be read.
pub fn validate(
    files: &[String],
    schemas: &Schemas,
    world: &dyn World,
    report: &mut Report,
) -> Result<(usize, Verdict), Failed> {
    let found = report.apart(|report| read::manifests::read(files, world, report));
    let found = report.failed(found?)?;
    let verdict = target::judge(&found, schemas);
    verdict::tell_readers(&verdict, &found, report);
    let scores = verdict.unjudged.get(verdict::SCORE_FILE).copied().unwrap_or_default();
    Ok((found.len() - scores, verdict))
}

/// Runs the stages that judge: nothing is provisioned, nothing is made.
///
/// # Errors
/// When anything is wrong with what the user wrote.
pub fn check(request: &Request, world: &dyn World, report: &mut Report) -> Result<Judged, Failed> {
    let workloads = read(request, world, report)?;
    let said = report.diagnostics.len();
    let incomplete = report.has_errors() && workloads.len() < request.scores.len();
    let judged = judge(request, workloads, world, report);
    report.forget_repeated(said);
    if incomplete {
        // It may be in the file that could not be read.
        report.diagnostics.retain(|said| said.code != &codes::ABSENT_WORKLOAD);
    }
    report.failed(judged?)
}

/// Finds out what the workloads need and who answers for it.
fn judge(
    request: &Request,
    workloads: Vec<Workload>,
    world: &dyn World,
    report: &mut Report,
) -> Result<Judged, Failed> {
    let rules = &request.resolving;
    let workloads = resolve::assume::assume(workloads, rules, report);
    let nothing = State::default();
    let state = request.state.as_ref().map_or(&nothing, |kept| &kept.state);
    let wanted: Vec<&str> = workloads.iter().flat_map(kinds).collect();
    let mut catalog = report.apart(|report| {
        resolve::catalog::load(&request.origins, Some(&wanted), &rules.target, world, report)
    })?;
    resolve::upstream::local_env::stand_in(&mut catalog, rules, report);
    let plan = resolve::plan::plan(&workloads, state, rules, report);
    // What is left out of the plan was said; the rest is judged all the same.
    let judged = report.apart(|report| resolve::judge::judge(&workloads, &plan, &catalog, rules, report));
    let wanted = resolve::judge::files(&plan, &catalog);
    let plan = report
        .apart(|report| read::assets::params(plan, &wanted, &workloads, &request.reading, world, report))?;
    judged.map(|()| Judged { workloads, plan, catalog })
}

/// Reads what it can: a file that is wrong does not keep the others from being judged in the same run.
fn read(request: &Request, world: &dyn World, report: &mut Report) -> Result<Vec<Workload>, Failed> {
    let sources = read::load::load(&request.scores, world, report);
    let parsed = report.each(sources, |source, report| read::parse::parse(source, &request.reading, report));
    let number = |(file, root)| Document { id: report.sources.reserve(), file, root: Arc::new(root) };
    let parsed: Vec<Document> = parsed.into_iter().map(number).collect();
    // An overlay may be meant for the file that could not be parsed.
    let documents = if request.overlays.names_any() { report.failed(parsed)? } else { parsed };
    let documents = report.apart(|report| {
        read::overlay::overlay(documents, &request.overlays, &request.reading, world, report)
    })?;
    let documents = report.each(documents, |document, report| judged(document, &request.reading, report));
    let workloads = read::bind::bind(documents, &request.reading, report);
    let builds = &request.overlays.builds;
    let mut workloads = report.apart(|report| read::build::build(workloads, builds, report))?;
    if let Some(kept) = &request.state {
        workloads.extend(report.apart(|report| read::state::workloads(kept, &workloads, report))?);
    }
    Ok(read::assets::assets(workloads, &request.reading, world, report))
}

/// A document in today's spelling. One that is wrong but can be typed goes on, so that what later stages find in it is
/// said in the same run; the errors in the report end that run all the same.
fn judged(document: Document, rules: &read::Rules, report: &mut Report) -> Result<Document, Failed> {
    let document = read::upgrade::upgrade(document, rules, report)?;
    match read::validate::validate(&document, rules, report) {
        Err(failed) if !read::bind::fits(&document) => Err(failed),
        Ok(()) | Err(_) => Ok(document),
    }
}

/// The resource types of a workload.
fn kinds(workload: &Workload) -> impl Iterator<Item = &str> {
    workload.spec.resources.values().map(|resource| resource.kind.as_str())
}

/// What a provisioner wants said about a resource.
fn lines(made: &Provisioned) -> impl Iterator<Item = String> {
    made.logs.iter().map(|line| format!("{}: {line}", made.uid))
}
