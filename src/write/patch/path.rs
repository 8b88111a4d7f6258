//! The paths of patches: dots between steps, a backslash before a character that is meant as it is, `:` before a number
//! that is a key. `*`, `?`, `#` and `|` ask for what is there.

use crate::model::tree::{Map, Tree};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// A key, or an index where a list is.
    Plain(String),
    /// A key, even when it is a number.
    Key(String),
    /// A key with `*` or `?` in it: the first that fits.
    Like(String),
    /// `#`: every item of a list.
    Every,
    /// `#(key==value)`: the first item that fits, or with a `#` behind it every one.
    Where { key: String, same: bool, value: String, every: bool },
    /// Something that only asks and never leads to a place.
    Nowhere,
}

/// A parsed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    steps: Vec<Step>,
    piped: bool,
}

impl Route {
    /// Parses a path.
    ///
    /// # Errors
    /// When it is empty.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("path cannot be empty".to_owned());
        }
        let mut steps = Vec::new();
        let mut piped = false;
        let mut chars = text.chars().peekable();
        loop {
            let forced = chars.next_if_eq(&':').is_some();
            let (mut word, mut asks, mut depth) = (String::new(), false, 0_u32);
            let mut ended = true;
            while let Some(c) = chars.next() {
                match c {
                    '\\' => word.extend(chars.next()),
                    '.' | '|' if depth == 0 => {
                        // Whoever writes `|` asks, even where every step is plain.
                        piped |= c == '|';
                        ended = false;
                        break;
                    }
                    _ => {
                        depth = match c {
                            '(' if word.starts_with('#') => depth + 1,
                            ')' => depth.saturating_sub(1),
                            _ => depth,
                        };
                        asks |= matches!(c, '#' | '@' | '*' | '?');
                        word.push(c);
                    }
                }
            }
            steps.push(step(word, forced, asks));
            if ended {
                return Ok(Self { steps, piped });
            }
        }
    }

    fn asks(&self) -> bool {
        self.piped || self.steps.iter().any(|step| !matches!(step, Step::Plain(_) | Step::Key(_)))
    }

    /// Sets a value. Maps and lists on the way are made; a scalar on the way gives way. A path that asks changes only
    /// what is there.
    ///
    /// # Errors
    /// When a word stands where a list wants a number.
    pub(super) fn set(&self, tree: &mut Tree, value: &Tree) -> Result<(), String> {
        if self.asks() {
            for place in places(tree, &self.steps) {
                *place = value.clone();
            }
            return Ok(());
        }
        set(tree, &self.steps, value)
    }

    /// Removes a value; what is not there need not be removed.
    ///
    /// # Errors
    /// When the path asks, or a word stands where a list wants a number.
    pub(super) fn delete(&self, tree: &mut Tree) -> Result<(), String> {
        if self.asks() {
            return Err("cannot delete value from a complex path".to_owned());
        }
        delete(tree, &self.steps)
    }
}

fn step(word: String, forced: bool, asks: bool) -> Step {
    if forced {
        return Step::Key(word);
    }
    if !asks {
        return Step::Plain(word);
    }
    if word == "#" {
        return Step::Every;
    }
    if let Some(query) = word.strip_prefix("#(") {
        let (query, every) = match query.strip_suffix(")#") {
            Some(query) => (query, true),
            None => (query.strip_suffix(')').unwrap_or(query), false),
        };
        let parts = [("==", true), ("!=", false), ("=", true)]
            .into_iter()
            .find_map(|(sign, same)| query.split_once(sign).map(|(key, value)| (key, same, value)));
        let Some((key, same, value)) = parts else { return Step::Nowhere };
        return Step::Where { key: key.to_owned(), same, value: value.trim_matches('"').to_owned(), every };
    }
    if word.contains(['#', '@']) { Step::Nowhere } else { Step::Like(word) }
}

