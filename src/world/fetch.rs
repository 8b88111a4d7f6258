//! World: fetch.
