//! The rules for single words of an object: names, ports, paths, keys. The table of fields names them.

use std::net::IpAddr;
use std::str::FromStr;

use super::cron;
use super::here::whole;
use crate::model::tree::Tree;

const LABEL: &str = "needs lower-case letters, digits and `-`, up to 63, with a letter or digit at both ends";
const SUBDOMAIN: &str = "needs lower-case letters, digits, `-` and `.`, up to 253, with a letter or digit at both ends of each part";
const KEY: &str = "needs letters, digits, `-`, `_` and `.`, up to 63, after a domain and `/` if any";
const PORT_NAME: &str = "needs lower-case letters, digits and single `-`, up to 15, with a letter among them";
const PORT: &str = "is no port: ports are numbers from 1 to 65535";

/// What is wrong with a value that must follow a rule; nothing when it does, or when the rule asks for text and it is none.
pub(super) fn fault(rule: &str, tree: &Tree) -> Option<String> {
    match rule {
        "port" => said(whole(tree).is_some_and(is_port), PORT),
        "portref0" if matches!(tree, Tree::Int(0)) || tree.as_str() == Some("") => None,
        "portref" | "portref0" => port_reference(tree),
        "amount" => amount(tree),
        _ => {
            let text = tree.as_str()?;
            let (rule, optional) = rule.strip_suffix('?').map_or((rule, false), |rule| (rule, true));
            if optional && text.is_empty() { None } else { word(rule, text) }
        }
    }
}

/// True when a rule takes more than text.
pub(super) fn takes_numbers(rule: &str) -> bool {
    matches!(rule, "port" | "portref" | "portref0" | "amount")
}

/// True when a rule takes numbers alone.
pub(super) fn is_number(rule: &str) -> bool {
    rule == "port"
}

fn said(fine: bool, words: &str) -> Option<String> {
    (!fine).then(|| words.to_owned())
}

fn port_reference(tree: &Tree) -> Option<String> {
    match tree.as_str() {
        Some(name) => said(is_port_name(name), PORT_NAME),
        None => said(whole(tree).is_some_and(is_port), PORT),
    }
}

/// A number, or a percentage as text.
fn amount(tree: &Tree) -> Option<String> {
    match tree.as_str() {
        Some(text) => {
            let digits = text.strip_suffix('%').unwrap_or_default();
            said(
                !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()),
                "is no amount: write a number, or a percentage such as `25%`",
            )
        }
        None => said(
            whole(tree).is_some_and(|number| (0..=i64::from(i32::MAX)).contains(&number)),
            "is below zero, or does not fit an integer of 32 bits",
        ),
    }
}

fn word(rule: &str, text: &str) -> Option<String> {
    match rule {
        "label" => said(is_label(text), LABEL),
        "label1035" => said(
            is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase()),
            "needs lower-case letters, digits and `-`, up to 63, and a letter first",
        ),
        "subdomain" => said(is_subdomain(text), SUBDOMAIN),
        "hostname" => said(is_subdomain(text.strip_prefix("*.").unwrap_or(text)), SUBDOMAIN),
        "portname" => said(is_port_name(text), PORT_NAME),
        "labelkey" => said(is_qualified(text), KEY),
        "annotationkey" => said(is_qualified(&text.to_ascii_lowercase()), KEY),
        "labelvalue" => said(
            text.is_empty() || is_part(text, 63),
            "needs letters, digits, `-`, `_` and `.`, up to 63, with a letter or digit at both ends",
        ),
        "envname" => said(
            !text.is_empty() && text.chars().all(|c| (' '..='~').contains(&c) && c != '='),
            "needs printable ASCII characters without `=`",
        ),
        "datakey" => said(is_data_key(text), "needs letters, digits, `-`, `_` and `.`, up to 253"),
        "headername" => said(
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "needs letters, digits and `-`",
        ),
        "relpath" => said(is_inside(text), "must stay inside: no leading `/`, no `..`"),
        "relpath1" => said(
            !text.is_empty() && is_inside(text) && !text.starts_with(".."),
            "must name a path inside: no leading `/`, no `..`",
        ),
        "abspath" => said(text.starts_with('/'), "must begin with `/`"),
        "mountpath" => said(!text.is_empty() && !text.contains(':'), "must be a path without `:`"),
        "hostpath" => {
            said(!text.is_empty() && text.split('/').all(|part| part != ".."), "must be a path without `..`")
        }
        "timezone" => said(is_time_zone(text), "is no time zone such as `Etc/UTC`"),
        "image" => said(text.trim() == text, "begins or ends with a space"),
        "segment" => said(
            !text.is_empty() && !matches!(text, "." | "..") && !text.contains(['/', '%']),
            "needs a name without `/` and `%`",
        ),
        "ip" => said(IpAddr::from_str(text).is_ok(), "is no IP address"),
        "cidr" => said(is_cidr(text), "is no range of addresses such as `10.0.0.0/8`"),
        "cron" => cron::fault(text),
        _ => None,
    }
}