fn set(tree: &mut Tree, steps: &[Step], value: &Tree) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else {
        *tree = value.clone();
        return Ok(());
    };
    let word = match step {
        Step::Plain(word) | Step::Key(word) => word,
        Step::Like(_) | Step::Every | Step::Where { .. } | Step::Nowhere => return Ok(()),
    };
    if let Tree::List(list) = tree {
        let index = index(word, list.len())?;
        while list.len() <= index {
            list.push(Tree::Null);
        }
        return list.get_mut(index).map_or(Ok(()), |item| set(item, rest, value));
    }
    if let Tree::Map(map) = tree {
        return set(map.entry(word.clone()).or_default(), rest, value);
    }
    let numeric = matches!(step, Step::Plain(word) if word == "-1" || word.parse::<usize>().is_ok());
    *tree = if numeric { Tree::List(Vec::new()) } else { Tree::Map(Map::new()) };
    set(tree, steps, value)
}

fn delete(tree: &mut Tree, steps: &[Step]) -> Result<(), String> {
    let Some((Step::Plain(word) | Step::Key(word), rest)) = steps.split_first() else { return Ok(()) };
    match (tree, rest.is_empty()) {
        (Tree::Map(map), true) => {
            map.remove(word);
        }
        (Tree::Map(map), false) => {
            if let Some(below) = map.get_mut(word) {
                return delete(below, rest);
            }
        }
        (Tree::List(list), is_last) => {
            // A word finds nothing in a list.
            let found = if word == "-1" { list.len().checked_sub(1) } else { word.parse::<usize>().ok() };
            let Some(index) = found else { return Ok(()) };
            match (list.get_mut(index), is_last) {
                (Some(_), true) => {
                    list.remove(index);
                }
                (Some(below), false) => return delete(below, rest),
                (None, _) => {}
            }
        }
        _ => {}
    }
    Ok(())
}

/// The index that a word means in a list; `-1` is behind its end.
fn index(word: &str, length: usize) -> Result<usize, String> {
    const MOST: usize = 100_000;
    if word == "-1" {
        return Ok(length);
    }
    match word.parse::<usize>() {
        Ok(index) if index <= MOST => Ok(index),
        Ok(index) => Err(format!("the index {index} is too large")),
        Err(_) => Err(format!("cannot set array element for non-numeric key '{word}'")),
    }
}

/// The places that a path which asks leads to.
fn places<'t>(tree: &'t mut Tree, steps: &[Step]) -> Vec<&'t mut Tree> {
    let Some((step, rest)) = steps.split_first() else { return vec![tree] };
    let below = |tree: &'t mut Tree| places(tree, rest);
    match (step, tree) {
        (Step::Plain(word) | Step::Key(word), Tree::Map(map)) => {
            map.get_mut(word).map(below).unwrap_or_default()
        }
        (Step::Plain(word), Tree::List(list)) => {
            let found = word.parse::<usize>().ok().and_then(|index| list.get_mut(index));
            found.map(below).unwrap_or_default()
        }
        // The first key that fits and leads on to the end of the path.
        (Step::Like(pattern), Tree::Map(map)) => map
            .iter_mut()
            .filter(|(key, _)| like(pattern, key))
            .map(|(_, value)| below(value))
            .find(|found| !found.is_empty())
            .unwrap_or_default(),
        (Step::Every, Tree::List(list)) => list.iter_mut().flat_map(below).collect(),
        (Step::Where { key, same, value, every }, Tree::List(list)) => {
            let fits = |item: &&mut Tree| (text(item.get(key)) == *value) == *same;
            let most = if *every { usize::MAX } else { 1 };
            list.iter_mut().filter(fits).take(most).flat_map(below).collect()
        }
        _ => Vec::new(),
    }
}

fn text(tree: Option<&Tree>) -> String {
    match tree {
        Some(Tree::Str(text)) => text.clone(),
        Some(other) => other.to_json().to_string(),
        None => String::new(),
    }
}

