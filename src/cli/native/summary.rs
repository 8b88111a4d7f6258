//! The last words of a run: what was written, what is reachable where, what to type next.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::flow::Emission;
use crate::pipeline::Request;
use crate::target::verdict::SCORE_FILE;
use crate::write::commit::Spent;

/// Files beyond this many are only counted.
const SHOWN: usize = 6;

/// Writes the summary.
pub(super) fn summary(emission: &Emission, spent: &Spent, request: &Request) -> String {
    let Spent { written, removed } = spent;
    let mut out = String::new();
    let (side, main): (Vec<&PathBuf>, Vec<&PathBuf>) =
        written.iter().partition(|path| path.starts_with(&request.output.files));
    for path in main.iter().take(SHOWN) {
        out.extend(["wrote ", &path.display().to_string(), "\n"]);
    }
    if main.len() > SHOWN {
        out.extend(["and ", &count(main.len() - SHOWN, "file"), " more\n"]);
    }
    if !side.is_empty() {
        out.extend(["wrote ", &request.output.files, "/ (", &count(side.len(), "file"), ")\n"]);
    }
    for path in removed.iter().take(SHOWN) {
        out.extend(["removed ", &path.display().to_string(), ", which is no longer made\n"]);
    }
    if removed.len() > SHOWN {
        out.extend(["and removed ", &count(removed.len() - SHOWN, "file"), " more\n"]);
    }
    let width = emission.reachable.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (n, (name, address)) in emission.reachable.iter().enumerate() {
        out.push_str(if n == 0 { "\n" } else { "" });
        out.extend(["  ", &format!("{name:width$}"), "  ", address, "\n"]);
    }
    out.push_str(&unjudged(&emission.unjudged));
    if emission.stdout.is_none() {
        out.extend(["\nnext: ", &next(request), "\n"]);
    }
    out
}

/// Says of which objects only the names were judged; nothing when there are none.
pub(super) fn unjudged(kinds: &BTreeMap<String, usize>) -> String {
    let scores = match kinds.get(SCORE_FILE) {
        Some(number) => {
            format!("not judged: {}, which `sightread check` judges\n", count(*number, SCORE_FILE))
        }
        None => String::new(),
    };
    let kinds: Vec<(&String, &usize)> = kinds.iter().filter(|(kind, _)| *kind != SCORE_FILE).collect();
    if kinds.is_empty() {
        return scores;
    }
    let each = |(kind, number): (&String, &usize)| match number {
        1 => kind.clone(),
        _ => format!("{kind} ({number})"),
    };
    let total = count(kinds.iter().map(|(_, number)| **number).sum(), "object");
    let list: Vec<String> = kinds.into_iter().map(each).collect();
    format!("{scores}not judged, no schema: {total}: {}; give one with `--crd-schemas`\n", list.join(", "))
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The command that brings the result to life.
fn next(request: &Request) -> String {
    let path = &request.output.path;
    let quoted =
        |path: &str| if path.contains([' ', '\'', '$', '"']) { format!("{path:?}") } else { path.to_owned() };
    if request.target.name() == "compose" {
        let file =
            if path.ends_with('/') { format!("{path}{}", request.output.single) } else { path.clone() };
        return format!("docker compose -f {} up -d", quoted(&file));
    }
    format!("kubectl apply -f {}", quoted(path))
}
