//! See `readers/merge.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/merge.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
