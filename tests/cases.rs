//! A test is a folder: `tests/cases/<name>/` holds the inputs, `cmd` the command lines, `expected.snap` everything that
//! came out — exit code, standard output and error, and each file that was written, changed or removed, with its mode.
//!
//! To add one: `cp -r tests/cases/hello tests/cases/my-case`, edit, then `INSTA_UPDATE=always cargo test --test cases`
//! and read the snapshot. `CASE=my-case` in front runs only cases whose name holds that text.
//!
//! Lines of `cmd`:
//!
//! ```text
//! # why this case is here
//! sightread generate -t compose score.yaml     # a command line; quotes group words as in a shell
//! CI=true sightread check                      # variables of the environment, for this line
//! sightread check - < score.yaml               # standard input; without it there is none
//! $ rm FILE | $ cp FILE TO | $ chmod MODE FILE | $ link LINK TO     # changes between commands
//! $ answer PROGRAM FILE                        # what a program prints when it is run
//! $ publish ADDRESS FILE [RESOLVED]            # what is found at an address, and what it stands for: `git:0a1b`
//! ```
//!
//! Runs are in memory, with fixed dice. Every case runs twice, and once more with the Score files of each command line
//! in reverse order; the same bytes must come out. A line that ends in `# in this order` is not turned round. Every
//! folder of `examples/` is run on all targets as well.

mod runner;

use std::path::Path;

/// Runs one folder and holds it against its snapshot.
fn hold(folder: &Path, script: &str, name: &str) {
    let first = runner::play(folder, script, false);
    assert_eq!(first, runner::play(folder, script, false), "{name}: a second run differs");
    assert_eq!(first, runner::play(folder, script, true), "{name}: another order of Score files differs");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_snapshot_suffix();
    settings.bind(|| insta::assert_snapshot!("expected", first));
}

/// All folders below one, sorted, as far as they are asked for.
fn folders(below: &str) -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let wanted = runner::variable("CASE").unwrap_or_default();
    let mut found = runner::list(&root);
    found.retain(|path| path.is_dir() && path.to_string_lossy().contains(&wanted));
    found
}

/// Runs all folders, so that one that fails does not hide the others.
fn all(folders: &[std::path::PathBuf], script: impl Fn(&Path) -> String) {
    let mut failed = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let held =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| hold(folder, &script(folder), &name)));
        if held.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{} of {} failed: {}", failed.len(), folders.len(), failed.join(", "));
}

#[test]
fn cases() {
    all(&folders("tests/cases"), |folder| runner::read(&folder.join("cmd")));
}

#[test]
fn examples() {
    all(&folders("examples"), |folder| {
        let mut scores = Vec::new();
        runner::each_file(folder, &mut |path| {
            if path.to_string_lossy().ends_with("score.yaml") {
                scores.push(path.to_string_lossy().into_owned());
            }
        });
        let scores = scores.join(" ");
        let own = folder.join("cmd");
        if own.exists() {
            return runner::read(&own);
        }
        format!("sightread generate -t compose {scores}\nsightread generate -t kubernetes {scores}\n")
    });
}
