//! The types that walk from room to room, in the order in which they are made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::node::Node;
use crate::model::path::{Path, Step};
use crate::model::spec::Spec;
use crate::model::text::Text;
use crate::model::tree::Tree;
use crate::model::uid::Uid;

/// A text that was read, by its place in [`crate::diag::source::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub usize);

/// A parsed YAML document, by its place in [`crate::diag::source::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(pub usize);

/// A Score file as a tree with places: what parse makes and overlay and upgrade change.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its place among the documents of the run.
    pub id: DocId,
    /// The Score file as the user named it; `None` for standard input.
    pub file: Option<String>,
    /// The tree.
    pub root: Arc<Node>,
}

/// A workload as read: checked, typed, not yet resolved.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Its document, for diagnostics.
    pub doc: DocId,
    /// The Score file as the user named it; `None` when it came from a state or standard input.
    pub file: Option<String>,
    /// The specification.
    pub spec: Spec,
    /// Bytes of the files that `files.*.source` names, by container and target path.
    pub assets: BTreeMap<(String, String), Arc<[u8]>>,
    /// Containers that are built: Compose build objects by container.
    pub builds: BTreeMap<String, Tree>,
}

impl Workload {
    /// `metadata.name`.
    pub fn name(&self) -> &str {
        self.spec.name()
    }
}

/// A resource of the plan, one per uid however many workloads share it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its identity.
    pub uid: Uid,
    /// A UUID that stays with the resource: derived, or kept in a state.
    pub guid: String,
    /// The parameters as written, placeholders included.
    pub params: Tree,
    /// The metadata as written.
    pub metadata: Tree,
    /// The workload in whose words the params speak.
    pub source_workload: String,
    /// The declaration whose params count.
    pub source: Declared,
    /// Every place that declares it: the document, the workload, the resource's name there.
    pub declared: Vec<Declared>,
    /// The texts of the files that the params name, by param (`format: file`).
    pub contents: BTreeMap<String, String>,
    /// The resources that the params refer to.
    pub needs: Vec<Uid>,
}

/// A place that declares a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The document.
    pub doc: DocId,
    /// The workload's name.
    pub workload: String,
    /// The resource's name in that workload.
    pub name: String,
}

/// All resources in the order in which they are provisioned.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Dependencies first, ties by uid.
    pub resources: Vec<Planned>,
}

/// A resource that its provisioner has answered for.
#[derive(Debug, Clone)]
pub struct Provisioned {
    /// Its identity.
    pub uid: Uid,
    /// Its UUID.
    pub guid: String,
    /// The workloads that use it, by name.
    pub used_by: Vec<String>,
    /// What placeholders may ask for; secrets are [`Tree::Text`].
    pub outputs: Tree,
    /// True when an output that `outputs` lacks is a variable of the environment (`type: environment`).
    pub open_environment: bool,
    /// What the target adds to its result, by section name: `manifests`, `services`, `volumes`, `files`, …
    pub sections: BTreeMap<String, Tree>,
    /// Where its provisioner's document spells them otherwise.
    pub written: Written,
    /// What it changes in the workloads that ask for it.
    pub patches: Vec<Patch>,
    /// The provisioner that answered.
    pub provisioner: ProvisionerRef,
    /// Lines to tell the user.
    pub logs: Vec<String>,
    /// The first place that declares it.
    pub declared: Declared,
}

/// How steps into what a provisioner made are written in its document, where that differs: a key that is a template, an
/// item behind one that was left out. By the path of the map or list in the document, and the step as it was made.
pub type Written = BTreeMap<(Path, Step), Step>;

/// A change that a provisioner wants made to what a workload becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// The declaration that asks for the resource: its workload is the only one that is changed.
    pub declared: Declared,
    /// Where the patch stands in the provisioner's file.
    pub path: Path,
    /// What is changed and how, as rendered: each target reads it in its own words.
    pub tree: Tree,
}

/// Which provisioner answered, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionerRef {
    /// Its identity, such as `builtin://postgres` or `template://default-provisioners/redis`.
    pub uri: String,
    /// Its document, for diagnostics.
    pub doc: Option<DocId>,
    /// Where in it the sections stand that it makes; `None` for a built-in one, in which nobody can mend anything.
    pub sections: Option<Path>,
    /// True when keys that the target does not know, and names that two resources take, are only worth a warning: it is a
    /// record in the older format, and the run does not insist.
    pub is_lenient: bool,
}

/// Everything resolved: what a target lowers.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// The workloads, by name.
    pub workloads: BTreeMap<String, ResolvedWorkload>,
    /// The resources, in the order in which they were provisioned.
    pub resources: Vec<Provisioned>,
}

/// A workload whose placeholders are filled. What no placeholder may touch stays in `spec`.
#[derive(Debug, Clone)]
pub struct ResolvedWorkload {
    /// Its document, for diagnostics.
    pub doc: DocId,
    /// The Score file as the user named it; `None` when it came from a state or standard input.
    pub file: Option<String>,
    /// The specification as read. Variables, files and volumes are read from `containers`, not from here.
    pub spec: Spec,
    /// The filled parts, by container.
    pub containers: BTreeMap<String, ResolvedContainer>,
    /// A suffix that keeps labels of two installations apart, empty where there is none.
    pub instance_suffix: String,
    /// Compose build objects by container.
    pub builds: BTreeMap<String, Tree>,
}

