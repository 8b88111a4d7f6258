//! What the parser complains about, in words for people: what stands there, why YAML cannot read it, what to write.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::diag::codes::Code;
use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic};
use crate::model::flow::SourceId;
use crate::model::node::Node;

/// A text and where in it the parser stopped; offsets are in the text without its byte order mark.
struct Scene<'a> {
    source: SourceId,
    text: &'a str,
    shift: usize,
    at: usize,
}

/// Explains an error of the parser. `shift` is the length of the byte order mark before `text`.
pub(super) fn explain(error: &ScanError, source: SourceId, text: &str, shift: usize) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let scene = Scene { source, text, shift, at };
    if let Some(tab) = scene.indenting_tab() {
        return scene
            .say(&codes::YAML_TAB, "a tab is used for indentation", tab..tab + 1)
            .help("YAML indents with spaces: put two spaces for each level in place of tabs");
    }
    match error.kind() {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => scene.unclosed_quote(&error.info()),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::MismatchedFlowCollectionEnd { .. } => scene.unclosed_bracket(&error.info()),
        ErrorKind::UnknownAnchor => scene
            .say(
                &codes::YAML_ALIAS,
                "a `*` begins the name of an anchor, and no anchor of this name stands before it",
                scene.here(),
            )
            .help("put text that begins with `*` in quotes: `\"*.example.com\"`"),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            scene.stray_colon(&error.info())
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed => scene.misplaced(scene.here()),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => scene.no_key(),
        ErrorKind::UnexpectedCharacter { character } => scene
            .say(&codes::YAML_SYNTAX, format!("a value cannot begin with `{character}`"), scene.here())
            .help(format!("put it in quotes: `{}`", scene.quoted_line())),
        ErrorKind::UnknownQuotedScalarEscape => scene
            .say(&codes::YAML_SYNTAX, "this backslash begins an escape that YAML does not know", scene.here())
            .help("use single quotes, where a backslash is a backslash, or write it twice: `\\\\`"),
        ErrorKind::RecursionLimitExceeded => {
            scene.say(&codes::YAML_TOO_DEEP, "this is nested too deeply", scene.here())
        }
        _ => scene.say(&codes::YAML_SYNTAX, "this cannot be read as YAML", scene.here()).note(error.info()),
    }
}

/// A key that is itself a list or a map; most often `{{ … }}` without quotes.
pub(super) fn complex_key(key: &Node, text: &str, shift: usize) -> Box<Diagnostic> {
    let at = At::Span(key.source, key.span.clone());
    let start = key.span.start.saturating_sub(shift);
    let said =
        Diagnostic::new(&codes::YAML_SYNTAX, "a key must be plain text, and this one is a list or a map", at);
    let templated = text.get(start.saturating_sub(1)..).is_some_and(|rest| rest.starts_with("{{"));
    Box::new(if templated {
        said.help("put text that begins with `{` in quotes: `\"{{ … }}\"`")
    } else {
        said
    })
}

