//! What provisioners add: services, volumes, networks, models, files and folders.
//! **Invariant:** a secret goes into an env file or a private file, or is an error that names its place.

use std::collections::BTreeMap;
use std::path::{Component, is_separator};

use crate::diag::codes::Code;
use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Severity};
use crate::model::flow::{From, Provisioned, Resolved};
use crate::model::path::{Path, Trail};
use crate::model::text::{Part, Text};
use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::{Draft, Piece, who};
use crate::target::compose::options::{self, Dollars, Secrets};
use crate::target::compose::variables::{self, Lines};
use crate::target::compose::workload::service;
use crate::target::compose::{long, shape, spell};
use crate::target::{verdict, written};

/// The sections that become sections of the document.
const SECTIONS: [&str; 4] = ["services", "volumes", "networks", "models"];

/// Adds what all resources bring.
pub(super) fn add(draft: &mut Draft<'_>, resolved: &mut Resolved) {
    let lenient = resolved.resources.iter().filter(|resource| resource.provisioner.is_lenient);
    draft.lenient = lenient.map(|resource| resource.uid.clone()).collect();
    for resource in &mut resolved.resources {
        let mut made = emptied(&mut resource.sections);
        let maker = Maker { resource };
        maker.folders(draft, &mut made);
        maker.files(draft, &mut made);
        for section in SECTIONS {
            for (name, tree) in maker.section(draft, &mut made, section) {
                let path = Path::of([section, &name]);
                let tree = if section == "services" {
                    maker.service(draft, name.clone(), tree, &path)
                } else {
                    maker.public(draft, tree, &path)
                };
                let tree = maker.shaped(draft, tree, section, &path);
                maker.add(draft, section, name, tree);
            }
        }
    }
}

/// Gives the services of workloads the models that their resources brought.
pub(super) fn attach_models(draft: &mut Draft<'_>, resolved: &Resolved) {
    for resource in &resolved.resources {
        let models = resource.sections.get("models").and_then(Tree::as_map);
        let Some(models) = models.filter(|models| !models.is_empty()) else { continue };
        let one = std::slice::from_ref(&resource.declared.workload);
        let users = if draft.options.sections == options::Sections::Long { one } else { &resource.used_by };
        for workload in users.iter().filter_map(|user| resolved.workloads.get(user)) {
            for container in workload.spec.containers.keys() {
                let name = service(workload.spec.name(), container);
                let Some(made) = draft.services.get_mut(&name).and_then(|piece| piece.tree.as_map_mut())
                else {
                    continue;
                };
                let attached = made.entry("models".to_owned()).or_insert_with(Tree::map);
                if let Some(attached) = attached.as_map_mut() {
                    attached.extend(models.keys().map(|model| (model.clone(), Tree::map())));
                }
            }
        }
    }
}

/// What a provisioner made, by section.
type Sections = BTreeMap<String, Tree>;

/// Takes what sections hold and leaves their names, which say who brought what.
fn emptied(sections: &mut Sections) -> Sections {
    let made = std::mem::take(sections);
    sections.extend(made.iter().map(|(section, tree)| {
        let names = tree.as_map().map(|map| map.keys().map(|name| (name.clone(), Tree::Null)).collect());
        (section.clone(), names.map_or(Tree::Null, Tree::Map))
    }));
    made
}

/// Spells what the provisioner of a resource wrote.
pub(super) struct Maker<'a> {
    /// The resource.
    pub(super) resource: &'a Provisioned,
}

