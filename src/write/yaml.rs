//! A tree in, YAML text out that readers of YAML 1.1 and 1.2 read back the same.
//!
//! **Invariant:** a string is written without quotes only when no reader could take it for anything else.

use std::cmp::Ordering;
use std::fmt::Write;

use crate::model::tree::{Map, Tree};
use crate::write::order::{go_natural, order};
use crate::write::scalar::{double_quoted, is_astral, is_literal, is_plain};

/// How keys are ordered and lists indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// `apiVersion, kind, metadata, spec` first in objects that have them, Compose's order in Compose files, else sorted.
    #[default]
    Friendly,
    /// Sorted as Go's yaml.v3 sorts, lists indented under their key.
    Go,
}

/// Longer keys need YAML's explicit form.
const MAX_SIMPLE_KEY: usize = 900;

/// Writes one value in block style, indent 2, maps in the order of the style, a newline at the end.
pub fn to_text(tree: &Tree, style: Style) -> String {
    let mut out = String::new();
    write(tree, style, &mut out);
    out
}

/// Writes one value as [`to_text`] does at the end of a text, which is empty or ends with a newline.
pub fn write(tree: &Tree, style: Style, out: &mut String) {
    let mut writer = Writer { out, style };
    writer.value(tree, 0, After::Nothing);
    writer.line_end();
}

/// Writes one entry of a block map that stands some spaces in, at the end of a text as [`write`] does.
pub fn entry(key: &str, value: &Tree, indent: usize, style: Style, out: &mut String) {
    head(key, indent, style, out);
    let mut writer = Writer { out, style };
    writer.value(value, indent + 2, After::Key);
    writer.line_end();
}

/// Writes the key of an entry and its colon; its value is to follow.
pub fn head(key: &str, indent: usize, style: Style, out: &mut String) {
    let mut writer = Writer { out, style };
    writer.pad(indent);
    writer.key(key, indent);
}

/// What stands before a value on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Nothing,
    Key,
    Dash,
}

struct Writer<'a> {
    out: &'a mut String,
    style: Style,
}

