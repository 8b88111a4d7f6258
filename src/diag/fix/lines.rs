//! Lines and columns of a text: where an entry's lines begin and end, and how new ones are laid out.

use std::ops::Range;

use super::Entry;

/// The first byte of the line that a byte is on.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The first byte after the line that a byte is on, its line feed included.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

/// How many bytes stand before a byte on its line.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// The line feed that the text uses.
pub(super) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where what was written of an entry ends, white space and a lone colon left out.
fn written_end(text: &str, entry: &Entry) -> Option<usize> {
    let written = text.get(entry.key.start..entry.end.min(text.len()))?.trim_end();
    let end = entry.key.start + written.len();
    if end > entry.key.end {
        return Some(end);
    }
    let colon = text.get(entry.key.end..)?.find(':')?;
    Some(entry.key.end + colon + 1)
}

/// True when nothing but blanks stands before the key on its line.
fn begins_line(text: &str, entry: &Entry) -> bool {
    let start = line_start(text, entry.key.start);
    let before = text.get(start..entry.key.start).unwrap_or_default();
    before.trim_start_matches('\u{feff}').bytes().all(|byte| byte == b' ')
}

/// The whole lines of an entry, when it has them for itself; a comment behind it is its own.
pub(super) fn whole(text: &str, entry: &Entry) -> Option<Range<usize>> {
    let end = written_end(text, entry)?;
    let close = line_end(text, end);
    let rest = text.get(end..close)?.trim();
    let own = begins_line(text, entry) && (rest.is_empty() || rest.starts_with('#'));
    own.then(|| line_start(text, entry.key.start)..close)
}

/// An entry between the braces of a flow map, with one comma.
pub(super) fn in_flow(text: &str, entry: &Entry) -> Option<Range<usize>> {
    let end = written_end(text, entry)?;
    let after = text.get(end..)?;
    let before = text.get(..entry.key.start)?;
    let blank = after.len() - after.trim_start_matches(' ').len();
    let ahead = before.trim_end_matches(' ');
    if after.get(blank..)?.starts_with(',') {
        let rest = after.get(blank + 1..)?;
        let more = rest.len() - rest.trim_start_matches(' ').len();
        return ahead.ends_with(['{', ',']).then_some(entry.key.start..end + blank + 1 + more);
    }
    let closes = after.get(blank..)?.starts_with('}');
    match ahead.strip_suffix(',') {
        Some(kept) if closes => Some(kept.len()..end),
        _ => (closes && ahead.ends_with('{')).then_some(entry.key.start..end),
    }
}

/// Lines with `# ` put in at a column; empty ones stay empty.
pub(super) fn comment(lines: &str, column: usize) -> String {
    lines
        .split_inclusive('\n')
        .map(|line| match (line.get(..column), line.get(column..)) {
            (Some(before), Some(rest)) if !line.trim().is_empty() && before.trim().is_empty() => {
                format!("{before}# {rest}")
            }
            _ if line.trim().is_empty() => line.to_owned(),
            _ => format!("# {line}"),
        })
        .collect()
}

/// What stands below a key, moved to the key's column; the key's own line goes.
pub(super) fn lift(text: &str, span: Range<usize>, outer: &Entry, inner: &Range<usize>) -> Option<String> {
    let from = line_end(text, outer.key.end);
    let own_line = text.get(outer.key.end..from)?.trim_start_matches(':').trim();
    if !(own_line.is_empty() || own_line.starts_with('#')) || inner.start < from {
        return None;
    }
    let step = column(text, inner.start).checked_sub(column(text, outer.key.start))?;
    let moved = text.get(from..span.end)?.split_inclusive('\n').map(|line| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        line.get(blanks.min(step)..).unwrap_or_default()
    });
    Some(moved.collect())
}

/// An item of a block list as an entry, right of the list's key; nothing where a comment would be lost.
pub(super) fn item(
    text: &str,
    list: &Entry,
    item: &Range<usize>,
    line: &str,
) -> Option<(Range<usize>, String)> {
    let start = line_start(text, item.start);
    let before = text.get(start..item.start)?;
    let dash = before.trim_end().strip_suffix('-').filter(|blanks| blanks.trim().is_empty())?;
    let written = text.get(item.start..item.end.min(text.len()))?.trim_end();
    if written.contains(" #") {
        return None;
    }
    let least = column(text, list.key.start) + 2;
    let blanks = " ".repeat(dash.len().max(least));
    Some((start..item.start + written.len(), format!("{blanks}{line}")))
}

/// The first byte of the comment lines right above an entry, else of its own line.
pub(super) fn above(text: &str, entry: &Entry) -> Option<usize> {
    if !begins_line(text, entry) {
        return None;
    }
    let mut at = line_start(text, entry.key.start);
    while at > 0 {
        let line = line_start(text, at - 1);
        if !text.get(line..at)?.trim_start().starts_with('#') {
            break;
        }
        at = line;
    }
    Some(at)
}

/// Lines in a column.
pub(super) fn indented(lines: &[String], column: usize, newline: &str) -> String {
    let blanks = " ".repeat(column);
    lines
        .iter()
        .map(|line| if line.is_empty() { newline.to_owned() } else { format!("{blanks}{line}{newline}") })
        .collect()
}

/// Where new lines after an entry go, and how they read there.
pub(super) fn after(text: &str, entry: &Entry, lines: &[String]) -> Option<(usize, String)> {
    if let Some(span) = whole(text, entry) {
        let newline = newline(text);
        let new = indented(lines, column(text, entry.key.start), newline);
        let closed = text.get(..span.end)?.ends_with('\n');
        return Some((span.end, if closed { new } else { format!("{newline}{}", new.trim_end()) }));
    }
    // In a flow map only one line has room.
    let [line] = lines else { return None };
    let end = written_end(text, entry)?;
    let next = text.get(end..)?.trim_start();
    next.starts_with([',', '}']).then(|| (end, format!(", {line}")))
}

/// True when an empty line stands before a byte that begins a line.
pub(super) fn follows_gap(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.ends_with("\n\n") || before.ends_with("\n\r\n")
}
