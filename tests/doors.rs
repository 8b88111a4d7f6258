//! The doors of score-compose and score-k8s on a real disk: many at once, from real servers, under their own names.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "this is the test of the real world")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

fn program(tool: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightread"));
    let path = std::env::var("PATH").unwrap_or_default();
    command.arg(tool).args(arguments).current_dir(folder).env_clear().env("NO_COLOR", "1").env("PATH", path);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(tool: &str, folder: &Path, arguments: &[&str]) -> Output {
    program(tool, folder, arguments).output().unwrap()
}

fn fine(tool: &str, folder: &Path, arguments: &[&str]) -> String {
    let ran = run(tool, folder, arguments);
    assert!(ran.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

fn score(folder: &Path, name: &str) -> String {
    let text = format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\ncontainers:\n  main:\n    image: nginx:1\n    variables: \
         {{HOST: '${{resources.dns.host}}'}}\nresources:\n  dns: {{type: dns}}\n"
    );
    let file = format!("{name}.yaml");
    fs::write(folder.join(&file), text).unwrap();
    file
}

/// So many processes at once in one project: all succeed, no workload is lost, no temporary file is left.
fn crowd(tool: &str, output: &str, size: usize) {
    let folder = tempfile::tempdir().unwrap();
    fine(tool, folder.path(), &["init", "--no-sample", "--quiet"]);
    let names: Vec<String> = (0..size).map(|n| format!("work-{n}")).collect();
    let started: Vec<Child> = names
        .iter()
        .map(|name| program(tool, folder.path(), &["generate", &score(folder.path(), name)]).spawn().unwrap())
        .collect();
    for (name, child) in names.iter().zip(started) {
        let ran = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        // On a machine with too much to do one may wait its two minutes in vain; it says so, and has changed nothing.
        if !ran.status.success() && said.contains(" is busy: ") {
            fine(tool, folder.path(), &["generate", &format!("{name}.yaml")]);
        } else {
            assert!(ran.status.success(), "{said}");
        }
    }
    let made = fs::read_to_string(folder.path().join(output)).unwrap();
    let state = fs::read_to_string(folder.path().join(format!(".{tool}/state.yaml"))).unwrap();
    for name in &names {
        assert!(made.contains(&format!("workload-name: {name}\n")), "{name} is lost");
        assert!(state.contains(&format!("\n  {name}:\n")), "{name} is forgotten");
    }
    for place in [folder.path().to_owned(), folder.path().join(format!(".{tool}"))] {
        let left = fs::read_dir(place).unwrap().flatten().map(|entry| entry.file_name());
        let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(".sightread-")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn twelve_at_once_lose_nothing() {
    crowd("score-compose", "compose.yaml", 12);
}

#[test]
fn a_hundred_at_once_lose_nothing() {
    crowd("score-k8s", "manifests.yaml", 100);
}

#[test]
fn the_name_of_the_program_opens_the_door() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("score-k8s");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_sightread"), &link).unwrap();
    let ran = Command::new(&link).arg("--version").output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(said.contains("sightread") && said.contains("0.15.0"), "{said}");
}

#[test]
fn secrets_are_private_and_a_second_run_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fine("score-k8s", folder.path(), &["init"]);
    fine("score-k8s", folder.path(), &["generate", "score.yaml"]);
    let state = folder.path().join(".score-k8s/state.yaml");
    assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o777, 0o600);
    let read = || [fs::read(&state).unwrap(), fs::read(folder.path().join("manifests.yaml")).unwrap()];
    let first = read();
    fine("score-k8s", folder.path(), &["generate"]);
    assert_eq!(first, read());
    fs::write(folder.path().join("broken.yaml"), "apiVersion: score.dev/v1b1\nmetadata: {name: broken}\n")
        .unwrap();
    assert_eq!(run("score-k8s", folder.path(), &["generate", "broken.yaml"]).status.code(), Some(1));
    assert_eq!(first, read());
}

/// A server that answers each path as told, for as many requests as are told.
fn server(answers: Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0_u8; 1024];
            while !request.ends_with(b"\r\n\r\n") {
                let read = stream.read(&mut buffer).unwrap();
                if read == 0 {
                    break;
                }
                request.extend_from_slice(&buffer[..read]);
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
            let known = answers.iter().find(|(known, _)| *known == path);
            let missing =
                "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned();
            let answer = known.map_or(missing, |(_, answer)| answer.clone());
            // Whoever asked may have gone, which is what a limit is for.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

fn page(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn files_are_fetched_and_their_programs_wait_for_approval() {
    let folder = tempfile::tempdir().unwrap();
    let list = "- uri: cmd://sh#dns\n  type: dns\n  args: ['-c', 'cat >/dev/null; echo \"{\\\"resource_outputs\\\": \
                {\\\"host\\\": \\\"fetched.example\\\"}}\"']\n";
    let at = server(vec![
        ("/dns.yaml", page(list)),
        (
            "/moved",
            "HTTP/1.1 302 Found\r\nLocation: /dns.yaml\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                .to_owned(),
        ),
        ("/map.yaml", page("a: b\n")),
        ("/huge", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_owned() + &"x".repeat(1 << 20)),
    ]);
    let import =
        |path: &str| run("score-compose", folder.path(), &["init", "--provisioners", &format!("{at}{path}")]);
    for (path, said) in [
        ("/gone", "non-200 status code: 404"),
        ("/map.yaml", "invalid provisioners file"),
        ("/huge", "at most"),
    ] {
        let ran = import(path);
        let error = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(ran.status.code() == Some(1) && error.contains(said), "{path}: {error}");
    }
    assert!(import("/moved").status.success());
    assert!(import("/dns.yaml").status.success());
    assert!(import("/dns.yaml").status.success());
    let kept = fs::read_dir(folder.path().join(".score-compose")).unwrap().flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().starts_with("Z0")).count();
    assert_eq!(kept, 2, "importing an address again replaces its file");
    let file = score(folder.path(), "web");
    let refused = run("score-compose", folder.path(), &["generate", &file]);
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && error.contains("provisioners approve"), "{error}");
    fine("score-compose", folder.path(), &["provisioners", "approve"]);
    assert!(
        fine("score-compose", folder.path(), &["generate", &file, "-o", "-"]).contains("fetched.example")
    );
    assert_eq!(run("score-compose", folder.path(), &["generate", "--no-exec"]).status.code(), Some(1));
}

#[test]
fn what_a_program_complains_is_shown_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    fine("score-compose", folder.path(), &["init", "--no-sample", "--no-default-provisioners", "--quiet"]);
    let gate = folder.path().join("gate");
    assert!(Command::new("mkfifo").arg(&gate).status().unwrap().success());
    // The program goes on only when somebody has read its complaint.
    let list = "- uri: cmd://sh#dns\n  type: dns\n  args: ['-c', 'cat >/dev/null; echo one step >&2; cat gate >/dev/null; \
                echo \"{\\\"resource_outputs\\\": {\\\"host\\\": \\\"a.example\\\"}}\"']\n";
    fs::write(folder.path().join(".score-compose/10-dns.provisioners.yaml"), list).unwrap();
    let file = score(folder.path(), "web");
    let mut child = program("score-compose", folder.path(), &["generate", "--quiet", &file]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    assert_eq!(line, "dns.default#web.dns: stderr: one step");
    fs::write(&gate, "go").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(lines.map(Result::unwrap).collect::<Vec<_>>(), Vec::<String>::new(), "it is shown once");
}

/// The keys that upstream's strict reader knows, by place: `*` stands for any key, `=` for anything below.
const STATE: &[&str] = &[
    "workloads.*.spec=",
    "workloads.*.file",
    "workloads.*.instance_suffix",
    "workloads.*.build_configs=",
    "resources.*.guid",
    "resources.*.type",
    "resources.*.class",
    "resources.*.id",
    "resources.*.metadata=",
    "resources.*.params=",
    "resources.*.source_workload",
    "resources.*.provisioner",
    "resources.*.state=",
    "resources.*.outputs=",
    "shared_state=",
    "compose_project",
    "mounts_directory",
    "patching_templates=",
];

fn known(value: &serde_yaml::Value, place: &str) {
    if STATE.iter().any(|row| row.strip_suffix('=').unwrap_or(row) == place) {
        assert!(STATE.contains(&format!("{place}=").as_str()) || !value.is_mapping(), "{place}");
        return;
    }
    let map = value.as_mapping().unwrap_or_else(|| panic!("upstream knows no `{place}`"));
    for (key, value) in map {
        let key = match place {
            "workloads" | "resources" => "*",
            _ => key.as_str().unwrap(),
        };
        known(value, format!("{place}.{key}").trim_start_matches('.'));
    }
}

/// A project over its days; whatever happened, upstream can take it back, and a run that changes nothing changes no byte.
fn days(tool: &str, output: &str, patch: &str) {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let state = here.join(format!(".{tool}/state.yaml"));
    let days: &[&[&str]] = &[
        &["init", "--no-sample"],
        &["generate", "web.yaml"],
        &["generate", "web.yaml", "--override-property", "containers.main.image=nginx:2"],
        &["generate", "worker.yaml"],
        &["init", "--patch-templates", "patch.tpl"],
        &["generate"],
    ];
    score(here, "web");
    score(here, "worker");
    fs::write(here.join("patch.tpl"), patch).unwrap();
    for line in days {
        fine(tool, here, line);
        known(&serde_yaml::from_str(&fs::read_to_string(&state).unwrap()).unwrap(), "");
        if line[0] == "generate" {
            let read = || [fs::read(&state).unwrap(), fs::read(here.join(output)).unwrap()];
            let before = read();
            fine(tool, here, &["generate"]);
            assert_eq!(before, read(), "after {line:?}");
        }
    }
    let made = fs::read_to_string(here.join(output)).unwrap();
    assert!(made.contains("patched") && made.contains("nginx:2") && made.contains("worker"), "{made}");
}

#[test]
fn a_compose_project_can_go_back_on_any_day() {
    days("score-compose", "compose.yaml", "[{op: set, path: services.web-main.labels.day, value: patched}]");
}

#[test]
fn a_kubernetes_project_can_go_back_on_any_day() {
    days("score-k8s", "manifests.yaml", "[{op: set, path: 0.metadata.labels.day, value: patched}]");
}
