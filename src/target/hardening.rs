//! How strictly containers are locked down, on every target.

/// How strictly a container is locked down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hardening {
    /// Nothing is written.
    Off,
    /// What few common images break on: no privilege escalation, the default seccomp profile, no token.
    #[default]
    Standard,
    /// What Pod Security calls *restricted*, and a read-only root file system with a writable `/tmp`.
    Restricted,
}

impl Hardening {
    /// The names of all levels.
    pub const NAMES: [&'static str; 3] = ["standard", "restricted", "off"];

    /// The level of a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "standard" => Some(Self::Standard),
            "restricted" => Some(Self::Restricted),
            _ => None,
        }
    }
}
