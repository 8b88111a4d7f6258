//! Plays a Score file anywhere: reads it, resolves what it needs, lowers it to a platform, writes files.
//!
//! ```text
//! argv ── cli ──▶ Request
//!                   │
//!   read      load · parse · overlay · upgrade · validate · bind · assets      → Workload
//!   resolve   plan · run · fill                                               → Resolved
//!   target    lower                                                           → Lowered
//!   write     patch · check · emit                                            → Emission
//!             commit                                                          → disk, screen or comparison
//! ```
//!
//! [`pipeline`] calls every stage once, in this order. Rooms never call each other; they share [`model`] (plain
//! types), [`diag`] (what is said to the user) and [`world`] (everything outside).

pub mod cli;
pub mod diag;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod resolve;
pub mod target;
pub mod world;
pub mod write;
