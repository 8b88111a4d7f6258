//! What the machine can do to a run: it is killed, the disk is full or refuses, the clock jumps, names are not text.
//! Nothing may be torn, and the next run mends everything.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "this is the test of the real world")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod runner;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sightread::world::is_temporary;

/// Files by their paths below a folder.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightread"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("NO_COLOR", "1")
        .env("SIGHTREAD_SEED", "seed");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout: _, stderr } = program(folder, arguments).output().unwrap();
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

fn fine(folder: &Path, arguments: &[&str]) {
    let (exit, said) = run(folder, arguments);
    assert_eq!(exit, Some(0), "{arguments:?}: {said}");
}

fn tree(folder: &Path) -> Tree {
    let mut found = Tree::new();
    runner::each_file(folder, &mut |path| {
        // A staged file may go while we look; the lock says who holds it.
        if !path.ends_with(".lock")
            && let Ok(bytes) = fs::read(folder.join(path))
        {
            found.insert(path.to_owned(), bytes);
        }
    });
    found
}

fn put(folder: &Path, tree: &Tree) {
    for (path, bytes) in tree {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_temporary(&name.to_string_lossy()))
}

/// True when a staged file stands anywhere in a folder.
fn staged(folder: &Path) -> bool {
    let mut found = false;
    runner::each_file(folder, &mut |path| found |= temporary(path));
    found
}

/// A workload that needs nothing made, so that its runs are quick.
fn plain(name: &str, image: &str, files: &[&str]) -> String {
    let text = score(name, image, files).replace("${resources.db.password}", "none");
    text.split("resources:").next().unwrap().to_owned()
}

fn score(name: &str, image: &str, files: &[&str]) -> String {
    let file = |file: &&str| format!("      /etc/{file}: {{content: \"{image}\"}}\n");
    let files: String = files.iter().map(file).collect();
    let files = if files.is_empty() { files } else { format!("    files:\n{files}") };
    format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\ncontainers:\n  main:\n    image: {image}\n    variables: \
         {{PASSWORD: '${{resources.db.password}}'}}\n{files}resources:\n  db: {{type: postgres}}\n"
    )
}

/// Kills a run at many moments. After each kill every file is one of the old or the new ones, whole; what `together`
/// judges holds too; and now and then the run is repeated and must end where a run that nobody kills ends. How many kills meet
/// the middle of the writing is luck: `steps.rs` meets every step of it.
fn kill(kills: usize, before: &Tree, arguments: &[&str], after: &Tree, together: &dyn Fn(&Tree)) {
    let whole = |path: &Path, bytes: &Vec<u8>| {
        let list = path.ends_with(".sightread-files");
        before.get(path) == Some(bytes) || after.get(path) == Some(bytes) || list
    };
    let start = |folder: &Path| {
        let mut command = program(folder, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // How long a run takes, in looks at it.
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), before);
    let (mut child, mut looks) = (start(folder.path()), 0_usize);
    while child.try_wait().unwrap().is_none() {
        looks += 1;
    }
    assert_eq!(&tree(folder.path()), after);
    for n in 0..kills {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), before);
        let mut child = start(folder.path());
        if n % 2 == 0 {
            for _ in 0..looks * n / kills {
                child.try_wait().unwrap();
            }
        } else {
            // From the first sign of writing on, a little later each time.
            while child.try_wait().unwrap().is_none() && !staged(folder.path()) {}
            for _ in 0..n {
                child.try_wait().unwrap();
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut left = tree(folder.path());
        left.retain(|path, _| !temporary(path));
        for (path, bytes) in &left {
            assert!(whole(path, bytes), "kill {n}: {} is torn: {bytes:?}", path.display());
        }
        for path in before.keys().filter(|path| after.contains_key(*path)) {
            assert!(left.contains_key(path), "kill {n}: {} is lost", path.display());
        }
        together(&left);
        let torn = &left != before && &left != after;
        if n % 10 == 0 || torn {
            fine(folder.path(), arguments);
            let mended = tree(folder.path());
            assert!(mended.keys().eq(after.keys()), "kill {n}: {:?}", mended.keys());
            assert!(&mended == after, "kill {n}: the next run did not mend it");
        }
    }
}

/// The files before a change and after it.
fn versions(first: &[&[&str]], change: &[(&str, String)], arguments: &[&str]) -> (Tree, Tree) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("score.yaml"), plain("web", "web:1", &["one", "two"])).unwrap();
    for arguments in first {
        fine(folder.path(), arguments);
    }
    for (name, text) in change {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let before = tree(folder.path());
    fine(folder.path(), arguments);
    (before, tree(folder.path()))
}

#[test]
fn a_killed_run_leaves_a_project_of_the_go_tools_whole() {
    let arguments = ["score-compose", "generate", "other.yaml"];
    let (before, after) = versions(
        &[
            &["score-compose", "init", "--no-sample", "--project", "shop"],
            &["score-compose", "generate", "score.yaml"],
        ],
        &[("other.yaml", plain("other", "other:1", &["one"]))],
        &arguments,
    );
    let (state, output) = (Path::new(".score-compose/state.yaml"), Path::new("compose.yaml"));
    assert!(before[state] != after[state] && before[output] != after[output]);
    kill(200, &before, &arguments, &after, &|left| {
        // What is generated can be made again from a state, and never the other way round.
        assert!(
            left[output] == before[output] || left[state] == after[state],
            "the output went before the state"
        );
    });
}

