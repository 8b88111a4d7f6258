//! Runs of the real program on a real disk, and of other programs by it.
#![allow(clippy::disallowed_methods, reason = "this is the test of the real world")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
#[cfg(unix)]
use std::time::Duration;

#[cfg(unix)]
use sightread::world::World;
#[cfg(unix)]
use sightread::world::disk::Disk;

/// Runs the program in a folder, without anything of our environment.
fn sightread(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightread"));
    command.args(arguments).current_dir(folder).env_clear().env("NO_COLOR", "1").stdin(Stdio::null());
    command.output().unwrap()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_sample_becomes_both_targets() {
    let folder = folder();
    for arguments in [&["init"][..], &["generate", "-t", "compose"], &["generate", "-t", "kubernetes"]] {
        let ran = sightread(folder.path(), arguments);
        assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    for file in ["score.yaml", "compose.yaml", "manifests.yaml"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
    let again = sightread(folder.path(), &["generate", "-t", "compose", "--check"]);
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stdout));
    let leftovers = fs::read_dir(folder.path()).unwrap().flatten();
    assert!(
        leftovers.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".sightread-"))
    );
}

#[test]
fn a_seed_is_made_once_and_private() {
    let folder = folder();
    let score = "apiVersion: score.dev/v1b1\nmetadata: {name: web}\ncontainers:\n  main:\n    image: nginx:1\n    \
                 variables: {PASSWORD: '${resources.db.password}'}\nresources:\n  db: {type: postgres}\n";
    fs::write(folder.path().join("score.yaml"), score).unwrap();
    let first = sightread(folder.path(), &["generate", "-t", "compose"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(String::from_utf8_lossy(&first.stderr).contains("seed-made"));
    let seed = fs::read(folder.path().join(".sightread/seed")).unwrap();
    let compose = fs::read(folder.path().join("compose.yaml")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join(".sightread/seed")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let second = sightread(folder.path(), &["generate", "-t", "compose"]);
    assert!(second.status.success() && !String::from_utf8_lossy(&second.stderr).contains("seed-made"));
    assert_eq!(seed, fs::read(folder.path().join(".sightread/seed")).unwrap());
    assert_eq!(compose, fs::read(folder.path().join("compose.yaml")).unwrap());
}

#[test]
fn a_wrong_file_is_pointed_at_and_nothing_is_written() {
    let folder = folder();
    fs::write(
        folder.path().join("score.yaml"),
        "apiVersion: score.dev/v1b1\nmetadata: {name: web}\ncontainer: {}\n",
    )
    .unwrap();
    let ran = sightread(folder.path(), &["generate", "-t", "compose"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&ran.stderr).contains("--> score.yaml:3:1"),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(!folder.path().join("compose.yaml").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_the_machines_fault() {
    let folder = folder();
    sightread(folder.path(), &["init"]);
    fs::write(folder.path().join("taken"), "").unwrap();
    let ran = sightread(folder.path(), &["generate", "-t", "kubernetes", "-o", "taken/manifests.yaml"]);
    assert_eq!(ran.status.code(), Some(3), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn who_stops_reading_is_no_failure() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightread"));
    command.arg("explain").current_dir(folder.path()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

/// A program that a provisioner might run.
#[cfg(unix)]
fn program(name: &str, args: &[&str], timeout: Duration) -> sightread::world::Command {
    sightread::world::Command {
        program: name.into(),
        args: args.iter().map(ToString::to_string).collect(),
        stdin: Vec::new(),
        env: None,
        timeout: Some(timeout),
        max_output: 1 << 20,
        label: None,
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_is_ended() {
    let ran = Disk.run(&program("sleep", &["600"], Duration::from_millis(50))).unwrap();
    assert!(ran.timed_out);
    assert_eq!(ran.status, None);
}

#[cfg(unix)]
#[test]
fn a_program_that_says_too_much_is_an_error() {
    // A gigabyte, and no end at all.
    for arguments in [["-c", "head -c 1073741824 /dev/zero"], ["-c", "yes"]] {
        let failed = Disk.run(&program("sh", &arguments, Duration::from_secs(60))).unwrap_err();
        assert_eq!(failed.to_string(), "it printed more than 1 MiB");
    }
}

/// The built-ins lie where a project's own provisioners do, and the first command of the README is run beside them.
#[test]
fn examples_are_generated_from_the_folder_of_the_project() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = tempfile::tempdir().unwrap();
    for target in ["compose", "kubernetes"] {
        let scores = runner::list(&root.join("examples")).into_iter().map(|folder| folder.join("score.yaml"));
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_sightread"))
            .args(["generate", "-t", target, "-o", &format!("{}/{target}/", out.path().display())])
            .args(scores)
            .current_dir(root)
            .env("SIGHTREAD_SEED", "smoke")
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
