//! What a run may ask of Kubernetes.

pub use crate::target::hardening::Hardening;

/// What a run asks. The default is the tidy native output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The namespace of the objects; none is written where absent.
    pub namespace: Option<String>,
    /// True to write the Namespace object as well.
    pub namespace_object: bool,
    /// How strictly pods are locked down, where no annotation says otherwise.
    pub hardening: Hardening,
    /// How objects are shaped and named.
    pub shape: Shape,
    /// How files reach a container.
    pub mounts: Mounts,
    /// What happens when two objects have one identity.
    pub clashes: Clashes,
    /// Which objects are put into the namespace.
    pub stamp: Stamp,
    /// How documents are sorted.
    pub order: Order,
    /// Whether resources are guarded by network policies.
    pub network_policies: NetworkPolicies,
}

impl Options {
    /// compat(score-k8s): the shape that `score-k8s` gives its output, down to names, hashes and empty fields.
    pub fn as_score_k8s() -> Self {
        Self {
            namespace: None,
            namespace_object: false,
            hardening: Hardening::Off,
            shape: Shape::Verbose,
            mounts: Mounts::Folders,
            clashes: Clashes::LastWins,
            stamp: Stamp::Everything,
            order: Order::AsMade,
            network_policies: NetworkPolicies::Off,
        }
    }
}

/// How objects are shaped and named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// Only what says something; readable names; literal text stays literal.
    #[default]
    Tidy,
    /// compat(score-k8s): empty fields, hashed names, `managed-by: score-k8s`, no container ports.
    Verbose,
}

/// How files reach a container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mounts {
    /// One mount per file, so that nothing of the image is hidden.
    #[default]
    Files,
    /// compat(score-k8s): one mount per folder, which hides what the image has there.
    Folders,
}

/// What happens when two objects have one identity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clashes {
    /// Equal objects become one, different ones are an error.
    #[default]
    Refuse,
    /// compat(score-k8s): the later one replaces the earlier one, with a warning when they differ.
    LastWins,
}

/// Which objects are put into the namespace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stamp {
    /// Those that live in a namespace and do not name one.
    #[default]
    Namespaced,
    /// compat(score-k8s): all but Namespaces, whatever they name.
    Everything,
}

/// How documents are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// What others need first: namespaces, secrets, config maps, claims, services, then the rest.
    #[default]
    ByNeed,
    /// compat(score-k8s): resources in the order of provisioning, then workloads by name.
    AsMade,
}

/// Whether resources are guarded by network policies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NetworkPolicies {
    /// Only pods that say that they use a resource may reach it.
    #[default]
    On,
    /// Whoever may, may.
    Off,
}
