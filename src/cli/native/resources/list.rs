//! `resources list`: what Score files need, in the order in which it is made.

use clap::Args;
use serde::Serialize;

use crate::cli::native::options::{Format, Reading};
use crate::cli::native::provisioners::facts;
use crate::cli::native::telling::{self, Deed};
use crate::cli::native::{Usage, request};
use crate::cli::{Exit, Screen};
use crate::diag::Report;
use crate::pipeline::{self, Judged};
use crate::world::World;

/// List the resources that Score files need, with who makes them and what they give
#[derive(Debug, Args)]
pub(super) struct Typed {
    /// What is read.
    #[command(flatten)]
    reading: Reading,
}

#[derive(Serialize)]
struct Row {
    uid: String,
    r#type: String,
    class: String,
    id: String,
    /// The workloads that declare it, with its name in each: `web.db`.
    declared: Vec<String>,
    provisioner: String,
    outputs: Option<Vec<String>>,
}

/// Lists; nothing is run.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { reading } = typed;
    telling::judge(&reading.telling)?;
    let mut report = Report::default();
    let request = request::reading(reading, None, world, &mut report);
    let judged = pipeline::check(&request, world, &mut report);
    telling::settle(&mut report, &reading.telling);
    telling::print(&report, &reading.files, (&reading.telling, Deed::Looks), world, screen);
    let (Ok(judged), false) = (judged, report.has_errors()) else { return Ok(Exit::Wrong) };
    let rows = rows(&judged, &report);
    if reading.telling.format == Format::Human {
        screen.print(rows.iter().map(block).collect::<Vec<_>>().concat());
        if rows.is_empty() {
            screen.say("these Score files need no resources\n");
        }
    } else {
        screen.print(serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n");
    }
    Ok(Exit::Fine)
}

fn rows(judged: &Judged, report: &Report) -> Vec<Row> {
    let row = |planned: &crate::model::flow::Planned| {
        let found = judged.catalog.find(&planned.uid);
        let declared = planned.declared.iter().map(|one| format!("{}.{}", one.workload, one.name));
        Row {
            uid: planned.uid.to_string(),
            r#type: planned.uid.kind.clone(),
            class: planned.uid.class.clone(),
            id: planned.uid.id.clone(),
            declared: declared.collect(),
            provisioner: found.map(|found| facts::whereabouts(found, &report.sources)).unwrap_or_default(),
            outputs: found.and_then(|found| facts::listed(found).1),
        }
    };
    judged.plan.resources.iter().map(row).collect()
}

fn block(row: &Row) -> String {
    let Row { uid, r#type: _, class: _, id: _, declared, provisioner, outputs } = row;
    let outputs = match outputs {
        Some(names) if names.is_empty() => String::new(),
        Some(names) => format!("  outputs   {}\n", names.join(", ")),
        None => "  outputs   not said\n".to_owned(),
    };
    format!("{uid}\n  declared  {}\n  made by   {provisioner}\n{outputs}", declared.join(", "))
}
