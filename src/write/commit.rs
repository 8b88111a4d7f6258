//! Spends an emission: writes it, compares it, or prints it. The only writing in the program.

use crate::model::flow::Emission;
use crate::world::World;

/// Writes everything: side files, then documents, then the state.
///
/// # Errors
/// When the disk fails.
pub fn write(emission: &Emission, world: &dyn World) -> anyhow::Result<()> {
    let _ = (emission, world);
    unimplemented!()
}
