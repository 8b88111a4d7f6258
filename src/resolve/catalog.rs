//! Which provisioners there are, and which one wins: the first that matches, in a stated order.

use crate::diag::{Failed, Report};
use crate::model::uid::Uid;
use crate::resolve::provisioner::Provisioner;
use crate::world::World;

/// Where provisioners come from, in the order in which they win.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// Files and folders, in order (`--provisioners`, `./provisioners/`, a state folder's `*.provisioners.yaml`).
    pub paths: Vec<String>,
    /// Whether the built-in ones come last.
    pub builtins: bool,
}

/// All provisioners of a run, in the order in which they win.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The provisioners.
    pub provisioners: Vec<Provisioner>,
}

impl Catalog {
    /// The first provisioner that matches a resource.
    pub fn find(&self, uid: &Uid) -> Option<&Provisioner> {
        self.provisioners.iter().find(|provisioner| provisioner.matches(uid))
    }
}

/// Loads everything that `origins` names. Built-ins are parsed only when a resource type asks for them (`wanted`).
///
/// # Errors
/// When a file is missing or not a provisioner file.
pub fn load(
    origins: &Origins,
    wanted: Option<&[&str]>,
    world: &dyn World,
    report: &mut Report,
) -> Result<Catalog, Failed> {
    let _ = (origins, wanted, world, report);
    unimplemented!()
}
