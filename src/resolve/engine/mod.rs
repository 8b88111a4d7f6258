//! Template languages.

pub mod gotmpl;
pub mod jinja;
