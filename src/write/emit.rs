//! Puts documents and side files into files by path.

use crate::diag::{Failed, Report};
use crate::model::flow::{Emission, Lowered};
use crate::model::state::State;
use crate::write::format::Format;

/// Where the result goes.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// A file, `-`, or a folder when it ends in `/`.
    pub path: String,
    /// The folder of side files on disk.
    pub files: String,
    /// How documents are printed.
    pub format: Format,
}

/// Makes the whole effect of a run.
///
/// # Errors
/// When the output cannot hold the result, such as `-` with side files.
pub fn emit(
    lowered: Lowered,
    state: Option<State>,
    output: &Output,
    report: &mut Report,
) -> Result<Emission, Failed> {
    let _ = (lowered, state, output, report);
    unimplemented!()
}