impl Scene<'_> {
    fn say(&self, code: &'static Code, message: impl Into<String>, span: Range<usize>) -> Diagnostic {
        Diagnostic::new(code, message, At::Span(self.source, span.start + self.shift..span.end + self.shift))
    }

    /// The character at which the parser stopped, or the last one before the end.
    fn here(&self) -> Range<usize> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.chars().next() {
            Some(letter) => self.at..self.at + letter.len_utf8(),
            None => self.text.trim_end().len()..self.text.trim_end().len(),
        }
    }

    /// Where the line of byte `at` begins.
    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    fn line(&self) -> &str {
        self.text.get(self.line_start(self.at)..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// A tab among the blanks that begin the line where the parser stopped, the line before or the line after.
    fn indenting_tab(&self) -> Option<usize> {
        let here = self.line_start(self.at);
        let next = here + self.line().len() + 1;
        [here, self.line_start(here.saturating_sub(1)), next].into_iter().find_map(|start| {
            let line = self.text.get(start..)?;
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            line.get(..blanks)?.find('\t').map(|tab| start + tab)
        })
    }

    /// The value of the line as it would be in quotes, with its key.
    fn quoted_line(&self) -> String {
        let line = self.line().trim().trim_start_matches("- ");
        let quoted = |value: &str| {
            if value.contains('"') {
                format!("'{}'", value.replace('\'', "''"))
            } else {
                format!("\"{value}\"")
            }
        };
        match line.split_once(": ") {
            Some((key, value)) => format!("{key}: {}", quoted(value.trim())),
            None => quoted(line),
        }
    }

    fn misplaced(&self, span: Range<usize>) -> Diagnostic {
        self.say(&codes::YAML_INDENT, "this line does not fit the lines above it", span)
            .note("keys of one map begin in one column, and so do the `-` of one list")
            .help("check how far this line and the one above it are indented, and that the one above has its `: `")
    }

    /// A colon where none can be: a second one in the line, or a line after text that is no key.
    fn stray_colon(&self, info: &str) -> Diagnostic {
        if self.open_marks(self.at).1.is_some() {
            return self.unclosed_bracket(info);
        }
        let line = self.line();
        let begin = self.line_start(self.at) + line.len() - line.trim_start().len();
        if self.text.get(begin..self.at).is_some_and(|before| before.contains(": ")) {
            return self
                .say(
                    &codes::YAML_SYNTAX,
                    "a second `:` stands in this line, and YAML takes it for a key",
                    self.here(),
                )
                .help(format!("put the whole value in quotes: `{}`", self.quoted_line()));
        }
        self.misplaced(begin..begin + line.trim().len())
    }

    fn unclosed_quote(&self, info: &str) -> Diagnostic {
        let from = self.text.get(self.at..).unwrap_or_default();
        let open = from.starts_with(['"', '\'']).then_some(self.at).or_else(|| self.open_marks(self.at).0);
        let Some(open) = open else {
            return self.say(&codes::YAML_SYNTAX, "this cannot be read as YAML", self.here()).note(info);
        };
        let quote = self.text.get(open..=open).unwrap_or("\"");
        self.say(&codes::YAML_UNCLOSED, format!("this `{quote}` is never closed"), open..open + 1)
            .help(format!("add the closing `{quote}` at the end of the value"))
    }

    fn unclosed_bracket(&self, info: &str) -> Diagnostic {
        let Some((open, bracket)) = self.open_marks(self.at).1.or_else(|| self.open_marks(self.at + 1).1)
        else {
            return self.say(&codes::YAML_SYNTAX, "this cannot be read as YAML", self.here()).note(info);
        };
        let templated = self.text.get(open.saturating_sub(1)..).is_some_and(|rest| rest.starts_with("{{"));
        let close = if bracket == '[' { ']' } else { '}' };
        let said = self.say(&codes::YAML_UNCLOSED, format!("this `{bracket}` is not closed"), open..open + 1);
        let said = if self.at > open && self.at < self.text.trim_end().len() {
            let here = self.here();
            let place = At::Span(self.source, here.start + self.shift..here.end + self.shift);
            said.also(place, format!("a `,` or `{close}` was expected before this"))
        } else {
            said
        };
        if templated {
            return said.help("put text that begins with `{` in quotes: `\"{{ … }}\"`");
        }
        said.help(format!("add the closing `{close}`, or put the value in quotes if it is text"))
    }

    /// The quote and the innermost bracket that are open before this byte.
    fn open_marks(&self, end: usize) -> (Option<usize>, Option<(usize, char)>) {
        let mut brackets = Vec::new();
        let mut quote = None;
        let mut comment = false;
        for (at, letter) in self.text.char_indices().take_while(|(at, _)| *at < end) {
            match (quote, letter) {
                (_, '\n') if comment => comment = false,
                _ if comment => {}
                (Some((_, mark)), _) => quote = quote.filter(|_| mark != letter),
                (None, '#') => comment = self.begins_word(at),
                (None, '[' | '{') if !brackets.is_empty() || self.begins_word(at) => {
                    brackets.push((at, letter));
                }
                (None, ']' | '}') => drop(brackets.pop()),
                (None, '"' | '\'') if self.begins_word(at) => quote = Some((at, letter)),
                (None, _) => {}
            }
        }
        (quote.map(|(at, _)| at), brackets.pop())
    }

    /// True when what stands at this byte does not stand inside a word.
    fn begins_word(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        before.chars().next_back().is_none_or(|letter| letter.is_whitespace() || "[{,:".contains(letter))
    }

    fn no_key(&self) -> Diagnostic {
        let start = self.line_start(self.at);
        let line = self.line();
        let begin = start + line.len() - line.trim_start().len();
        let end = start + line.trim_end().len();
        let said =
            self.say(&codes::YAML_SYNTAX, "this line is neither `key: value` nor a list item", begin..end);
        match line.trim().split_once(':') {
            Some((key, value)) => {
                said.help(format!("put a blank after the colon: `{key}: {}`", value.trim()))
            }
            None => said.help("a key ends with a colon, and text of many lines begins with `|`"),
        }
    }
}
