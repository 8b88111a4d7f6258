//! Documents in, bytes of one file out: YAML for people, YAML as Go prints it, or KYAML.

use crate::model::flow::Doc;
use crate::write::kyaml;
use crate::write::yaml::{Style, to_text};

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

/// Prints one document, without a line that separates it from others.
pub fn document(doc: &Doc, format: Format) -> String {
    match format {
        Format::Yaml => to_text(&doc.tree, Style::Friendly),
        Format::GoYaml => to_text(&doc.tree, Style::Go),
        Format::Kyaml => kyaml::to_text(&doc.tree),
    }
}

/// Prints documents into one file. A single Compose file stands alone; of several objects each follows a `---`.
pub fn documents(docs: &[Doc], format: Format, separate: bool) -> String {
    let separator = if separate && format != Format::Kyaml { "---\n" } else { "" };
    docs.iter().flat_map(|doc| [separator.to_owned(), document(doc, format)]).collect()
}
