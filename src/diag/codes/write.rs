//! What room `write` can say.

use super::{Code, error};

/// All rows of this file.
pub const ALL: &[&Code] = &[&LEFTOVER_PLACEHOLDER, &SIDE_FILES_NEED_FOLDER];

/// A placeholder is left in the result.
pub const LEFTOVER_PLACEHOLDER: Code = error(
    "leftover-placeholder",
    "a placeholder was left in the output",
    "Every `${resources…}` and `${metadata…}` is answered before anything is written. One that is still there would reach \
     the container as it stands. Most often a provisioner wrote it into an object, where no workload's resources are \
     known: write a value there, or take it in through `params`.",
);

/// The output goes to the screen but needs files beside it.
pub const SIDE_FILES_NEED_FOLDER: Code = error(
    "side-files-need-folder",
    "standard output cannot hold the files beside the output",
    "A Compose file refers to mounted files and to env files with secrets by their paths. With `-o -` there is no place \
     for them. Write to a file, such as `-o compose.yaml`; the files then go to `compose.d/` beside it. Or write to a \
     folder, such as `-o out/`.",
);
