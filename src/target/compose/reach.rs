//! What is reachable from this machine, and which two services want one port of it.

use std::collections::BTreeMap;

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Report, Severity};
use crate::model::flow::{Lowered, Resolved};
use crate::model::tree::Tree;
use crate::target::compose::options::{Address, Options};

/// A port that a service opens on this machine.
struct Open<'a> {
    service: &'a str,
    /// What people call it: the host name of a workload, else the service's own.
    shown: &'a str,
    address: String,
    port: String,
    udp: bool,
}

/// What is reachable, by name: addresses that resources say, then opened ports.
pub(super) fn reachable(lowered: &Lowered, resolved: &Resolved) -> Vec<(String, String)> {
    let urls = resolved.resources.iter().filter_map(|resource| {
        let url = resource.outputs.get("url").and_then(Tree::as_str)?;
        let local = url.split(['/', ':']).any(|part| part == "localhost" || part.ends_with(".localhost"));
        let routed = resource.sections.contains_key("services");
        (local && routed).then(|| (resource.declared.workload.clone(), url.to_owned()))
    });
    let ports = opened(lowered).into_iter().map(|open| {
        let address = match open.address.as_str() {
            "" | "127.0.0.1" | "0.0.0.0" => "localhost".to_owned(),
            other if other.contains(':') => format!("[{other}]"),
            other => other.to_owned(),
        };
        let protocol = if open.udp { "/udp" } else { "" };
        (open.shown.to_owned(), format!("{address}:{}{protocol}", open.port))
    });
    urls.chain(ports).collect()
}

/// Says which two services want one port.
pub(super) fn judge(lowered: &Lowered, options: &Options, report: &mut Report) {
    let mut seen: BTreeMap<(String, bool), Vec<Open<'_>>> = BTreeMap::new();
    for open in opened(lowered) {
        let others = seen.entry((open.port.clone(), open.udp)).or_default();
        if let Some(other) = others.iter().find(|other| meet(&other.address, &open.address)) {
            let words = format!(
                "`{}` and `{}` both want port {} of this machine",
                other.service, open.service, open.port
            );
            let said = Diagnostic::new(&codes::PORT_TAKEN, words, At::Nowhere)
                .help("publish one of them on another port: `--publish HOST_PORT:WORKLOAD:CONTAINER_PORT`");
            let lenient = options.address == Address::Any;
            report.push(if lenient { said.severity(Severity::Warning) } else { said });
        }
        others.push(open);
    }
}

/// True when two addresses of this machine share ports.
fn meet(one: &str, other: &str) -> bool {
    let all = |address: &str| matches!(address, "" | "0.0.0.0" | "::");
    one == other || all(one) || all(other)
}

/// Every port that the document opens, as far as it says which.
fn opened(lowered: &Lowered) -> Vec<Open<'_>> {
    let services = lowered.docs.first().and_then(|doc| doc.tree.get("services")).and_then(Tree::as_map);
    let mut found = Vec::new();
    for (service, tree) in services.into_iter().flatten() {
        let shown = tree.get("hostname").and_then(Tree::as_str).unwrap_or(service);
        let ports = tree.get("ports").and_then(Tree::as_list).unwrap_or_default();
        found.extend(ports.iter().filter_map(place).map(|(address, port, udp)| Open {
            service,
            shown,
            address,
            port,
            udp,
        }));
    }
    found
}

/// The place of one opened port, short form or long; `None` where Compose chooses it.
fn place(port: &Tree) -> Option<(String, String, bool)> {
    if let Tree::Str(text) = port {
        let (text, udp) = text.strip_suffix("/udp").map_or((text.as_str(), false), |text| (text, true));
        let (front, _) = text.rsplit_once(':')?;
        let (address, host) = front.rsplit_once(':').unwrap_or(("", front));
        return Some((address.trim_matches(['[', ']']).to_owned(), host.to_owned(), udp));
    }
    let host = match port.get("published")? {
        Tree::Str(text) if !text.is_empty() => text.clone(),
        Tree::Int(number) => number.to_string(),
        _ => return None,
    };
    let address = port.get("host_ip").and_then(Tree::as_str).unwrap_or_default();
    Some((address.to_owned(), host, port.get("protocol").and_then(Tree::as_str) == Some("udp")))
}