#[test]
fn a_killed_run_leaves_generated_files_whole() {
    let arguments = ["generate", "-t", "compose"];
    let (before, after) =
        versions(&[&arguments], &[("score.yaml", plain("web", "web:2", &["two", "three"]))], &arguments);
    let list = Path::new("compose.d/.sightread-files");
    assert!(before.keys().any(|path| !after.contains_key(path)), "nothing becomes stale");
    kill(100, &before, &arguments, &after, &|left| {
        let listed = String::from_utf8(left[list].clone()).unwrap();
        for path in left.keys().filter_map(|path| path.strip_prefix("compose.d").ok()) {
            let name = path.to_string_lossy();
            let known = name == ".sightread-files" || listed.lines().any(|line| line == name);
            assert!(known, "{name} is on no list");
        }
        let compose = Path::new("compose.yaml");
        if left[compose] == after[compose] {
            for path in after.keys().filter(|path| path.starts_with("compose.d") && *path != list) {
                assert_eq!(left.get(path), after.get(path), "the output went before {}", path.display());
            }
        }
    });
}

/// Everything in a folder but Score files.
fn made(folder: &Path) -> Tree {
    let mut found = tree(folder);
    found.remove(Path::new("score.yaml"));
    found
}

#[test]
fn a_disk_that_is_full_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("score.yaml");
    fs::write(&path, score("web", "web:1", &["one"])).unwrap();
    for target in ["compose", "kubernetes"] {
        fine(folder.path(), &["generate", "-t", target]);
    }
    let before = made(folder.path());
    let many: Vec<String> = (0..400).map(|n| format!("file-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    fs::write(&path, score("web", "web:2", &many)).unwrap();
    for target in ["compose", "kubernetes"] {
        let mut shell = Command::new("sh");
        // No file may become larger than a few KiB; the signal that would end the program is not sent.
        let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
        let arguments = ["-c", script, "sh", env!("CARGO_BIN_EXE_sightread"), "generate", "-t", target];
        shell.args(arguments).current_dir(folder.path()).env_clear().env("SIGHTREAD_SEED", "seed");
        shell.env("PATH", "/usr/bin:/bin");
        let ran = shell.output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(3), "{said}");
        assert!(said.contains("error: cannot write ") && said.contains("File too large"), "{said}");
        assert!(made(folder.path()) == before, "{target}: something was changed");
    }
}

#[test]
fn what_cannot_be_written_is_the_machines_fault() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("score.yaml"), score("web", "web:1", &[])).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let rows = [
        // Not even root may make files there.
        ("/proc/manifests.yaml", "cannot write /proc/manifests.yaml: "),
        ("/proc/k8s/", "cannot make /proc/k8s"),
        ("file/manifests.yaml", "cannot make file: "),
        ("/dev/full", "cannot write /dev/full: No space left on device"),
    ];
    for (output, wanted) in rows {
        let (exit, said) = run(folder.path(), &["generate", "-t", "kubernetes", "-o", output]);
        assert_eq!(exit, Some(3), "{output}: {said}");
        assert!(said.starts_with("error: ") && said.contains(wanted), "{output}: {said}");
        assert_eq!(tree(folder.path()).len(), 2, "{output}");
    }
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
}

/// Words in front of a command that leave it no more rights than a folder's bits give: none for most people, for root
/// what takes its special rights away, and nothing where the machine has no such program.
fn unprivileged(folder: &Path) -> Option<Vec<&'static str>> {
    let drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];
    [&[][..], &drop].into_iter().map(<[_]>::to_vec).find(|words| {
        let mut command = Command::new(words.first().unwrap_or(&"touch"));
        command.args(words.iter().skip(1)).args(words.first().map(|_| "touch")).arg(folder.join("probe"));
        let refused = command.stderr(Stdio::null()).status().is_ok_and(|status| !status.success());
        refused && (words.is_empty() || fs::metadata(folder.join("probe")).is_err()) || {
            fs::remove_file(folder.join("probe")).unwrap_or_default();
            false
        }
    })
}

