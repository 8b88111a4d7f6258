//! An object against the table: every field known, of its type, and there where it must be.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;

use super::here::{Findings, Here, whole};
use super::table::{self, Bounds, Record, Rule, Type};
use super::words;
use crate::model::tree::{Map, Tree};
use crate::target::kubernetes::quantity;

/// Judges a value by a block of the table.
pub(super) fn record(name: &'static str, here: &Here<'_>, found: &mut Findings) {
    let Some(record) = table::record(name) else { return };
    let Some(map) = here.tree.as_map() else {
        found.shape(here, format!("is {}, not a map", here.tree.kind()));
        return;
    };
    for (key, value) in map {
        match record.fields.get(key.as_str()) {
            None if matches!(key.as_str(), "apiVersion" | "kind") && table::is_object(name) => {}
            None => found.unknown(here, key, record.fields.keys().copied()),
            Some(_) if *value == Tree::Null => {}
            Some(field) => holds(&field.holds, &here.under(key, value), found),
        }
    }
    for (key, field) in &record.fields {
        if field.required && map.get(*key).is_none_or(|value| *value == Tree::Null) {
            found.missing(here, key);
        }
    }
    rules(record, here, found);
}

fn rules(record: &Record, here: &Here<'_>, found: &mut Findings) {
    let list = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    for rule in &record.rules {
        match rule {
            Rule::One(names) | Rule::AtMostOne(names) => {
                let there: Vec<&str> = names.iter().copied().filter(|name| here.has(name)).collect();
                if there.len() > 1 {
                    found.value(here, format!("has {} at once; one of them may be there", list(&there)));
                } else if there.is_empty() && matches!(rule, Rule::One(_)) {
                    found.value(here, format!("has none of {}", list(names)));
                }
            }
            Rule::Chosen(chooser, pairs) => {
                let chosen = here.text(chooser);
                for (value, name) in pairs {
                    match (*value == chosen, here.has(name)) {
                        (true, false) => found.missing(here, name),
                        (false, true) if !chosen.is_empty() => {
                            found.unfit(here, name, format!("does not go with the {chooser} `{chosen}`"));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

fn holds(kind: &Type, here: &Here<'_>, found: &mut Findings) {
    let tree = here.tree;
    match kind {
        Type::Any => {}
        Type::Record(name) => record(name, here, found),
        Type::List(inner, keys, bounds) => list(inner, keys, *bounds, here, found),
        Type::Map(rule, inner) => map(*rule, inner, here, found),
        Type::Flag if matches!(tree, Tree::Bool(_)) => {}
        Type::Flag => is_not("true or false", here, found),
        Type::Number if matches!(tree, Tree::Int(_) | Tree::Uint(_) | Tree::Float(_)) => {}
        Type::Number => is_not("a number", here, found),
        Type::Int { small, bounds } => integer(*small, *bounds, here, found),
        Type::IntOrText if tree.as_str().is_some() || whole(tree).is_some() => {}
        Type::IntOrText => is_not("an integer or a string", here, found),
        Type::Quantity(bounds) => amount(*bounds, here, found),
        Type::Time if is_time(tree) => {}
        Type::Time => found.shape(here, "is no point in time such as `2026-01-31T08:00:00Z`"),
        Type::Word(rule) => word(rule, here, found),
        Type::Text(_) | Type::Bytes | Type::OneOf(_) | Type::Pattern(..) => text(kind, here, found),
    }
}

fn is_not(wanted: &str, here: &Here<'_>, found: &mut Findings) {
    found.shape(here, format!("is {}, not {wanted}", here.tree.kind()));
}

/// The text of a scalar; a timestamp was text before YAML read it, and is printed as one.
fn as_text(tree: &Tree) -> Option<&str> {
    match tree {
        Tree::Str(text) | Tree::Time(text) => Some(text),
        _ => None,
    }
}

fn text(kind: &Type, here: &Here<'_>, found: &mut Findings) {
    let Some(text) = as_text(here.tree) else {
        is_not("a string", here, found);
        return;
    };
    match kind {
        Type::Text(bounds) => length(text, *bounds, here, found),
        Type::Bytes => {
            let packed: String = text.split_ascii_whitespace().collect();
            if STANDARD.decode(packed).is_err() {
                found.unreadable(here, "is not base64");
            }
        }
        Type::OneOf(names) if !found.types_only && !names.contains(&text) => {
            let list = names.iter().filter(|name| !name.is_empty()).map(|name| format!("`{name}`"));
            let said = format!("is `{text}`, not one of {}", list.collect::<Vec<_>>().join(", "));
            let near = crate::diag::nearest(text, names.iter().copied()).map(str::to_owned);
            found.push(here, &crate::diag::codes::manifest::MANIFEST_VALUE, said, near);
        }
        Type::Pattern(pattern, kept, bounds) => {
            length(text, *bounds, here, found);
            if !matches(pattern, kept, text) {
                found.value(here, format!("is `{text}`, which does not follow `{pattern}`"));
            }
        }
        _ => {}
    }
}

fn matches(pattern: &str, kept: &OnceLock<Option<Regex>>, text: &str) -> bool {
    kept.get_or_init(|| Regex::new(pattern).ok()).as_ref().is_none_or(|regex| regex.is_match(text))
}

fn length(text: &str, bounds: Bounds, here: &Here<'_>, found: &mut Findings) {
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if count == 0 && bounds.least.is_some_and(|least| least > 0) {
        found.value(here, "is empty");
    } else if let Some(said) = bounds.fault(count, "have a length") {
        found.value(here, said);
    }
}

fn word(rule: &str, here: &Here<'_>, found: &mut Findings) {
    let numbers = words::takes_numbers(rule);
    let (is_text, is_number) = (as_text(here.tree).is_some(), whole(here.tree).is_some());
    let fine = (is_text && !words::is_number(rule)) || (numbers && is_number);
    if !fine {
        let wanted = match (numbers, words::is_number(rule)) {
            (_, true) => "an integer",
            (true, false) => "an integer or a string",
            (false, false) => "a string",
        };
        is_not(wanted, here, found);
    } else if whole(here.tree).is_some_and(|number| i32::try_from(number).is_err()) {
        found.shape(here, "does not fit an integer of 32 bits");
    } else if let Some(said) = words::fault(rule, here.tree) {
        found.value(here, shown(here.tree, &said));
    }
}

/// What is said of a value, the value before it where it is short.
fn shown(tree: &Tree, said: &str) -> String {
    match tree.as_str() {
        Some(text) if text.len() <= 80 && !text.is_empty() => format!("is `{text}`, which {said}"),
        _ => said.to_owned(),
    }
}

fn integer(small: bool, bounds: Bounds, here: &Here<'_>, found: &mut Findings) {
    let Some(number) = whole(here.tree) else {
        is_not("an integer", here, found);
        return;
    };
    if small && bounds.most.is_none_or(|most| most <= i64::from(i32::MAX)) && i32::try_from(number).is_err() {
        found.shape(here, "does not fit an integer of 32 bits");
    } else if let Some(said) = bounds.fault(number, "be") {
        found.value(here, said);
    }
}

fn amount(bounds: Bounds, here: &Here<'_>, found: &mut Findings) {
    match here.tree {
        Tree::Int(number) => {
            if let Some(said) = bounds.fault(*number, "be") {
                found.value(here, said);
            }
        }
        Tree::Float(number) if *number < 0.0 && bounds.least == Some(0) => found.value(here, "is below zero"),
        Tree::Uint(_) | Tree::Float(_) => {}
        tree => match as_text(tree) {
            None => is_not("a quantity", here, found),
            Some(text) if !is_quantity(text) => {
                found.unreadable(here, format!("is `{text}`, which is no quantity such as `500m` or `1Gi`"));
            }
            Some(text) if text.starts_with('-') && bounds.least == Some(0) => {
                found.value(here, "is below zero");
            }
            Some(_) => {}
        },
    }
}

/// The forms of a quantity, those with an exponent and a sign included.
fn is_quantity(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    if quantity::parse(text).is_ok() {
        return true;
    }
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    quantity::parse(number).is_ok_and(|_| number.ends_with(|c: char| c.is_ascii_digit() || c == '.'))
        && !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit())
}

fn is_time(tree: &Tree) -> bool {
    match tree {
        Tree::Time(_) => true,
        Tree::Str(text) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            digits >= 14 && text.contains('T') && text.get(4..5) == Some("-")
        }
        _ => false,
    }
}

fn list(inner: &Type, keys: &[&'static str], bounds: Bounds, here: &Here<'_>, found: &mut Findings) {
    let Some(items) = here.tree.as_list() else {
        is_not("a list", here, found);
        return;
    };
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if count == 0 && bounds.least == Some(1) {
        found.value(here, "is empty");
    } else if let Some(said) = bounds.fault(count, "have a number of items") {
        found.value(here, said);
    }
    let mut seen = BTreeSet::new();
    let nothing = Tree::Map(Map::default());
    for (index, item) in items.iter().enumerate() {
        // An API server reads null as an empty text, and as an object without fields.
        let (is_null, is_record) = (*item == Tree::Null, matches!(inner, Type::Record(_)));
        let item = if is_null && is_record { &nothing } else { item };
        let place = here.item(index, item);
        if is_null && !is_record {
            if !found.types_only && !matches!(inner, Type::Text(_)) {
                found.shape(&place, "is null");
            }
            continue;
        }
        holds(inner, &place, found);
        if !keys.is_empty() && !seen.insert(identity(item, keys)) {
            let what: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            let said = if keys == ["*"] {
                "is there twice".to_owned()
            } else {
                format!("has the {} of an earlier item", what.join(" and "))
            };
            found.value(&place, said);
        }
    }
}

fn identity(item: &Tree, keys: &[&str]) -> Vec<String> {
    let part = |key: &&str| if *key == "*" { Some(item) } else { item.get(key) };
    keys.iter().map(|key| part(key).map(|part| part.to_json().to_string()).unwrap_or_default()).collect()
}

fn map(rule: Option<&str>, inner: &Type, here: &Here<'_>, found: &mut Findings) {
    let Some(entries) = here.tree.as_map() else {
        is_not("a map", here, found);
        return;
    };
    for (key, value) in entries {
        let place = here.under(key, value);
        if let Some(said) = rule.and_then(|rule| words::fault(rule, &Tree::from(key.as_str()))) {
            found.value(&place, format!("has a key that Kubernetes does not take: it {said}"));
        }
        if *value != Tree::Null {
            holds(inner, &place, found);
        }
    }
}
