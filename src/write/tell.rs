//! Differences in, words out: a line per object, a page for people, JSON for machines.

use serde_json::{Value, json};

use crate::model::tree::Tree;
use crate::write::compare::Difference;
use crate::write::semantic::{Change, Edit, Turn};

/// Fields of an object beyond this many are only counted in its line.
const SHOWN: usize = 3;
/// Characters of a value that are shown.
const WIDTH: usize = 60;
/// Characters that are shown before the place where two long values part.
const BEFORE: usize = 15;

/// All unified differences.
pub fn unified(differences: &[Difference]) -> String {
    differences.iter().map(|difference| difference.unified.as_str()).collect()
}

/// One line per object.
pub fn summary(differences: &[Difference]) -> String {
    differences.iter().flat_map(|difference| &difference.changes).map(|change| line(change) + "\n").collect()
}

fn line(change: &Change) -> String {
    let Change { object, turn, edits, reason } = change;
    if edits.is_empty() {
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        return format!("{object}: {}{reason}", turn.word());
    }
    let mut parts: Vec<String> =
        edits.iter().take(SHOWN).map(|edit| format!("{} {}", edit.turn.word(), field(edit))).collect();
    if edits.len() > SHOWN {
        parts.push(format!("and {} more", edits.len() - SHOWN));
    }
    format!("{object}: {}", parts.join("; "))
}

/// A field and its values.
fn field(edit: &Edit) -> String {
    let Edit { path, turn: _, from, to } = edit;
    let path = if path.steps().is_empty() { "all of it".to_owned() } else { path.to_string() };
    match (from, to) {
        (Some(from), Some(to)) => {
            let (note, from, to) = both(from, to);
            format!("{path}: {note}{from} → {to}")
        }
        (None, Some(value)) | (Some(value), None) => format!("{path}: {}", short(&text(value), 0)),
        (None, None) => path,
    }
}

/// A page: each file, its objects, their fields.
pub fn human(differences: &[Difference]) -> String {
    let mut out = String::new();
    for Difference { path, turn: _, changes, unified: _ } in differences {
        let (whole, objects): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|change| change.edits.is_empty() && change.reason.is_some());
        for change in whole {
            out.extend([&line(change), "\n"]);
        }
        let beside =
            |change: &&Change| change.object.starts_with("file ") || change.object.starts_with("folder ");
        let (beside, objects): (Vec<&Change>, Vec<&Change>) = objects.into_iter().partition(beside);
        for change in beside {
            out.extend([&line(change), "\n"]);
        }
        if !objects.is_empty() {
            out.extend([&path.display().to_string(), "\n"]);
        }
        for Change { object, turn, edits, reason: _ } in objects {
            out.extend(["  ", object, ": ", turn.word(), "\n"]);
            for edit in edits {
                let sign = match edit.turn {
                    Turn::Added => "+ ",
                    Turn::Removed => "- ",
                    Turn::Changed => "",
                    Turn::Reordered => "order of ",
                };
                out.extend(["    ", sign, &field(edit), "\n"]);
            }
        }
    }
    out
}

/// One JSON object with every file, object and field that differs. Values are whole; secrets are masked.
pub fn json(differences: &[Difference]) -> String {
    let files: Vec<Value> = differences.iter().map(file).collect();
    let mut text = serde_json::to_string_pretty(&json!({ "files": files })).unwrap_or_default();
    text.push('\n');
    text
}

fn file(difference: &Difference) -> Value {
    let Difference { path, turn, changes, unified: _ } = difference;
    let objects: Vec<Value> = changes.iter().map(object).collect();
    json!({ "path": path.display().to_string(), "change": turn.word(), "objects": objects })
}

fn object(change: &Change) -> Value {
    let Change { object, turn, edits, reason } = change;
    let fields: Vec<Value> = edits.iter().map(edit).collect();
    let mut value = json!({ "object": object, "change": turn.word() });
    if let Value::Object(map) = &mut value {
        if !fields.is_empty() {
            map.insert("fields".to_owned(), Value::Array(fields));
        }
        if let Some(reason) = reason {
            map.insert("reason".to_owned(), Value::from(*reason));
        }
    }
    value
}

fn edit(edit: &Edit) -> Value {
    let Edit { path, turn, from, to } = edit;
    let mut value = json!({ "path": path.to_string(), "change": turn.word() });
    if let Value::Object(map) = &mut value {
        for (key, side) in [("from", from), ("to", to)] {
            if let Some(side) = side {
                map.insert(key.to_owned(), side.to_json());
            }
        }
    }
    value
}

fn text(value: &Tree) -> String {
    value.to_json().to_string()
}

/// Two values, cut to where they part; for texts of many lines, the first line that differs, with its number.
fn both(from: &Tree, to: &Tree) -> (String, String, String) {
    if let (Tree::Str(a), Tree::Str(b)) = (from, to)
        && (a.contains('\n') || b.contains('\n'))
    {
        let lines = a.lines().zip(b.lines());
        let same = lines.take_while(|(one, other)| one == other).count();
        let nth = |text: &str| {
            text.lines().nth(same).map_or("nothing".to_owned(), |line| Value::from(line).to_string())
        };
        if a.lines().nth(same) != b.lines().nth(same) {
            let (one, other) = (nth(a), nth(b));
            let start = parting(&one, &other);
            return (format!("line {}: ", same + 1), short(&one, start), short(&other, start));
        }
    }
    let (one, other) = (text(from), text(to));
    let start = parting(&one, &other);
    (String::new(), short(&one, start), short(&other, start))
}

/// Where to begin showing two texts so that their difference is seen.
fn parting(one: &str, other: &str) -> usize {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    if one.chars().count().max(other.chars().count()) <= WIDTH { 0 } else { same.saturating_sub(BEFORE) }
}

/// A text from a place on, cut.
fn short(text: &str, start: usize) -> String {
    let mut cut: String = text.chars().skip(start).take(WIDTH).collect();
    if start > 0 {
        cut.insert(0, '…');
    }
    if text.chars().count() > start + WIDTH {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::both;
    use crate::model::tree::Tree;

    #[test]
    fn values_are_cut_to_where_they_part() {
        let long = |end: &str| "x".repeat(100) + end;
        let rows = [
            ("a", "b", "", "\"a\"", "\"b\""),
            ("a\nb\n", "a\nc\nd\n", "line 2: ", "\"b\"", "\"c\""),
            ("a\n", "a\nb\n", "line 2: ", "nothing", "\"b\""),
            ("a\n", "a", "", "\"a\\n\"", "\"a\""),
            (&long("1"), &long("2"), "", "…xxxxxxxxxxxxxxx1\"", "…xxxxxxxxxxxxxxx2\""),
        ];
        for (from, to, note, one, other) in rows {
            let told = both(&Tree::from(from), &Tree::from(to));
            assert_eq!(told, (note.to_owned(), one.to_owned(), other.to_owned()));
        }
    }
}
