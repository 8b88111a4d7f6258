//! Answers the placeholders of one workload from its metadata and the outputs of its resources.

use std::collections::BTreeMap;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{Provisioned, Workload};
use crate::model::placeholder::{PieceKind, Reference, scan};
use crate::model::text::{EnvRef, Part, Text};
use crate::model::tree::Tree;
use crate::resolve::contract::params::ticked;
use crate::resolve::placeholder::{Asked, Miss, Place, asked, no_output, text, unknown_resource, walk};
use crate::resolve::upstream::moment;
use crate::resolve::{Rules, plan};

/// What a text is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A variable.
    Variable,
    /// A variable whose `$$` stand for the platform to read.
    KeptVariable,
    /// A file, a param: something that is read as it stands.
    File,
}

/// A variable of the environment without a value.
#[derive(Debug, Clone)]
pub struct Absent {
    name: String,
    at: At,
    used: Use,
}

/// All that a workload's placeholders may ask for.
#[derive(Debug)]
pub struct Lookup<'a> {
    /// The workload in whose words the text speaks.
    pub workload: &'a Workload,
    /// The resources that have answered, by uid text.
    pub resources: &'a BTreeMap<String, &'a Provisioned>,
    /// What the run asks.
    pub rules: &'a Rules,
    /// Variables of the environment that had no value.
    pub absent: Vec<Absent>,
}

impl Lookup<'_> {
    /// Fills a text; what cannot be answered is reported.
    pub fn expand(&mut self, from: &str, place: &Place, used: Use, report: &mut Report) -> Text {
        let mut made = Text::default();
        for piece in scan(from) {
            let written = || Text::from(from.get(piece.range.clone()).unwrap_or_default());
            match &piece.kind {
                PieceKind::Literal => made.append(written()),
                PieceKind::Escape(_) if used == Use::KeptVariable => made.append(written()),
                PieceKind::Escape(meant) => made.append(Text::from(meant.as_str())),
                PieceKind::Reference(reference) => match self.answer(reference) {
                    Ok(answer) => {
                        for env in answer.envs().filter(|env| env.value.is_none()) {
                            let at = place.at(piece.range.clone(), report);
                            self.absent.push(Absent { name: env.name.clone(), at, used });
                        }
                        if used == Use::KeptVariable && answer.parts().iter().any(is_replaced) {
                            let said =
                                "Compose replaces what stands behind `$` in the value that is filled in here";
                            let at = place.at(piece.range.clone(), report);
                            report.push(Diagnostic::new(&codes::DOLLAR_IN_VALUE, said, at));
                        }
                        made.append(answer);
                    }
                    Err(miss) => {
                        let said = miss.said(place, &piece.range, report);
                        report.push(said);
                    }
                },
            }
        }
        made
    }

    fn answer(&self, reference: &Reference) -> Result<Text, Miss> {
        let (name, keys) = match asked(reference)? {
            Asked::Metadata(keys) => {
                let metadata = Tree::Map(self.workload.spec.metadata.clone());
                return walk(&metadata, keys, &codes::UNKNOWN_METADATA, "the metadata")
                    .map(|it| self.text(it));
            }
            Asked::Resource(name, keys) => (name, keys),
        };
        let resources = &self.workload.spec.resources;
        let Some(resource) = resources.get(&name.text) else {
            return Err(unknown_resource(name, resources.keys().cloned()));
        };
        let uid = plan::uid(self.workload, &name.text, resource).to_string();
        let Some(made) = self.resources.get(&uid) else {
            return Err(unknown_resource(name, []));
        };
        match keys {
            [] => Err(no_output(
                name,
                made.outputs.as_map().into_iter().flatten().map(|(key, _)| key.clone()).collect(),
            )),
            [key] if made.open_environment && made.outputs.get(&key.text).is_none() => {
                let known = self.rules.env_file.as_ref().and_then(|file| file.values.get(&key.text));
                Ok(Text::from(Part::Env(EnvRef { name: key.text.clone(), value: known.cloned() })))
            }
            keys => {
                let what = format!("the `{}` resource `{}`", resource.kind, name.text);
                walk(&made.outputs, keys, &codes::UNKNOWN_OUTPUT, &what).map(|it| self.text(it))
            }
        }
    }

    /// An answer as text.
    fn text(&self, answer: &Tree) -> Text {
        if self.rules.moments { text(&moment::printed(answer)) } else { text(answer) }
    }
}

/// Says which variables of the environment have no value: those that are needed now in one error, those that the
/// platform may find when it runs in one warning.
pub fn absent(absent: Vec<Absent>, rules: &Rules, report: &mut Report) {
    let waits = |absent: &Absent| rules.late_variables() && absent.used != Use::File;
    let (late, needed): (Vec<Absent>, Vec<Absent>) = absent.into_iter().partition(waits);
    let file = rules.env_file.as_ref().map_or(".env", |file| file.name.as_str());
    if let Some(said) = listed(&codes::MISSING_ENV, &needed, "no value is known for the environment variable")
    {
        let first = needed.first().map_or("", |absent| absent.name.as_str());
        let note = match &rules.env_file {
            _ if rules.host_environment => "the variables of this shell are asked".to_owned(),
            Some(file) => format!("`{}` was read and does not have them all", file.name),
            None => "there is no env file; the variables of this shell are not used".to_owned(),
        };
        let cure = if rules.host_environment {
            format!("set `{first}` in the environment of this run")
        } else {
            format!("add `{first}=…` to `{file}`, or name another file with `--env-file`")
        };
        report.push(said.note(note).help(cure));
    }
    // A door that leaves `$` to the platform leaves this to it too.
    if !rules.keep_dollars {
        let said = listed(&codes::LATE_ENV, &late, "the env file has no value for the environment variable");
        report.diagnostics.extend(said.map(|said| {
            said.note(format!("it is written as `${{NAME}}`, which is empty unless it is set when the platform starts, or in `{file}`"))
        }));
    }
}

/// True for text in which Compose finds a variable.
fn is_replaced(part: &Part) -> bool {
    let Part::Literal(text) = part else { return false };
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '$' && letters.next_if_eq(&'$').is_none() {
            let next = letters.peek();
            if next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '_' | '{')) {
                return true;
            }
        }
    }
    false
}

fn listed(code: &'static crate::diag::codes::Code, absent: &[Absent], words: &str) -> Option<Diagnostic> {
    let (first, rest) = absent.split_first()?;
    let mut names: Vec<&str> = absent.iter().map(|absent| absent.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let plural = if names.len() == 1 { "" } else { "s" };
    let said = Diagnostic::new(code, format!("{words}{plural} {}", ticked(&names)), first.at.clone());
    Some(rest.iter().fold(said, |said, absent| said.also(absent.at.clone(), format!("`{}`", absent.name))))
}
