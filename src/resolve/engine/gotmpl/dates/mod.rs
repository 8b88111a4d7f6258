//! Points in time, layouts and durations, as Go's `time` package has them. The only zone is UTC.

pub mod duration;
pub mod layout;
pub mod parse;
pub mod time;
