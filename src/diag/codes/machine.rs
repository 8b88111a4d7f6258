//! What the command line, the disk and the machine can get wrong.

use super::Code;

/// All rows of this file.
pub const ALL: &[&Code] = &[];
