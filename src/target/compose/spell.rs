//! Text in, text out that Compose reads back as meant: Compose itself replaces `$NAME` and `${NAME}` in every string.
//! **Invariant:** a secret never leaves through here unless the caller asked for it in clear.

use crate::model::text::{EnvRef, Part, Text};
use crate::target::compose::options::{Dollars, Secrets};

/// Doubles every `$`, so that Compose hands the text on as it is.
pub(super) fn plain(text: &str) -> String {
    text.replace('$', "$$")
}

/// Undoes what an author wrote for Compose: `$$` is one `$`.
pub(super) fn undo(text: &str) -> String {
    text.replace("$$", "$")
}

/// Doubles each `$` that Compose would replace and leaves those alone that it would not, such as in `$(date)`.
///
/// compat(score-compose): `$` before a word character, `+`, `|`, `{` or `?` is doubled, `$$` is taken as written so
/// already.
pub(super) fn tolerant(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(here) = rest.next() {
        out.push(here);
        if here != '$' {
            continue;
        }
        match rest.peek() {
            Some('$') => out.extend(rest.next()),
            Some(next) if next.is_ascii_alphanumeric() || "_+|{?".contains(*next) => out.push('$'),
            _ => {}
        }
    }
    out
}

/// A word of a command or a probe.
pub(super) fn word(text: &str, dollars: Dollars) -> String {
    match dollars {
        Dollars::Plain => plain(text),
        Dollars::Compose => tolerant(text),
    }
}

/// A value of the document: literals as `dollars` says, variables as `${NAME}`.
/// `None` when it holds a secret that may not be shown, or whose value nobody knows.
pub(super) fn value(text: &Text, dollars: Dollars, secrets: Secrets) -> Option<String> {
    text.parts().iter().map(|part| one(part, dollars, secrets)).collect()
}

fn one(part: &Part, dollars: Dollars, secrets: Secrets) -> Option<String> {
    match (part, secrets) {
        (Part::Literal(text), _) if dollars == Dollars::Compose => Some(text.clone()),
        (Part::Literal(text), _) => Some(plain(text)),
        (Part::Env(env), _) => Some(format!("${{{}}}", env.name)),
        (Part::Secret(_), Secrets::Private) => None,
        (Part::Secret(secret), Secrets::Clear) => secret.value.as_ref().map(|value| plain(value.reveal())),
    }
}

/// The value itself, for a file that Compose does not read as its own: secrets and variables in clear.
/// `Err` names what is not known.
pub(super) fn clear(text: &Text, dollars: Dollars) -> Result<String, Vec<String>> {
    let (mut out, mut unknown) = (String::new(), Vec::new());
    for part in text.parts() {
        let (value, name) = match part {
            Part::Literal(text) if dollars == Dollars::Compose => (Some(undo(text)), String::new()),
            Part::Literal(text) => (Some(text.clone()), String::new()),
            Part::Secret(secret) => (
                secret.value.as_ref().map(|v| v.reveal().to_owned()),
                format!("{}/{}", secret.store, secret.key),
            ),
            Part::Env(EnvRef { name, value }) => {
                (value.as_ref().map(|v| v.reveal().to_owned()), name.clone())
            }
        };
        match value {
            Some(value) => out.push_str(&value),
            None => unknown.push(name),
        }
    }
    if unknown.is_empty() { Ok(out) } else { Err(unknown) }
}

/// True for a name that Compose replaces in `${NAME}`; of any other it would take a part for an operator.
pub(super) fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_in_commands() {
        for (written, expected_plain, expected_tolerant) in [
            ("echo $FOO", "echo $$FOO", "echo $$FOO"),
            (" $FOO", " $$FOO", " $$FOO"),
            ("a$FOO", "a$$FOO", "a$$FOO"),
            ("echo  ${X}\n\t$Y", "echo  $${X}\n\t$$Y", "echo  $${X}\n\t$$Y"),
            ("é$FOO", "é$$FOO", "é$$FOO"),
            ("$1 $? $(date) $@ $# $* $", "$$1 $$? $$(date) $$@ $$# $$* $$", "$$1 $$? $(date) $@ $# $* $"),
            ("$$X", "$$$$X", "$$X"),
            ("$$$X", "$$$$$$X", "$$$$X"),
        ] {
            assert_eq!(plain(written), expected_plain);
            assert_eq!(tolerant(written), expected_tolerant);
            assert_eq!(undo(&plain(written)), written);
        }
    }

    #[test]
    fn variable_names() {
        assert!(["A", "_a1", "HOME"].into_iter().all(is_variable));
        assert!(!["", "1A", "MY-VAR", "a.b", "é"].into_iter().any(is_variable));
    }
}