#[test]
fn a_folder_that_may_only_be_read() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("shop");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("score.yaml"), plain("web", "web:1", &["one"])).unwrap();
    let lock = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    lock(0o555);
    if let Some(words) = unprivileged(&folder) {
        let ask = |arguments: &[&str]| {
            let mut command = match words.split_first() {
                Some((first, rest)) => {
                    let mut command = Command::new(first);
                    command.args(rest).arg(env!("CARGO_BIN_EXE_sightread"));
                    command
                }
                None => Command::new(env!("CARGO_BIN_EXE_sightread")),
            };
            let ran = command.args(arguments).current_dir(&folder).env("NO_COLOR", "1").output().unwrap();
            (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
        };
        for (arguments, wanted) in [
            (&["generate", "-t", "compose"][..], "error: cannot "),
            (&["generate", "-t", "kubernetes"], "error: cannot write manifests.yaml: "),
            (&["generate", "-t", "kubernetes", "-o", "k8s/"], "error: cannot make k8s: "),
            (&["score-compose", "init"], "Error: "),
        ] {
            let (exit, said) = ask(arguments);
            let told = said.contains(wanted) && said.contains("Permission denied");
            assert!(
                exit == Some(if wanted == "Error: " { 1 } else { 3 }) && told,
                "{arguments:?}: {exit:?} {said}"
            );
            assert_eq!(tree(&folder).len(), 1, "{arguments:?}");
        }
        // What writes nothing needs no right to write.
        for arguments in [&["check"][..], &["generate", "-t", "kubernetes", "-o", "-"], &["doctor"]] {
            assert_eq!(ask(arguments).0, Some(0), "{arguments:?}");
        }
    } else {
        // Whoever has more rights than the folder's bits give is not kept from writing.
        let (exit, said) = run(&folder, &["generate", "-t", "kubernetes"]);
        assert_eq!(exit, Some(0), "{said}");
    }
    lock(0o755);
}

#[test]
fn a_program_that_never_stops_talking() {
    let folder = tempfile::tempdir().unwrap();
    let file = "- uri: cmd://sh\n  type: noise\n  args: [-c, 'yes | head -c 80000000']\n";
    let score = plain("web", "web:1", &[]) + "resources:\n  it: {type: noise}\n";
    fs::write(folder.path().join("score.yaml"), score).unwrap();
    for tool in ["score-compose", "score-k8s"] {
        fs::write(folder.path().join("noise.provisioners.yaml"), file).unwrap();
        let init =
            ["init", "--no-sample", "--no-default-provisioners", "--provisioners", "noise.provisioners.yaml"];
        for (arguments, wanted) in [(&init[..], Some(0)), (&["generate", "score.yaml"], Some(1))] {
            let mut command = program(folder.path(), &[]);
            let ran = command.arg(tool).args(arguments).env("PATH", "/usr/bin:/bin").output().unwrap();
            let said = String::from_utf8(ran.stderr).unwrap();
            assert_eq!(ran.status.code(), wanted, "{said}");
            if wanted == Some(1) {
                assert!(said.contains("error[command-failed]: `cmd://sh` cannot be run"), "{said}");
                assert!(said.contains("= note: it printed more than 64 MiB"), "{said}");
                assert!(said.len() < 2000 && !folder.path().join("compose.yaml").exists(), "{said}");
            }
        }
    }
}

#[test]
fn bytes_are_poured_into_what_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("score.yaml"), score("web", "web:1", &[])).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    let child = program(folder.path(), &["generate", "-t", "kubernetes", "-o", "pipe"]).spawn().unwrap();
    let read = fs::read(folder.path().join("pipe")).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    fine(folder.path(), &["generate", "-t", "kubernetes"]);
    assert_eq!(read, fs::read(folder.path().join("manifests.yaml")).unwrap());
    assert!(fs::symlink_metadata(folder.path().join("pipe")).unwrap().file_type().is_fifo());
}

#[test]
fn names_that_are_not_text() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join("score.yaml"), score("web", "web:1", &["one"])).unwrap();
    fs::write(odd.join(OsStr::from_bytes(b"\xff.yaml")), "").unwrap();
    for target in ["compose", "kubernetes"] {
        fine(&odd, &["generate", "-t", target]);
        fine(&odd, &["generate", "-t", target, "--check"]);
    }
    let mut command = program(folder.path(), &["generate", "-t", "compose"]);
    let ran = command.arg(OsStr::from_bytes(b"caf\xe9/score.yaml")).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2));
    assert_eq!(
        said,
        "error: the argument `caf\u{fffd}/score.yaml` is not UTF-8; rename the file, or run in its folder\n"
    );
}

#[test]
fn line_ends_and_marks_of_other_systems_change_nothing() {
    let text = score("web", "web:1", &["one"]) + "# a comment\n";
    let mut seen = Vec::new();
    for text in
        [text.clone(), text.replace('\n', "\r\n"), format!("\u{feff}{text}"), text.replace('\n', "\r")]
    {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("score.yaml"), text).unwrap();
        for target in ["compose", "kubernetes"] {
            fine(folder.path(), &["generate", "-t", target]);
        }
        seen.push(made(folder.path()));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "the same text gives something else");
}

#[test]
fn a_list_with_other_line_ends_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("score.yaml");
    fs::write(&path, score("web", "web:1", &["one", "two"])).unwrap();
    fine(folder.path(), &["generate", "-t", "compose"]);
    let list = folder.path().join("compose.d/.sightread-files");
    fs::write(&list, fs::read_to_string(&list).unwrap().replace('\n', "\r\n")).unwrap();
    fs::write(&path, score("web", "web:1", &["one"])).unwrap();
    fine(folder.path(), &["generate", "-t", "compose"]);
    let left: Vec<PathBuf> = made(folder.path()).into_keys().filter(|path| path.ends_with("two")).collect();
    assert!(left.is_empty(), "{left:?}");
}
