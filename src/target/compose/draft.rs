//! The Compose document while it is being drawn, with the files beside it and who made what.
//! **Invariant:** what was written under a name is never lost without a word.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{From, SideFile};
use crate::model::tree::{Map, Tree};
use crate::model::uid::Uid;
use crate::target::compose::options::Options;
use crate::target::compose::spell;
use crate::target::{Layout, compose};

/// The document while it is being drawn.
pub(super) struct Draft<'a> {
    /// What the run asks.
    pub(super) options: &'a Options,
    /// Where side files live.
    pub(super) layout: &'a Layout,
    /// Where complaints go.
    pub(super) report: &'a mut Report,
    /// The services by name.
    pub(super) services: BTreeMap<String, Piece>,
    /// The other sections by their key.
    pub(super) sections: BTreeMap<&'static str, BTreeMap<String, Piece>>,
    /// Files beside the document.
    pub(super) files: BTreeMap<String, SideFile>,
    /// Folders beside the document.
    pub(super) folders: BTreeMap<String, bool>,
    /// Those that are private.
    pub(super) private: BTreeSet<String>,
    /// The resources whose provisioners may make what another one makes differently, with a warning.
    pub(super) lenient: BTreeSet<Uid>,
}

/// An entry of the document.
pub(super) struct Piece {
    /// Its content.
    pub(super) tree: Tree,
    /// Who made it.
    pub(super) from: From,
}

impl<'a> Draft<'a> {
    /// An empty document.
    pub(super) fn new(
        options: &'a compose::options::Options,
        layout: &'a Layout,
        report: &'a mut Report,
    ) -> Self {
        Self {
            options,
            layout,
            report,
            services: BTreeMap::new(),
            sections: BTreeMap::new(),
            files: BTreeMap::new(),
            folders: BTreeMap::new(),
            private: BTreeSet::new(),
            lenient: BTreeSet::new(),
        }
    }

    /// Says something.
    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
    }

    /// Adds the service of a container; a name that is taken is an error.
    pub(super) fn add_service(&mut self, name: &str, service: Map, from: From, at: At) {
        if let Some(other) = self.services.get(name) {
            let said = Diagnostic::new(
                &codes::DUPLICATE_SERVICE,
                format!("two things would be the Compose service `{name}`"),
                at,
            )
            .note(format!("the other one comes from {}", who(&other.from)))
            .note("a container's service is named `<workload>-<container>`")
            .help("rename the workload or the container");
            self.say(said);
            return;
        }
        self.services.insert(name.to_owned(), Piece { tree: Tree::Map(service), from });
    }

    /// Adds a volume that the document itself needs; one that is there already stays.
    pub(super) fn declare_volume(&mut self, name: &str, from: From) {
        let volumes = self.sections.entry("volumes").or_default();
        volumes.entry(name.to_owned()).or_insert_with(|| Piece { tree: Tree::map(), from });
    }

    /// A path of a side file as the document refers to it.
    pub(super) fn refer(&self, path: &str) -> Tree {
        let whole = if self.layout.files.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.layout.files)
        };
        Tree::from(spell::plain(&whole))
    }

    /// A file that stands where this path has a folder, or below this path.
    pub(super) fn in_the_way(&self, path: &str) -> Option<&str> {
        let mut above =
            path.match_indices('/').filter_map(|(end, _)| self.files.get_key_value(path.get(..end)?));
        let below = format!("{path}/");
        let inside =
            || self.files.range(below.clone()..).next().filter(|(other, _)| other.starts_with(&below));
        above.next().or_else(inside).map(|(other, _)| other.as_str())
    }

    /// Keeps a side file.
    pub(super) fn keep(&mut self, path: String, bytes: Vec<u8>, mode: u32, from: From) {
        self.files.insert(path.clone(), SideFile { path, bytes, mode, from });
    }

    /// Keeps a file that others may read but whose folder only the owner may enter.
    pub(super) fn keep_private(&mut self, folder: &str, path: String, bytes: Vec<u8>, mode: u32, from: From) {
        self.private.insert(folder.to_owned());
        self.keep(path, bytes, mode, from);
    }
}

/// Names a maker for people.
pub(super) fn who(from: &From) -> String {
    match from {
        From::Workload(name) => format!("workload `{name}`"),
        From::Resource(uid) => format!("resource `{uid}`"),
        From::Patch(number) => format!("patch {number}"),
        From::Target => "the Compose target itself".to_owned(),
    }
}
