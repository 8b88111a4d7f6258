//! The command line as the Go tools read theirs: flags anywhere, `--flag value`, `--flag=value`, `-f value`, `-fvalue`,
//! `--` before what only looks like a flag.

use std::collections::BTreeMap;

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing, or `=true` and `=false`.
    Switch,
    /// Nothing; every time counts.
    Count,
    /// One text; the last one wins.
    Text,
    /// One text each time.
    Texts,
}

/// A flag.
#[derive(Debug)]
pub(super) struct Flag {
    /// Its name after `--`.
    pub long: &'static str,
    /// Its letter after `-`.
    pub short: Option<char>,
    /// What it takes.
    pub takes: Takes,
    /// Its value when it is not given.
    pub default: &'static str,
    /// What it is for.
    pub help: &'static str,
}

/// Shorthand for a table of flags.
pub(super) const fn flag(long: &'static str, short: Option<char>, takes: Takes, help: &'static str) -> Flag {
    Flag { long, short, takes, default: "", help }
}

impl Flag {
    /// The same flag with a default.
    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }
}

/// A parsed command line.
#[derive(Debug, Default)]
pub(super) struct Given {
    values: BTreeMap<&'static str, Vec<String>>,
    /// What is not a flag.
    pub words: Vec<String>,
}

impl Given {
    /// Reads arguments. What is wrong with them is a sentence.
    pub(super) fn read(flags: &[&'static Flag], arguments: &[String]) -> Result<Self, String> {
        let mut given = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--" {
                given.words.extend(rest.by_ref().cloned());
            } else if let Some(long) = argument.strip_prefix("--") {
                given.long(flags, long, &mut rest)?;
            } else if let Some(letters) = argument.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                given.short(flags, letters, argument, &mut rest)?;
            } else {
                given.words.push(argument.clone());
            }
        }
        Ok(given)
    }

    fn long<'a>(
        &mut self,
        flags: &[&'static Flag],
        text: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        if name.is_empty() || name.starts_with('-') {
            return Err(format!("bad flag syntax: --{text}"));
        }
        let Some(flag) = flags.iter().find(|flag| flag.long == name) else {
            return Err(format!("unknown flag: --{name}"));
        };
        let value = match (flag.takes, value) {
            (_, Some(value)) => value.to_owned(),
            (Takes::Switch, None) => "true".to_owned(),
            (Takes::Count, None) => "+1".to_owned(),
            (Takes::Text | Takes::Texts, None) => {
                rest.next().cloned().ok_or_else(|| format!("flag needs an argument: --{name}"))?
            }
        };
        self.keep(flag, value)
    }

    fn short<'a>(
        &mut self,
        flags: &[&'static Flag],
        letters: &str,
        argument: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            let Some(flag) = flags.iter().find(|flag| flag.short == Some(letter)) else {
                return Err(format!("unknown shorthand flag: '{letter}' in {argument}"));
            };
            let tail = letters.as_str();
            let value = match (flag.takes, tail.strip_prefix('=')) {
                (_, Some(value)) => value.to_owned(),
                (Takes::Switch, None) => "true".to_owned(),
                (Takes::Count, None) => "+1".to_owned(),
                (Takes::Text | Takes::Texts, None) if !tail.is_empty() => tail.to_owned(),
                (Takes::Text | Takes::Texts, None) => rest
                    .next()
                    .cloned()
                    .ok_or_else(|| format!("flag needs an argument: '{letter}' in {argument}"))?,
            };
            let ends = tail.starts_with('=') || matches!(flag.takes, Takes::Text | Takes::Texts);
            self.keep(flag, value)?;
            if ends {
                break;
            }
        }
        Ok(())
    }

    fn keep(&mut self, flag: &'static Flag, value: String) -> Result<(), String> {
        let wrong = match flag.takes {
            Takes::Switch => {
                !["true", "false", "1", "0", "t", "f", "T", "F", "TRUE", "FALSE", "True", "False"]
                    .contains(&value.as_str())
            }
            Takes::Count => value.parse::<i64>().is_err(),
            Takes::Text | Takes::Texts => false,
        };
        if wrong {
            let short = flag.short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
            let reader = if flag.takes == Takes::Count { "ParseInt" } else { "ParseBool" };
            return Err(format!(
                "invalid argument \"{value}\" for \"{short}--{}\" flag: strconv.{reader}: parsing \"{value}\": invalid syntax",
                flag.long
            ));
        }
        self.values.entry(flag.long).or_default().push(value);
        Ok(())
    }

    /// True when a switch is on.
    pub(super) fn on(&self, name: &str) -> bool {
        self.last(name).is_some_and(|value| ["true", "1", "t", "T", "TRUE", "True"].contains(&value))
    }

    /// How often a counter was given.
    pub(super) fn count(&self, name: &str) -> i64 {
        self.all(name).iter().fold(0, |sum, value| match value.strip_prefix('+') {
            Some(_) => sum + 1,
            None => value.parse().unwrap_or(sum),
        })
    }

    /// The text of a flag, or its default.
    pub(super) fn text<'a>(&'a self, flag: &'a Flag) -> &'a str {
        self.last(flag.long).unwrap_or(flag.default)
    }

    /// Every text of a flag.
    pub(super) fn all(&self, name: &str) -> &[String] {
        match self.values.get(name).map_or(&[] as &[String], Vec::as_slice) {
            // compat(score-compose, score-k8s): one empty text is none.
            [only] if only.is_empty() => &[],
            all => all,
        }
    }

    /// True when a flag was given at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    fn last(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.last().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static QUIET: Flag = flag("quiet", None, Takes::Switch, "");
    static VERBOSE: Flag = flag("verbose", Some('v'), Takes::Count, "");
    static OUTPUT: Flag = flag("output", Some('o'), Takes::Text, "").or("compose.yaml");
    static PUBLISH: Flag = flag("publish", Some('p'), Takes::Texts, "");

    fn read(line: &str) -> Result<Given, String> {
        let words: Vec<String> = line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Given::read(&[&QUIET, &VERBOSE, &OUTPUT, &PUBLISH], &words)
    }

    #[test]
    fn lines_are_read_as_go_reads_them() {
        let rows = [
            ("a.yaml -o - b.yaml", "-", 0, 2, 0),
            ("-vvo=x --publish 1:a:2 -p2:b:3", "x", 2, 0, 2),
            ("--verbose=3 --output= -- -p", "", 3, 1, 0),
            ("-v --verbose", "compose.yaml", 2, 0, 0),
        ];
        for (line, output, verbose, words, publish) in rows {
            let given = read(line).expect(line);
            assert_eq!(given.text(&OUTPUT), output, "{line}");
            assert_eq!(given.count("verbose"), verbose, "{line}");
            assert_eq!(given.words.len(), words, "{line}");
            assert_eq!(given.all("publish").len(), publish, "{line}");
        }
        for line in ["--bogus", "-x", "-o", "--quiet=maybe", "--verbose=x", "---o", "--=x"] {
            assert!(read(line).is_err(), "{line}");
        }
        assert!(!read("--quiet --quiet=false").expect("legal").on("quiet"));
        assert!(read("--publish=").expect("legal").all("publish").is_empty());
    }
}
