//! The words of the language.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text outside the braces.
    Text,
    /// `{{`
    Left,
    /// `}}`
    Right,
    /// Blanks between words.
    Space,
    /// `true`, `false`
    Bool,
    /// A character in single quotes.
    Char,
    /// A number.
    Number,
    /// A string in double quotes or backquotes.
    Str,
    /// A name.
    Identifier,
    /// A word with a meaning of its own, such as `if`.
    Keyword,
    /// `.name`
    Field,
    /// `$` or `$name`
    Variable,
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    /// `|`
    Pipe,
    /// `(`
    Open,
    /// `)`
    Close,
    /// Any other printable character.
    Other,
    /// The end of the text.
    End,
    /// Something that is no word.
    Wrong,
}

/// A word as it is kept: what it is, and the bytes where it starts and ends.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// What it is.
    pub kind: Kind,
    /// Where it starts.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// A word, its place and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// Where it starts.
    pub start: usize,
    /// Its text.
    pub text: &'t str,
}

impl Token<'_> {
    /// Where it ends.
    pub const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for this keyword.
    pub fn is_keyword(&self, word: &str) -> bool {
        self.kind == Kind::Keyword && self.text == word
    }

    /// The token as error texts show it.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::End => "EOF".to_owned(),
            Kind::Keyword | Kind::Dot | Kind::Nil => format!("<{}>", self.text),
            _ if self.text.len() > 10 => {
                let start: String = self.text.chars().take(10).collect();
                format!("{}...", super::quote::quote(&start))
            }
            _ => super::quote::quote(self.text),
        }
    }
}

/// Words with a meaning of their own.
pub const KEYWORDS: [&str; 10] =
    ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];
