//! What `sightread.lock` and the files it speaks of can get wrong.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[&BROKEN_LOCK, &NEEDS_NEWER, &NOT_LOCKED, &LOCK_CHANGED];

/// The lock cannot be understood.
pub const BROKEN_LOCK: Code = error(
    "broken-lock",
    "sightread.lock cannot be understood",
    "`sightread.lock` says which provisioner files a project uses, where they came from and what is in them. The program \
     writes it; this one is not YAML or has another shape. After a merge conflict keep the lines of both sides, then run \
     `sightread provisioners update --locked`. Otherwise take the file from Git.",
);

/// A newer program is needed.
pub const NEEDS_NEWER: Code = error(
    "needs-newer",
    "a provisioner file needs a newer sightread",
    "A provisioner file may say `requires: 1.2.0`, the oldest version of this program that understands it. This program is \
     older. Bring it up to date, or use an older version of the provisioner.",
);

/// A file is not locked.
pub const NOT_LOCKED: Code = error(
    "not-locked",
    "a provisioner file is not in sightread.lock",
    "With `--locked` a run uses only provisioner files that `sightread.lock` knows, exactly as they were when they were \
     locked. `sightread provisioners add URI` locks what it fetches, and `sightread provisioners update` locks the files \
     of `./provisioners/` as they are now.",
);

/// A file is not what was locked.
pub const LOCK_CHANGED: Code = warning(
    "lock-changed",
    "a provisioner file is not what was locked",
    "`sightread.lock` holds a digest of every provisioner file. This file was changed since, or is gone. For a fetched file \
     that is a warning, with `--locked` an error for any file. `sightread provisioners update --locked` brings fetched \
     files back as they were, `sightread provisioners update` locks what is there now, and fetches anew what was fetched.",
);
