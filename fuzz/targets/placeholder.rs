//! See `readers/placeholder.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/placeholder.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
