//! How the program is linked.
#![allow(clippy::disallowed_methods, reason = "what Cargo says to a build script comes in the environment")]

use std::env;
use std::path::Path;
use std::process::Command;

/// A program that may lie anywhere in memory is moved there piece by piece before it begins, which takes a fifth of a short
/// run. This one holds no unsafe code of its own and serves nobody but who called it, so that it lies where it was linked, as
/// the tools do that it stands in for. Whoever ships it with other rules sets `SIGHTREAD_PIE`.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SIGHTREAD_PIE");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    let is_plain_linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if is_plain_linux && is("PROFILE", "release") && env::var_os("SIGHTREAD_PIE").is_none() {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        if env::var_os("HOST") == env::var_os("TARGET") && has_unwinder() {
            println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
        }
    }
}

/// True where the C compiler brings the unwinder as an archive. The program needs it only to say where it panicked, and is
/// spared to load and start a library for it; a linker that goes by the order of libraries takes the library all the same.
fn has_unwinder() -> bool {
    let found = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    found.is_ok_and(|found| Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_absolute())
}
