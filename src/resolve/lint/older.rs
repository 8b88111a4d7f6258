//! Reads the templates of a record in the older format: what they use and nothing defines, what is announced or set and
//! nothing uses.

use std::ops::Range;

use crate::diag::codes::lint as codes;
use crate::diag::codes::resolve::UPSTREAM_FAILED;
use crate::diag::{At, Diagnostic, Focus, Report};
use crate::resolve::engine::gotmpl::uses::{Uses, uses};
use crate::resolve::engine::gotmpl::{Error, Template as Parsed};
use crate::resolve::provisioner::Provisioner;
use crate::resolve::upstream::data;
use crate::resolve::upstream::template::Template;

/// What the data of both targets holds.
const BOTH: &[&str] = &[
    "Uid",
    "Type",
    "Class",
    "Id",
    "Params",
    "Metadata",
    "Init",
    "State",
    "Shared",
    "SourceWorkload",
    "WorkloadServices",
];

const COMPOSE: &[&str] = &["ComposeProjectName", "MountsDirectory"];

const KUBERNETES: &[&str] = &["Guid", "WorkloadMetadata", "Namespace"];

/// Sections whose values a record can keep.
const REMEMBERED: &[&str] = &["init", "state", "shared"];

/// A section with its place and what its template speaks of.
struct Section<'a> {
    name: &'static str,
    text: &'a str,
    uses: Uses,
}

/// Reads all templates of a record.
pub fn text(provisioner: &Provisioner, record: &Template, report: &mut Report) {
    let mut sections = Vec::new();
    for (name, text) in &record.texts {
        match Parsed::parse_with("", text.trim(), data::SECRET) {
            Ok(parsed) => sections.push(Section { name, text, uses: uses(&parsed) }),
            Err(error) => report.push(broken(provisioner, name, text, &error)),
        }
    }
    let known: Vec<&str> = match provisioner.targets().as_slice() {
        ["compose"] => [BOTH, COMPOSE].concat(),
        ["kubernetes"] => [BOTH, KUBERNETES].concat(),
        _ => [BOTH, COMPOSE, KUBERNETES].concat(),
    };
    for section in &sections {
        unknown(provisioner, section, &known, report);
        if !REMEMBERED.contains(&section.name) {
            clocks(provisioner, section, report);
        }
        for (variable, range) in &section.uses.unread {
            let said = format!("the variable `{variable}` is set and never read");
            report.push(Diagnostic::new(&codes::UNUSED_VALUE, said, at(provisioner, section, range)));
        }
    }
    params(provisioner, record, &sections, report);
    for name in ["init", "state"] {
        unread(provisioner, name, &sections, report);
    }
}

fn at(provisioner: &Provisioner, section: &Section<'_>, range: &Range<usize>) -> At {
    let start = section.text.len() - section.text.trim_start().len();
    let focus = Focus::Bytes(start + range.start..start + range.end);
    At::Path(provisioner.doc, provisioner.path.then(section.name), focus)
}

/// A template that is none. Go finds undefined variables when it parses.
fn broken(provisioner: &Provisioner, name: &'static str, text: &str, error: &Error) -> Diagnostic {
    let section = Section { name, text, uses: Uses::default() };
    let at = at(provisioner, &section, &error.range);
    if let Some(variable) = error.message.strip_prefix("undefined variable ") {
        let said = format!("nothing defines the variable `{}`", variable.trim_matches('"'));
        return Diagnostic::new(&codes::UNDEFINED_VARIABLE, said, at);
    }
    let said = format!("`{name}` of `{}` is not a template: {}", provisioner.uri, error.message);
    Diagnostic::new(&UPSTREAM_FAILED, said, at)
}

fn unknown(provisioner: &Provisioner, section: &Section<'_>, known: &[&str], report: &mut Report) {
    for (path, range) in &section.uses.fields {
        let Some(first) = path.first().filter(|first| !known.contains(&first.as_str())) else { continue };
        let said = format!("templates of this target have no `.{first}`");
        let diagnostic = Diagnostic::new(&codes::UNDEFINED_VARIABLE, said, at(provisioner, section, range));
        report.push(diagnostic.suggest(first, known.iter().copied()));
    }
}

/// Functions whose value is another one at another moment.
const CLOCKS: &[&str] = &["now", "ago"];

/// The clock changes the result with every run, and what was drawn at first can be remembered.
fn clocks(provisioner: &Provisioner, section: &Section<'_>, report: &mut Report) {
    for (name, range) in section.uses.functions.iter().filter(|(name, _)| CLOCKS.contains(&name.as_str())) {
        let said = format!("`{name}` gives `{}` another value with every run", section.name);
        report.push(Diagnostic::new(&codes::NOT_REPEATABLE, said, at(provisioner, section, range)));
    }
}

/// Params that are used and not announced, and the other way round.
fn params(provisioner: &Provisioner, record: &Template, sections: &[Section<'_>], report: &mut Report) {
    let Some(supported) = &record.listed.params else { return };
    for section in sections {
        for (path, range) in &section.uses.fields {
            let [root, name, ..] = path.as_slice() else { continue };
            if root == "Params" && !supported.contains(name) {
                let said = format!("the param `{name}` is used and is not among `supported_params`");
                let at = at(provisioner, section, range);
                let said = Diagnostic::new(&codes::UNDECLARED_PARAM, said, at);
                report.push(said.suggest(name, supported.iter().map(String::as_str)));
            }
        }
    }
    for name in supported.iter().filter(|name| !sections.iter().any(|one| one.uses.reads("Params", name))) {
        let at = At::text(provisioner.doc, provisioner.path.then("supported_params"), name);
        let said = format!("the param `{name}` is announced and never used");
        report.push(Diagnostic::new(&codes::UNUSED_VALUE, said, at));
    }
}

/// Keys that `init` or `state` makes and no template reads.
fn unread(provisioner: &Provisioner, name: &str, sections: &[Section<'_>], report: &mut Report) {
    let field = if name == "init" { "Init" } else { "State" };
    let Some(section) = sections.iter().find(|section| section.name == name) else { return };
    for key in section.text.lines().filter_map(key) {
        if !sections.iter().any(|one| one.uses.reads(field, key)) {
            let at = At::text(provisioner.doc, provisioner.path.then(name), format!("{key}:"));
            let said = format!("`{name}` makes `{key}`, and no template reads `.{field}.{key}`");
            report.push(Diagnostic::new(&codes::UNUSED_VALUE, said, at));
        }
    }
}

/// The key that a line of a rendered map begins with.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!key.is_empty() && key.chars().all(plain)).then_some(key)
}
