//! See `readers/pipeline.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/pipeline.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
