//! See `readers/state.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/state.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
