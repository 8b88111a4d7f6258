//! Bounds that keep a template from eating the machine. Generous: real templates stay far below all of them.

/// Steps a rendering may take: nodes, commands, rounds of a loop, and the sizes of what functions return.
pub const STEPS: usize = 2_000_000;
/// As how many steps a function counts that takes long on purpose: a template may call twenty of them.
pub const SLOW: usize = 100_000;
/// Bytes a rendering may write, and bytes of any single string on the way.
pub const TEXT: usize = 16 << 20;
/// How deep templates, blocks and parentheses may nest while rendering.
pub const NESTING: usize = 200;
/// How deep blocks and parentheses may nest in the text.
pub const PARSE_NESTING: usize = 100;
/// How deep a value may be when it is walked as a whole.
pub const DEPTH: usize = 200;
/// How many values may be visited when a value is walked as a whole.
pub const VISITS: usize = 1_000_000;
/// Items of a list that a function makes from a number.
pub const ITEMS: usize = 1_000_000;

/// Counts a walk over a whole value.
#[derive(Debug, Default)]
pub struct Walk {
    depth: usize,
    visits: usize,
}

impl Walk {
    /// Visits one more value, one level deeper; pair it with [`Walk::leave`].
    ///
    /// # Errors
    /// When the value is too deep or too large.
    pub fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        self.visits += 1;
        if self.depth > DEPTH {
            return Err(format!("value is nested more than {DEPTH} levels deep"));
        }
        if self.visits > VISITS {
            return Err(format!("value has more than {VISITS} parts"));
        }
        Ok(())
    }

    /// Comes back up.
    pub const fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// Refuses text that would be too long.
///
/// # Errors
/// When it would.
pub fn text_fits(bytes: usize) -> Result<(), String> {
    if bytes > TEXT { Err(format!("text would be longer than {TEXT} bytes")) } else { Ok(()) }
}

/// Refuses lists that would be too long.
///
/// # Errors
/// When one would.
pub fn items_fit(items: usize) -> Result<(), String> {
    if items > ITEMS { Err(format!("list would have more than {ITEMS} items")) } else { Ok(()) }
}
