//! World: disk.