impl Maker<'_> {
    fn at(&self) -> At {
        written::declared(self.resource)
    }

    fn from(&self) -> From {
        From::Resource(self.resource.uid.clone())
    }

    /// A diagnostic about what the provisioner made, shown where that is written.
    fn complaint(&self, draft: &Draft<'_>, code: &'static Code, message: String, path: &Path) -> Diagnostic {
        written::complaint(code, message, self.resource, path, &draft.report.sources)
    }

    /// A diagnostic about what the provisioner made and another did, shown where the resource is declared.
    fn dispute(&self, message: String) -> Diagnostic {
        let uri = &self.resource.provisioner.uri;
        let said = Diagnostic::new(&codes::SECTION_CLASH, message, self.at());
        said.note(format!("provisioner `{uri}` made it"))
    }

    /// The entries of a section.
    fn section(&self, draft: &mut Draft<'_>, made: &mut Sections, section: &str) -> Map {
        match made.remove(section) {
            None | Some(Tree::Null) => Map::new(),
            Some(Tree::Map(map)) => map,
            Some(other) => {
                let words =
                    format!("`{section}` of resource `{}` is {}, not a map", self.resource.uid, other.kind());
                draft.say(self.complaint(draft, &codes::SECTION_SHAPE, words, &Path::of([section])));
                Map::new()
            }
        }
    }

    /// The tree in the form that is asked for; what Compose would not take is said.
    fn shaped(&self, draft: &mut Draft<'_>, tree: Tree, section: &str, path: &Path) -> Tree {
        let (shape, mut oddities) = (shape::of(section), Vec::new());
        let long = draft.options.sections == options::Sections::Long;
        let is_lenient = self.resource.provisioner.is_lenient;
        let tree = if long {
            long::spelled(tree, &shape, path, &mut oddities)
        } else {
            long::unknown(&tree, &shape, path, &mut oddities);
            let tree = if is_lenient { long::known(tree, &shape) } else { tree };
            // A volume or a network may say nothing; a service and a model have to.
            let says =
                tree.as_map().is_some() || tree == Tree::Null && ["volumes", "networks"].contains(&section);
            if !says {
                oddities.push(long::Oddity::Wrong(path.clone(), "a map"));
            }
            tree
        };
        // compat(score-compose): of what a program prints, nothing is left out.
        let drops = is_lenient || long && !self.resource.provisioner.uri.to_lowercase().starts_with("cmd:");
        for oddity in oddities {
            let begin = |code, words, place: &Path| self.complaint(draft, code, words, place);
            let said = forgiven(long::complaint(oddity, drops, begin), is_lenient);
            draft.say(said);
        }
        tree
    }

    fn add(&self, draft: &mut Draft<'_>, section: &'static str, name: String, tree: Tree) {
        let pieces = if section == "services" {
            &mut draft.services
        } else {
            draft.sections.entry(section).or_default()
        };
        let piece = Piece { tree, from: self.from() };
        let other = match pieces.get(&name) {
            Some(other) if other.tree != piece.tree => other.from.clone(),
            _ => {
                pieces.insert(name, piece);
                return;
            }
        };
        let words =
            format!("{} and resource `{}` differ about `{section}.{name}`", who(&other), self.resource.uid);
        pieces.insert(name, piece);
        let said = self
            .dispute(words)
            .help("let the provisioner put its resource's name into the name of what it makes");
        self.clash(draft, &other, said);
    }

    /// Says that two resources differ about one thing: a warning where neither provisioner is held to its contract.
    fn clash(&self, draft: &mut Draft<'_>, other: &From, mut said: Diagnostic) {
        let long = draft.options.sections == options::Sections::Long;
        let is_lenient = self.resource.provisioner.is_lenient
            && matches!(other, From::Resource(uid) if draft.lenient.contains(uid));
        if long {
            said.helps.clear();
        }
        draft.say(if long || is_lenient {
            forgiven(said.severity(Severity::Warning).note("the last one is kept"), is_lenient)
        } else {
            said
        });
    }

    /// A service, or a part of one: secrets of its environment go into an env file of this name.
    pub(super) fn service(&self, draft: &mut Draft<'_>, name: String, tree: Tree, path: &Path) -> Tree {
        let Tree::Map(mut service) = tree else { return self.public(draft, tree, path) };
        let mut lines = Lines::new(name, self.from());
        if let Some(environment) = service.remove("environment") {
            let tree = self.environment(draft, environment, &mut lines, path);
            service.insert("environment".to_owned(), tree);
        }
        let Tree::Map(mut service) = self.public(draft, Tree::Map(service), path) else { return Tree::Null };
        if service.get("environment").is_some_and(Tree::is_blank) {
            service.remove("environment");
        }
        lines.close(draft, &mut service);
        Tree::Map(service)
    }

    fn environment(&self, draft: &mut Draft<'_>, tree: Tree, lines: &mut Lines, path: &Path) -> Tree {
        let here = path.then("environment");
        let mut keep = |draft: &mut Draft<'_>, name: &str, text: &Text| {
            variables::one(draft, lines, name, text, Dollars::Compose, &self.at()).map(Tree::Str)
        };
        match tree {
            Tree::Map(map) => {
                let entries = map.into_iter().filter_map(|(name, value)| match value {
                    Tree::Text(text) => Some((name.clone(), keep(draft, &name, &text)?)),
                    other => Some((name, other)),
                });
                Tree::Map(entries.collect())
            }
            Tree::List(items) => {
                let items = items.into_iter().filter_map(|item| match item {
                    Tree::Text(text) => match split(&text) {
                        Some((name, value)) => {
                            let value = keep(draft, &name, &value)?;
                            value.as_str().map(|value| Tree::from(format!("{name}={value}")))
                        }
                        None => Some(Tree::Text(text)),
                    },
                    other => Some(other),
                });
                Tree::List(items.collect())
            }
            other => self.public(draft, other, &here),
        }
    }

    /// The tree with every text spelled; a secret is an error.
    pub(super) fn public(&self, draft: &mut Draft<'_>, mut tree: Tree, path: &Path) -> Tree {
        self.spelled(draft, &mut tree, &Trail::from(path));
        tree
    }

    fn spelled(&self, draft: &mut Draft<'_>, tree: &mut Tree, here: &Trail<'_>) {
        match tree {
            Tree::Text(text) => {
                let value = spell::value(text, Dollars::Compose, draft.options.secrets);
                if value.is_none() {
                    self.in_clear(draft, here);
                }
                *tree = value.map_or(Tree::Null, Tree::Str);
            }
            Tree::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.spelled(draft, item, &here.index(index));
                }
            }
            Tree::Map(map) => {
                for (key, value) in map {
                    self.spelled(draft, value, &here.key(key));
                }
            }
            Tree::Null
            | Tree::Bool(_)
            | Tree::Int(_)
            | Tree::Uint(_)
            | Tree::Float(_)
            | Tree::Time(_)
            | Tree::Str(_) => {}
        }
    }

    fn in_clear(&self, draft: &mut Draft<'_>, here: &Trail<'_>) {
        let words = format!("a secret of resource `{}` would stand in clear at `{here}`", self.resource.uid);
        let said = self
            .complaint(draft, &codes::SECRET_IN_CLEAR, words, &here.path())
            .note("in a Compose file a secret may only stand in `environment` of a service or in a file")
            .help("put the secret into `environment`, or into a file under `files`");
        draft.say(said);
    }

    fn folders(&self, draft: &mut Draft<'_>, sections: &mut Sections) {
        for (path, make) in self.section(draft, sections, "directories") {
            let make = match make {
                Tree::Bool(make) => make,
                Tree::Null => false,
                other => {
                    let words = format!(
                        "folder `{path}` of resource `{}` is {}, not true or false",
                        self.resource.uid,
                        other.kind()
                    );
                    let place = Path::of(["directories", &path]);
                    draft.say(self.complaint(draft, &codes::SECTION_SHAPE, words, &place));
                    continue;
                }
            };
            if let Some(path) = self.local(draft, &path, "directories") {
                draft.folders.insert(path, make);
            }
        }
    }

    fn files(&self, draft: &mut Draft<'_>, made: &mut Sections) {
        for (path, content) in self.section(draft, made, "files") {
            let place = Path::of(["files", &path]);
            let Some(path) = self.local(draft, &path, "files") else { continue };
            match content {
                Tree::Null => {
                    draft.folders.insert(path, false);
                }
                Tree::Str(text) => self.file(draft, path, text.into_bytes(), false),
                Tree::Text(text) => match spell::clear(&text, Dollars::Plain) {
                    Ok(value) => self.file(draft, path, value.into_bytes(), true),
                    Err(_) => variables::unknown(draft, &text, Dollars::Plain, &self.at()),
                },
                other => {
                    let words = format!(
                        "file `{path}` of resource `{}` is {}, not text",
                        self.resource.uid,
                        other.kind()
                    );
                    draft.say(self.complaint(draft, &codes::SECTION_SHAPE, words, &place));
                }
            }
        }
    }

    fn file(&self, draft: &mut Draft<'_>, path: String, bytes: Vec<u8>, secret: bool) {
        let other = draft.files.get(&path).filter(|other| other.bytes != bytes);
        if let Some(other) = other.map(|other| other.from.clone()) {
            let words =
                format!("{} and resource `{}` differ about file `{path}`", who(&other), self.resource.uid);
            let said = self.dispute(words);
            self.clash(draft, &other, said);
        }
        if let Some(other) = draft.in_the_way(&path) {
            let uid = &self.resource.uid;
            let words = format!(
                "file `{path}` of resource `{uid}` and file `{other}` cannot both be: one would be a folder"
            );
            draft.say(self.complaint(draft, &codes::SECTION_SHAPE, words, &Path::of(["files", &path])));
        }
        draft.folders.remove(&path);
        match path.rsplit_once('/') {
            Some((folder, _)) if secret && draft.options.secrets == Secrets::Private => {
                let folder = folder.to_owned();
                draft.keep_private(&folder, path, bytes, 0o444, self.from());
            }
            _ => draft.keep(path, bytes, if secret { 0o600 } else { 0o644 }, self.from()),
        }
    }

    /// A path that stays in the folder of side files.
    fn local(&self, draft: &mut Draft<'_>, path: &str, section: &str) -> Option<String> {
        let mut steps = Vec::new();
        let rooted = |part: Component<'_>| matches!(part, Component::RootDir | Component::Prefix(_));
        let mut stays = !path.is_empty() && !std::path::Path::new(path).components().any(rooted);
        for step in path.split(is_separator) {
            match step {
                "" | "." => {}
                ".." => stays &= steps.pop().is_some(),
                step => steps.push(step),
            }
        }
        if stays {
            return Some(if steps.is_empty() { ".".to_owned() } else { steps.join("/") });
        }
        let words = format!(
            "path `{path}` of resource `{}` leads out of the folder of side files",
            self.resource.uid
        );
        draft.say(self.complaint(draft, &codes::SIDE_PATH, words, &Path::of([section, path])));
        None
    }
}

/// What is only a warning because of how its provisioner is written says so.
fn forgiven(said: Diagnostic, is_lenient: bool) -> Diagnostic {
    let is_warning = said.severity == Severity::Warning;
    if is_lenient && is_warning { said.note(verdict::STRICTER) } else { said }
}

/// `NAME=value` taken apart.
fn split(text: &Text) -> Option<(String, Text)> {
    let (first, rest) = text.parts().split_first()?;
    let Part::Literal(first) = first else { return None };
    let (name, start) = first.split_once('=')?;
    let mut value = Text::from(start);
    for part in rest {
        value.push(part.clone());
    }
    Some((name.to_owned(), value))
}
