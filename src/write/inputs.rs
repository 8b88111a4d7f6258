//! Keeps a run from writing over what it read.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use crate::diag::codes::write as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::Emission;
use crate::world::World;

/// Refuses an effect that would replace a Score file, an override or a provisioner file of the same run.
///
/// # Errors
/// When a file that was read would be replaced.
pub fn spare(emission: &Emission, world: &dyn World, report: &mut Report) -> Result<(), Failed> {
    let mut read: BTreeMap<Option<&OsStr>, Vec<&str>> = BTreeMap::new();
    for text in report.sources.texts() {
        read.entry(Path::new(&text.name).file_name()).or_default().push(&text.name);
    }
    let mut wrong = Vec::new();
    for path in emission.files.keys() {
        let same = |name: &&&str| match (world.canonical(path), world.canonical(Path::new(name))) {
            (Ok(output), Ok(input)) => output == input,
            _ => false,
        };
        let mut named = read.get(&path.file_name()).into_iter().flatten();
        wrong.extend(named.find(same).map(|name| (*name).to_owned()));
    }
    for name in wrong {
        let said = format!("`{name}` was read in this run, and the output would replace it");
        let said = Diagnostic::new(&codes::OUTPUT_OVER_INPUT, said, At::Named(name));
        report.push(said.help("name another file or folder with `-o`"));
    }
    report.failed(())
}
