//! Which front door: by the program's name, or by its first argument.

use std::path::Path;

/// A front door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// `sightread`.
    Native,
    /// `score-compose`.
    ScoreCompose,
    /// `score-k8s`.
    ScoreK8s,
}

impl Door {
    /// The name of the program as this door's users know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "sightread",
            Self::ScoreCompose => "score-compose",
            Self::ScoreK8s => "score-k8s",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::ScoreCompose, Self::ScoreK8s].into_iter().find(|door| door.name() == name)
    }
}

/// The door and the arguments that are meant for it.
pub(super) fn door(argv: &[String]) -> (Door, &[String]) {
    let Some((program, arguments)) = argv.split_first() else { return (Door::Native, argv) };
    let stem = Path::new(program).file_stem().unwrap_or_default().to_string_lossy();
    if let Some(door) = Door::of(&stem) {
        return (door, arguments);
    }
    match arguments.split_first().and_then(|(first, rest)| Some((Door::of(first)?, rest))) {
        Some(named) => named,
        None => (Door::Native, arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::{Door, door};

    #[test]
    fn names_lead_to_doors() {
        let table: [(&[&str], Door, usize); 5] = [
            (&[], Door::Native, 0),
            (&["/usr/bin/sightread", "generate"], Door::Native, 1),
            (&["/usr/bin/score-compose", "generate"], Door::ScoreCompose, 1),
            (&["score-k8s.exe", "init"], Door::ScoreK8s, 1),
            (&["sightread", "score-k8s", "init"], Door::ScoreK8s, 1),
        ];
        for (argv, wanted, left) in table {
            let argv: Vec<String> = argv.iter().map(ToString::to_string).collect();
            let (found, arguments) = door(&argv);
            assert_eq!((found, arguments.len()), (wanted, left), "{argv:?}");
        }
    }
}
