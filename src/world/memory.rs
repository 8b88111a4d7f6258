//! World: memory.
