//! Provisioners and patch templates from real servers on this machine: HTTP, Git over HTTP and over SSH, an OCI registry.
//! Nothing here asks the network for more than 127.0.0.1.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "this is the test of the real world")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use sha2::{Digest, Sha256};

const LIST: &str = "- uri: template://thing\n  type: thing\n  outputs: |\n    a: b\n";

/// A request as far as these servers look at it.
struct Asked {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// Answers every connection once, each on a thread of its own; gives the address.
fn serve(answer: impl Fn(&Asked, &mut TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), Arc::clone(&answer));
            thread::spawn(move || {
                if let Some(asked) = read(&stream) {
                    answer(&asked, &mut stream);
                }
            });
        }
    });
    address
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, headers, body })
}

/// Writes an answer. Whoever asked may have gone, which is what a limit is for.
fn reply(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head =
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

/// Runs `score-compose` and gives whether it succeeded and what it complained.
fn run(folder: &Path, variables: &[(&str, String)], arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightread"));
    command.arg("score-compose").args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("PATH", std::env::var("PATH").unwrap_or_default()).env("NO_COLOR", "1").env("HOME", folder);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let ran = command.output().unwrap();
    (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

fn import(folder: &Path, variables: &[(&str, String)], address: &str) -> (bool, String) {
    run(folder, variables, &["init", "--no-sample", "--no-default-provisioners", "--provisioners", address])
}

/// The files that were imported into a project, without the line that says where from.
fn imported(folder: &Path) -> Vec<String> {
    let kept = fs::read_dir(folder.join(".score-compose")).unwrap().flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().starts_with("Z0"));
    let text = |path: PathBuf| fs::read_to_string(path).unwrap().split_once('\n').unwrap().1.to_owned();
    let mut texts: Vec<String> = kept.map(|entry| text(entry.path())).collect();
    texts.sort();
    texts
}

#[test]
fn http_answers_and_refuses() {
    let at = serve(|asked, stream| match asked.path.as_str() {
        "/list.yaml" => reply(stream, "200 OK", "", LIST.as_bytes()),
        "/moved" => reply(stream, "302 Found", "Location: /list.yaml\r\n", b""),
        "/circle" => reply(stream, "302 Found", "Location: /circle\r\n", b""),
        "/broken" => reply(stream, "500 Internal Server Error", "", b"no"),
        "/empty" => reply(stream, "200 OK", "", b""),
        "/binary" => reply(stream, "200 OK", "", b"\xff\xfe"),
        _ => reply(stream, "404 Not Found", "", b""),
    });
    for (path, said) in [
        ("/gone", "non-200 status code: 404"),
        ("/broken", "non-200 status code: 500"),
        ("/circle", "redirect"),
        ("/empty", "invalid provisioners file"),
        ("/binary", "it is not UTF-8"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (fine, complaint) = import(folder.path(), &[], &format!("http://{at}{path}"));
        assert!(!fine && complaint.contains(said), "{path}: {complaint}");
        assert_eq!(imported(folder.path()), Vec::<String>::new(), "{path}");
    }
    for path in ["/list.yaml", "/moved", "/list.yaml#part"] {
        let folder = tempfile::tempdir().unwrap();
        let (fine, complaint) = import(folder.path(), &[], &format!("http://{at}{path}"));
        assert!(fine, "{path}: {complaint}");
        assert_eq!(imported(folder.path()), [LIST], "{path}");
    }
    let folder = tempfile::tempdir().unwrap();
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (fine, complaint) = import(folder.path(), &[], &format!("http://{unused}/list.yaml"));
    assert!(!fine && complaint.contains("GET http://"), "{complaint}");
}

#[test]
fn http_has_limits() {
    // The server of the slow path begins an answer and ends it only with the test.
    let (end, ended) = mpsc::channel::<()>();
    let ended = Mutex::new(ended);
    let at = serve(move |asked, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n- uri:";
        let _ = stream.write_all(head.as_bytes());
        match asked.path.as_str() {
            "/slow" => assert!(ended.lock().unwrap().recv().is_err()),
            _ => while stream.write_all(&[b'x'; 1 << 12]).is_ok() {},
        }
    });
    let seconds = [("SIGHTREAD_FETCH_SECONDS", "1".to_owned())];
    let folder = tempfile::tempdir().unwrap();
    let (fine, complaint) = import(folder.path(), &seconds, &format!("http://{at}/slow"));
    assert!(!fine && complaint.contains("timeout"), "{complaint}");
    let (fine, complaint) = import(folder.path(), &[], &format!("http://{at}/huge"));
    assert!(!fine && complaint.contains("at most 64 MiB"), "{complaint}");
    assert_eq!(imported(folder.path()), Vec::<String>::new());
    drop(end);
}

fn git(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("this test needs the program `git`, which cannot be run");
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// A bare repository `group/shop.git` in a folder: two provisioner files in `provisioners/`, an older one under `v1`.
fn repository(root: &Path) {
    let work = root.join("work");
    fs::create_dir_all(work.join("provisioners/below")).unwrap();
    git(&work, &["init", "--quiet"]);
    fs::write(work.join("provisioners/one.yaml"), LIST.replace("a: b", "a: old")).unwrap();
    git(&work, &["add", "."]);
    git(&work, &["commit", "--quiet", "-m", "first"]);
    git(&work, &["tag", "v1"]);
    fs::write(work.join("provisioners/one.yaml"), LIST).unwrap();
    fs::write(work.join("provisioners/two.yaml"), LIST.replace("thing", "other")).unwrap();
    fs::write(work.join("provisioners/below/three.yaml"), "not a provisioner").unwrap();
    fs::create_dir_all(work.join("links")).unwrap();
    fs::write(work.join("links/one.yaml"), LIST).unwrap();
    symlink("/etc/passwd", work.join("links/two.yaml")).unwrap();
    fs::write(work.join("patch.tpl"), "- op: set\n  path: name\n  value: patched\n").unwrap();
    git(&work, &["add", "."]);
    git(&work, &["commit", "--quiet", "-m", "second"]);
    fs::create_dir_all(root.join("group")).unwrap();
    git(root, &["clone", "--quiet", "--bare", "work", "group/shop.git"]);
}

/// Asks a repository for a file, a folder, another reference and what is not there; `scheme` and `at` begin its address.
fn asked_of_git(variables: &[(&str, String)], begin: &str) {
    for (path, wanted) in [
        ("provisioners/one.yaml", vec![LIST.to_owned()]),
        ("provisioners/", vec![LIST.to_owned(), LIST.replace("thing", "other")]),
        ("provisioners/one.yaml?ref=v1", vec![LIST.replace("a: b", "a: old")]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (fine, complaint) = import(folder.path(), variables, &format!("{begin}/{path}"));
        assert!(fine, "{path}: {complaint}");
        let mut wanted = wanted;
        wanted.sort();
        assert_eq!(imported(folder.path()), wanted, "{path}");
    }
    let folder = tempfile::tempdir().unwrap();
    for (path, said) in [
        ("nothing/here.yaml", "has no `nothing/here.yaml`"),
        ("links/two.yaml", "has no `links/two.yaml`"),
        ("links", "`two.yaml` in `links`"),
        ("", "invalid git url"),
    ] {
        let (fine, complaint) = import(folder.path(), variables, &format!("{begin}/{path}"));
        assert!(!fine && complaint.contains(said), "{path}: {complaint}");
    }
    let (fine, complaint) = import(folder.path(), variables, &format!("{begin}/provisioners?ref=v9"));
    assert!(!fine && complaint.contains("git pull failed"), "{complaint}");
    let template = format!("{begin}/patch.tpl");
    let (fine, complaint) = run(folder.path(), variables, &["init", "--patch-templates", &template]);
    assert!(fine, "{complaint}");
    let state = fs::read_to_string(folder.path().join(".score-compose/state.yaml")).unwrap();
    assert!(state.contains("value: patched"), "{state}");
}

#[test]
fn git_over_http() {
    let root = tempfile::tempdir().unwrap();
    repository(root.path());
    let projects = root.path().to_owned();
    let at = serve(move |asked, stream| backend(&projects, asked, stream));
    // `git-https` means https; the user's own Git configuration may say where that leads.
    let variables = [
        ("GIT_CONFIG_COUNT", "1".to_owned()),
        ("GIT_CONFIG_KEY_0", format!("url.http://{at}/.insteadOf")),
        ("GIT_CONFIG_VALUE_0", "https://git.example/".to_owned()),
    ];
    asked_of_git(&variables, "git-https://git.example/group/shop.git");
}

/// One request handed to `git http-backend`, which speaks the protocol of Git over HTTP.
fn backend(projects: &Path, asked: &Asked, stream: &mut TcpStream) {
    let header = |name: &str| asked.headers.get(name).cloned().unwrap_or_default();
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", projects)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", asked.body.len().to_string())
        .envs([("REQUEST_METHOD", asked.method.as_str()), ("PATH_INFO", path), ("QUERY_STRING", query)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&asked.body).unwrap();
    let made = child.wait_with_output().unwrap().stdout;
    let end = made.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&made[..end + 2]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    reply(stream, &status, &head, &made[end + 4..]);
}

#[test]
fn git_over_ssh() {
    let root = tempfile::tempdir().unwrap();
    repository(root.path());
    // In place of a remote machine: the command that Git asks it for is run here.
    let remote = root.path().join("remote");
    fs::write(&remote, "#!/bin/sh\nfor last; do :; done\nexec sh -c \"$last\"\n").unwrap();
    fs::set_permissions(&remote, fs::Permissions::from_mode(0o755)).unwrap();
    let variables =
        [("GIT_SSH", remote.to_string_lossy().into_owned()), ("GIT_SSH_VARIANT", "ssh".to_owned())];
    let begin = format!("git-ssh://git@host.example{}/group/shop.git", root.path().display());
    asked_of_git(&variables, &begin);
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// What a registry holds: manifests by tag and by digest, blobs by digest.
struct Registry {
    held: BTreeMap<String, Vec<u8>>,
}

impl Registry {
    fn blob(&mut self, bytes: &[u8]) -> String {
        self.held.insert(format!("/v2/team/things/blobs/{}", digest(bytes)), bytes.to_vec());
        digest(bytes)
    }

    fn manifest(&mut self, tag: &str, layers: &[(&str, &str)]) -> String {
        let layer = |(title, digest): &(&str, &str)| {
            serde_json::json!({"mediaType": "application/yaml", "digest": digest, "size": 1,
                "annotations": {"org.opencontainers.image.title": title}})
        };
        let layers: Vec<_> = layers.iter().map(layer).collect();
        self.keep(tag, &serde_json::json!({"schemaVersion": 2, "layers": layers}))
    }

    fn keep(&mut self, tag: &str, manifest: &serde_json::Value) -> String {
        let bytes = manifest.to_string().into_bytes();
        for name in [tag, digest(&bytes).as_str()] {
            self.held.insert(format!("/v2/team/things/manifests/{name}"), bytes.clone());
        }
        digest(&bytes)
    }
}

#[test]
fn an_oci_registry() {
    let other = LIST.replace("thing", "other");
    let mut registry = Registry { held: BTreeMap::new() };
    let (one, two) = (registry.blob(LIST.as_bytes()), registry.blob(other.as_bytes()));
    let pinned = registry.manifest("latest", &[("notes.txt", &two), ("a.yaml", &one), ("b.yaml", &two)]);
    registry.manifest("notes", &[("notes.txt", &two)]);
    let wrong = digest(b"something else");
    registry.held.insert(format!("/v2/team/things/blobs/{wrong}"), b"and this is not it".to_vec());
    registry.manifest("forged", &[("a.yaml", &wrong)]);
    registry.keep("index", &serde_json::json!({"schemaVersion": 2, "manifests": [{"digest": pinned}]}));
    // Who asks must bring a token, which anybody gets.
    let at = serve(move |asked, stream| {
        let host = asked.headers.get("host").cloned().unwrap_or_default();
        if asked.path.starts_with("/token?") {
            assert!(asked.path.contains("scope=repository"), "{}", asked.path);
            return reply(stream, "200 OK", "", b"{\"token\": \"t0\"}");
        }
        if asked.headers.get("authorization").map(String::as_str) != Some("Bearer t0") {
            let wants = format!(
                "WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"r\",scope=\"repository:team/things:pull\"\r\n"
            );
            return reply(stream, "401 Unauthorized", &wants, b"");
        }
        match registry.held.get(&asked.path) {
            Some(bytes) => reply(stream, "200 OK", "", bytes),
            None => reply(stream, "404 Not Found", "", b""),
        }
    });
    for (end, wanted) in [
        ("", LIST),
        (":latest", LIST),
        (":latest#b.yaml", other.as_str()),
        (&format!("@{pinned}"), LIST),
        (":index", LIST),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (fine, complaint) = import(folder.path(), &[], &format!("oci://{at}/team/things{end}"));
        assert!(fine, "{end}: {complaint}");
        assert_eq!(imported(folder.path()), [wanted], "{end}");
    }
    for (end, said) in [
        (":nothing", "non-200 status code: 404"),
        (":notes", "no matching .yaml file found in layers"),
        (":latest#c.yaml", "no matching .yaml file found in layers"),
        (":forged", "has the digest"),
        (&format!("@{wrong}"), "404"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (fine, complaint) = import(folder.path(), &[], &format!("oci://{at}/team/things{end}"));
        assert!(!fine && complaint.contains(said), "{end}: {complaint}");
        assert_eq!(imported(folder.path()), Vec::<String>::new(), "{end}");
    }
}
