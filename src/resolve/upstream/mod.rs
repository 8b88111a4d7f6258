//! Provisioners in the format of score-compose and score-k8s: a `*.provisioners.yaml` that is a list of records.
//! A record is a set of Go templates, a command, or the environment; it speaks to one target.

pub mod command;
pub mod data;
pub mod decode;
pub mod dice;
pub mod environment;
pub mod host;
pub mod local_env;
pub mod moment;
pub mod patching;
pub mod plain;
pub mod promises;
pub mod record;
pub mod suffix;
pub mod template;
pub mod uri;

use std::collections::BTreeSet;
use std::time::Duration;

/// Where the file of a record came from, which decides what the record may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address it was fetched from; `None` for a file that was written here.
    pub fetched: Option<String>,
    /// The digest of the file's content, without the line that says where it came from.
    pub digest: String,
}

/// What records of upstream's format may do on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own")]
pub struct Permissions {
    /// Commands may run at all.
    pub commands: bool,
    /// Digests of fetched files whose commands the user approved.
    pub approved: BTreeSet<String>,
    /// Files that were written here must be approved too.
    pub ask_always: bool,
    /// Commands see only the variables that programs need to be found and to find their folders.
    pub clean: bool,
    /// Fetched templates may read the environment.
    pub environment: bool,
    /// How long a command may take.
    pub timeout: Duration,
    /// How many bytes a command may print.
    pub max_output: usize,
    /// What a command complains is shown while it runs.
    pub live: bool,
    /// What `<mode>` among a command's arguments stands for; it stays as it is where absent.
    pub mode: Option<String>,
    /// How to approve a file, as a command line; `FILE` in it stands for the file.
    pub approve: String,
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            commands: true,
            approved: BTreeSet::new(),
            ask_always: false,
            clean: false,
            environment: false,
            timeout: Duration::from_secs(300),
            max_output: 64 << 20,
            live: false,
            mode: None,
            approve: "sightread provisioners approve".to_owned(),
        }
    }
}

impl Permissions {
    /// True when a record of this origin may run commands.
    pub fn trusts(&self, origin: &Origin) -> bool {
        (origin.fetched.is_none() && !self.ask_always) || self.approved.contains(&origin.digest)
    }
}
