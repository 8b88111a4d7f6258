//! `man`: the manual page of a command.

use clap::Args;
use clap_mangen::Man;

use super::Usage;
use crate::cli::{Exit, Screen};

/// Print the manual page of a command
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sightread man > sightread.1\n  sightread man --list\n  sightread man provisioners show"
)]
pub(super) struct Typed {
    /// The command, word by word; the program itself where it is left out
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Print the names of all pages, one per line
    #[arg(long, conflicts_with = "words")]
    list: bool,
}

/// Prints the page.
pub(super) fn run(typed: &Typed, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { words, list } = typed;
    let mut tree = super::tree();
    tree.build();
    if *list {
        screen.print(names(&tree, tree.get_name()).join("\n") + "\n");
        return Ok(Exit::Fine);
    }
    let page = words.iter().try_fold(&tree, |command, word| {
        let unknown = || {
            Usage(format!(
                "`{}` has no command `{word}`; `sightread man --list` names all",
                command.get_name()
            ))
        };
        command.find_subcommand(word).ok_or_else(unknown)
    })?;
    let name =
        std::iter::once("sightread").chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join("-");
    let mut text = Vec::new();
    let page = Man::new(page.clone())
        .title(name)
        .date("")
        .source(format!("sightread {}", env!("CARGO_PKG_VERSION")));
    let done = page.render(&mut text);
    debug_assert!(done.is_ok(), "memory takes everything");
    screen.print(text);
    Ok(Exit::Fine)
}

/// The words of every page below a command, itself first.
fn names(command: &clap::Command, above: &str) -> Vec<String> {
    let below = command.get_subcommands().flat_map(|below| {
        let words = format!("{above} {}", below.get_name());
        names(below, &words)
    });
    std::iter::once(above.to_owned()).chain(below).collect()
}
