//! Two lists of texts in, what makes one of the other out, and two texts as a unified difference.
//!
//! One algorithm on one type: the compiler makes a copy of all that is generic for each, and they are large.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::{DiffOp, DiffableStr, group_diff_ops};

/// How many lines are shown around a change.
const AROUND: usize = 3;

/// The steps that make the new list of the old one.
pub(super) fn steps<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<DiffOp> {
    let mut known = BTreeMap::new();
    let mut number = |text: &&'a str| {
        let next = known.len();
        *known.entry(*text).or_insert(next)
    };
    let old: Vec<usize> = old.iter().map(&mut number).collect();
    let new: Vec<usize> = new.iter().map(&mut number).collect();
    let mut found = Compact::new(Replace::new(Capture::new()), &old, &new);
    let Ok(()) = myers::diff(&mut found, &old, 0..old.len(), &new, 0..new.len());
    found.into_inner().into_inner().into_ops()
}

/// What changes between two texts, with the names of both; empty where they are equal.
pub fn unified(before: &str, after: &str, from: &str, to: &str) -> String {
    let (old, new) = (before.tokenize_lines(), after.tokenize_lines());
    let mut out = String::new();
    for hunk in group_diff_ops(steps(&old, &new), AROUND) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        if out.is_empty() {
            out = format!("--- {from}\n+++ {to}\n");
        }
        let was = shown(first.old_range().start..last.old_range().end);
        let is = shown(first.new_range().start..last.new_range().end);
        writeln!(out, "@@ -{was} +{is} @@").unwrap_or_default();
        for step in &hunk {
            if matches!(step, DiffOp::Equal { .. }) {
                put(&mut out, ' ', &old, step.old_range());
            } else {
                put(&mut out, '-', &old, step.old_range());
                put(&mut out, '+', &new, step.new_range());
            }
        }
    }
    out
}

fn put(out: &mut String, sign: char, lines: &[&str], range: Range<usize>) {
    for line in lines.get(range).unwrap_or_default() {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with_newline() {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// A stretch of lines as a unified difference counts them: from one, and nothing stands after the line before it.
fn shown(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        many => format!("{},{many}", lines.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use similar::{Algorithm, TextDiff, capture_diff_slices};

    use super::{steps, unified};

    /// What the crate prints of two texts is what is printed here, and its steps are these.
    #[test]
    fn differences_are_those_of_the_crate() {
        let mut state = 1_u64;
        let mut throw = |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        };
        for round in 0..300 {
            let long = if round % 10 == 0 { 400 } else { 30 };
            let lines: Vec<String> =
                (0..throw(long)).map(|_| format!("line {}\n", throw(long / 2))).collect();
            let mut other = lines.clone();
            for _ in 0..throw(12) {
                let at = usize::try_from(throw(other.len() as u64 + 1)).unwrap_or_default();
                match throw(3) {
                    0 => other.insert(at, format!("new {}\r\n", throw(4))),
                    1 if at < other.len() => drop(other.remove(at)),
                    _ if at < other.len() => other.swap(0, at),
                    _ => {}
                }
            }
            let (before, mut after) = (lines.concat(), other.concat());
            if round % 3 == 0 {
                after.pop();
            }
            let theirs = TextDiff::from_lines(&before, &after);
            let theirs = theirs.unified_diff().context_radius(3).header("a", "b").to_string();
            assert_eq!(unified(&before, &after, "a", "b"), theirs, "{before:?} {after:?}");
            let (old, new): (Vec<&str>, Vec<&str>) =
                (lines.iter().map(String::as_str).collect(), other.iter().map(String::as_str).collect());
            assert_eq!(steps(&old, &new), capture_diff_slices(Algorithm::Myers, &old, &new));
        }
        assert_eq!(
            unified("a\n", "b", "x", "y"),
            "--- x\n+++ y\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n"
        );
    }
}