/// Whether a key fits a pattern of `*` (anything) and `?` (any one character). However many stars there are, each character
/// of the pattern is held against the key once.
fn like(pattern: &str, key: &str) -> bool {
    let key: Vec<char> = key.chars().collect();
    // Whether the pattern so far fits the key up to each of its places.
    let mut fits: Vec<bool> = std::iter::once(true).chain(key.iter().map(|_| false)).collect();
    for wanted in pattern.chars() {
        if wanted == '*' {
            let mut before = false;
            for here in &mut fits {
                before |= *here;
                *here = before;
            }
        } else {
            let next = fits.iter().zip(&key).map(|(before, c)| *before && (wanted == '?' || wanted == *c));
            fits = std::iter::once(false).chain(next).collect();
        }
    }
    fits.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(json: &str) -> Tree {
        Tree::from(serde_json::from_str::<serde_json::Value>(json).expect(json))
    }

    #[test]
    fn patterns() {
        for (pattern, key, expected) in [
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "a.b.b.c", true),
            ("?", "", false),
            ("a?c", "aéc", true),
            ("a?c", "ac", false),
            ("*b", "abc", false),
            ("", "a", false),
        ] {
            assert_eq!(like(pattern, key), expected, "{pattern} {key}");
        }
        // Stars do not multiply.
        assert!(!like(&format!("{}s", "*".repeat(200)), &"a".repeat(200)));
    }

    #[test]
    fn paths_set_and_delete() {
        let rows = [
            ("set", "a.b", r#"{"a":{"b":1}}"#, r#"{"a":{"b":9}}"#),
            ("set", "a.c.d", r#"{"a":{"b":1}}"#, r#"{"a":{"b":1,"c":{"d":9}}}"#),
            ("set", r"a\.b", "{}", r#"{"a.b":9}"#),
            ("set", "a.1", r#"{"a":[1,2]}"#, r#"{"a":[1,9]}"#),
            ("set", "a.-1", r#"{"a":[1]}"#, r#"{"a":[1,9]}"#),
            ("set", "a.-1", "{}", r#"{"a":[9]}"#),
            ("set", "a.2", "{}", r#"{"a":[null,null,9]}"#),
            ("set", "a.:2", "{}", r#"{"a":{"2":9}}"#),
            ("set", "a.2", r#"{"a":{}}"#, r#"{"a":{"2":9}}"#),
            ("set", "a.b", r#"{"a":5}"#, r#"{"a":{"b":9}}"#),
            ("set", "a.x", r#"{"a":[1]}"#, "error"),
            ("set", "a.*", r#"{"a":{"k":1}}"#, r#"{"a":{"k":9}}"#),
            ("set", "*.n", r#"{"a":1,"b":{"n":1},"c":{"n":1}}"#, r#"{"a":1,"b":{"n":9},"c":{"n":1}}"#),
            ("set", "a|b", "{}", "{}"),
            ("set", "a|b", r#"{"a":{"b":1}}"#, r#"{"a":{"b":9}}"#),
            ("set", "a.z*", r#"{"a":{"k":1}}"#, r#"{"a":{"k":1}}"#),
            ("set", "a.#.n", r#"{"a":[{"n":1},{"n":2}]}"#, r#"{"a":[{"n":9},{"n":9}]}"#),
            (
                "set",
                r#"a.#(n=="x").v"#,
                r#"{"a":[{"n":"y","v":1},{"n":"x","v":1}]}"#,
                r#"{"a":[{"n":"y","v":1},{"n":"x","v":9}]}"#,
            ),
            ("set", "", "{}", "error"),
            ("delete", "a.b", r#"{"a":{"b":1}}"#, r#"{"a":{}}"#),
            ("delete", "a.z.b", r#"{"a":{}}"#, r#"{"a":{}}"#),
            ("delete", "a.0", r#"{"a":[1,2]}"#, r#"{"a":[2]}"#),
            ("delete", "a.-1", r#"{"a":[1,2]}"#, r#"{"a":[1]}"#),
            ("delete", "a.7", r#"{"a":[1,2]}"#, r#"{"a":[1,2]}"#),
            ("delete", "a.*", "{}", "error"),
            ("set", "n", r#"{"n":1000650000}"#, r#"{"n":9}"#),
        ];
        for (op, path, before, after) in rows {
            let mut made = tree(before);
            let done = Route::parse(path).and_then(|route| match op {
                "set" => route.set(&mut made, &Tree::Int(9)),
                _ => route.delete(&mut made),
            });
            match done {
                Ok(()) => assert_eq!(made, tree(after), "{op} {path} in {before}"),
                Err(_) => assert_eq!(after, "error", "{op} {path} in {before}"),
            }
        }
    }
}
