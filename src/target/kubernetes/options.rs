//! What a run may ask of Kubernetes.

/// What a run asks.
#[derive(Debug, Clone, Default)]
pub struct Options {}
