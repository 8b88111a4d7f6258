//! The identity of a resource: `type.class#id`.

use std::fmt;

/// `type.class#id`; two resources of one uid are one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid {
    /// The resource type, such as `postgres`.
    pub kind: String,
    /// The class, `default` where none was given.
    pub class: String,
    /// The explicit id, or `workload.resource`.
    pub id: String,
}

impl Uid {
    /// The uid of a resource as a workload declares it.
    pub fn of(workload: &str, name: &str, kind: &str, class: Option<&str>, id: Option<&str>) -> Self {
        Self {
            kind: kind.to_owned(),
            class: class.unwrap_or("default").to_owned(),
            id: id.map_or_else(|| format!("{workload}.{name}"), str::to_owned),
        }
    }

    /// Reads `type.class#id`: the type ends at the first dot, the id begins after the first `#`.
    pub fn parse(text: &str) -> Option<Self> {
        let (front, id) = text.split_once('#')?;
        let (kind, class) = front.split_once('.')?;
        Some(Self { kind: kind.to_owned(), class: class.to_owned(), id: id.to_owned() })
    }
}

/// The label of pods that use a resource, by which its network policy knows them. It follows from the resource's UUID,
/// so that runs that know nothing of each other agree.
pub fn uses_label(guid: &str) -> String {
    let mark: String = guid.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("sightread.dev/uses-{mark}")
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}#{}", self.kind, self.class, self.id)
    }
}
