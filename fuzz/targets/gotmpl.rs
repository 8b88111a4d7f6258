//! See `readers/gotmpl.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/gotmpl.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
