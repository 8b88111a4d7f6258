//! Room 1: turns Score files into checked, typed workloads.

pub mod assets;
pub mod bind;
pub mod build;
pub mod load;
pub mod manifests;
pub mod overlay;
pub mod parse;
pub mod state;
pub mod upgrade;
pub mod validate;

use std::path::PathBuf;

/// How strictly to read. The default refuses everything that the specification refuses.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that a door answers")]
pub struct Rules {
    /// Accept spellings of older drafts that have one clear meaning, each with a warning (native door).
    pub lenient: bool,
    /// Hold the rules that a schema cannot say about placeholders. Without it they are not judged at all.
    pub semantics: bool,
    /// Hold the rules for `before`. Without it they are left to the target.
    pub order: bool,
    /// Read the first document of a Score file and warn of others, rather than refuse the file.
    pub first_document_only: bool,
    /// Leave out, with a warning, what the list forms of older drafts hold and today's maps cannot; of two items for one
    /// target the last stays.
    pub drop_items: bool,
    /// Of two workloads of one name take the last, with a warning.
    pub last_wins: bool,
    /// Folders outside the Score file's own that `files.*.source` may read; `/` lets it read any file.
    pub allow_read: Vec<PathBuf>,
}
