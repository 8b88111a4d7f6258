//! Template languages.

pub mod jinja;
