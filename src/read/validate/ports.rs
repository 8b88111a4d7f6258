//! Ports in the shapes that other tools give them, and where Score has them: once for the workload, by name.

use super::values::tame;
use crate::diag::Diagnostic;
use crate::diag::fix::{Edit, Entry};
use crate::model::node::{Kind, Node};

/// A port that somebody wrote down somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Port {
    name: String,
    number: u16,
    target: u16,
    udp: bool,
}

impl Port {
    /// As an entry of `service.ports`, a line for each key.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{}:", self.name), format!("  port: {}", self.number)];
        lines.extend((self.target != self.number).then(|| format!("  targetPort: {}", self.target)));
        lines.extend(self.udp.then(|| "  protocol: UDP".to_owned()));
        lines
    }

    /// As an entry in one line.
    fn line(&self) -> String {
        let lines = self.lines();
        let inner: Vec<&str> = lines.iter().skip(1).map(|line| line.trim()).collect();
        format!("{}: {{{}}}", self.name, inner.join(", "))
    }
}

/// Moves the ports of a container to the workload's service.
pub(super) fn lift(root: &Node, entry: &(Node, Node), said: Diagnostic) -> Diagnostic {
    let what = "move the ports to `service`";
    let Some(found) = all(&entry.1).filter(|found| !found.is_empty()) else { return said };
    let declared = root.get("service").and_then(|service| service.get("ports"));
    let known = declared.and_then(Node::as_map).unwrap_or_default();
    let number = |port: &Node, key: &str| match port.get(key)?.kind {
        Kind::Int(number) => u16::try_from(number).ok(),
        _ => None,
    };
    let listens = |value: &Node, port: u16| {
        number(value, "targetPort").or_else(|| number(value, "port")) == Some(port)
            || number(value, "port") == Some(port)
    };
    let new: Vec<&Port> = found
        .iter()
        .filter(|port| {
            !known.iter().any(|(_, value)| listens(value, port.target) || listens(value, port.number))
        })
        .collect();
    if new.iter().any(|port| known.iter().any(|(name, _)| name.key_text() == port.name)) {
        return said;
    }
    let gone = Entry::of(entry).map(Edit::Remove);
    let nested = |depth: usize| {
        let blanks = " ".repeat(depth);
        new.iter().flat_map(|port| port.lines()).map(move |line| format!("{blanks}{line}"))
    };
    if new.is_empty() {
        return said.mend("remove ports that `service` has already", [gone]);
    }
    if let Some(last) = known.last() {
        let add = Entry::of(last).map(|last| Edit::After(last, nested(0).collect()));
        return said.mend(what, [gone, add]);
    }
    if root.get("service").is_some() {
        return said;
    }
    let section = ["service:", "  ports:"].into_iter().map(str::to_owned).chain(nested(4)).collect();
    let above = root.entry("containers").and_then(Entry::of).map(|entry| Edit::Before(entry, section));
    said.mend(what, [gone, above])
}

/// The items of a list of ports as entries of `service.ports`.
pub(super) fn items(name: &Node, list: &Node, items: &[Node]) -> Vec<Option<Edit>> {
    let whole = Entry::of(&(name.clone(), list.clone()));
    let Some(ports) = all(list) else { return vec![None] };
    items.iter().zip(ports).map(|(item, port)| Edit::item(whole.as_ref()?, item, port.line())).collect()
}

/// All ports of a section; nothing when one of them says more than a port can.
fn all(value: &Node) -> Option<Vec<Port>> {
    let ports: Vec<Port> = match &value.kind {
        Kind::Map(entries) => {
            entries.iter().map(|(name, value)| one(&name.key_text(), value)).collect::<Option<_>>()?
        }
        Kind::List(items) => items
            .iter()
            .map(|item| one(item.get("name").and_then(Node::as_str).unwrap_or_default(), item))
            .collect::<Option<_>>()?,
        Kind::Null => return None,
        _ => vec![one("", value)?],
    };
    let distinct = |n: usize, port: &Port| {
        !ports.iter().skip(n + 1).any(|other| other.name == port.name || other.number == port.number)
    };
    ports.iter().enumerate().all(|(n, port)| distinct(n, port)).then_some(ports)
}

/// A number, `8080:80`, or a map with the words of Kubernetes, Compose or Score.
fn one(name: &str, value: &Node) -> Option<Port> {
    let known = ["name", "port", "containerPort", "targetPort", "target", "published", "protocol"];
    if let Some(entries) = value.as_map() {
        if !entries.iter().all(|(key, _)| known.contains(&key.key_text().as_str())) {
            return None;
        }
        let number =
            |keys: &[&str]| keys.iter().find_map(|key| value.get(key)?.key_text().parse::<u16>().ok());
        let port = number(&["port", "published", "containerPort", "targetPort", "target"])?;
        let target = number(&["containerPort", "targetPort", "target"]).unwrap_or(port);
        let protocol = value.get("protocol").map(Node::key_text).unwrap_or_default();
        return Some(Port {
            name: named(name, port),
            number: port,
            target,
            udp: protocol.eq_ignore_ascii_case("udp"),
        });
    }
    let text = value.key_text();
    let (bare, udp) = match text.split_once('/') {
        Some((bare, protocol)) => (bare, protocol.eq_ignore_ascii_case("udp")),
        None => (text.as_str(), false),
    };
    let (outer, inner) = bare.split_once(':').unwrap_or((bare, bare));
    let (port, target) = (outer.parse().ok()?, inner.parse().ok()?);
    Some(Port { name: named(name, port), number: port, target, udp })
}

/// A legal name.
fn named(name: &str, port: u16) -> String {
    let tamed = tame(name).unwrap_or_else(|| name.to_owned());
    if tamed.len() > 1 { tamed } else { format!("port-{port}") }
}
