//! What room `write` can say.

use super::{Code, error, note, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    &PATCH_FAILED,
    &PATCH_GAP,
    &PATCHED,
    &LEFTOVER_PLACEHOLDER,
    &SIDE_FILES_NEED_FOLDER,
    &BROKEN_FILE_LIST,
    &LINK_OUT_OF_FOLDER,
    &KUSTOMIZATION_BEHIND,
    &OUTPUT_OVER_INPUT,
];

/// The output would replace a file that the run read.
pub const OUTPUT_OVER_INPUT: Code = error(
    "output-over-input",
    "the output would replace a file that was read",
    "What `-o` names is written anew by every run. Here it is a Score file, an override file or a provisioner file of the same \
     run, which would be lost. Name another file, or a folder that ends in `/`.",
);

/// A list of generated files names something else.
pub const BROKEN_FILE_LIST: Code = error(
    "broken-file-list",
    "the list of generated files cannot be trusted",
    "Every run keeps a list of the files it writes, `.sightread-files`, in the folder beside the output and in the folder of \
     `-o DIR/`. The next run removes what is on it and is no longer made. A line is a path inside that folder. This list has \
     a line that is none, so that something else would be removed, and the run stops before it changes anything.",
);

/// A link leads out of a folder of generated files.
pub const LINK_OUT_OF_FOLDER: Code = error(
    "link-out-of-folder",
    "a link leads out of a folder of generated files",
    "Files beside the output and in the folder of `-o DIR/` are written and removed without asking. A link in such a folder \
     that leads elsewhere would have the same done to files that have nothing to do with it, so the run stops before it \
     changes anything. The folder that you name with `-o DIR/` may itself be a link, and so may the output file.",
);

/// A kustomization and the files beside it do not fit.
pub const KUSTOMIZATION_BEHIND: Code = warning(
    "kustomization-behind",
    "a kustomization and the objects beside it do not fit",
    "A `kustomization.yaml` in the folder of `-o DIR/` is yours and is never written or removed. It names the files that \
     belong together, so when an object appears or goes away, it must follow: kustomize fails about a name without a file, \
     and leaves out a file without a name.",
);

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

/// A patch template failed.
pub const PATCH_FAILED: Code = error(
    "patch-failed",
    "a patch template cannot be applied",
    "A patch template is a Go template that renders a list of changes: `op` (`set` or `delete`), `path`, for `set` a `value`, and \
     a `description` if you like. This one failed, rendered something else, or its path leads nowhere a value can be. In a path \
     dots part the steps, a number is an index of a list, `-1` is behind its end, and a backslash keeps a dot in a key: \
     `0.metadata.annotations.example\\.com/owner`.",
);

/// A patch template left empty documents.
pub const PATCH_GAP: Code = warning(
    "patch-gap",
    "a patch template leaves empty manifests",
    "A change set a manifest behind the end of the list, so that empty ones stand between. They are left out of the result. \
     Use the index `-1` to add a manifest at the end.",
);

/// A change of a patch template was applied.
pub const PATCHED: Code = note(
    "patched",
    "a change of a patch template was applied",
    "The project has patch templates, which change the result after it is made. Each change is told with its path and its \
     description, so that nobody looks for it in a Score file.",
);
