//! A list of records in, provisioners out. What one tool calls an unknown field, so do we: a record that speaks of
//! `services` is not one for Kubernetes.

use sha2::{Digest, Sha256};

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::DocId;
use crate::model::node::{Kind, Node};
use crate::model::path::Path;
use crate::resolve::provisioner::{Body, Provisioner};
use crate::resolve::upstream::command::Command;
use crate::resolve::upstream::template::{Parsed, SECTIONS_COMPOSE, SECTIONS_KUBERNETES, Template};
use crate::resolve::upstream::uri::{self, Uri};
use crate::resolve::upstream::{Origin, local_env};

const COMMON: &[&str] = &["uri", "type", "class", "description", "supported_params", "expected_outputs"];

/// What a record says about itself for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The params it says it understands; `None` where it says nothing.
    pub params: Option<Vec<String>>,
    /// The outputs it says it has; `None` where it says nothing.
    pub outputs: Option<Vec<String>>,
}

/// Reads where a file came from: an import writes it into a comment in the first line.
pub fn origin(text: &str) -> Origin {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let fetched = first.strip_prefix('#').and_then(|comment| {
        let schemes = ["http://", "https://", "git-https://", "git-ssh://", "oci://"];
        comment.split_whitespace().find(|word| schemes.iter().any(|scheme| word.starts_with(scheme)))
    });
    let content = if first.starts_with("# Downloaded from ") { rest } else { text };
    let digest = Sha256::digest(content.as_bytes());
    Origin { fetched: fetched.map(str::to_owned), digest: hex(&digest) }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whom the records of a file are read for.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The target; empty for any.
    pub target: &'a str,
    /// Whether records for another target are left out; else they are mistakes.
    pub mixed: bool,
    /// Where the file came from.
    pub origin: &'a Origin,
}

impl<'a> Whose<'a> {
    /// The target that a record is read for; `None` when it is for another one than this run's.
    fn target(&self, node: &Node) -> Option<&'a str> {
        match speaks_to(node) {
            _ if !self.mixed => Some(self.target),
            Some(own) if self.target.is_empty() || own == self.target => Some(own),
            Some(_) => None,
            None if self.target.is_empty() => Some("compose"),
            None => Some(self.target),
        }
    }
}

/// The only target that a record can be for; `None` where it could be for any.
pub fn speaks_to(node: &Node) -> Option<&'static str> {
    let uri = node.get("uri").and_then(Node::as_str).unwrap_or_default();
    let has = |sections: &[&str], other: &[&str]| {
        sections.iter().any(|name| !other.contains(name) && node.get(name).is_some())
    };
    if uri.to_lowercase().starts_with("local-env:") || has(SECTIONS_COMPOSE, SECTIONS_KUBERNETES) {
        return Some("compose");
    }
    has(SECTIONS_KUBERNETES, SECTIONS_COMPOSE).then_some("kubernetes")
}

/// Reads the records of one file.
///
/// # Errors
/// When a record is not one; all that is wrong is reported.
pub fn records(
    doc: DocId,
    list: &[Node],
    whose: &Whose<'_>,
    report: &mut Report,
) -> Result<Vec<Provisioner>, Failed> {
    let before = report.diagnostics.len();
    let mut made = Vec::new();
    for (index, node) in list.iter().enumerate() {
        let Some(target) = whose.target(node) else { continue };
        let mut reader = Reader { doc, path: Path::of([index]), node, target, origin: whose.origin, report };
        made.extend(reader.record());
    }
    let fresh = report.diagnostics.iter().skip(before);
    let broken = fresh.filter(|said| said.severity == crate::diag::Severity::Error).count() > 0;
    if broken { report.failed(Vec::new()) } else { Ok(made) }
}

