//! What a run may ask of Compose. The default is what people want who come without a past.

pub use crate::target::hardening::Hardening;

/// What a run asks.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The project's name, written as `name`; empty leaves it out.
    pub project: String,
    /// How workloads wait for the services of their resources.
    pub waits: Waits,
    /// What becomes of CPU and memory.
    pub limits: Limits,
    /// Which probe becomes the health check.
    pub probes: Probes,
    /// How services are hardened.
    pub hardening: Hardening,
    /// How `$` in variables is to be read.
    pub dollars: Dollars,
    /// How side files of containers are named.
    pub names: Names,
    /// Where secret values are written.
    pub secrets: Secrets,
    /// How the sections of provisioners are taken.
    pub sections: Sections,
    /// How services look that run a workload's containers.
    pub manners: Manners,
    /// What `image: .` means where nothing was given for it.
    pub bare_image: BareImage,
    /// Ports to open on the host: `[HOST_IP:]HOST_PORT:REF:CONTAINER_PORT[/PROTOCOL]`.
    pub publish: Vec<String>,
    /// The address that ports are opened on where none is named.
    pub address: Address,
}

impl Options {
    /// compat(score-compose): everything as `score-compose` does it, save its faults.
    pub fn as_score_compose() -> Self {
        Self {
            project: String::new(),
            waits: Waits::Gate,
            limits: Limits::Warn,
            probes: Probes::First,
            hardening: Hardening::Off,
            dollars: Dollars::Compose,
            names: Names::Flat,
            secrets: Secrets::Clear,
            sections: Sections::Long,
            manners: Manners::Plain,
            bare_image: BareImage::Refuse,
            publish: Vec::new(),
            address: Address::Any,
        }
    }
}

/// How workloads wait for the services of their resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Waits {
    /// Every workload waits for the services of its own resources.
    #[default]
    Each,
    /// A service `wait-for-resources` waits for all of them, and every workload for it.
    Gate,
}

/// What becomes of CPU and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Limits {
    /// Written to `deploy.resources`.
    #[default]
    Deploy,
    /// Left out because the user said so.
    Omit,
    /// Left out with a warning.
    Warn,
}

/// Which probe becomes the health check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Probes {
    /// The readiness probe, or the liveness probe where Compose can only run that one.
    #[default]
    Best,
    /// The readiness probe where there is one, even when Compose cannot run it.
    First,
}

/// How `$` in variables is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dollars {
    /// As a plain character; it is written so that Compose leaves it alone.
    #[default]
    Plain,
    /// As the author wrote it for Compose; in commands what Compose would replace is kept from it.
    Compose,
}

/// How side files of containers are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// `files/<workload>/<container>/<target path>`.
    #[default]
    Mirrored,
    /// `files/<workload>-files-<base name>`, longer where two would be one.
    Flat,
}

/// Where secret values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Secrets {
    /// Into files that only their owner may reach.
    #[default]
    Private,
    /// Into the document, in clear.
    Clear,
}

/// How the sections of provisioners are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sections {
    /// As they stand; two that differ under one name are an error.
    #[default]
    Written,
    /// In Compose's long form, durations and sizes spelled one way; the last of a name wins, with a warning.
    Long,
}

/// How services look that run a workload's containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manners {
    /// A network alias and a restart policy.
    #[default]
    Complete,
    /// A host name alone, and an annotation that names the workload.
    Plain,
}

/// What `image: .` means where nothing was given for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BareImage {
    /// The Score file's folder is built.
    #[default]
    Build,
    /// It is an error.
    Refuse,
}

/// The address that ports are opened on where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Address {
    /// 127.0.0.1: this machine alone.
    #[default]
    Loopback,
    /// Whatever Compose takes by default, which is all of them.
    Any,
}
