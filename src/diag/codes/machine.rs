//! What the command line, the disk and the machine can get wrong.

use super::{Code, error, note, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[&BROKEN_STATE, &UNKNOWN_STATE_KEY, &SEED_MADE, &BROKEN_ENV_FILE];

/// The state file cannot be understood.
pub const BROKEN_STATE: Code = error(
    "broken-state",
    "the state file cannot be understood",
    "A project of score-compose or score-k8s keeps what it must remember (names, passwords, workloads) in `state.yaml` in \
     its state folder. This one is empty, is not YAML, or has another shape than such a file. Nothing was changed. Bring \
     the file back from a copy, or mend the place that is shown; removing the folder and running `init` again makes \
     new names and new passwords.",
);

/// A key of the state file that nobody knows.
pub const UNKNOWN_STATE_KEY: Code = warning(
    "unknown-state-key",
    "the state file has a key that is not known here",
    "The state file may have been written by a newer tool. The key is kept and written back as it is, so that the newer \
     tool finds it again; this one does nothing with it.",
);

/// A seed was made.
pub const SEED_MADE: Code = note(
    "seed-made",
    "a seed for secrets was made",
    "Passwords are computed from a seed, so that they stay the same from run to run. None was there, so one was drawn and \
     kept in `.sightread/seed`, where only you can read it and Git ignores it. Keep a copy where you keep other secrets: \
     whoever has the seed can compute the passwords, and without it new ones are made. In CI, give it in the variable \
     `SIGHTREAD_SEED`.",
);

/// An env file cannot be understood.
pub const BROKEN_ENV_FILE: Code = error(
    "broken-env-file",
    "an env file cannot be read or understood",
    "An env file has one `NAME=value` to a line. Lines that begin with `#` are comments, values may stand in single or \
     double quotes, and `export ` in front is fine. Values that go over several lines are not. The line itself is not \
     shown because it may hold a secret.",
);
