//! Text in, words out. The last word is the end of the text, or what is wrong with it.

use super::token::{KEYWORDS, Kind, Word};

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// The words of a template.
pub struct Lexed {
    /// The words.
    pub words: Vec<Word>,
    /// What is wrong with the last one; empty where nothing is.
    pub wrong: String,
}

/// Splits a template into words.
pub fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { text, at: 0, start: 0, parens: 0, words: Vec::new() };
    let wrong = lexer.run().err().unwrap_or_default();
    if !wrong.is_empty() {
        lexer.at = lexer.start;
        lexer.emit(Kind::Wrong);
    }
    Lexed { words: lexer.words, wrong }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    start: usize,
    parens: usize,
    words: Vec<Word>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn emit(&mut self, kind: Kind) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.words.push(Word { kind, start: place(self.start), end: place(self.at) });
        self.start = self.at;
    }

    fn skip(&mut self, bytes: usize) {
        self.at += bytes;
        self.start = self.at;
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches(BLANKS).len());
    }

    fn run(&mut self) -> Result<(), String> {
        loop {
            let rest = self.rest();
            let Some(found) = rest.find(LEFT) else {
                self.at = self.text.len();
                if self.at > self.start {
                    self.emit(Kind::Text);
                }
                self.emit(Kind::End);
                return Ok(());
            };
            self.plain(rest.get(..found).unwrap_or_default());
            self.left()?;
        }
    }

    /// The text before a left delimiter, trimmed when the delimiter says so.
    fn plain(&mut self, text: &str) {
        let after = self.text.get(self.at + text.len() + LEFT.len()..).unwrap_or_default();
        let kept = if trims_left(after) { text.trim_end_matches(BLANKS) } else { text };
        self.at += kept.len();
        if !kept.is_empty() {
            self.emit(Kind::Text);
        }
        self.skip(text.len() - kept.len());
    }

    fn left(&mut self) -> Result<(), String> {
        let after = self.rest().get(LEFT.len()..).unwrap_or_default();
        let marker = if trims_left(after) { 2 } else { 0 };
        if after.get(marker..).is_some_and(|inner| inner.starts_with("/*")) {
            self.skip(LEFT.len() + marker);
            return self.comment();
        }
        self.at += LEFT.len();
        self.emit(Kind::Left);
        self.skip(marker);
        self.parens = 0;
        while self.inside()? {}
        Ok(())
    }

    fn comment(&mut self) -> Result<(), String> {
        let Some(length) = self.rest().get(2..).and_then(|body| body.find("*/")) else {
            return Err("unclosed comment".to_owned());
        };
        self.at += length + 4;
        let Some(trim) = at_right(self.rest()) else {
            return Err("comment ends before closing delimiter".to_owned());
        };
        self.skip(RIGHT.len() + if trim { 2 } else { 0 });
        if trim {
            self.skip_blanks();
        }
        Ok(())
    }

    fn right(&mut self, trim: bool) {
        if trim {
            self.skip(2);
        }
        self.at += RIGHT.len();
        self.emit(Kind::Right);
        if trim {
            self.skip_blanks();
        }
    }

    /// One token between the braces; false after the right delimiter.
    fn inside(&mut self) -> Result<bool, String> {
        if let Some(trim) = at_right(self.rest()) {
            if self.parens > 0 {
                return Err("unclosed left paren".to_owned());
            }
            self.right(trim);
            return Ok(false);
        }
        let Some(letter) = self.peek() else { return Err("unclosed action".to_owned()) };
        match letter {
            _ if BLANKS.contains(&letter) => return Ok(self.blanks()),
            '"' => self.quoted('"', Kind::Str, "unterminated quoted string")?,
            '\'' => self.quoted('\'', Kind::Char, "unterminated character constant")?,
            '`' => self.raw()?,
            '$' => self.name(Kind::Variable)?,
            '.' if !self
                .rest()
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                self.name(Kind::Field)?;
            }
            '.' | '+' | '-' | '0'..='9' => self.number()?,
            _ if is_word(letter) => self.word()?,
            _ => self.sign(letter)?,
        }
        Ok(true)
    }

    fn sign(&mut self, letter: char) -> Result<(), String> {
        self.next();
        let kind = match letter {
            '=' => Kind::Assign,
            '|' => Kind::Pipe,
            ':' if self.peek() == Some('=') => {
                self.next();
                Kind::Declare
            }
            ':' => return Err("expected :=".to_owned()),
            '(' => {
                self.parens += 1;
                Kind::Open
            }
            ')' if self.parens == 0 => return Err("unexpected right paren".to_owned()),
            ')' => {
                self.parens -= 1;
                Kind::Close
            }
            ' '..='~' => Kind::Other,
            _ => return Err(format!("unrecognized character in action: {}", unicode(letter))),
        };
        self.emit(kind);
        Ok(())
    }

    /// Blanks, which may hold the trim marker of the right delimiter; false after the delimiter.
    fn blanks(&mut self) -> bool {
        let rest = self.rest();
        let run = rest.len() - rest.trim_start_matches(BLANKS).len();
        let trim = rest.get(run - 1..).is_some_and(|last| at_right(last) == Some(true));
        let kept = if trim { run - 1 } else { run };
        self.at += kept;
        if kept > 0 {
            self.emit(Kind::Space);
        }
        if trim {
            self.right(true);
        }
        !trim
    }

    fn quoted(&mut self, quote: char, kind: Kind, message: &str) -> Result<(), String> {
        self.next();
        loop {
            let letter = match self.next() {
                Some('\\') => self.next().filter(|next| *next != '\n').map(|_| '\\'),
                other => other.filter(|next| *next != '\n'),
            };
            match letter {
                None => return Err(message.to_owned()),
                Some(letter) if letter == quote => break,
                Some(_) => {}
            }
        }
        self.emit(kind);
        Ok(())
    }

    fn raw(&mut self) -> Result<(), String> {
        let Some(length) = self.rest().get(1..).and_then(|body| body.find('`')) else {
            return Err("unterminated raw quoted string".to_owned());
        };
        self.at += length + 2;
        self.emit(Kind::Str);
        Ok(())
    }

    /// `.name` or `$name`, or the bare sign.
    fn name(&mut self, kind: Kind) -> Result<(), String> {
        self.next();
        let before = self.at;
        self.letters();
        self.ends_here()?;
        let bare = self.at == before && kind == Kind::Field;
        self.emit(if bare { Kind::Dot } else { kind });
        Ok(())
    }

    /// Goes over letters and digits.
    fn letters(&mut self) {
        let plain = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
        self.at += self.rest().bytes().take_while(plain).count();
        while self.peek().is_some_and(is_word) {
            self.next();
        }
    }

    fn word(&mut self) -> Result<(), String> {
        self.letters();
        let kind = match self.text.get(self.start..self.at).unwrap_or_default() {
            "true" | "false" => Kind::Bool,
            "nil" => Kind::Nil,
            word if KEYWORDS.contains(&word) => Kind::Keyword,
            _ => Kind::Identifier,
        };
        self.ends_here()?;
        self.emit(kind);
        Ok(())
    }

    fn ends_here(&self) -> Result<(), String> {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => Ok(()),
            Some(letter) if BLANKS.contains(&letter) || self.rest().starts_with(RIGHT) => Ok(()),
            Some(letter) => Err(format!("bad character {}", unicode(letter))),
        }
    }

    fn number(&mut self) -> Result<(), String> {
        let whole = self.scan_number();
        if whole && !matches!(self.peek(), Some('+' | '-')) {
            self.emit(Kind::Number);
            return Ok(());
        }
        if whole {
            // A sum would be a complex number, of which there are none here.
            self.scan_number();
        }
        let text = self.text.get(self.start..self.at).unwrap_or_default();
        Err(format!("bad number syntax: {}", super::quote::quote(text)))
    }

    /// Goes over a number; false when a letter sticks to it.
    fn scan_number(&mut self) -> bool {
        let rest = self.rest();
        let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        let lower: String = unsigned.chars().take(2).collect::<String>().to_ascii_lowercase();
        let digits = match lower.as_str() {
            "0x" => "0123456789abcdefABCDEF_",
            "0o" => "01234567_",
            "0b" => "01_",
            _ => "0123456789_",
        };
        let prefix = if digits.starts_with("0123456789_") { 0 } else { 2 };
        self.at += rest.len() - unsigned.len() + prefix;
        self.digits(digits);
        if self.peek() == Some('.') {
            self.next();
            self.digits(digits);
        }
        let exponent: &[char] = match prefix {
            0 => &['e', 'E'],
            _ if lower == "0x" => &['p', 'P'],
            _ => &[],
        };
        if self.peek().is_some_and(|letter| exponent.contains(&letter)) {
            self.next();
            if matches!(self.peek(), Some('+' | '-')) {
                self.next();
            }
            self.digits("0123456789_");
        }
        let sticks = self.peek().is_some_and(is_word);
        if sticks {
            self.next();
        }
        !sticks
    }

    fn digits(&mut self, allowed: &str) {
        while self.peek().is_some_and(|letter| allowed.contains(letter)) {
            self.next();
        }
    }
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

fn unicode(letter: char) -> String {
    let code = u32::from(letter);
    if super::quote::is_print(letter) { format!("U+{code:04X} '{letter}'") } else { format!("U+{code:04X}") }
}

fn trims_left(after: &str) -> bool {
    after.strip_prefix('-').is_some_and(|rest| rest.starts_with(BLANKS))
}

/// Whether the text is at a right delimiter, and if so whether it trims.
fn at_right(rest: &str) -> Option<bool> {
    if rest.starts_with(RIGHT) {
        return Some(false);
    }
    let marker = rest.strip_prefix(BLANKS)?.strip_prefix('-')?;
    marker.starts_with(RIGHT).then_some(true)
}
