//! The plainest YAML, which is most of what templates render: block maps and lists of words, whole numbers, quoted text,
//! flow collections on one line, and `|` blocks. It is read many times faster than YAML at large.
//!
//! **Invariant:** what is read here reads the same as YAML; where there is any doubt, nothing is read.

mod flow;

use crate::model::tree::{Map, Tree};
use flow::{is_word, quoted_key, scalar};

/// Longer texts are left to YAML at large, and so are those with more marks: they may have more nodes than YAML may have.
const LONGEST: usize = 8 << 20;
/// Bytes that end or begin a node.
const MOST_MARKS: usize = 400_000;
/// Levels.
const DEEPEST: usize = 16;

/// Reads a text that is one plain block map or list; nothing where it is anything else.
pub fn read(text: &str) -> Option<Tree> {
    // All of the upper planes is text, among it what stands around a reference to a secret.
    let plain = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte) || !byte.is_ascii();
    if text.len() > LONGEST || !text.bytes().fold(true, |all, byte| all & plain(byte)) {
        return None;
    }
    if !text.is_ascii() && text.chars().any(|letter| !letter.is_ascii() && letter <= '\u{ffff}') {
        return None;
    }
    let marks = text.bytes().filter(|byte| matches!(byte, b'\n' | b',' | b':' | b'[' | b'{')).count();
    if marks > MOST_MARKS {
        return None;
    }
    let mut lines = Lines { rest: text, taken: 0 };
    lines.skip_blank();
    let top = lines.peek().filter(|line| line.column == 0)?;
    let tree = if top.is_item() { lines.list(0, 0)? } else { Tree::Map(lines.map(0, 0)?) };
    lines.rest.is_empty().then_some(tree)
}

/// What is left of a text.
struct Lines<'a> {
    rest: &'a str,
    /// How many bytes of the next line are a list's marks, which were read.
    taken: usize,
}

/// A line that is not blank.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// How many bytes stand before its text.
    column: usize,
    text: &'a str,
    /// What follows the line.
    rest: &'a str,
}

impl Line<'_> {
    fn is_item(&self) -> bool {
        self.text.starts_with("- ")
    }
}

/// How many spaces a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| byte == b' ')
}

impl<'a> Lines<'a> {
    /// The next line without its end, and what follows it; nothing at the end of the text.
    fn whole(&self) -> Option<(&'a str, &'a str)> {
        (!self.rest.is_empty()).then(|| self.rest.split_once('\n').unwrap_or((self.rest, "")))
    }

