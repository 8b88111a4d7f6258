//! `__complete`: what the completion scripts of the Go tools ask for. Whoever installed one keeps it.

use std::fmt::Write as _;

use crate::cli::upstream::Tool;
use crate::cli::upstream::args::{Flag, Takes};
use crate::cli::upstream::commands::{GLOBAL, VERSION};
use crate::cli::{Exit, Screen};

/// The shells that `completion` knows.
pub(super) const SHELLS: [&str; 4] = ["bash", "fish", "powershell", "zsh"];

/// Whether the shell may offer files where nothing is offered here.
#[derive(Clone, Copy)]
enum Files {
    Offered,
    Kept,
}

/// An offer: a word and what it is for.
type Offer = (String, String);

/// Answers a script. `words` is the line after the program's name, the last one being typed.
pub(super) fn answer(tool: &Tool, words: &[String], described: bool, screen: &mut Screen<'_>) -> Exit {
    let Some((typed, before)) = words.split_last() else {
        screen.say("Error: requires at least 1 arg(s), only received 0\n");
        return Exit::Wrong;
    };
    let (offers, files) = offers(tool, before, typed);
    let mut text = String::new();
    for (word, about) in offers {
        let _ = if described && !about.is_empty() {
            writeln!(text, "{word}\t{about}")
        } else {
            writeln!(text, "{word}")
        };
    }
    let (number, name) = match files {
        Files::Offered => (0, "ShellCompDirectiveDefault"),
        Files::Kept => (4, "ShellCompDirectiveNoFileComp"),
    };
    let _ = writeln!(text, ":{number}");
    screen.print(text);
    screen.say(format!("Completion ended with directive: {name}\n"));
    Exit::Fine
}

fn offers(tool: &Tool, before: &[String], typed: &str) -> (Vec<Offer>, Files) {
    let none = (Vec::new(), Files::Offered);
    let mut path: Vec<&str> = Vec::new();
    let mut words = before.iter();
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            // The next word is the flag's value.
            if takes_next(&flags(tool, &path), word) && words.next().is_none() {
                return none;
            }
        } else {
            let known = steps(tool, &path).iter().any(|(step, _)| step == word);
            if path.is_empty() && !known {
                return none;
            }
            if known {
                path.push(word);
            }
        }
    }
    let begins = |(word, _): &Offer| word.starts_with(typed);
    if typed.starts_with('-') {
        if typed.contains('=') {
            return none;
        }
        return (named(&flags(tool, &path)).into_iter().filter(begins).collect(), Files::Kept);
    }
    let steps = steps(tool, &path);
    if steps.is_empty() {
        return none;
    }
    (steps.into_iter().filter(begins).collect(), Files::Kept)
}

/// The flags of a command, those of all commands first.
fn flags(tool: &Tool, path: &[&str]) -> Vec<&'static Flag> {
    let own = tool.commands.iter().find(|command| command.path == path);
    let mut own: Vec<&'static Flag> = own.map_or(Vec::new(), |command| command.flags.to_vec());
    own.extend(GLOBAL.iter().filter(|flag| flag.long == "help"));
    if path.is_empty() {
        own.push(&VERSION);
    }
    own.sort_by_key(|flag| flag.long);
    GLOBAL.iter().copied().filter(|flag| flag.long != "help").chain(own).collect()
}

fn named(flags: &[&Flag]) -> Vec<Offer> {
    let spellings = |flag: &&Flag| {
        let about = flag.help.to_owned();
        let short = flag.short.map(|letter| (format!("-{letter}"), about.clone()));
        [Some((format!("--{}", flag.long), about)), short]
    };
    flags.iter().flat_map(spellings).flatten().collect()
}

/// True for a flag whose value stands in the next word.
fn takes_next(flags: &[&Flag], word: &str) -> bool {
    let valued = |flag: &&&Flag| matches!(flag.takes, Takes::Text | Takes::Texts);
    let is = |flag: &&&Flag| {
        word.strip_prefix("--") == Some(flag.long)
            || flag.short.is_some_and(|letter| word.strip_prefix('-') == Some(letter.to_string().as_str()))
    };
    flags.iter().filter(valued).any(|flag| is(&flag))
}

/// What may follow: the commands of a group, the shells of `completion`.
fn steps(tool: &Tool, path: &[&str]) -> Vec<Offer> {
    match path {
        ["completion"] => {
            let about = |shell: &str| format!("Print the script for {shell}");
            return SHELLS.iter().map(|shell| ((*shell).to_owned(), about(shell))).collect();
        }
        ["help", below @ ..] => return steps(tool, below),
        _ => {}
    }
    let mut steps: Vec<Offer> = Vec::new();
    for command in tool.commands.iter().filter(|command| command.path.starts_with(path)) {
        let Some(step) = command.path.get(path.len()) else { continue };
        let ends = command.path.len() == path.len() + 1;
        let about = if ends { command.about.to_owned() } else { format!("Commands about {step}") };
        if steps.iter().all(|(known, _)| known != step) {
            steps.push(((*step).to_owned(), about));
        }
    }
    if path.is_empty() {
        steps.push(("help".to_owned(), "Show help for a command".to_owned()));
    }
    steps.sort();
    steps
}
