//! The doors of score-compose and score-k8s: their command lines in, what they would print out.

mod approve;
mod args;
mod commands;
mod complete;
mod completion;
mod generate;
mod help;
mod import;
mod init;
mod json;
mod project;
mod provisioners;
mod resources;
mod story;
mod table;
mod version;

use crate::cli::{Exit, Screen};
use crate::diag::said::Said;
use crate::diag::{At, Diagnostic, Failed, Report, Severity, render};
use crate::world::World;
use args::Given;
use commands::{Command, GLOBAL, Words};

/// What is particular to one of the two tools.
#[derive(Debug)]
pub(super) struct Tool {
    /// Its name.
    name: &'static str,
    /// Its state folder.
    folder: &'static str,
    /// The target it writes for.
    target: &'static str,
    /// The version that is followed.
    follows: &'static str,
    /// Its commands.
    commands: &'static [Command],
    /// The provisioners that `init` writes.
    defaults: &'static str,
}

/// The door of score-compose.
pub(super) static COMPOSE: Tool = Tool {
    name: "score-compose",
    folder: ".score-compose",
    target: "compose",
    follows: "0.45.0",
    commands: commands::COMPOSE,
    defaults: include_str!("../../../provisioners/upstream/compose.provisioners.yaml"),
};

/// The door of score-k8s.
pub(super) static K8S: Tool = Tool {
    name: "score-k8s",
    folder: ".score-k8s",
    target: "kubernetes",
    follows: "0.15.0",
    commands: commands::K8S,
    defaults: include_str!("../../../provisioners/upstream/k8s.provisioners.yaml"),
};

impl Tool {
    fn is_compose(&self) -> bool {
        self.target == "compose"
    }

    /// The words of one tool or the other.
    fn words(&self, compose: &'static str, kubernetes: &'static str) -> &'static str {
        if self.is_compose() { compose } else { kubernetes }
    }

    /// A path in the state folder.
    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}

/// A command that is being run.
struct Call<'a, 's> {
    tool: &'static Tool,
    given: &'a Given,
    world: &'a dyn World,
    screen: &'a mut Screen<'s>,
    report: Report,
}

/// Why a command ended early.
enum Trouble {
    /// The report says it.
    Reported,
    /// One sentence says it.
    Said(String),
}

impl From<Failed> for Trouble {
    fn from(_: Failed) -> Self {
        Self::Reported
    }
}

impl From<String> for Trouble {
    fn from(said: String) -> Self {
        Self::Said(said)
    }
}

impl From<&str> for Trouble {
    fn from(said: &str) -> Self {
        Self::Said(said.to_owned())
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Said(format!("{error:#}"))
    }
}

type Done = Result<(), Trouble>;

impl Call<'_, '_> {
    /// A line for people who watch.
    fn info(&mut self, line: impl AsRef<str>) {
        self.log("INFO", line.as_ref(), 0);
    }

    /// Lines that are known together, in one write.
    fn infos(&mut self, lines: &[String]) {
        if !self.given.on("quiet") {
            let lines = lines.iter().flat_map(|line| ["INFO: ", line, "\n"]);
            self.screen.say(lines.collect::<String>());
        }
    }

    fn log(&mut self, level: &str, line: &str, from: i64) {
        if !self.given.on("quiet") && self.given.count("verbose") >= from {
            self.screen.say(format!("{level}: {line}\n"));
        }
    }

    /// Says what the report holds and how it ended.
    fn close(&mut self, done: Done) -> Exit {
        let quiet = self.given.on("quiet");
        let said = std::mem::take(&mut self.report.diagnostics);
        let (errors, rest): (Vec<_>, Vec<_>) =
            said.into_iter().partition(|said| said.severity == Severity::Error);
        if !quiet {
            self.show(rest);
        }
        let first = errors.first().map(|first| first.message.clone());
        self.show(errors);
        match done {
            Ok(()) => Exit::Fine,
            Err(Trouble::Said(said)) => {
                self.screen.say(format!("Error: {said}\n"));
                Exit::Wrong
            }
            Err(Trouble::Reported) => {
                let first = first.unwrap_or_else(|| "the command failed".to_owned());
                self.screen.say(format!("Error: {first}\n"));
                Exit::Wrong
            }
        }
    }

    fn show(&mut self, diagnostics: Vec<Diagnostic>) {
        let (bare, placed): (Vec<_>, Vec<_>) = diagnostics
            .into_iter()
            .partition(|said| said.at == At::Nowhere && said.severity != Severity::Error);
        for said in bare {
            let level = if said.severity == Severity::Warning { "WARN" } else { "INFO" };
            self.screen.say(format!("{level}: {} [{}]\n", said.message, said.code.id));
            for more in said.notes.iter().chain(&said.helps) {
                self.screen.say(format!("{level}:   {more}\n"));
            }
        }
        self.report.diagnostics = placed.into_iter().collect();
        let text = render::render(&self.report, self.screen.colours);
        self.screen.say(text);
        self.report.diagnostics = Said::default();
    }
}

