//! What a template sees, and the call of the template engine.

use crate::diag::{Failed, Report};
use crate::model::marker;
use crate::model::tree::{Map, Tree};
use crate::resolve::provisioner::{Input, Provisioner};
use crate::resolve::upstream::Origin;
use crate::world::World;

/// What changes from section to section.
pub struct Scene<'a> {
    /// What `init` made.
    pub init: Map,
    /// What the provisioner remembers.
    pub state: Map,
    /// What provisioners share.
    pub shared: Map,
    /// The params, secrets as marks.
    pub params: Tree,
    input: &'a Input<'a>,
}

impl<'a> Scene<'a> {
    /// The scene before the first section.
    pub fn new(input: &'a Input<'a>) -> Self {
        let map = |tree: &Tree| marker::write_tree(tree).as_map().cloned().unwrap_or_default();
        Self {
            init: Map::new(),
            state: map(&input.state),
            shared: input.shared.clone(),
            params: marker::write_tree(&input.params),
            input,
        }
    }
}

/// Which template is rendered.
pub struct Place<'a> {
    /// Its record.
    pub provisioner: &'a Provisioner,
    /// Its section.
    pub section: &'static str,
    /// Its text, trimmed.
    pub text: &'a str,
    /// Where its file came from.
    pub origin: &'a Origin,
}

/// Renders one template.
///
/// # Errors
/// When it is not a template, or fails.
pub fn render(
    place: &Place<'_>,
    scene: &Scene<'_>,
    input: &Input<'_>,
    world: &dyn World,
    report: &mut Report,
) -> Result<String, Failed> {
    let _ = (place, scene, input, world, report, scene.input);
    unimplemented!()
}
