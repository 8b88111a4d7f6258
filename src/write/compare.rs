//! Two versions of a file in, a unified difference out that shows no secret.

use similar::TextDiff;

/// How many lines are shown around a change.
const AROUND: usize = 3;

/// What differs. Private files are only named; in `Secret` objects the values are masked.
pub fn difference(name: &str, old: Option<&Vec<u8>>, new: &[u8], private: bool) -> String {
    let word = if old.is_some() { "changes" } else { "is new" };
    let texts = (String::from_utf8(old.cloned().unwrap_or_default()), String::from_utf8(new.to_owned()));
    let (false, (Ok(before), Ok(after))) = (private, texts) else {
        let reason = if private { "private" } else { "not text" };
        return format!("{name} {word} ({reason}, not shown)\n");
    };
    let (before, after) = (masked(&before), masked(&after));
    if before == after {
        return format!("{name} {word} (only secret values, not shown)\n");
    }
    let from = if old.is_some() { name } else { "/dev/null" };
    TextDiff::from_lines(&before, &after).unified_diff().context_radius(AROUND).header(from, name).to_string()
}

/// The text with the values of `data` and `stringData` of `Secret` objects as `***`.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut document = String::new();
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            out.push_str(&masked_document(&document));
            document.clear();
        }
        document.push_str(line);
    }
    out + &masked_document(&document)
}

fn masked_document(document: &str) -> String {
    let is_secret = document
        .lines()
        .any(|line| matches!(line.trim().trim_end_matches(','), "kind: Secret" | "kind: \"Secret\""));
    if !is_secret {
        return document.to_owned();
    }
    let mut inside = None;
    let mut out = String::new();
    for line in document.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if inside.is_some_and(|above| indent <= above && !line.trim().is_empty()) {
            inside = None;
        }
        match inside {
            // Deeper lines are the rest of a block value.
            Some(above) if indent > above + 2 => {}
            Some(_) => {
                let key = line.split_once(": ").map_or("", |(key, _)| key);
                out.push_str(if key.is_empty() { line } else { key });
                out.push_str(if key.is_empty() { "" } else { ": ***\n" });
            }
            None => {
                let opens = matches!(line.trim().trim_end_matches(" {"), "data:" | "stringData:");
                inside = opens.then_some(indent);
                out.push_str(line);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn secrets_stay_hidden() {
        let object = |value: &str, kind: &str| {
            format!("---\nkind: {kind}\nstringData:\n  password: {value}\n  text: |\n    {value}\n    b\ntype: Opaque\n").into_bytes()
        };
        let shown =
            difference("a.yaml", Some(&object("one", "ConfigMap")), &object("two", "ConfigMap"), false);
        assert!(shown.contains("-  password: one"), "{shown}");
        let hidden = difference("a.yaml", Some(&object("one", "Secret")), &object("two", "Secret"), false);
        assert_eq!(hidden, "a.yaml changes (only secret values, not shown)\n");
        let new = difference("a.yaml", None, &object("two", "Secret"), false);
        assert!(
            new.contains("+  password: ***") && !new.contains("two") && new.contains("+type: Opaque"),
            "{new}"
        );
        assert_eq!(difference("x.env", None, b"A=b\n", true), "x.env is new (private, not shown)\n");
    }
}
