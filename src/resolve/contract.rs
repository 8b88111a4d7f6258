//! Our own provisioner format: one resource type, one contract, a section per target.

/// A parsed contract.
#[derive(Debug, Clone)]
pub struct Contract {}
