//! What room `resolve` can say.

use super::Code;

/// All rows of this file.
pub const ALL: &[&Code] = &[];
