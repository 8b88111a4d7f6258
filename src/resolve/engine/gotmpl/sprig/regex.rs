//! Regular expressions in Go's dialect, translated for the engine of the `regex` crate.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::util::syntax;

use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::text_fits;
use crate::resolve::engine::gotmpl::value::{Elem, Value};

const S: &[Type] = &[Type::Str];
const SS: &[Type] = &[Type::Str, Type::Str];
const SSS: &[Type] = &[Type::Str, Type::Str, Type::Str];
const SSI: &[Type] = &[Type::Str, Type::Str, Type::Int];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    // A pattern that is none matches nothing here, and is an error in all others.
    Function::pure("regexMatch", SS, |args| {
        Ok(Value::Bool(compile(args.text(0), false).is_ok_and(|regex| regex.is_match(args.text(1)))))
    }),
    Function::pure("mustRegexMatch", SS, |args| {
        Ok(Value::Bool(compile(args.text(0), false)?.is_match(args.text(1))))
    }),
    Function::pure("regexFind", SS, |args| find(args, true)),
    Function::pure("mustRegexFind", SS, |args| find(args, false)),
    Function::pure("regexFindAll", SSI, |args| find_all(args, true)),
    Function::pure("mustRegexFindAll", SSI, |args| find_all(args, false)),
    Function::pure("regexReplaceAll", SSS, |args| replace(args, true, false)),
    Function::pure("mustRegexReplaceAll", SSS, |args| replace(args, false, false)),
    Function::pure("regexReplaceAllLiteral", SSS, |args| replace(args, true, true)),
    Function::pure("mustRegexReplaceAllLiteral", SSS, |args| replace(args, false, true)),
    Function::pure("regexSplit", SSI, |args| split(args, true)),
    Function::pure("mustRegexSplit", SSI, |args| split(args, false)),
    Function::pure("regexQuoteMeta", S, |args| Ok(Value::from(quote_meta(args.text(0))))),
];

fn quote_meta(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if "\\.+*?()|[]{}^$".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Patterns that are kept: a template asks for its few again for every resource.
const MANY: usize = 64;

/// How large a compiled pattern may be, in bytes.
const LARGEST: usize = 10 << 20;

/// Compiles a pattern; `panics` picks the words of the forms that cannot return an error.
fn compile(pattern: &str, panics: bool) -> Result<Regex, String> {
    static KEPT: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = kept.get(pattern) {
        return Ok(regex.clone());
    }
    let regex = compiled(pattern, panics)?;
    if kept.len() >= MANY {
        kept.clear();
    }
    kept.insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}

/// How patterns are compiled. They meet texts of a few words, so that what makes a search of long ones faster would cost
/// more than it brings.
fn quick() -> Config {
    Config::new().hybrid(false).dfa(false).onepass(false).nfa_size_limit(Some(LARGEST))
}

fn compiled(pattern: &str, panics: bool) -> Result<Regex, String> {
    let built = super::dialect::translate(pattern).and_then(|spelled| {
        let syntax = syntax::Config::new().octal(true);
        let built = Regex::builder().configure(quick()).syntax(syntax).build(&spelled);
        built.map_err(|error| reason(pattern, &error))
    });
    built.map_err(|reason| {
        let error = format!("error parsing regexp: {reason}");
        if panics { format!("regexp: Compile({}): {error}", literal(pattern)) } else { error }
    })
}

fn literal(pattern: &str) -> String {
    if pattern.contains('`') {
        crate::resolve::engine::gotmpl::quote::quote(pattern)
    } else {
        format!("`{pattern}`")
    }
}

/// Go's words for the usual mistakes, our crate's for the others.
fn reason(pattern: &str, error: &BuildError) -> String {
    let Some(syntax) = error.syntax_error() else { return format!("expression is too large: `{pattern}`") };
    let text = syntax.to_string();
    let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
    match last {
        "unclosed character class" => {
            let start = pattern.rfind('[').unwrap_or(0);
            format!("missing closing ]: `{}`", pattern.get(start..).unwrap_or_default())
        }
        "unclosed group" => format!("missing closing ): `{pattern}`"),
        "unopened group" => format!("unexpected ): `{pattern}`"),
        "repetition operator missing expression" => {
            let operator = pattern.trim_start_matches(['^', '(', '|']).chars().next().unwrap_or('*');
            format!("missing argument to repetition operator: `{operator}`")
        }
        "invalid character class range, the start must be <= the end" => {
            let letters: Vec<char> = pattern.chars().collect();
            let range = letters.windows(3).find(|range| matches!(range, [from, '-', to] if from > to));
            format!(
                "invalid character class range: `{}`",
                range.unwrap_or_default().iter().collect::<String>()
            )
        }
        other => other.to_owned(),
    }
}

/// How many matches are wanted; nothing when none are.
fn wanted(count: i64) -> Option<usize> {
    match count {
        0 => None,
        _ => Some(usize::try_from(count).unwrap_or(usize::MAX)),
    }
}

fn piece(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

fn find(args: &Args, panics: bool) -> Outcome {
    let regex = compile(args.text(0), panics)?;
    Ok(Value::from(regex.find(args.text(1)).map_or("", |found| piece(args.text(1), found.range()))))
}

fn find_all(args: &Args, panics: bool) -> Outcome {
    let regex = compile(args.text(0), panics)?;
    let most = wanted(args.int(2)).unwrap_or(0);
    let text = args.text(1);
    let found: Vec<&str> = regex.find_iter(text).take(most).map(|found| piece(text, found.range())).collect();
    Ok(if found.is_empty() { Value::nil_list(Elem::Str) } else { Value::strings(found) })
}

fn replace(args: &Args, panics: bool, literal: bool) -> Outcome {
    let regex = compile(args.text(0), panics)?;
    let (text, new) = (args.text(1), args.text(2));
    let mut out = String::new();
    let mut end = 0;
    for found in regex.captures_iter(text) {
        let Some(whole) = found.get_match() else { continue };
        out.push_str(text.get(end..whole.start()).unwrap_or_default());
        if literal {
            out.push_str(new);
        } else {
            found.interpolate_string_into(text, new, &mut out);
        }
        end = whole.end();
        text_fits(out.len())?;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Ok(Value::from(out))
}

fn split(args: &Args, panics: bool) -> Outcome {
    let regex = compile(args.text(0), panics)?;
    let text = args.text(1);
    let Some(most) = wanted(args.int(2)) else { return Ok(Value::nil_list(Elem::Str)) };
    if !args.text(0).is_empty() && text.is_empty() {
        return Ok(Value::strings([""]));
    }
    let mut pieces = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in regex.find_iter(text).take(most) {
        if pieces.len() + 1 == most {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            pieces.push(text.get(start..end).unwrap_or_default());
        }
        start = found.end();
    }
    if end != text.len() {
        pieces.push(text.get(start..).unwrap_or_default());
    }
    Ok(Value::strings(pieces))
}
