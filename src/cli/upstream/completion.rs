//! `completion`: scripts that complete commands and flags, made from the tables of commands.

use clap::{Arg, ArgAction};
use clap_complete::Shell;

use crate::cli::upstream::args::{Flag, Takes};
use crate::cli::upstream::commands::GLOBAL;
use crate::cli::upstream::{Call, Done, Tool, help};

/// Prints the script of a shell.
pub(super) fn run(call: &mut Call<'_, '_>) -> Done {
    let described = !call.given.on("no-descriptions");
    let shell = match call.given.words.first().map(String::as_str) {
        Some("bash") => Shell::Bash,
        Some("fish") => Shell::Fish,
        Some("powershell") => Shell::PowerShell,
        Some("zsh") => Shell::Zsh,
        // compat(score-compose, score-k8s): without a shell that it knows, the command shows its help.
        _ => {
            call.screen.print(help::named(call.tool, &["completion".to_owned()]));
            return Ok(());
        }
    };
    if let [shell, more, ..] = call.given.words.as_slice() {
        let line = format!("{} completion {shell}", call.tool.name);
        return Err(format!("unknown command \"{more}\" for \"{line}\"").into());
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program(call.tool, described), call.tool.name, &mut script);
    call.screen.print(script);
    Ok(())
}

fn program(tool: &Tool, described: bool) -> clap::Command {
    let mut program = clap::Command::new(tool.name)
        .disable_help_flag(true)
        .args(GLOBAL.iter().map(|flag| arg(flag, described)));
    for command in tool.commands {
        let leaf = |name: &'static str| {
            let made = clap::Command::new(name).disable_help_flag(true);
            let made = if described { made.about(command.about) } else { made };
            made.args(command.flags.iter().chain(GLOBAL).map(|flag| arg(flag, described)))
        };
        program = match *command.path {
            [group, name] => {
                let known = program.get_subcommands().any(|known| known.get_name() == group);
                let program = if known { program } else { program.subcommand(clap::Command::new(group)) };
                program.mut_subcommand(group, |above| above.subcommand(leaf(name)))
            }
            [name] => program.subcommand(leaf(name)),
            _ => program,
        };
    }
    program
}

fn arg(flag: &Flag, described: bool) -> Arg {
    let action = match flag.takes {
        Takes::Switch => ArgAction::SetTrue,
        Takes::Count => ArgAction::Count,
        Takes::Text => ArgAction::Set,
        Takes::Texts => ArgAction::Append,
    };
    let made = Arg::new(flag.long).long(flag.long).action(action);
    let made = match flag.short {
        Some(letter) => made.short(letter),
        None => made,
    };
    if described { made.help(flag.help) } else { made }
}
