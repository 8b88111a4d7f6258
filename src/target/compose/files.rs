//! Files of a container: side files that Compose binds into it, one by one.

use std::path::is_separator;

use crate::diag::Diagnostic;
use crate::diag::codes::target as codes;
use crate::model::flow::{Content, ResolvedFile};
use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::Draft;
use crate::target::compose::options::{Dollars, Names, Secrets};
use crate::target::compose::workload::Spot;
use crate::target::compose::{spell, variables};

/// Keeps all files of a container and says how they are bound into it.
pub(super) fn of(draft: &mut Draft<'_>, spot: &Spot<'_>) -> Vec<Tree> {
    spot.filled.files.iter().filter_map(|(target, file)| one(draft, spot, target, file)).collect()
}

fn one(draft: &mut Draft<'_>, spot: &Spot<'_>, target: &str, file: &ResolvedFile) -> Option<Tree> {
    let ResolvedFile { content, mode } = file;
    let mode = permissions(draft, spot, target, mode.as_deref())?;
    let (bytes, secret) = bytes(draft, spot, target, content)?;
    let name = name(draft, spot, target);
    let path = if secret {
        let path = format!("secrets/{name}");
        draft.keep_private("secrets", path.clone(), bytes, 0o444 | mode & 0o111, spot.from());
        path
    } else {
        let path = format!("files/{name}");
        // compat(score-compose): others may not write the file, as the usual umask has it.
        let kept = if draft.options.names == Names::Flat { mode & !0o022 } else { mode };
        draft.keep(path.clone(), bytes, kept | 0o200, spot.from());
        path
    };
    let read_only = draft.options.names == Names::Mirrored || mode & 0o200 == 0;
    let mut bind = Map::from([
        ("type".to_owned(), Tree::from("bind")),
        ("source".to_owned(), draft.refer(&path)),
        ("target".to_owned(), Tree::from(spell::word(target, draft.options.dollars))),
    ]);
    if read_only {
        bind.insert("read_only".to_owned(), Tree::from(true));
    }
    Some(Tree::Map(bind))
}

/// The permissions asked for; a file that its owner may not read cannot be handed on.
fn permissions(draft: &mut Draft<'_>, spot: &Spot<'_>, target: &str, mode: Option<&str>) -> Option<u32> {
    let Some(text) = mode else { return Some(0o644) };
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode & 0o400 != 0 && mode <= 0o777 => Some(mode),
        _ => {
            let said = Diagnostic::new(
                &codes::FILE_MODE,
                format!("a file of mode `{text}` cannot be bound into a container"),
                spot.at(["files", target, "mode"]),
            )
            .note("whoever runs Compose must be able to read the file: at least `0400`")
            .help("write `mode: \"0400\"` or more");
            draft.say(said);
            None
        }
    }
}

/// The bytes, and whether they are to be kept from others.
fn bytes(draft: &mut Draft<'_>, spot: &Spot<'_>, target: &str, content: &Content) -> Option<(Vec<u8>, bool)> {
    let text = match content {
        Content::Bytes(bytes) => return Some((bytes.to_vec(), false)),
        Content::Text(text) => text,
    };
    let secret = text.as_literal().is_none() && draft.options.secrets == Secrets::Private;
    // A file is not read by Compose: its `$` are what they are.
    if let Ok(value) = spell::clear(text, Dollars::Plain) {
        return Some((value.into_bytes(), secret));
    }
    variables::unknown(draft, text, Dollars::Plain, &spot.at(["files", target, "content"]));
    None
}

/// A name that no other file of the run has.
fn name(draft: &Draft<'_>, spot: &Spot<'_>, target: &str) -> String {
    let workload = spot.workload.spec.name();
    let mirrored = mirror(target);
    if draft.options.names == Names::Mirrored {
        return format!("{workload}/{}/{mirrored}", spot.name);
    }
    let base = target.trim_end_matches('/').rsplit(is_separator).next().unwrap_or_default();
    let flat = format!("{workload}-files-{}", if target.is_empty() { "." } else { base });
    if !draft.files.contains_key(&format!("files/{flat}")) {
        return flat;
    }
    // compat(score-compose): the base name is kept where it is the only one; it used to swallow its namesakes.
    format!("{workload}-files-{}-{}", spot.name, mirrored.replace('/', "-"))
}

/// The target path without what would lead elsewhere.
fn mirror(target: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in target.split(is_separator) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    if steps.is_empty() { "root".to_owned() } else { steps.join("/") }
}
