//! What a path of a Score file means: what a person calls the thing there, and which keys it may have.

use crate::model::path::{Path, Step};

/// A kind of thing in a Score file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Top,
    Metadata,
    Service,
    Port,
    Container,
    File,
    Volume,
    Before,
    Compute,
    Amounts,
    Probe,
    HttpGet,
    Header,
    Exec,
    Resource,
    /// A map whose keys are names, or something else that has no keys of its own.
    Free,
}

impl Shape {
    /// The thing at a path.
    pub(super) fn at(path: &Path) -> Self {
        let steps: Vec<&str> = path
            .steps()
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.as_str(),
                Step::Index(_) => "#",
            })
            .collect();
        match steps.as_slice() {
            [] => Self::Top,
            ["metadata"] => Self::Metadata,
            ["service"] => Self::Service,
            ["service", "ports", _] => Self::Port,
            ["resources", _] => Self::Resource,
            ["containers", _, inner @ ..] => Self::in_container(inner),
            _ => Self::Free,
        }
    }

    fn in_container(steps: &[&str]) -> Self {
        match steps {
            [] => Self::Container,
            ["files", _] => Self::File,
            ["volumes", _] => Self::Volume,
            ["before", _] => Self::Before,
            ["resources"] => Self::Compute,
            ["resources", _] => Self::Amounts,
            ["livenessProbe" | "readinessProbe"] => Self::Probe,
            [_, "httpGet"] => Self::HttpGet,
            [_, "httpGet", "httpHeaders", _] => Self::Header,
            [_, "exec"] => Self::Exec,
            _ => Self::Free,
        }
    }

    /// What a person calls it.
    pub(super) const fn called(self) -> &'static str {
        match self {
            Self::Top => "a Score file",
            Self::Metadata => "`metadata`",
            Self::Service => "`service`",
            Self::Port => "a port",
            Self::Container => "a container",
            Self::File => "a file",
            Self::Volume => "a volume",
            Self::Before => "an entry of `before`",
            Self::Compute => "a container's `resources`",
            Self::Amounts => "`limits` and `requests`",
            Self::Probe => "a probe",
            Self::HttpGet => "`httpGet`",
            Self::Header => "a header",
            Self::Exec => "`exec`",
            Self::Resource => "a resource",
            Self::Free => "this",
        }
    }

    /// The keys it may have.
    pub(super) const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Top => &["apiVersion", "metadata", "service", "containers", "resources"],
            Self::Metadata => &["name", "annotations"],
            Self::Service => &["ports"],
            Self::Port => &["port", "targetPort", "protocol"],
            Self::Container => &[
                "image",
                "command",
                "args",
                "variables",
                "files",
                "volumes",
                "before",
                "resources",
                "livenessProbe",
                "readinessProbe",
            ],
            Self::File => &["content", "source", "binaryContent", "mode", "noExpand"],
            Self::Volume => &["source", "path", "readOnly"],
            Self::Before => &["ready"],
            Self::Compute => &["limits", "requests"],
            Self::Amounts => &["cpu", "memory"],
            Self::Probe => &["httpGet", "exec"],
            Self::HttpGet => &["port", "path", "host", "scheme", "httpHeaders"],
            Self::Header => &["name", "value"],
            Self::Exec => &["command"],
            Self::Resource => &["type", "class", "id", "metadata", "params"],
            Self::Free => &[],
        }
    }
}
