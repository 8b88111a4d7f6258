//! The plainest YAML, which is most of what templates render: block maps of words, whole numbers, quoted text, JSON on one
//! line, and `|` blocks, all in ASCII. It is read many times faster than YAML at large.
//!
//! **Invariant:** what is read here reads the same as YAML; where there is any doubt, nothing is read.

use crate::model::tree::{Map, Tree};

/// Longer texts have more nodes than YAML may have.
const LONGEST: usize = 8 << 20;
/// Keys may be longer in YAML, up to a limit of its own.
const LONGEST_KEY: usize = 128;
/// Levels.
const DEEPEST: usize = 16;

/// Reads a text that is one plain block map; nothing where it is anything else.
pub fn read(text: &str) -> Option<Tree> {
    let plain = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
    if text.len() > LONGEST || !text.bytes().all(plain) {
        return None;
    }
    let mut lines = Lines { rest: text };
    let map = lines.map(0, 0)?;
    lines.rest.is_empty().then_some(Tree::Map(map))
}

struct Lines<'a> {
    rest: &'a str,
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
    fn peek(&self) -> Option<(&'a str, &'a str)> {
        (!self.rest.is_empty()).then(|| self.rest.split_once('\n').unwrap_or((self.rest, "")))
    }

    fn skip_blank(&mut self) {
        while let Some((_, rest)) = self.peek().filter(|(line, _)| is_blank(line)) {
            self.rest = rest;
        }
    }

    /// The entries of one indentation; it ends at the first line that has less.
    fn map(&mut self, column: usize, depth: usize) -> Option<Map> {
        let mut map = Map::new();
        loop {
            self.skip_blank();
            let Some((line, rest)) = self.peek().filter(|(line, _)| indent(line) >= column) else { break };
            if indent(line) > column || depth > DEEPEST {
                return None;
            }
            let (key, value) = line.get(column..)?.split_once(':')?;
            if !is_word(key) || !(value.is_empty() || value.starts_with(' ')) {
                return None;
            }
            self.rest = rest;
            let value = match value.trim_matches(' ') {
                "" => self.below(column, depth)?,
                "|" => Tree::Str(self.block(column)?),
                value => scalar(value)?,
            };
            if map.insert(key.to_owned(), value).is_some() {
                return None;
            }
        }
        (!map.is_empty()).then_some(map)
    }

    /// The map under a key.
    fn below(&mut self, column: usize, depth: usize) -> Option<Tree> {
        self.skip_blank();
        let (line, _) = self.peek()?;
        let inner = indent(line);
        if inner > column { self.map(inner, depth + 1).map(Tree::Map) } else { None }
    }

    /// The text of a `|` block under a key of this indentation. One that ends in spaces is left to YAML at large.
    fn block(&mut self, column: usize) -> Option<String> {
        let first = self.rest.split('\n').find(|line| !is_blank(line))?;
        let inner = indent(first);
        if inner <= column {
            return None;
        }
        let (mut made, mut kept, mut ends) = (String::new(), 0, true);
        while let Some((line, rest)) = self.peek() {
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

/// Text without quotes that is nothing but text.
fn is_word(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
    let typed = ["true", "false", "null"].iter().any(|word| word.eq_ignore_ascii_case(text));
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= LONGEST_KEY
        && text.bytes().all(inside)
        && !typed
}

fn scalar(text: &str) -> Option<Tree> {
    if text.starts_with(['{', '"']) {
        let mut json = Json { rest: text };
        let value = json.value(0)?;
        return json.rest.is_empty().then_some(value);
    }
    if is_word(text) { Some(Tree::from(text)) } else { number(text) }
}

/// A number that every YAML takes for the same integer.
fn number(text: &str) -> Option<Tree> {
    let plain = text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = plain && (text == "0" || !text.starts_with('0'));
    if whole { text.parse().ok().map(Tree::Int) } else { None }
}

/// JSON without white space and without backslashes.
struct Json<'a> {
    rest: &'a str,
}

impl<'a> Json<'a> {
    fn eat(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Tree> {
        match self.rest.as_bytes().first()? {
            _ if depth > DEEPEST => None,
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Tree::from),
            b't' => self.eat("true").map(|()| Tree::Bool(true)),
            b'f' => self.eat("false").map(|()| Tree::Bool(false)),
            b'n' => self.eat("null").map(|()| Tree::Null),
            _ => {
                let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
                let (digits, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                number(digits)
            }
        }
    }

    fn string(&mut self) -> Option<&'a str> {
        let (text, rest) = self.rest.strip_prefix('"')?.split_once('"')?;
        self.rest = rest;
        (!text.contains('\\')).then_some(text)
    }

    fn object(&mut self, depth: usize) -> Option<Tree> {
        let mut map = Map::new();
        self.eat("{")?;
        while self.eat("}").is_none() {
            if !map.is_empty() {
                self.eat(",")?;
            }
            let key = self.string().filter(|key| key.len() <= LONGEST_KEY && *key != "<<")?;
            self.eat(":")?;
            let value = self.value(depth + 1)?;
            if map.insert(key.to_owned(), value).is_some() {
                return None;
            }
        }
        Some(Tree::Map(map))
    }

    fn list(&mut self, depth: usize) -> Option<Tree> {
        let mut items = Vec::new();
        self.eat("[")?;
        while self.eat("]").is_none() {
            if !items.is_empty() {
                self.eat(",")?;
            }
            items.push(self.value(depth + 1)?);
        }
        Some(Tree::List(items))
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
            "a: [1]",
            "null: 1",
            "a: |2\n  b",
            "a:\n\tb: 1",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
