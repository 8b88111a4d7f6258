//! Documents in, bytes of one file out: YAML for people, YAML as Go prints it, or KYAML.

use crate::model::flow::Doc;
use crate::model::share;
use crate::write::yaml::Style;
use crate::write::{kyaml, yaml};

/// How documents are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// YAML in the order people expect.
    #[default]
    Yaml,
    /// YAML as the Go tools print it.
    GoYaml,
    /// KYAML: flow style with double quotes.
    Kyaml,
}

/// Prints documents into one file. A single Compose file stands alone; of several objects each follows a `---`.
/// Each document is let go once it is printed.
pub fn documents(docs: Vec<Doc>, format: Format, separate: bool) -> String {
    let mut pieces = share::pieces(docs, |docs| piece(docs, format, separate)).into_iter();
    let first = pieces.next().unwrap_or_default();
    pieces.fold(first, |text, piece| text + &piece)
}

fn piece(docs: Vec<Doc>, format: Format, separate: bool) -> String {
    let separator = if separate && format != Format::Kyaml { "---\n" } else { "" };
    let mut out = String::new();
    for Doc { tree, from: _, part: _ } in docs {
        out.push_str(separator);
        match format {
            Format::Yaml => yaml::write(&tree, Style::Friendly, &mut out),
            Format::GoYaml => yaml::write(&tree, Style::Go, &mut out),
            Format::Kyaml => out.push_str(&kyaml::to_text(&tree)),
        }
    }
    out
}
