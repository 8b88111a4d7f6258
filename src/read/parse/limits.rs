//! Bounds that keep a small text from becoming a huge tree.

use std::ops::Range;

/// Levels of nesting.
pub(super) const MAX_DEPTH: usize = 128;

/// Nodes of a document once aliases are expanded.
const MAX_NODES: usize = 1_000_000;

/// Counts nodes.
#[derive(Debug, Default)]
pub(super) struct Budget(usize);

/// Which bound was broken, and where.
pub(super) enum Broken {
    /// Nested too deeply.
    Depth(Range<usize>),
    /// Too many nodes.
    Nodes(Range<usize>),
}

impl Budget {
    /// Spends `nodes` on what stands at `at`, `depth` levels down.
    pub(super) fn spend(&mut self, nodes: usize, depth: usize, at: &Range<usize>) -> Result<(), Broken> {
        self.0 = self.0.saturating_add(nodes);
        if depth > MAX_DEPTH {
            return Err(Broken::Depth(at.clone()));
        }
        if self.0 > MAX_NODES {
            return Err(Broken::Nodes(at.clone()));
        }
        Ok(())
    }
}