/// True for 1 to 65535.
pub(super) const fn is_port(number: i64) -> bool {
    1 <= number && number <= 65535
}

/// A label of the domain name system, as of RFC 1123.
pub(super) fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.len() <= 63
        && !text.is_empty()
        && text.chars().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Labels with dots between them.
pub(super) fn is_subdomain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(plain) && !part.starts_with('-') && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(part)
}

fn is_part(text: &str, limit: usize) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.len() <= limit
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && edge(text.chars().next())
        && edge(text.chars().last())
}

/// A key of labels: a name, after a domain and `/` if any.
pub(super) fn is_qualified(text: &str) -> bool {
    match text.split_once('/') {
        None => is_part(text, 63),
        Some((domain, name)) => is_subdomain(domain) && is_part(name, 63),
    }
}

/// A name of a port, as of RFC 6335.
pub(super) fn is_port_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=15).contains(&text.len())
        && text.chars().all(plain)
        && text.chars().any(|c| c.is_ascii_lowercase())
        && !text.contains("--")
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_data_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=253).contains(&text.len()) && text.chars().all(plain) && !text.starts_with("..") && text != "."
}

fn is_inside(text: &str) -> bool {
    !text.starts_with('/') && text.split('/').all(|part| part != "..")
}

/// Names of one word among the time zones; all others have a `/`.
const ZONES: &str = "CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong \
                     Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT \
                     Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu";

fn is_time_zone(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let placed =
        text.contains('/') && text.starts_with(|c: char| c.is_ascii_uppercase()) && !text.ends_with('/');
    text.chars().all(plain) && (placed || ZONES.split(' ').any(|zone| zone == text))
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = match IpAddr::from_str(address) {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    !bits.starts_with('+') && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::model::tree::Tree;

    #[test]
    fn words_follow_their_rules() {
        for (rule, fine, wrong) in [
            ("label", &["a", "a-1", "1a"][..], &["", "A", "-a", "a-", "a.b", "a_b"][..]),
            ("label1035", &["a1"], &["1a"]),
            ("subdomain", &["a.b-c.d"], &["a..b", ".a", "a.", "a.-b", "a_b"]),
            ("subdomain?", &["", "a"], &["a/b"]),
            ("hostname", &["*.a.b", "a"], &["*", "a.*.b"]),
            ("portname", &["http", "h2-x"], &["80", "a--b", "abcdefghijklmnop", "a_b", "Http"]),
            ("labelkey", &["a", "a.b/c_D"], &["", "/a", "a/", "a/b/c", "A_/b", "-a"]),
            ("labelvalue", &["", "a.B_c"], &["-a", "a b", "a/b"]),
            ("annotationkey", &["A.b/C"], &["a b"]),
            ("envname", &["A", "a.b-c", "1"], &["", "A=B", "é"]),
            ("datakey", &["a", ".a", "a..b"], &["", ".", "..", "..a", "a/b"]),
            ("relpath", &["", "a/b"], &["/a", "../a", "a/.."]),
            ("mountpath", &["/a", "a"], &["", "/a:b"]),
            ("ip", &["10.0.0.1", "::1"], &["10.0.0", "a"]),
            ("cidr", &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33"]),
            ("amount", &["25%", "0%"], &["25", "%", "x%"]),
        ] {
            for word in fine {
                assert_eq!(fault(rule, &Tree::from(*word)), None, "{rule} {word:?}");
            }
            for word in wrong {
                assert!(fault(rule, &Tree::from(*word)).is_some(), "{rule} {word:?}");
            }
        }
        for (rule, number, fine) in [
            ("port", 1, true),
            ("port", 65_536, false),
            ("portref", 0, false),
            ("portref0", 0, true),
            ("amount", 0, true),
            ("amount", -1, false),
        ] {
            assert_eq!(fault(rule, &Tree::Int(number)).is_none(), fine, "{rule} {number}");
        }
    }
}
