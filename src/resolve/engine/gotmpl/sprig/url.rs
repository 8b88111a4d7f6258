//! Taking addresses apart and putting them together.

use std::collections::BTreeMap;

use crate::resolve::engine::gotmpl::escape::percent;
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::quote::quote;
use crate::resolve::engine::gotmpl::value::Value;

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("urlParse", &[Type::Str], |args| {
        parse(args.text(0))
            .map_err(|error| format!("unable to parse url: parse {}: {error}", quote(args.text(0))))
    }),
    Function::pure("urlJoin", &[Type::Map], join),
];

/// Characters that a path keeps as they are.
const PATH: &str = "-_.~$&+,/:;=@";
/// Characters that a name or password keeps.
const USER: &str = "-_.~$&+,;=";
/// Characters that a fragment keeps.
const FRAGMENT: &str = "-_.~$&+,/:;=@?!()*";

fn parse(address: &str) -> Result<Value, String> {
    if address.chars().any(char::is_control) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let (rest, fragment) = address.split_once('#').unwrap_or((address, ""));
    let (scheme, rest) = scheme(rest)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parts = [("scheme", scheme.to_ascii_lowercase()), ("query", query.to_owned())].to_vec();
    parts.push(("fragment", decode(fragment)?));
    let (mut host, mut user, mut path, mut opaque) = (String::new(), String::new(), rest, "");
    if !scheme.is_empty() && !rest.starts_with('/') {
        (path, opaque) = ("", rest);
    } else if let Some(after) = rest.strip_prefix("//") {
        let end = after.find('/').unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        path = rest;
        let place = authority.rsplit_once('@').map_or(authority, |(before, place)| {
            before.clone_into(&mut user);
            place
        });
        check_host(place)?;
        host = decode(place)?;
    } else if scheme.is_empty() && rest.split('/').next().is_some_and(|first| first.contains(':')) {
        return Err("first path segment in URL cannot contain colon".to_owned());
    }
    parts.push(("userinfo", respell_user(&user)?));
    parts.push(("hostname", hostname(&host).to_owned()));
    parts.push(("host", host));
    parts.push(("path", decode(path)?));
    parts.push(("opaque", opaque.to_owned()));
    let entries: BTreeMap<String, Value> =
        parts.into_iter().map(|(key, value)| (key.to_owned(), Value::from(value))).collect();
    Ok(Value::map(entries))
}

/// The scheme, if the address starts with one.
fn scheme(address: &str) -> Result<(&str, &str), String> {
    let Some((scheme, rest)) = address.split_once(':') else { return Ok(("", address)) };
    let word = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    if scheme.is_empty() {
        return Err("missing protocol scheme".to_owned());
    }
    if !scheme.chars().all(word) {
        return Ok(("", address));
    }
    if scheme.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Ok((scheme, rest));
    }
    Ok(("", address))
}

/// Characters that a host keeps.
const HOST: &str = "-_.~!$&'()*+,;=:[]<>\"";

fn check_host(host: &str) -> Result<(), String> {
    let wrong = |letter: &char| {
        letter.is_ascii() && !letter.is_ascii_alphanumeric() && !HOST.contains(*letter) && *letter != '%'
    };
    if let Some(letter) = host.chars().find(wrong) {
        return Err(format!("invalid character {} in host name", quote(&letter.to_string())));
    }
    let port = match (host.starts_with('['), host.rfind(']')) {
        (true, None) => return Err("missing ']' in host".to_owned()),
        (true, Some(end)) => host.get(end + 1..).unwrap_or_default(),
        (false, _) => host.find(':').and_then(|colon| host.get(colon..)).unwrap_or_default(),
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    if (digits.len() == port.len() && !port.is_empty()) || !digits.chars().all(|digit| digit.is_ascii_digit())
    {
        return Err(format!("invalid port {} after host", quote(port)));
    }
    Ok(())
}

fn hostname(host: &str) -> &str {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn respell_user(user: &str) -> Result<String, String> {
    Ok(match user.split_once(':') {
        Some((name, password)) => {
            format!("{}:{}", percent(&decode(name)?, USER, false), percent(&decode(password)?, USER, false))
        }
        None => percent(&decode(user)?, USER, false),
    })
}

fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else {
            let shown: String = format!("%{after}").chars().take(3).collect();
            return Err(format!("invalid URL escape {}", quote(&shown)));
        };
        bytes.push(byte);
        rest = after.get(2..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text(map: &Value, key: &str) -> Result<String, String> {
    let Value::Map(map) = map else { return Ok(String::new()) };
    match map.entries.borrow().get(key) {
        None => Ok(String::new()),
        Some(Value::Str(text)) => Ok(text.to_string()),
        Some(other) => {
            let kind = other.kind();
            Err(format!("unable to parse {key} key, must be of type string, but {kind} found"))
        }
    }
}

fn join(args: &Args) -> Outcome {
    let part = |key| text(args.any(0), key);
    let (scheme, host, path) = (part("scheme")?, part("host")?, part("path")?);
    let (query, opaque, fragment) = (part("query")?, part("opaque")?, part("fragment")?);
    let user = respell_user(&part("userinfo")?)?;
    let mut out = if scheme.is_empty() { String::new() } else { format!("{scheme}:") };
    if opaque.is_empty() {
        if !scheme.is_empty() || !host.is_empty() || !user.is_empty() {
            if !host.is_empty() || !path.is_empty() || !user.is_empty() {
                out.push_str("//");
            }
            if !user.is_empty() {
                out.push_str(&user);
                out.push('@');
            }
            out.push_str(&percent(&host, HOST, false));
        }
        if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
            out.push('/');
        }
        if out.is_empty() && path.split('/').next().is_some_and(|first| first.contains(':')) {
            out.push_str("./");
        }
        out.push_str(&percent(&path, PATH, false));
    } else {
        out.push_str(&opaque);
    }
    if !query.is_empty() {
        out.push('?');
        out.push_str(&query);
    }
    if !fragment.is_empty() {
        out.push('#');
        out.push_str(&percent(&fragment, FRAGMENT, false));
    }
    Ok(Value::from(out))
}
