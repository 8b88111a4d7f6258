//! Probes in, a Compose health check out: Compose runs a command inside the container.

use crate::diag::codes::target as codes;
use crate::diag::{Diagnostic, Severity};
use crate::model::spec::{Exec, Header, HttpGet, Probe};
use crate::model::tree::Tree;
use crate::target::compose::draft::Draft;
use crate::target::compose::options::Probes;
use crate::target::compose::spell;
use crate::target::compose::workload::Spot;

/// The annotation that names a program of the image which can ask over HTTP.
const HELPER: &str = "probe-helper";

/// The health check of a container.
pub(super) fn check(draft: &mut Draft<'_>, spot: &Spot<'_>) -> Option<Tree> {
    let probes =
        [("readinessProbe", &spot.spec.readiness_probe), ("livenessProbe", &spot.spec.liveness_probe)];
    let probes: Vec<(&str, &Probe)> =
        probes.into_iter().filter_map(|(key, probe)| Some((key, probe.as_ref()?))).collect();
    let mut made = None;
    for (index, (key, probe)) in probes.into_iter().enumerate() {
        if made.is_some() {
            left_out(draft, spot, key, true);
        } else if index == 0 || draft.options.probes == Probes::Best {
            made = test(draft, spot, key, probe);
        } else {
            left_out(draft, spot, key, false);
        }
    }
    let words = made?.iter().map(|word| Tree::from(spell::word(word, draft.options.dollars))).collect();
    Some(Tree::from_pairs([
        ("test", Tree::List(words)),
        ("interval", Tree::from("5s")),
        ("timeout", Tree::from("5s")),
    ]))
}

/// The command of one probe.
fn test(draft: &mut Draft<'_>, spot: &Spot<'_>, key: &str, probe: &Probe) -> Option<Vec<String>> {
    let Probe { exec, http_get } = probe;
    match (exec, http_get) {
        (Some(Exec { command }), _) if command.is_empty() => {
            empty(draft, spot, key, "the command of this probe is empty");
            None
        }
        (Some(Exec { command }), _) => {
            Some(["CMD"].into_iter().map(str::to_owned).chain(command.iter().cloned()).collect())
        }
        (None, Some(http)) => ask(draft, spot, key, http),
        (None, None) => {
            empty(draft, spot, key, "this probe says neither `exec` nor `httpGet`");
            None
        }
    }
}

fn empty(draft: &mut Draft<'_>, spot: &Spot<'_>, key: &str, why: &str) {
    let said = Diagnostic::new(&crate::diag::codes::read::EMPTY_PROBE, why, spot.at([key]))
        .help("write `exec: {command: [PROGRAM, ARGUMENT]}`, or leave the probe out");
    draft.say(said);
}

/// One service has one health check, and the container has another probe.
fn left_out(draft: &mut Draft<'_>, spot: &Spot<'_>, key: &str, replaced: bool) {
    let said = Diagnostic::new(
        &codes::PROBE_LEFT_OUT,
        format!("`{key}` of container `{}` is left out", spot.name),
        spot.at([key]),
    );
    draft.say(if replaced {
        said.note("a Compose service has one health check; it comes from the other probe of this container")
    } else {
        said.severity(Severity::Warning)
            .note("only the readiness probe is looked at where there is one, and Compose cannot run it")
            .help("leave the readiness probe out, or give it an `exec` command")
    });
}

/// An HTTP request by a program that the image is said to have.
fn ask(draft: &mut Draft<'_>, spot: &Spot<'_>, key: &str, http: &HttpGet) -> Option<Vec<String>> {
    let HttpGet { host, http_headers, path, port, scheme } = http;
    let scheme = scheme.as_deref().unwrap_or("HTTP").to_ascii_lowercase();
    let slash = if path.starts_with('/') { "" } else { "/" };
    let url = format!("{scheme}://127.0.0.1:{port}{slash}{path}");
    let host = host.iter().map(|host| format!("Host: {host}"));
    let headers = host.chain(http_headers.iter().map(|Header { name, value }| format!("{name}: {value}")));
    let (start, flag, insecure): (&[&str], _, _) =
        match spot.wishes.of_container(spot.name, HELPER).map(|(_, named)| named) {
            Some("wget") => (&["CMD", "wget", "-q", "-O", "/dev/null"], "--header", "--no-check-certificate"),
            Some("curl") => (&["CMD", "curl", "-fsS", "-o", "/dev/null"], "--header", "--insecure"),
            other => {
                no_helper(draft, spot, key, other);
                return None;
            }
        };
    let mut command: Vec<String> = start.iter().map(|&word| word.to_owned()).collect();
    if scheme == "https" {
        command.push(insecure.to_owned());
    }
    for header in headers {
        command.extend([flag.to_owned(), header]);
    }
    command.push(url);
    Some(command)
}

fn no_helper(draft: &mut Draft<'_>, spot: &Spot<'_>, key: &str, named: Option<&str>) {
    let words = match named {
        Some(other) => format!("`{other}` is not a probe helper"),
        None => format!("Compose cannot run the HTTP `{key}` of container `{}`", spot.name),
    };
    let said = Diagnostic::new(&codes::HTTP_PROBE_LEFT_OUT, words, spot.at([key, "httpGet"]))
        .note("Compose runs a command in the container as its health check; not every image has a program that can ask over HTTP")
        .help(format!("if the image has one, name it under `metadata.annotations`: `sightread.dev/{HELPER}: wget` or `sightread.dev/{HELPER}: curl`"));
    let loud = named.is_some() || draft.options.probes == Probes::First;
    draft.say(if loud { said.severity(Severity::Warning) } else { said });
}