impl Writer<'_> {
    fn value(&mut self, tree: &Tree, indent: usize, after: After) {
        match tree {
            Tree::Map(map) if !map.is_empty() => self.map(map, indent, after),
            Tree::List(list) if !list.is_empty() => self.list(list, indent, after),
            scalar => {
                if after == After::Key {
                    self.out.push(' ');
                }
                self.scalar(scalar, indent);
            }
        }
    }

    fn map(&mut self, map: &Map, indent: usize, after: After) {
        if after == After::Key {
            self.out.push('\n');
        }
        let mut entries: Vec<(&String, &Tree)> = map.iter().collect();
        match self.style {
            Style::Friendly => order(&mut entries),
            Style::Go => entries.sort_by(|(a, _), (b, _)| go_natural(a, b)),
        }
        for (n, (key, value)) in entries.into_iter().enumerate() {
            if n > 0 || after != After::Dash {
                self.pad(indent);
            }
            self.key(key, indent);
            self.value(value, indent + 2, After::Key);
            self.line_end();
        }
    }

    fn list(&mut self, list: &[Tree], indent: usize, after: After) {
        if after == After::Key {
            self.out.push('\n');
        }
        for (n, item) in list.iter().enumerate() {
            if n > 0 || after != After::Dash {
                self.pad(indent);
            }
            self.out.push_str("- ");
            self.value(item, indent + 2, After::Dash);
            self.line_end();
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let long = key.len() > MAX_SIMPLE_KEY;
        if long {
            self.out.push_str("? ");
        }
        if is_plain(key, true) {
            self.out.push_str(key);
        } else {
            double_quoted(key, self.style, self.out);
        }
        if long {
            self.out.push('\n');
            self.pad(indent);
        }
        self.out.push(':');
    }

    fn scalar(&mut self, scalar: &Tree, indent: usize) {
        match scalar {
            Tree::Null => self.out.push_str("null"),
            Tree::Bool(flag) => self.out.push_str(if *flag { "true" } else { "false" }),
            // Writing to a String cannot fail.
            Tree::Int(number) => write!(self.out, "{number}").unwrap_or_default(),
            Tree::Uint(number) => write!(self.out, "{number}").unwrap_or_default(),
            Tree::Float(number) => self.out.push_str(&float(*number, self.style)),
            Tree::Time(text) => self.out.push_str(text),
            Tree::Str(text) => self.string(text, indent),
            Tree::Text(text) => self.string(&text.masked(), indent),
            Tree::List(_) => self.out.push_str("[]"),
            Tree::Map(_) => self.out.push_str("{}"),
        }
    }

    fn string(&mut self, text: &str, indent: usize) {
        let escapes = self.style == Style::Go && text.chars().any(is_astral);
        if is_plain(text, false) && !escapes {
            self.out.push_str(text);
        } else if is_literal(text, self.style) {
            self.literal(text, indent.max(2));
        } else {
            double_quoted(text, self.style, self.out);
        }
    }

    /// A literal block: `|-`, `|` or `|+` by the newlines at its end.
    fn literal(&mut self, text: &str, indent: usize) {
        let body = text.trim_end_matches('\n');
        let newlines = text.len() - body.len();
        self.out.push_str(match newlines {
            0 => "|-\n",
            1 => "|\n",
            _ => "|+\n",
        });
        for line in body.split('\n') {
            if !line.is_empty() {
                self.pad(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        for _ in 1..newlines {
            self.out.push('\n');
        }
    }

    fn pad(&mut self, width: usize) {
        const BLANKS: &str = "                                                                ";
        match BLANKS.get(..width) {
            Some(blanks) => self.out.push_str(blanks),
            None => self.out.extend(std::iter::repeat_n(' ', width)),
        }
    }

    fn line_end(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

/// A number with a fraction or an exponent, such that YAML 1.1 too sees a float.
fn float(number: f64, style: Style) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let size = number.abs();
    let (low, high) = match style {
        Style::Friendly => (1e-6, 1e21),
        Style::Go => (1e-4, 1e6),
    };
    if size != 0.0 && (size < low || size >= high) {
        return exponent(number, style);
    }
    let plain = format!("{number}");
    if plain.contains('.') || style == Style::Go { plain } else { format!("{plain}.0") }
}

/// `1.5e+06`: at least two digits of exponent as Go has, and a fraction where YAML 1.1 wants one.
fn exponent(number: f64, style: Style) -> String {
    let short = format!("{number:e}");
    let (digits, power) = short.split_once('e').unwrap_or((&short, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    let mut text = digits.to_owned();
    if style == Style::Friendly && !digits.contains('.') {
        text.push_str(".0");
    }
    // Writing to a String cannot fail.
    write!(text, "e{sign}{power:0>2}").unwrap_or_default();
    text
}

/// How two keys compare in a style.
pub fn compare(style: Style, a: &str, b: &str) -> Ordering {
    match style {
        Style::Friendly => a.cmp(b),
        Style::Go => go_natural(a, b),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Style, to_text};
    use crate::model::tree::Tree;

    #[rustfmt::skip]
    const AWKWARD: &[&str] = &[
        "", " ", "y", "No", "1", "1.0", "0x1f", "1e3", "1_000", "12:30", "2001-01-01", "~", "null", "- a", "-",
        "--", "-c", "a: b", "a #b", "#a", "a:", "*a", "&a", "!a", "%a", "@a", "`a", "<<", "=", ".5", "+1", "---",
        "...", "a\nb", "\na", "a\n", "a\n\n", " a\nb", "a \n b", "\ta\nb", "a\r\nb", "\u{85}", "\u{feff}a", "é",
        "\u{1f510}", "\u{2028}", "{a}", "[a]", "a, b", "$(x)", "${x}", "\"", "'a'", "a\tb", "?", "? a", "| a", "0o7",
    ];

    fn scalars() -> impl Strategy<Value = Tree> {
        let awkward = prop::sample::select(AWKWARD).prop_map(Tree::from);
        prop_oneof![
            Just(Tree::Null),
            any::<bool>().prop_map(Tree::Bool),
            any::<i64>().prop_map(Tree::Int),
            awkward,
            "[ -~\n\t]{0,12}".prop_map(Tree::from),
            "\\PC{0,6}".prop_map(Tree::from),
        ]
    }

    fn trees() -> impl Strategy<Value = Tree> {
        scalars().prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::List),
                prop::collection::btree_map("[ -~]{1,6}|\\PC{1,3}", inner, 0..4).prop_map(Tree::from_pairs),
            ]
        })
    }

    proptest! {
        #[test]
        fn another_reader_reads_the_same(tree in trees()) {
            for style in [Style::Friendly, Style::Go] {
                let text = to_text(&tree, style);
                let read: serde_json::Value = serde_yaml::from_str(&text).map_err(|error| {
                    TestCaseError::fail(format!("{error} in\n{text}"))
                })?;
                prop_assert_eq!(read, tree.to_json(), "{}", text);
            }
        }
    }

    #[test]
    fn floats_stay_floats() {
        let table = [
            (1.0, "1.0\n", "1\n"),
            (0.5, "0.5\n", "0.5\n"),
            (1e6, "1000000.0\n", "1e+06\n"),
            (1.000_65e9, "1000650000.0\n", "1.00065e+09\n"),
            (1e-5, "0.00001\n", "1e-05\n"),
            (1e22, "1.0e+22\n", "1e+22\n"),
            (f64::INFINITY, ".inf\n", ".inf\n"),
        ];
        for (number, friendly, go) in table {
            assert_eq!(to_text(&Tree::Float(number), Style::Friendly), friendly);
            assert_eq!(to_text(&Tree::Float(number), Style::Go), go);
        }
    }
}
