//! What is typed at the native door, as it is typed. What it means is in [`super::request`].

use clap::{Args, ValueEnum};

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    // For people.
    #[default]
    Human,
    // One JSON object, for machines.
    Json,
    // SARIF 2.1.0, for code scanning.
    Sarif,
    // Workflow commands and a step summary, for GitHub Actions.
    Github,
    // A code quality report, for GitLab.
    Gitlab,
    // A test report, for everything that reads JUnit's.
    Junit,
}

/// How diagnostics are told.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Diagnostics")]
pub(super) struct Telling {
    /// How errors and warnings are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Format,
    /// Treat warnings as errors
    #[arg(long)]
    pub(super) deny_warnings: bool,
    /// Keep quiet about one kind of warning (repeatable); in a file, write `# sightread: allow CODE`
    #[arg(long, value_name = "CODE")]
    pub(super) allow: Vec<String>,
}

/// What is read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Reading {
    /// Score files; `-` is standard input [default: ./score.yaml]
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<String>,
    /// Merge a YAML file over the Score file (repeatable)
    #[arg(long, value_name = "[WORKLOAD:]FILE", help_heading = "Changes to Score files")]
    pub(super) overrides_file: Vec<String>,
    /// Set one value, or remove it with an empty one (repeatable)
    #[arg(long, value_name = "[WORKLOAD:]PATH=VALUE", help_heading = "Changes to Score files")]
    pub(super) override_property: Vec<String>,
    /// The image of containers whose image is `.` or empty, or of the one that is named (repeatable)
    #[arg(short, long, value_name = "[WORKLOAD[.CONTAINER]=]IMAGE", help_heading = "Changes to Score files")]
    pub(super) image: Vec<String>,
    /// Let `files.*.source` read a folder outside the Score file's own (repeatable)
    #[arg(long, value_name = "DIR", help_heading = "Changes to Score files")]
    pub(super) allow_read: Vec<String>,
    /// A provisioner file or a folder of them, before the built-in ones (repeatable)
    #[arg(long, value_name = "FILE|DIR", help_heading = "Resources")]
    pub(super) provisioners: Vec<String>,
    /// Use only provisioner files that are in sightread.lock, exactly as they were locked
    #[arg(long, help_heading = "Resources")]
    pub(super) locked: bool,
    /// Make errors of what provisioners in the older format announce and do not keep
    #[arg(long, help_heading = "Resources")]
    pub(super) strict_provisioners: bool,
    /// Values for resources of type `environment` [default: .env beside the Score file]
    #[arg(long, value_name = "FILE", help_heading = "Resources")]
    pub(super) env_file: Option<String>,
    /// The project's name: part of names and secrets
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Resources",
        default_value = "",
        hide_default_value = true
    )]
    pub(super) project: String,
    /// The environment's name: part of names and secrets
    #[arg(
        long,
        alias = "env",
        value_name = "NAME",
        help_heading = "Resources",
        default_value = "",
        hide_default_value = true
    )]
    pub(super) environment: String,
    /// How diagnostics are told.
    #[command(flatten)]
    pub(super) telling: Telling,
}

/// What is made.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Making {
    /// The platform: `compose` or `kubernetes`
    #[arg(short, long, value_name = "TARGET")]
    pub(super) target: Option<String>,
    /// A file, `-` for standard output, or `DIR/` for one object per file [default: compose.yaml or manifests.yaml]
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<String>,
    /// Write nothing; show what would change and exit with 1 if anything would
    #[arg(long)]
    pub(super) check: bool,
    /// How strictly containers are locked down: `standard`, `restricted` or `off`
    #[arg(long, value_name = "LEVEL", default_value = "standard")]
    pub(super) hardening: String,
    /// Take images of built-in resources from a mirror
    #[arg(long, value_name = "REGISTRY", help_heading = "Resources")]
    pub(super) image_registry: Option<String>,
    /// Build a container's image; a folder, or a build object as YAML (repeatable)
    #[arg(long, value_name = "[WORKLOAD.]CONTAINER=CONTEXT", help_heading = "Docker Compose")]
    pub(super) build: Vec<String>,
    /// Open a port on this machine (repeatable)
    #[arg(short, long, value_name = "[IP:]HOST_PORT:WORKLOAD:PORT", help_heading = "Docker Compose")]
    pub(super) publish: Vec<String>,
    /// Leave out limits of CPU and memory
    #[arg(long, help_heading = "Docker Compose")]
    pub(super) no_limits: bool,
    /// The namespace of all objects
    #[arg(short, long, value_name = "NAME", help_heading = "Kubernetes")]
    pub(super) namespace: Option<String>,
    /// Schemas of custom resources, to judge objects by: definitions or JSON Schemas (repeatable)
    #[arg(long, value_name = "FILE|DIR", help_heading = "Kubernetes")]
    pub(super) crd_schemas: Vec<String>,
    /// What a `route` becomes: `gateway`, `ingress` or `none`
    #[arg(long, value_name = "KIND", default_value = "gateway", help_heading = "Kubernetes")]
    pub(super) route: String,
    /// The Gateway that routes belong to [default: default]
    #[arg(long, value_name = "[NAMESPACE/]NAME", help_heading = "Kubernetes")]
    pub(super) gateway: Option<String>,
    /// Whether network policies guard what is made: only workloads that use a store reach it; `on` or `off`
    #[arg(long, value_name = "WORD", default_value = "on", help_heading = "Kubernetes")]
    pub(super) network_policy: String,
    /// The class of Ingress objects
    #[arg(long, value_name = "CLASS", help_heading = "Kubernetes")]
    pub(super) ingress_class: Option<String>,
}
