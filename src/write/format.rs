//! Documents in, bytes of one file out: YAML, JSON or KYAML.

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
