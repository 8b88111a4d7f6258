//! `diff` between revisions of a real repository, from a folder in it.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "this is the test of the real world")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    let ran = command.args(arguments).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn diff(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightread"));
    command.arg("diff").args(arguments).current_dir(folder).env("NO_COLOR", "1").env_remove("SIGHTREAD_SEED");
    let ran = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

#[test]
fn revisions_are_compared_without_being_checked_out() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("shop");
    fs::create_dir(&folder).unwrap();
    let score = |image: &str| {
        format!(
            "apiVersion: score.dev/v1b1\nmetadata: {{name: web}}\ncontainers:\n  main:\n    image: {image}\n    variables: \
             {{PASSWORD: '${{resources.db.password}}'}}\n    files:\n      /etc/config: {{source: config}}\nresources:\n  \
             db: {{type: postgres}}\n"
        )
    };
    let write = |image: &str, config: &str| {
        fs::write(folder.join("score.yaml"), score(image)).unwrap();
        fs::write(folder.join("config"), config).unwrap();
    };
    git(top.path(), &["init", "--quiet", "--initial-branch=main"]);
    for (image, config) in [("web:1", "level: info\n"), ("web:2", "level: info\n")] {
        write(image, config);
        git(top.path(), &["add", "."]);
        git(top.path(), &["commit", "--quiet", "-m", image]);
    }
    write("web:3", "level: warn\n");
    let before = diff(&folder, &["-t", "compose", "HEAD~1", "HEAD"]);
    assert_eq!(
        before,
        (
            Some(1),
            "compose.yaml\n  service web-main: changed\n    image: \"web:1\" → \"web:2\"\n".to_owned(),
            String::new()
        )
    );
    let (exit, said, _) = diff(&folder, &["-t", "compose", "HEAD"]);
    assert_eq!(exit, Some(1));
    assert!(said.contains("image: \"web:2\" → \"web:3\"") && said.contains("etc/config: changed"), "{said}");
    assert_eq!(diff(&folder, &["-t", "compose", "HEAD", "main"]).0, Some(0));
    let (exit, _, said) = diff(&folder, &["-t", "compose", "nowhere"]);
    assert_eq!((exit, said.as_str()), (Some(2), "error: `nowhere` is neither a file nor a revision\n"));
    let (exit, _, said) = diff(top.path(), &["-t", "compose", "HEAD", "shop/score.yaml", "--format", "json"]);
    assert_eq!((exit, said.as_str()), (Some(1), ""));
    let names: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}