    /// The next line, its marks that were read left out; nothing at the end of the text.
    fn peek(&self) -> Option<Line<'a>> {
        let (line, rest) = self.whole()?;
        let text = line.get(self.taken..)?.trim_start_matches(' ');
        Some(Line { column: line.len() - text.len(), text, rest })
    }

    fn end_line(&mut self, line: Line<'a>) {
        self.rest = line.rest;
        self.taken = 0;
    }

    fn skip_blank(&mut self) {
        while let Some((_, rest)) = self.whole().filter(|(line, _)| self.taken == 0 && is_blank(line)) {
            self.rest = rest;
        }
    }

    /// The next line that is not blank, when it stands at a column or right of it.
    fn next(&mut self, column: usize) -> Option<Line<'a>> {
        self.skip_blank();
        self.peek().filter(|line| line.column >= column)
    }

    /// The entries of one indentation; it ends at the first line that has less.
    fn map(&mut self, column: usize, depth: usize) -> Option<Map> {
        let mut map = Map::new();
        while let Some(line) = self.next(column) {
            if line.column > column || depth > DEEPEST {
                return None;
            }
            let (key, value) = if line.text.starts_with(['"', '\'']) {
                quoted_key(line.text)?
            } else {
                line.text.split_once(':').filter(|(key, _)| is_word(key))?
            };
            if !(value.is_empty() || value.starts_with(' ')) {
                return None;
            }
            self.end_line(line);
            let value = match value.trim_matches(' ') {
                "" => self.below(column, depth)?,
                value => self.value(value, column)?,
            };
            if map.insert(key.to_owned(), value).is_some() {
                return None;
            }
        }
        (!map.is_empty()).then_some(map)
    }

    /// The items of one indentation; it ends at the first line that has less, or that is no item.
    fn list(&mut self, column: usize, depth: usize) -> Option<Tree> {
        let mut items = Vec::new();
        while let Some(line) = self.next(column).filter(|line| line.is_item() || line.column > column) {
            if line.column > column || depth > DEEPEST {
                return None;
            }
            self.taken = column + 2;
            let item = self.peek()?;
            if item.text.is_empty() || item.is_item() {
                return None;
            }
            let is_map = item.text.ends_with(':') || item.text.contains(": ");
            if is_map && !item.text.starts_with(['{', '[', '"', '\'']) {
                items.push(Tree::Map(self.map(item.column, depth + 1)?));
            } else {
                self.end_line(item);
                items.push(self.value(item.text.trim_end_matches(' '), column)?);
            }
        }
        Some(Tree::List(items))
    }

    /// The map or the list under a key.
    fn below(&mut self, column: usize, depth: usize) -> Option<Tree> {
        let line = self.next(column)?;
        match line.is_item() {
            true => self.list(line.column, depth + 1),
            false if line.column > column => self.map(line.column, depth + 1).map(Tree::Map),
            false => None,
        }
    }

    /// What stands on the line of a key or of an item of this indentation, and what belongs to it below.
    fn value(&mut self, text: &str, column: usize) -> Option<Tree> {
        if text == "|" { self.block(column).map(Tree::Str) } else { scalar(text) }
    }

    /// The text of a `|` block under a key or an item of this indentation. One that ends in spaces is left to YAML at large.
    fn block(&mut self, column: usize) -> Option<String> {
        let first = self.rest.split('\n').find(|line| !is_blank(line))?;
        let inner = indent(first);
        if inner <= column {
            return None;
        }
        let (mut made, mut kept, mut ends) = (String::new(), 0, true);
        while let Some((line, rest)) = self.whole() {
            if is_blank(line) {
                // Spaces beyond the indentation are text, but not before the first line.
                let text = line.get(inner..).unwrap_or_default();
                if kept == 0 && !text.is_empty() || line.len() == self.rest.len() {
                    return None;
                }
                made.push_str(text);
            } else if indent(line) >= inner {
                made.push_str(line.get(inner..)?);
                kept = made.len();
                ends = line.len() < self.rest.len();
            } else if indent(line) <= column {
                break;
            } else {
                return None;
            }
            made.push('\n');
            self.rest = rest;
        }
        if made.get(kept..)?.contains(' ') {
            return None;
        }
        made.truncate(kept);
        if ends {
            made.push('\n');
        }
        // It may be large, and there may be one for each of many resources.
        made.shrink_to_fit();
        Some(made)
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::resolve::upstream::decode;

    /// Lines of which texts are made.
    const LINES: &[&str] = &[
        "",
        "  ",
        "      ",
        "a:",
        "a: |",
        "  b: |",
        "  b: c-d",
        "  b:",
        "    c: 12",
        "    text  ",
        "      more",
        "   odd",
        "b/c.d: \"x: y # z\"",
        "b: {\"k\":{\"l\":8080,\"m\":\"a:b\"},\"n\":[true,null,{}]}",
        "b: 007",
        "b: word word",
        "a: True",
        "# c",
        "---",
        "- a",
        "b: {\"k\": 1}",
        "b: \"\"",
        "- b: 1",
        "  c: {d: e, \"f\": [1, x-y]}",
        "- |",
        "  - 'x: y'",
        "-  b",
        "b: x=1 y:z true",
        "- ",
        "- - a",
        "b: {k: a:b}",
        "b: [a, , b]",
        "b: [ ] ",
        "b: on",
        "b: /x/y",
        "- -U",
        "b: --flag=1",
        "b: [1Gi, -d, a+b==, 500m]",
        "b: \u{1f510}x\u{1f4ac}",
        "b: $(X), y; z@w",
        "- 5 m",
        "b: true",
        "b: null",
        "  b: null",
        "\"b\": 1",
        "  'b': c",
        "'b' : c",
        "\"a\":",
        "  \"true\": 2s",
        "b: .x/y",
        "b: [15s, 100ms, .inf, ..]",
    ];

    /// What is read here is what YAML at large reads; with the number of texts that are.
    #[test]
    fn what_is_read_reads_the_same() {
        let (mut plain, mut wrong) = (0, Vec::new());
        let mut judge = |text: &str| {
            let Some(tree) = read(text) else { return };
            plain += 1;
            let yaml = decode::yaml(text);
            if yaml != Ok(Some(tree.clone())) {
                wrong.push((text.to_owned(), yaml, tree));
            }
        };
        for first in LINES {
            for second in LINES {
                for third in LINES {
                    judge(&format!("{first}\n{second}\n{third}"));
                    judge(&format!("a: |\n{first}\n{second}\n{third}\n"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(plain > 300, "{plain}");
    }

    #[test]
    fn doubt_is_left_to_yaml_at_large() {
        for text in [
            "",
            "a",
            "a: b: c",
            "a: 1e3",
            "a: 2024-01-01",
            "a: -1",
            "a: {\"k\":1,\"k\":2}",
            "a: {\"k\":\"\\u0041\"}",
            "a: \u{e9}",
            "a: 1\na: 2",
            "a: b\n  c",
            "a: [1,]",
            "a: {b:1}",
            "a: ['it''s']",
            "- a: 1\n b: 2",
            "a: b #c",
            "a: [b #c]",
            "- a\n  b",
            "a: 'b' c",
            "a: 1 2",
            "a: ---",
            "a: -1Gi",
            "a: 1E",
            "a: .5",
            "a: .inf",
            "a: .NaN",
            "a: ..",
            "a: Null",
            "a: ~",
            "\"<<\": {b: 1}",
            "\"a\\n\": 1",
            "'it''s': 1",
            "\"a\":1",
            "a: - b",
            "null: 1",
            "a: |2\n  b",
            "a:\n\tb: 1",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
