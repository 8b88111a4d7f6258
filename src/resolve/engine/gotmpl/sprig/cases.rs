//! `snakecase`, `kebabcase` and `camelcase`: finds words by kinds of letters.

use super::strings::{lower_letter, upper_letter};

/// What a run of letters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    None,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

fn is_connector(letter: char) -> bool {
    matches!(letter, '-' | '_') || letter.is_whitespace()
}

fn is_punctuation(letter: char) -> bool {
    // `$+<=>^`|~` are symbols rather than punctuation.
    letter.is_ascii_punctuation() && !"$+<=>^`|~".contains(letter)
        || matches!(letter, '«' | '»' | '¿' | '¡' | '§' | '¶' | '·' | '‐'..='‧' | '‰'..='⁃' | '、'..='】')
}

/// Letters that have a case.
fn is_alphabet(letter: char) -> bool {
    letter.is_uppercase() || letter.is_lowercase()
}

fn kind(letter: char) -> Word {
    if is_connector(letter) {
        Word::Connector
    } else if is_punctuation(letter) {
        Word::Punctuation
    } else if letter.is_uppercase() {
        Word::Upper
    } else if is_alphabet(letter) {
        Word::Alphabet
    } else if letter.is_numeric() {
        Word::Number
    } else {
        Word::Other
    }
}

/// The length of the run of letters that satisfy a test.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// The first word of a text and what follows it.
fn next_word(text: &str) -> (Word, &str, &str) {
    let Some(first) = text.chars().next() else { return (Word::None, "", "") };
    let word = kind(first);
    let small = |letter| is_alphabet(letter) && !char::is_uppercase(letter);
    let length = match word {
        Word::Connector => run(text, is_connector),
        Word::Punctuation => run(text, is_punctuation),
        Word::Upper => upper_word(text, first, small),
        Word::Alphabet => run(text, small),
        Word::Number => run(text, char::is_numeric),
        Word::None | Word::Other => run(text, |letter| kind(letter) == Word::Other),
    };
    let (word_text, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    (word, word_text, rest)
}

/// A capital with the small letters after it, or capitals up to the one that starts the next word.
fn upper_word(text: &str, first: char, small: impl Fn(char) -> bool) -> usize {
    let capitals = run(text, char::is_uppercase);
    let rest = text.get(capitals..).unwrap_or_default();
    if capitals == first.len_utf8() {
        return capitals + run(rest, small);
    }
    let last = text.get(..capitals).and_then(|capitals| capitals.chars().last());
    if rest.starts_with(is_alphabet) { capitals - last.map_or(0, char::len_utf8) } else { capitals }
}

fn push(out: &mut String, word: Word, text: &str, connector: char) {
    if word != Word::Upper && word != Word::Connector {
        out.push_str(text);
        return;
    }
    out.extend(text.chars().map(|letter| match letter {
        _ if is_connector(letter) => connector,
        _ if letter.is_uppercase() => lower_letter(letter),
        _ => letter,
    }));
}

/// Small words joined by a connector.
pub fn joined(text: &str, connector: char) -> String {
    let mut out = String::new();
    let (mut word, mut piece, mut rest) = next_word(text);
    while !rest.is_empty() {
        if word != Word::Connector {
            push(&mut out, word, piece, connector);
        }
        let (before, last) = (word, piece);
        (word, piece, rest) = next_word(rest);
        match before {
            Word::Number => {
                while matches!(word, Word::Alphabet | Word::Number) {
                    push(&mut out, word, piece, connector);
                    (word, piece, rest) = next_word(rest);
                }
                connect(&mut out, word, connector);
            }
            Word::Connector => push(&mut out, before, last, connector),
            Word::Punctuation => {}
            _ if word != Word::Number => connect(&mut out, word, connector),
            _ if rest.is_empty() => {}
            _ => {
                let number = piece;
                (word, piece, rest) = next_word(rest);
                if word == Word::Alphabet {
                    out.push(connector);
                    push(&mut out, Word::Number, number, connector);
                    while matches!(word, Word::Alphabet | Word::Number) {
                        push(&mut out, word, piece, connector);
                        (word, piece, rest) = next_word(rest);
                    }
                } else {
                    push(&mut out, Word::Number, number, connector);
                }
                connect(&mut out, word, connector);
            }
        }
    }
    push(&mut out, word, piece, connector);
    out
}

fn connect(out: &mut String, next: Word, connector: char) {
    if !matches!(next, Word::None | Word::Connector | Word::Punctuation) {
        out.push(connector);
    }
}

/// Words with capitals, connectors left out.
pub fn pascal(text: &str) -> String {
    let mut out = String::new();
    let start = run(text, is_connector);
    let (lead, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    out.push_str(lead);
    let mut letters = rest.chars();
    let Some(first) = letters.next() else {
        // compat(score-k8s): the last of nothing but connectors is written twice.
        out.extend(lead.chars().last());
        return out;
    };
    let mut lowering = first.is_uppercase();
    let mut here = upper_letter(first);
    for letter in letters {
        let before = here;
        here = letter;
        if is_connector(here) && is_connector(before) {
            out.push(before);
            continue;
        }
        if is_connector(before) {
            lowering = here.is_uppercase();
            here = upper_letter(here);
        } else {
            if lowering {
                if here.is_uppercase() {
                    here = lower_letter(here);
                } else {
                    lowering = false;
                }
            }
            out.push(before);
        }
    }
    out.push(here);
    out
}
