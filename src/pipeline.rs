//! The spine: names every stage once, in order.

use crate::diag::{Failed, Report};
use crate::model::flow::Emission;
use crate::model::state::State;
use crate::read::overlay::Overlays;
use crate::target::Target;
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
    pub state: Option<State>,
}

/// Runs all stages and ends in a value.
///
/// # Errors
/// When any stage fails; the report says why.
pub fn generate(request: &Request, world: &dyn World, report: &mut Report) -> Result<Emission, Failed> {
    let _ = (request, world, report);
    unimplemented!()
}