/// Runs a command line of one of the tools.
pub(super) fn run(
    tool: &'static Tool,
    arguments: &[String],
    world: &dyn World,
    screen: &mut Screen<'_>,
) -> Exit {
    if let Some((first @ ("__complete" | "__completeNoDesc"), words)) =
        arguments.split_first().map(|(first, words)| (first.as_str(), words))
    {
        return complete::answer(tool, words, first == "__complete", screen);
    }
    let (path, rest) = split(tool, arguments);
    let Some(command) = tool.commands.iter().find(|command| command.path == path) else {
        return outside(tool, &path, &rest, screen);
    };
    let flags = [command.flags, GLOBAL].concat();
    let given = match Given::read(&flags, &rest) {
        Ok(given) => given,
        Err(wrong) => return usage(tool, command, &wrong, screen),
    };
    if given.on("help") {
        screen.print(help::command(tool, command));
        return Exit::Fine;
    }
    match (command.words, given.words.as_slice()) {
        (Words::Exactly(wanted), words) if words.len() != wanted => {
            return usage(
                tool,
                command,
                &format!("accepts {wanted} arg(s), received {}", words.len()),
                screen,
            );
        }
        (Words::None, [first, ..]) => {
            let line = format!("{} {}", tool.name, command.path.join(" "));
            return usage(tool, command, &format!("unknown command \"{first}\" for \"{line}\""), screen);
        }
        _ => {}
    }
    let mut call = Call { tool, given: &given, world, screen, report: Report::default() };
    let done = match *command.path {
        ["init"] => init::run(&mut call),
        ["generate"] => generate::run(&mut call),
        ["provisioners", "list"] => provisioners::run(&mut call),
        ["provisioners", "approve"] => approve::run(&mut call),
        ["resources", "list"] => resources::list(&mut call),
        ["resources", "get-outputs"] => resources::get_outputs(&mut call),
        ["version"] => version::run(&mut call),
        ["check-version"] => version::check(&mut call),
        _ => completion::run(&mut call),
    };
    call.close(done)
}

/// The command that a line names, and all its other words. Flags may stand before the command.
fn split(tool: &Tool, arguments: &[String]) -> (Vec<&'static str>, Vec<String>) {
    let mut path: Vec<&'static str> = Vec::new();
    let mut rest = Vec::new();
    let mut words = arguments.iter();
    for word in words.by_ref() {
        if word == "--" {
            rest.push(word.clone());
            break;
        }
        let depth = path.len();
        let step = tool.commands.iter().find_map(|command| {
            let fits = command.path.starts_with(&path) && command.path.get(depth) == Some(&word.as_str());
            fits.then(|| command.path.get(depth).copied()).flatten()
        });
        match step {
            Some(step) => path.push(step),
            None => rest.push(word.clone()),
        }
        let done = tool.commands.iter().any(|command| command.path == path);
        if done || (step.is_none() && !word.starts_with('-')) {
            break;
        }
    }
    rest.extend(words.cloned());
    (path, rest)
}

/// What is not a command: help, the version, a group of commands, or a mistake.
fn outside(tool: &'static Tool, path: &[&str], rest: &[String], screen: &mut Screen<'_>) -> Exit {
    let flags = [GLOBAL, &[&commands::VERSION]].concat();
    let given = match Given::read(&flags, rest) {
        Ok(given) => given,
        Err(wrong) => {
            screen.say(help::group(tool, path));
            screen.say(format!("Error: {wrong}\n"));
            return Exit::Wrong;
        }
    };
    if given.on("version") && path.is_empty() {
        screen.print(version::lines(tool));
        return Exit::Fine;
    }
    match given.words.split_first() {
        Some((word, words)) if word == "help" && path.is_empty() => {
            if words.is_empty() || help::knows(tool, words) {
                screen.print(help::named(tool, words));
            } else {
                // compat(score-compose, score-k8s): a topic that does not exist is no failure.
                screen.say(format!("Unknown help topic {words:?}\n{}", help::group(tool, &[])));
            }
            Exit::Fine
        }
        // compat(score-compose, score-k8s): behind `--` nothing is a command.
        Some((word, _)) if path.is_empty() && !rest.iter().any(|word| word == "--") => {
            screen.say(format!("Error: unknown command \"{word}\" for \"{}\"\n", tool.name));
            Exit::Wrong
        }
        _ => {
            screen.print(help::group(tool, path));
            Exit::Fine
        }
    }
}

fn usage(tool: &'static Tool, command: &Command, wrong: &str, screen: &mut Screen<'_>) -> Exit {
    screen.say(help::command(tool, command));
    screen.say(format!("Error: {wrong}\n"));
    // compat(score-compose, score-k8s): wrong usage ends with 1 as every failure does.
    Exit::Wrong
}
