//! `resources prune`: removes from the states of the drop-in doors what no workload declares any more.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::cli::native::generate;
use crate::cli::native::options::Telling;
use crate::cli::native::telling::{self, Deed};
use crate::cli::{Exit, Screen};
use crate::diag::{Failed, Report};
use crate::model::flow::Plan;
use crate::read;
use crate::read::state::Remembered;
use crate::resolve::{self, plan};
use crate::world::{Entry, World};
use crate::{pipeline, write};

/// Remove from `.score-compose/` and `.score-k8s/` the resources that no workload declares any more
#[derive(Debug, Args)]
#[command(
    after_help = "`sightread generate` keeps no such state and removes by itself the files that an earlier run wrote and that
nothing needs any more; this is for projects of score-compose and score-k8s. What provisioners share among
resources is kept: only they know what it means.

Examples:
  sightread resources prune --dry-run
  sightread resources prune --workload old-api"
)]
pub(super) struct Typed {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    /// Remove a workload too, and with it the resources that only it declares (repeatable)
    #[arg(long, value_name = "NAME")]
    workload: Vec<String>,
}

/// The folders of states, and the target of each.
const STATES: &[(&str, &str)] = &[(".score-compose", "compose"), (".score-k8s", "kubernetes")];

/// How long another run is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// Prunes each state that is there.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Exit {
    let Typed { dry_run, workload } = typed;
    let is_state = |folder: &str| world.entry(&Path::new(folder).join("state.yaml")) == Some(Entry::File);
    let states: Vec<_> = STATES.iter().filter(|(folder, _)| is_state(folder)).collect();
    if states.is_empty() {
        screen.say(
            "there is no state here (`.score-compose/` or `.score-k8s/`), so there is nothing to prune\n\
             `sightread generate` keeps none, and removes by itself what earlier runs wrote and nothing needs\n",
        );
        return Exit::Fine;
    }
    let mut known = Vec::new();
    for (number, (folder, target)) in states.into_iter().enumerate() {
        let mut report = Report::default();
        let job = Job { folder, target, dry_run: *dry_run, unwanted: workload, world };
        let done = job.run(&mut report, screen);
        let deed = Deed::of(!dry_run && number == 0);
        telling::print(&report, &[], (&Telling::default(), deed), world, screen);
        match done {
            Ok(Ok(workloads)) => known.extend(workloads),
            Ok(Err(_)) => return Exit::Wrong,
            Err(error) => return generate::broken(&error, screen),
        }
    }
    let missing: Vec<&String> = workload.iter().filter(|name| !known.contains(*name)).collect();
    known.sort();
    known.dedup();
    let others =
        if known.is_empty() { "or any other".to_owned() } else { format!("only {}", known.join(", ")) };
    for name in &missing {
        screen.say(format!("error: no state knows a workload `{name}`, {others}\n"));
    }
    if missing.is_empty() { Exit::Fine } else { Exit::Wrong }
}

struct Job<'a> {
    folder: &'a str,
    target: &'a str,
    dry_run: bool,
    unwanted: &'a [String],
    world: &'a dyn World,
}

impl Job<'_> {
    /// Prunes one state. The names of the workloads that it knew come back.
    fn run(
        &self,
        report: &mut Report,
        screen: &mut Screen<'_>,
    ) -> anyhow::Result<Result<Vec<String>, Failed>> {
        let path = Path::new(self.folder).join("state.yaml");
        let name = path.display().to_string();
        let lock = Path::new(self.folder).join(".lock");
        let _held = self.world.lock(&lock, WAIT).with_context(|| format!("{} is busy", self.folder))?;
        let bytes = self.world.read(&path).with_context(|| format!("cannot read {name}"))?;
        let text = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8 text"))?;
        let source = report.sources.add(&name, text);
        let (mut remembered, known) = match self.understand(source, report) {
            Ok(understood) => understood,
            Err(failed) => return Ok(Err(failed)),
        };
        let plan = match self.plan(&remembered, report) {
            Ok(plan) => plan,
            Err(failed) => return Ok(Err(failed)),
        };
        let ghosts = plan::ghosts(&plan, &remembered.state);
        let gone: Vec<&String> = self.unwanted.iter().filter(|name| known.contains(name)).collect();
        let word = if self.dry_run { "would remove" } else { "removed" };
        for workload in &gone {
            screen.say(format!("{word} the workload {workload} from {name}\n"));
        }
        for uid in &ghosts {
            screen.say(format!("{word} {uid} from {name}\n"));
            remembered.state.resources.remove(uid);
        }
        if ghosts.is_empty() && gone.is_empty() {
            screen.say(format!("{name}: every resource is declared by a workload, nothing to remove\n"));
        } else if !self.dry_run {
            let bytes = write::state::to_bytes(&remembered.state);
            self.world.replace(&path, &bytes, 0o600).with_context(|| format!("cannot write {name}"))?;
            screen.say(
                "what was deployed for it stays until you remove it; `generate` writes the files anew\n",
            );
        }
        Ok(Ok(known))
    }

    /// The state without the workloads that are unwanted, and the names of all that it knew.
    fn understand(
        &self,
        source: crate::model::flow::SourceId,
        report: &mut Report,
    ) -> Result<(Remembered, Vec<String>), Failed> {
        let mut remembered = read::state::state(source, report)?;
        let known = remembered.state.workloads.keys().cloned().collect();
        remembered.state.workloads.retain(|name, _| !self.unwanted.contains(name));
        Ok((remembered, known))
    }

    fn plan(&self, remembered: &Remembered, report: &mut Report) -> Result<Plan, Failed> {
        let rules = resolve::Rules { target: self.target.to_owned(), ..resolve::Rules::default() };
        pipeline::remembered(remembered, &rules, report)
    }
}
