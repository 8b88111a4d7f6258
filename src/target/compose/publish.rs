//! Opens ports of services on the host, after patches.

use std::net::IpAddr;

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Lowered, Resolved};
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::target::compose::options::{Address, Options};

/// A port to open, as typed.
#[derive(Debug, PartialEq, Eq)]
struct Port {
    /// The address on the host.
    address: Option<IpAddr>,
    /// The port on the host.
    host: u16,
    /// A workload, or `TYPE[.CLASS]#ID.OUTPUT`.
    to: String,
    /// The port of the container.
    container: u16,
    /// The protocol, where one is named.
    protocol: Option<String>,
}

/// Opens every port that was asked for, and says what is reachable where.
pub(super) fn publish(lowered: &mut Lowered, resolved: &Resolved, options: &Options, report: &mut Report) {
    for (index, text) in options.publish.iter().enumerate() {
        let made = read(text).and_then(|port| open(lowered, resolved, options, &port));
        if let Err(why) = made {
            let at = At::Named(format!("--publish #{}", index + 1));
            let said = Diagnostic::new(&codes::BAD_PUBLISH, format!("cannot publish `{text}`: {why}"), at)
                .help("write `[HOST_IP:]HOST_PORT:WORKLOAD:CONTAINER_PORT`, such as `8080:web:80`");
            report.push(said);
        }
    }
}

/// Reads `[HOST_IP:]HOST_PORT:REF:CONTAINER_PORT[/PROTOCOL]`.
fn read(text: &str) -> Result<Port, String> {
    let (address, rest) = address(text)?;
    let (host, rest) = rest.split_once(':').ok_or("it needs three parts divided by `:`")?;
    let (to, container) = rest.rsplit_once(':').ok_or("it needs three parts divided by `:`")?;
    let (container, protocol) = match container.split_once('/') {
        None => (container, None),
        Some((port, protocol @ ("tcp" | "udp"))) => (port, Some(protocol.to_owned())),
        Some((_, other)) => return Err(format!("`{other}` is neither `tcp` nor `udp`")),
    };
    Ok(Port { address, host: number(host)?, to: to.to_owned(), container: number(container)?, protocol })
}

fn address(text: &str) -> Result<(Option<IpAddr>, &str), String> {
    let (front, rest) = match text.strip_prefix('[') {
        Some(inner) => inner.split_once("]:").ok_or("`[` is not closed by `]:`")?,
        None => text.split_once(':').ok_or("it needs three parts divided by `:`")?,
    };
    // A port may have a sign before it, as integers may.
    if front.strip_prefix('+').unwrap_or(front).chars().all(|c| c.is_ascii_digit()) {
        return Ok((None, text));
    }
    match front.parse() {
        Ok(address) => Ok((Some(address), rest)),
        Err(_) => Err(format!("`{front}` is neither a port nor an address of this host")),
    }
}

fn number(text: &str) -> Result<u16, String> {
    text.parse()
        .ok()
        .filter(|port| *port > 0)
        .ok_or_else(|| format!("`{text}` is not a port from 1 to 65535"))
}

fn open(lowered: &mut Lowered, resolved: &Resolved, options: &Options, port: &Port) -> Result<(), String> {
    let doc = lowered.docs.first_mut().and_then(|doc| doc.tree.as_map_mut());
    let services = doc.and_then(|doc| doc.get_mut("services")).and_then(Tree::as_map_mut);
    let services = services.ok_or("there are no services")?;
    let name = match port.to.split_once('#') {
        None => workload(services, &port.to)?,
        Some(_) => output(resolved, &port.to)?,
    };
    let name = networked(services, name);
    let service = services.get_mut(&name).and_then(Tree::as_map_mut);
    let service = service.ok_or_else(|| format!("there is no service `{name}`"))?;
    let ports = service.entry("ports".to_owned()).or_insert_with(|| Tree::List(Vec::new()));
    if let Tree::List(ports) = ports {
        ports.push(entry(port, options.address));
    }
    Ok(())
}

fn entry(port: &Port, default: Address) -> Tree {
    let mut entry = Map::from([
        ("target".to_owned(), Tree::Int(port.container.into())),
        ("published".to_owned(), Tree::from(port.host.to_string())),
    ]);
    let address = match (port.address, default) {
        (Some(address), _) => Some(address.to_string()),
        (None, Address::Loopback) => Some("127.0.0.1".to_owned()),
        (None, Address::Any) => None,
    };
    entry.extend(address.map(|address| ("host_ip".to_owned(), Tree::from(address))));
    entry.extend(port.protocol.as_deref().map(|protocol| ("protocol".to_owned(), Tree::from(protocol))));
    Tree::Map(entry)
}

/// The service that has a workload's host name.
fn workload(services: &Map, name: &str) -> Result<String, String> {
    let named = |service: &Tree| service.get("hostname").and_then(Tree::as_str) == Some(name);
    let found = services.iter().find(|(_, service)| named(service)).map(|(name, _)| name.clone());
    found.ok_or_else(|| format!("there is no workload `{name}`"))
}

/// The service that an output of a resource names.
fn output(resolved: &Resolved, text: &str) -> Result<String, String> {
    let (uid, key) = text.rsplit_once('.').ok_or("a resource is written `TYPE.CLASS#ID.OUTPUT`")?;
    let (front, id) = uid.split_once('#').ok_or("a resource is written `TYPE.CLASS#ID.OUTPUT`")?;
    let (kind, class) = front.split_once('.').unwrap_or((front, "default"));
    let uid = Uid { kind: kind.to_owned(), class: class.to_owned(), id: id.to_owned() };
    let resource = resolved.resources.iter().find(|resource| resource.uid == uid);
    let resource = resource.ok_or_else(|| format!("there is no resource `{uid}`"))?;
    match resource.outputs.get(key) {
        Some(Tree::Str(host)) => Ok(host.clone()),
        Some(other) => {
            Err(format!("output `{key}` of resource `{uid}` is {}, not a service's name", other.kind()))
        }
        None => Err(format!("resource `{uid}` has no output `{key}`")),
    }
}

/// The service whose network a service uses: only that one can have ports.
fn networked(services: &Map, name: String) -> String {
    let mode = services.get(&name).and_then(|service| service.get("network_mode")).and_then(Tree::as_str);
    mode.and_then(|mode| mode.strip_prefix("service:")).map_or(name, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_typed() {
        let port = |address: Option<&str>, host, to: &str, container, protocol: Option<&str>| Port {
            address: address.map(|a| a.parse().expect("an address")),
            host,
            to: to.to_owned(),
            container,
            protocol: protocol.map(str::to_owned),
        };
        for (text, expected) in [
            ("8080:web:80", port(None, 8080, "web", 80, None)),
            ("1:web:1", port(None, 1, "web", 1, None)),
            ("0.0.0.0:8080:web:80", port(Some("0.0.0.0"), 8080, "web", 80, None)),
            ("[::1]:53:dns:53/udp", port(Some("::1"), 53, "dns", 53, Some("udp"))),
            ("5432:postgres#web.db.host:5432", port(None, 5432, "postgres#web.db.host", 5432, None)),
            ("5432:a#b:c.host:5432", port(None, 5432, "a#b:c.host", 5432, None)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "80",
            "80:web",
            "0:web:80",
            "70000:web:80",
            "80:web:x",
            "x:web:80",
            "80:web:80/sctp",
            "[::1:80:web:80",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
