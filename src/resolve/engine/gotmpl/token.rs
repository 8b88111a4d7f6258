//! The words of the language.

use std::borrow::Cow;

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
    /// Something that is no word; the token's text is the message.
    Wrong,
}

/// A word and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// Where it starts.
    pub start: usize,
    /// Its text, or the message of a [`Kind::Wrong`].
    pub text: Cow<'t, str>,
}

impl Token<'_> {
    /// Where it ends.
    pub fn end(&self) -> usize {
        if self.kind == Kind::Wrong { self.start } else { self.start + self.text.len() }
    }

    /// True for this keyword.
    pub fn is_keyword(&self, word: &str) -> bool {
        self.kind == Kind::Keyword && self.text == word
    }

    /// The token as error texts show it.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::End => "EOF".to_owned(),
            Kind::Wrong => self.text.clone().into_owned(),
            Kind::Keyword | Kind::Dot | Kind::Nil => format!("<{}>", self.text),
            _ if self.text.len() > 10 => {
                let start: String = self.text.chars().take(10).collect();
                format!("{}...", super::quote::quote(&start))
            }
            _ => super::quote::quote(&self.text),
        }
    }
}

/// Words with a meaning of their own.
pub const KEYWORDS: [&str; 10] =
    ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];
