//! What a run may ask of Compose.

/// What a run asks.
#[derive(Debug, Clone, Default)]
pub struct Options {}
