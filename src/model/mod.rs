//! The furniture: plain types that every room may use. Nothing here reads, writes or decides.

pub mod flow;
pub mod map;
pub mod marker;
pub mod node;
pub mod path;
pub mod placeholder;
pub mod quantity;
pub mod share;
pub mod spec;
pub mod state;
pub mod text;
pub mod tree;
pub mod uid;
