//! Lengths of time, amounts of memory and command lines as Compose's own reader takes them.

use crate::model::tree::Tree;

const SECOND: u128 = 1_000_000_000;

/// A length of time in one spelling: `90s` is `1m30s`, `1m` is `1m0s`.
pub(super) fn duration(text: &str) -> Option<String> {
    let units: [(&str, u128); 9] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("ms", 1_000_000),
        ("s", SECOND),
        ("m", 60 * SECOND),
        ("h", 3600 * SECOND),
        ("d", 24 * 3600 * SECOND),
        ("w", 7 * 24 * 3600 * SECOND),
    ];
    let (mut total, mut rest) = (0_u128, text);
    if text == "0" {
        return Some("0s".to_owned());
    }
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(end)?;
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        let (_, scale) = units.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(scaled(number, *scale)?)?;
        rest = after;
    }
    Some(spelled(total))
}

/// A decimal number times a whole one, rounded down.
fn scaled(number: &str, scale: u128) -> Option<u128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && part.is_empty() || part.len() > 15 {
        return None;
    }
    let read = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<u128>().ok() };
    let below = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    read(whole)?.checked_mul(scale)?.checked_add(read(part)?.checked_mul(scale)? / below)
}

fn spelled(nanos: u128) -> String {
    let small = |scale: u128, unit: &str| format!("{}{unit}", decimal(nanos, scale));
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => small(1, "ns"),
        1_000..1_000_000 => small(1_000, "µs"),
        1_000_000..SECOND => small(1_000_000, "ms"),
        _ => {
            let (hours, minutes) = (nanos / (3600 * SECOND), nanos / (60 * SECOND) % 60);
            let seconds = decimal(nanos % (60 * SECOND), SECOND);
            match (hours, minutes) {
                (0, 0) => format!("{seconds}s"),
                (0, _) => format!("{minutes}m{seconds}s"),
                _ => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

/// A number of billionths and the like as a decimal number without zeros at its end.
fn decimal(value: u128, scale: u128) -> String {
    let width = scale.checked_ilog10().unwrap_or_default() as usize;
    let rest = format!("{:0width$}", value % scale);
    let rest = if width == 0 { "" } else { rest.trim_end_matches('0') };
    if rest.is_empty() { (value / scale).to_string() } else { format!("{}.{rest}", value / scale) }
}

/// Bytes: a number, or text with a unit of powers of 1024.
pub(super) fn bytes(tree: &Tree) -> Option<i64> {
    let text = match tree {
        Tree::Int(number) => return Some(*number),
        Tree::Str(text) => text.trim().to_ascii_lowercase(),
        _ => return None,
    };
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at_checked(end)?;
    let shift = match unit.trim_start().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        _ => return None,
    };
    i64::try_from(scaled(number, 1 << shift)?).ok()
}

/// A command line split as a shell splits it; `None` when a quote is left open.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    let mut rest = line.chars();
    while let Some(here) = rest.next() {
        match (quote, here) {
            (Some(open), _) if here == open => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(here),
            (_, '\\') => word.get_or_insert_default().push(rest.next()?),
            (None, '\'' | '"') => {
                quote = Some(here);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t' | '\n' | '\r') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(here),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        for (written, expected) in [
            ("1m", Some("1m0s")),
            ("90s", Some("1m30s")),
            ("2s", Some("2s")),
            ("1.5s", Some("1.5s")),
            ("500ms", Some("500ms")),
            ("1500ms", Some("1.5s")),
            ("2us", Some("2µs")),
            ("1h", Some("1h0m0s")),
            ("1d2h", Some("26h0m0s")),
            ("0", Some("0s")),
            ("5", None),
            ("", None),
            ("5x", None),
        ] {
            assert_eq!(duration(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn amounts_of_memory() {
        for (written, expected) in [
            ("1g", Some(1 << 30)),
            ("1.5G", Some(3 << 29)),
            ("64m", Some(64 << 20)),
            ("100kb", Some(100 << 10)),
            ("2MiB", Some(2 << 20)),
            ("123", Some(123)),
            ("-1", Some(-1)),
            ("12b", Some(12)),
            ("x", None),
            ("1x", None),
        ] {
            assert_eq!(bytes(&Tree::from(written)), expected, "{written}");
        }
    }

    #[test]
    fn command_lines() {
        for (line, expected) in [
            ("echo hi", Some(vec!["echo", "hi"])),
            ("  a  'b c' \"d 'e'\" f\\ g ", Some(vec!["a", "b c", "d 'e'", "f g"])),
            ("a''b ''", Some(vec!["ab", ""])),
            ("", Some(vec![])),
            ("a 'b", None),
        ] {
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(words(line), expected, "{line}");
        }
    }
}
