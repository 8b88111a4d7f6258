//! What room `write` can say.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[&LEFTOVER_PLACEHOLDER, &SIDE_FILES_NEED_FOLDER];

/// A placeholder is left in the result.
pub const LEFTOVER_PLACEHOLDER: Code = warning(
    "leftover-placeholder",
    "a placeholder was left in the output",
    "A provisioner wrote `${resources…}` or `${metadata…}` into an object. Only workloads and the params of resources know \
     what these names mean, so the text reaches the cluster as it stands: write a value there, or take it in through \
     `params`. The mark of a secret that is left where no secret can be hidden is an error.",
);

/// The output goes to the screen but needs files beside it.
pub const SIDE_FILES_NEED_FOLDER: Code = error(
    "side-files-need-folder",
    "standard output cannot hold the files beside the output",
    "A Compose file refers to mounted files and to env files with secrets by their paths. With `-o -` there is no place \
     for them. Write to a file, such as `-o compose.yaml`; the files then go to `compose.d/` beside it. Or write to a \
     folder, such as `-o out/`.",
);
