//! Go's dialect of regular expressions, spelled for the `regex` crate: Perl classes hold ASCII alone, `[` has no
//! meaning inside a class, a brace that counts nothing stands for itself, and what Go refuses is refused.

/// Go repeats nothing more often than this.
const MOST_REPEATS: u32 = 1000;

struct Speller<'p> {
    pattern: &'p str,
    at: usize,
    out: String,
    /// The start of the class that is open, after its bracket.
    class: Option<usize>,
    /// Where the repetition just before started.
    repeated: Option<usize>,
}

/// Spells a pattern.
///
/// # Errors
/// When Go would not take it, in Go's words.
pub fn translate(pattern: &str) -> Result<String, String> {
    let mut speller = Speller { pattern, at: 0, out: String::new(), class: None, repeated: None };
    while let Some(letter) = speller.rest().chars().next() {
        let before = speller.repeated.take();
        if speller.class.is_some() {
            speller.in_class(letter)?;
        } else {
            speller.outside(letter, before)?;
        }
    }
    Ok(speller.out)
}

impl<'p> Speller<'p> {
    fn rest(&self) -> &'p str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    /// Copies so many bytes.
    fn keep(&mut self, bytes: usize) {
        self.out.push_str(self.rest().get(..bytes).unwrap_or_default());
        self.at += bytes;
    }

    /// Spells so many bytes otherwise.
    fn spell(&mut self, bytes: usize, as_text: &str) {
        self.out.push_str(as_text);
        self.at += bytes;
    }

    fn outside(&mut self, letter: char, before: Option<usize>) -> Result<(), String> {
        match letter {
            '\\' => self.escape()?,
            '[' => {
                self.keep(if self.rest().starts_with("[^") { 2 } else { 1 });
                self.class = Some(self.at);
            }
            '(' => self.group()?,
            '*' | '+' | '?' => self.repeat(1, before)?,
            '{' => match count(self.rest()) {
                Some((length, fits)) => {
                    if !fits {
                        let count = self.rest().get(..length).unwrap_or_default();
                        return Err(format!("invalid repeat count: `{count}`"));
                    }
                    self.repeat(length, before)?;
                }
                None => self.spell(1, "\\{"),
            },
            _ => self.keep(letter.len_utf8()),
        }
        Ok(())
    }

    /// A repetition, with the question mark that makes it lazy; two in a row are refused.
    fn repeat(&mut self, length: usize, before: Option<usize>) -> Result<(), String> {
        let start = self.at;
        self.keep(length);
        if let Some(before) = before {
            let both = self.pattern.get(before..self.at).unwrap_or_default();
            return Err(format!("invalid nested repetition operator: `{both}`"));
        }
        if self.rest().starts_with('?') {
            self.keep(1);
        }
        self.repeated = Some(start);
        Ok(())
    }

    /// An opening parenthesis; its flags are those that Go knows.
    fn group(&mut self) -> Result<(), String> {
        let Some(inside) = self.rest().strip_prefix("(?") else {
            self.keep(1);
            return Ok(());
        };
        if inside.starts_with("<=") || inside.starts_with("<!") {
            return Err(format!("invalid named capture: `{}`", self.rest()));
        }
        let named = inside.starts_with('<') || inside.starts_with("P<");
        let flags = inside.find(|letter: char| !"imsU-".contains(letter)).unwrap_or(inside.len());
        if !named && !inside.get(flags..).is_some_and(|end| end.starts_with([':', ')'])) {
            let end = inside.get(flags..).and_then(|end| end.chars().next()).map_or(0, char::len_utf8);
            let shown = self.rest().get(..2 + flags + end).unwrap_or_default();
            return Err(format!("invalid or unsupported Perl syntax: `{shown}`"));
        }
        self.keep(if named { 2 } else { 2 + flags });
        Ok(())
    }

    fn in_class(&mut self, letter: char) -> Result<(), String> {
        match letter {
            '\\' => self.escape()?,
            '[' if self.rest().starts_with("[:") && self.rest().contains(":]") => {
                self.keep(self.rest().find(":]").map_or(1, |end| end + 2));
            }
            ']' if self.class.is_some_and(|start| self.at > start) => {
                self.class = None;
                self.keep(1);
            }
            '[' | ']' | '&' | '~' => self.spell(1, &format!("\\{letter}")),
            _ => self.keep(letter.len_utf8()),
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(letter) = self.rest().chars().nth(1) else {
            return Err("trailing backslash at end of expression: ``".to_owned());
        };
        let spelled = match letter {
            'd' => "[0-9]",
            'D' => "[^0-9]",
            'w' => "[0-9A-Za-z_]",
            'W' => "[^0-9A-Za-z_]",
            's' => "[\\t\\n\\f\\r ]",
            'S' => "[^\\t\\n\\f\\r ]",
            'b' if self.class.is_none() => "(?-u:\\b)",
            'Q' => {
                let body = self.rest().get(2..).unwrap_or_default();
                let (quoted, end) = body.split_once("\\E").map_or((body, 0), |(quoted, _)| (quoted, 2));
                self.spell(2 + quoted.len() + end, &regex::escape(quoted));
                return Ok(());
            }
            'A' | 'B' | 'C' | 'E' | 'P' | 'a' | 'f' | 'n' | 'p' | 'r' | 't' | 'v' | 'x' | 'z' | '0'..='7' => {
                self.keep(2);
                return Ok(());
            }
            _ if letter.is_ascii_alphanumeric() || !letter.is_ascii() => {
                return Err(format!("invalid escape sequence: `\\{letter}`"));
            }
            _ => {
                self.spell(2, &regex::escape(&letter.to_string()));
                return Ok(());
            }
        };
        self.spell(2, spelled);
        Ok(())
    }
}

/// The length of `{n}`, `{n,}` or `{n,m}`, and whether its numbers are in order and small enough.
fn count(rest: &str) -> Option<(usize, bool)> {
    let inside = rest.strip_prefix('{')?.split('}').next()?;
    let length = inside.len() + 2;
    rest.get(length - 1..).filter(|end| end.starts_with('}'))?;
    let (low, high) = inside.split_once(',').unwrap_or((inside, inside));
    let digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    if low.is_empty() || !digits(low) || !digits(high) {
        return None;
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    let most = if high.is_empty() { number(low) } else { number(high) };
    Some((length, number(low) <= most && most <= MOST_REPEATS))
}