struct Reader<'a> {
    doc: DocId,
    path: Path,
    node: &'a Node,
    target: &'a str,
    origin: &'a Origin,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn record(&mut self) -> Option<Provisioner> {
        if self.node.as_map().is_none() {
            return self.refuse(
                "a record of a provisioner file is not a map",
                At::value(self.doc, self.path.clone()),
            );
        }
        let Some(uri) = self.text("uri") else {
            return self.refuse("the record has no `uri`", At::value(self.doc, self.path.clone()));
        };
        let parts = match uri::parse(&uri) {
            Ok(parts) => parts,
            Err(why) => return self.refuse(format!("the uri `{uri}` {why}"), self.value("uri")),
        };
        let compose = self.target == "compose";
        let body = match parts.scheme.as_str() {
            "template" => self.template(if compose { SECTIONS_COMPOSE } else { SECTIONS_KUBERNETES })?,
            "cmd" => self.command(&parts)?,
            "local-env" if compose => self.local_env()?,
            scheme => {
                let said = format!("provisioners of the kind `{scheme}://` do not exist for {}", self.target);
                return self.refuse(said, self.value("uri"));
            }
        };
        let fallback = matches!(body, Body::LocalEnv(_)).then(|| local_env::TYPE.to_owned());
        let Some(kind) = self.text("type").filter(|kind| !kind.is_empty()).or(fallback) else {
            return self.refuse(format!("the record `{uri}` has no `type`"), self.value("uri"));
        };
        Some(Provisioner {
            uri,
            kind,
            class: self.text("class"),
            id: self.text("id"),
            description: self.text("description").unwrap_or_default(),
            doc: self.doc,
            path: self.path.clone(),
            body,
        })
    }

    fn template(&mut self, sections: &[&'static str]) -> Option<Body> {
        self.only(&[COMMON, &["id"], sections].concat())?;
        let texts = sections.iter().filter_map(|name| Some((*name, self.text(name)?))).collect();
        Some(Body::Template(Box::new(Template {
            texts,
            listed: self.listed()?,
            origin: self.origin.clone(),
            parsed: Parsed::default(),
        })))
    }

    fn command(&mut self, parts: &Uri) -> Option<Body> {
        self.only(&[COMMON, &["id", "args", "params", "outputs"]].concat())?;
        let wrong = [(parts.user, "user info"), (parts.port, "a port"), (parts.query, "query params")];
        if let Some((_, what)) = wrong.into_iter().find(|(found, _)| *found) {
            return self.refuse(format!("the uri of a command cannot contain {what}"), self.value("uri"));
        }
        let args = self.texts("args")?.unwrap_or_default();
        let program = format!("{}{}", parts.host, parts.path);
        let (listed, origin) = (self.listed()?, self.origin.clone());
        Some(Body::Command(Box::new(Command { program, args, listed, origin })))
    }

    fn local_env(&mut self) -> Option<Body> {
        self.only(COMMON)?;
        Some(Body::LocalEnv(self.listed()?))
    }

    fn listed(&mut self) -> Option<Listed> {
        Some(Listed { params: self.texts("supported_params")?, outputs: self.texts("expected_outputs")? })
    }

    fn only(&mut self, known: &[&str]) -> Option<()> {
        let mut fine = Some(());
        for (key, _) in self.node.as_map().unwrap_or_default() {
            let key = key.key_text();
            if !known.contains(&key.as_str()) {
                let said = format!("a provisioner for {} has no field `{key}`", self.target);
                let at = At::key(self.doc, self.path.then(&key));
                let diagnostic = Diagnostic::new(&codes::BAD_RECORD, said, at);
                self.report.push(diagnostic.suggest(&key, known.iter().copied()));
                fine = None;
            }
        }
        fine
    }

    /// The text of a scalar; `None` when absent, null, or (said at once) not a scalar.
    fn text(&mut self, key: &str) -> Option<String> {
        let node = self.node.get(key)?;
        match node.kind {
            Kind::Null => None,
            Kind::List(_) | Kind::Map(_) => {
                self.refuse::<()>(format!("`{key}` must be text"), self.value(key));
                None
            }
            _ => Some(node.key_text()),
        }
    }

    #[expect(clippy::option_option, reason = "outer: fit to go on; inner: written at all")]
    fn texts(&mut self, key: &str) -> Option<Option<Vec<String>>> {
        let Some(node) = self.node.get(key).filter(|node| node.kind != Kind::Null) else {
            return Some(None);
        };
        let scalar =
            |item: &Node| (item.as_list().is_none() && item.as_map().is_none()).then(|| item.key_text());
        match node.as_list().and_then(|items| items.iter().map(scalar).collect::<Option<Vec<_>>>()) {
            Some(texts) => Some(Some(texts)),
            None => self.refuse(format!("`{key}` must be a list of text"), self.value(key)),
        }
    }

    fn value(&self, key: &str) -> At {
        At::value(self.doc, self.path.then(key))
    }

    fn refuse<T>(&mut self, said: impl Into<String>, at: At) -> Option<T> {
        self.report.push(Diagnostic::new(&codes::BAD_RECORD, said, at));
        None
    }
}
