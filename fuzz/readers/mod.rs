//! What must hold of each reader for any text. The fuzzer calls these with texts of its own, `tests/odd.rs` with the seeds
//! and small changes of them.

pub(crate) mod gotmpl;
pub(crate) mod merge;
pub(crate) mod patch;
pub(crate) mod pipeline;
pub(crate) mod placeholder;
pub(crate) mod state;
pub(crate) mod yaml;
