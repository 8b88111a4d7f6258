//! See `readers/yaml.rs`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../readers/yaml.rs"]
mod reader;

fuzz_target!(|text: &str| reader::hold(text));
