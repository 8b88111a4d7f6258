//! Room 1: turns Score files into checked, typed workloads.

pub mod assets;
pub mod bind;
pub mod load;
pub mod overlay;
pub mod parse;
pub mod state;
pub mod upgrade;
pub mod validate;

use std::path::PathBuf;

/// How strictly to read.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Accept spellings of older drafts that have one clear meaning, each with a warning (native door).
    pub lenient: bool,
    /// Hold the semantic rules: placeholders, `before` (all doors but score-k8s' own faults).
    pub semantics: bool,
    /// Folders outside the Score file's own that `files.*.source` may read.
    pub allow_read: Vec<PathBuf>,
}
