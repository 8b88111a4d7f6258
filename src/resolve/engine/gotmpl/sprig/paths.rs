//! Paths with slashes. The forms for the system's own paths are the same ones, on every system.

use crate::resolve::engine::gotmpl::function::{Function, Type};
use crate::resolve::engine::gotmpl::value::Value;

const S: &[Type] = &[Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("base", S, |args| Ok(Value::from(base(args.text(0))))),
    Function::pure("osBase", S, |args| Ok(Value::from(base(args.text(0))))),
    Function::pure("dir", S, |args| Ok(Value::from(folder(args.text(0))))),
    Function::pure("osDir", S, |args| Ok(Value::from(folder(args.text(0))))),
    Function::pure("clean", S, |args| Ok(Value::from(clean(args.text(0))))),
    Function::pure("osClean", S, |args| Ok(Value::from(clean(args.text(0))))),
    Function::pure("ext", S, |args| Ok(Value::from(extension(args.text(0))))),
    Function::pure("osExt", S, |args| Ok(Value::from(extension(args.text(0))))),
    Function::pure("isAbs", S, |args| Ok(Value::Bool(args.text(0).starts_with('/')))),
    Function::pure("osIsAbs", S, |args| Ok(Value::Bool(args.text(0).starts_with('/')))),
];

fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    match path.trim_end_matches('/').rsplit('/').next() {
        None | Some("") => "/",
        Some(base) => base,
    }
}

fn folder(path: &str) -> String {
    clean(path.rfind('/').map_or("", |slash| path.get(..=slash).unwrap_or_default()))
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rfind('.').and_then(|dot| name.get(dot..)).unwrap_or_default()
}

/// The shortest path that leads to the same place, without looking.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