/// The filled parts of a container.
#[derive(Debug, Clone, Default)]
pub struct ResolvedContainer {
    /// Environment variables.
    pub variables: BTreeMap<String, Text>,
    /// Files, by target path.
    pub files: BTreeMap<String, ResolvedFile>,
    /// Volumes, by target path.
    pub volumes: BTreeMap<String, ResolvedVolume>,
}

/// A file with its content.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedFile {
    /// The content.
    pub content: Content,
    /// The octal permissions as written.
    pub mode: Option<String>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text, placeholders filled.
    Text(Text),
    /// Bytes, as they are.
    Bytes(Arc<[u8]>),
}

/// A volume mount with its volume.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedVolume {
    /// What is mounted.
    pub source: VolumeSource,
    /// A path inside the volume.
    pub path: Option<String>,
    /// True to mount it read-only.
    pub read_only: bool,
}

/// What a volume mount mounts.
#[derive(Debug, Clone, PartialEq)]
pub enum VolumeSource {
    /// A resource, with its outputs.
    Resource(Uid, Tree),
    /// A volume by its bare name: text that names no resource.
    Named(String),
    /// An empty volume that lives as long as the workload; the text is what the user wrote.
    Ephemeral(String),
}

/// Where a piece of output comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A workload.
    Workload(String),
    /// A resource.
    Resource(Uid),
    /// A patch template, counted from 1.
    Patch(usize),
    /// The target itself, such as a namespace.
    Target,
}

/// A document of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    /// The content. No [`Tree::Text`] is left in it: the target has spelled every secret.
    pub tree: Tree,
    /// Who made it.
    pub from: From,
    /// Its place in the list that its maker wrote, where there is such a list.
    pub part: Option<usize>,
}

/// A file beside the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideFile {
    /// Its path, relative to the folder of side files (see [`crate::target::Layout`]).
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its permissions.
    pub mode: u32,
    /// Who made it.
    pub from: From,
}

/// What a target makes: documents in order, and files beside them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// The documents. Compose makes one, Kubernetes one per object.
    pub docs: Vec<Doc>,
    /// Files beside the documents, sorted by path.
    pub files: Vec<SideFile>,
    /// Folders beside the documents, relative as the files are: true to make, false to remove (a file too).
    pub folders: BTreeMap<String, bool>,
    /// Folders of these files that only their owner may enter (0700), because what lies in them is secret.
    pub private: BTreeSet<String>,
    /// What is reachable where, for the summary: `web` → `http://localhost:8080`. Secrets are masked.
    pub reachable: Vec<(String, String)>,
    /// Who made the entries of a document that several made: resources, by section and name.
    pub makers: BTreeMap<(String, String), Uid>,
}

/// A file to write.
#[derive(Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its permissions.
    pub mode: u32,
}

/// What a folder of generated files holds: what an earlier run wrote there, and what this one writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileList {
    /// The folder.
    pub folder: PathBuf,
    /// Paths in it that an earlier run wrote, with `/` at the end of folders; `None` where none kept a list.
    pub before: Option<BTreeSet<String>>,
    /// Paths in it that this run writes.
    pub after: BTreeSet<String>,
}

impl FileList {
    /// What an earlier run wrote and this one does not.
    pub fn stale(&self) -> impl DoubleEndedIterator<Item = &String> {
        self.before.iter().flatten().filter(|name| !self.after.contains(*name))
    }
}

/// What a run did, for those who watch it.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// The files that were read and the workloads they hold.
    pub read: Vec<(String, String)>,
    /// Every workload of the run.
    pub workloads: Vec<String>,
    /// How many provisioners there were to choose from.
    pub provisioners: usize,
    /// How many resources are known afterwards.
    pub resources: usize,
    /// Who made documents, in order, and how many.
    pub made: Vec<(From, usize)>,
}

/// The whole effect of a run, as a value: write it, compare it, print it or throw it away.
#[derive(Clone, Default)]
pub struct Emission {
    /// Files by path.
    pub files: BTreeMap<PathBuf, OutFile>,
    /// Those of them that refer to the others, and are written after them.
    pub outputs: BTreeSet<PathBuf>,
    /// Folders whose files are all ours: what is no longer made is removed from them.
    pub lists: Vec<FileList>,
    /// Folders: true to make, false to remove with all that is in them.
    pub folders: BTreeMap<PathBuf, bool>,
    /// Folders that only their owner may enter.
    pub private: BTreeSet<PathBuf>,
    /// What goes to standard output.
    pub stdout: Option<Vec<u8>>,
    /// The next state and its path, where the run keeps one; written first, for what it holds may be known to nobody else.
    pub state: Option<(PathBuf, OutFile)>,
    /// True when a value was drawn from the seed, which then must be kept.
    pub seeded: bool,
    /// What is reachable where.
    pub reachable: Vec<(String, String)>,
    /// Lines that provisioners want said.
    pub logs: Vec<String>,
    /// The variables of the environment that the result asks for.
    pub environment: BTreeSet<String>,
    /// What was done.
    pub story: Story,
    /// Kinds of objects whose fields nobody could judge, with the number of their objects.
    pub unjudged: BTreeMap<String, usize>,
}
