//! See `readers/patch.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/patch.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
