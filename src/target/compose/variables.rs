//! Environment variables: what anybody may read goes into the document, secrets into an env file of the service.

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic};
use crate::model::flow::From;
use crate::model::text::Text;
use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::Draft;
use crate::target::compose::options::{Dollars, Secrets};
use crate::target::compose::spell;
use crate::target::compose::workload::Spot;

/// Adds `environment` and `env_file` to the service of a container.
pub(super) fn put(draft: &mut Draft<'_>, spot: &Spot<'_>, service: &mut Map) {
    let dollars = draft.options.dollars;
    let mut lines = Lines::new(spot.service(), spot.from());
    let mut environment = Map::new();
    for (name, text) in &spot.filled.variables {
        let at = spot.at(["variables", name]);
        if let Some(value) = one(draft, &mut lines, name, text, dollars, &at) {
            environment.insert(name.clone(), Tree::Str(value));
        }
    }
    if !environment.is_empty() {
        service.insert("environment".to_owned(), Tree::Map(environment));
    }
    lines.close(draft, service);
}

/// The value for the document; `None` when it went into the env file or could not be said.
pub(super) fn one(
    draft: &mut Draft<'_>,
    lines: &mut Lines,
    name: &str,
    text: &Text,
    dollars: Dollars,
    at: &At,
) -> Option<String> {
    if text.is_public() || draft.options.secrets == Secrets::Clear {
        check_names(draft, text, at);
        return spell::value(text, dollars, draft.options.secrets).or_else(|| {
            unknown(draft, text, dollars, at);
            None
        });
    }
    match spell::clear(text, dollars) {
        Ok(value) => lines.add(draft, name, &value, at),
        Err(_) => unknown(draft, text, dollars, at),
    }
    None
}

/// Says which values nobody knows.
pub(super) fn unknown(draft: &mut Draft<'_>, text: &Text, dollars: Dollars, at: &At) {
    let names = spell::clear(text, dollars).err().unwrap_or_default();
    let said = Diagnostic::new(
        &codes::VALUE_UNKNOWN,
        format!("the value of `{}` is not known here", names.join("`, `")),
        at.clone(),
    )
    .note("it is needed in clear: in a private file beside the Compose file, where Compose replaces nothing")
    .help("for a variable of the environment, give it a value in the env file: `--env-file FILE`");
    draft.say(said);
}

fn check_names(draft: &mut Draft<'_>, text: &Text, at: &At) {
    for env in text.envs().filter(|env| !spell::is_variable(&env.name)) {
        let said = Diagnostic::new(
            &codes::VARIABLE_NAME,
            format!("Compose cannot read a variable of the environment named `{}`", env.name),
            at.clone(),
        )
        .note(
            "it takes letters, digits and `_`, and no digit first; of other names it would read a part only",
        )
        .help("rename the variable");
        draft.say(said);
    }
}

/// The env file of a service: lines of `NAME=value` that Compose takes as they stand (`format: raw`).
pub(super) struct Lines {
    service: String,
    from: From,
    text: String,
}

impl Lines {
    /// An empty file.
    pub(super) fn new(service: String, from: From) -> Self {
        Self { service, from, text: String::new() }
    }

    fn add(&mut self, draft: &mut Draft<'_>, name: &str, value: &str, at: &At) {
        let broken = value.contains(['\n', '\r', '\0']);
        if broken || name.contains(char::is_whitespace) || name.starts_with('#') || value.len() > 60_000 {
            let said = Diagnostic::new(
                &codes::SECRET_LINE,
                format!("the secret variable `{name}` cannot be a line of an env file"),
                at.clone(),
            )
            .note("a secret variable reaches its service as one line `NAME=value`: no line break, no blank in the name, at most 60,000 bytes")
            .help("put the secret into a file instead: under `files`, with the placeholder as its `content`");
            draft.say(said);
            return;
        }
        self.text.extend([name, "=", value, "\n"]);
    }

    /// Keeps the file and refers to it, unless it is empty.
    pub(super) fn close(self, draft: &mut Draft<'_>, service: &mut Map) {
        if self.text.is_empty() {
            return;
        }
        let path = format!("secrets/{}.env", self.service);
        let entry = Tree::from_pairs([
            ("path", draft.refer(&path)),
            ("format", Tree::from("raw")),
            ("required", Tree::from(true)),
        ]);
        let before = match service.remove("env_file") {
            None => Vec::new(),
            Some(Tree::List(list)) => list,
            Some(one) => vec![one],
        };
        let all = before.into_iter().chain([entry]).collect();
        service.insert("env_file".to_owned(), Tree::List(all));
        draft.keep_private("secrets", path, self.text.into_bytes(), 0o600, self.from);
    }
}
