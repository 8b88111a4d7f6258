//! Help texts, made from the tables of commands.

use std::fmt::Write as _;

use crate::cli::upstream::Tool;
use crate::cli::upstream::args::{Flag, Takes};
use crate::cli::upstream::commands::{Command, GLOBAL, VERSION};
use crate::cli::upstream::complete::SHELLS;

/// Help for one command.
pub(super) fn command(tool: &Tool, command: &Command) -> String {
    let mut text = format!("{}\n\nUsage:\n  {} {}", command.about, tool.name, command.path.join(" "));
    let _ = writeln!(text, " {}", command.synopsis);
    let _ = writeln!(text, "\nExamples:\n{}", command.examples.replace("TOOL", tool.name));
    if !command.flags.is_empty() {
        let _ = writeln!(text, "\nFlags:\n{}", flags(command.flags));
    }
    let _ = writeln!(text, "\nGlobal flags:\n{}", flags(GLOBAL));
    text
}

/// Help for the program, or for a group such as `provisioners`.
pub(super) fn group(tool: &Tool, path: &[&str]) -> String {
    let mut text = format!(
        "{} by sightread: Score files in, {} out. Follows {} {}.\n\nUsage:\n  {} {}[command]\n\nCommands:\n",
        tool.name,
        if tool.is_compose() { "Docker Compose" } else { "Kubernetes manifests" },
        tool.name,
        tool.follows,
        tool.name,
        path.iter().fold(String::new(), |text, step| text + step + " "),
    );
    for command in tool.commands.iter().filter(|command| command.path.starts_with(path)) {
        let _ = writeln!(text, "  {:22} {}", command.path.join(" "), command.about);
    }
    let all = if path.is_empty() { [GLOBAL, &[&VERSION]].concat() } else { GLOBAL.to_vec() };
    let _ = writeln!(text, "\nFlags:\n{}", flags(&all));
    text
}

/// True when the words after `help` name a command or a group of commands.
pub(super) fn knows(tool: &Tool, words: &[String]) -> bool {
    let words = bare(words);
    tool.commands
        .iter()
        .any(|entry| entry.path.len() >= words.len() && entry.path.iter().zip(words).all(|(a, b)| a == b))
}

/// The words of a topic without the shell of `completion`, and without a `help` that asks about itself.
fn bare(words: &[String]) -> &[String] {
    match words {
        [command, shell] if command == "completion" && SHELLS.contains(&shell.as_str()) => {
            words.get(..1).unwrap_or_default()
        }
        [command] if command == "help" => &[],
        _ => words,
    }
}

/// Help for the words after `help`.
pub(super) fn named(tool: &Tool, words: &[String]) -> String {
    let words = bare(words);
    let found = tool.commands.iter().find(|entry| entry.path.iter().eq(words.iter()));
    if let Some(entry) = found {
        return command(tool, entry);
    }
    let path: Vec<&str> = words.iter().map(String::as_str).collect();
    let known = tool.commands.iter().any(|entry| entry.path.starts_with(&path));
    group(tool, if known { &path } else { &[] })
}

fn flags(flags: &[&Flag]) -> String {
    let lines = flags.iter().map(|flag| {
        let short = flag.short.map_or("    ".to_owned(), |letter| format!("-{letter}, "));
        let takes = match flag.takes {
            Takes::Text => " string",
            Takes::Texts => " stringArray",
            Takes::Count => " count",
            Takes::Switch => "",
        };
        let default =
            if flag.default.is_empty() { String::new() } else { format!(" (default \"{}\")", flag.default) };
        format!("  {short}--{:<38} {}{default}", format!("{}{takes}", flag.long), flag.help)
    });
    lines.collect::<Vec<_>>().join("\n")
}
