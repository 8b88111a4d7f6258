//! Our own provisioner format: one resource type, one contract, a section per target.
//!
//! `several` finds the types of a file, `read` makes a [`Contract`] of each, `params` judges what users pass, `ready` takes templates apart, `tree` renders
//! them, and `answer` runs the whole for one resource.

pub mod answer;
pub mod functions;
pub mod params;
pub mod patching;
pub mod read;
pub mod ready;
pub mod several;
pub mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::node::Node;
use crate::resolve::contract::params::{Param, Type};

/// A parsed contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// What users may pass.
    pub params: BTreeMap<String, Param>,
    /// What placeholders may ask for.
    pub outputs: Outputs,
    /// The file, for its templates.
    pub root: Arc<Node>,
}

/// The outputs a contract declares.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    /// Those it names.
    pub named: BTreeMap<String, Output>,
    /// Whether others may be asked for too (`"*"`).
    pub rest: Rest,
}

/// A declared output.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Whether the value must not be seen.
    pub secret: bool,
    /// What the value must be; anything where absent.
    pub kind: Option<Type>,
    /// One sentence.
    pub description: String,
}

/// What an output that is not named is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// A mistake.
    #[default]
    None,
    /// Whatever the provisioner makes.
    Any,
    /// A variable of the environment.
    Environment,
}
