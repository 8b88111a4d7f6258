//! What overrides and older spellings can get wrong.

use crate::diag::codes::{Code, error, note, warning};

/// An override cannot be read.
pub const BAD_OVERRIDE: Code = error(
    "bad-override",
    "an override cannot be read",
    "`--override-property` takes `path=value`, such as `containers.web.image=app:2`; the value is YAML, \
     and no value deletes. `--overrides-file` takes a file that holds the part of a Score file that is \
     to change, as a map.",
);

/// An override leads nowhere.
pub const OVERRIDE_PATH: Code = error(
    "override-path",
    "an override leads nowhere",
    "A path goes through maps by their keys and through lists by index, counted from 0: \
     `containers.web.args.0=--verbose`. `-1` appends to a list. `\\.` is a dot inside a key. Maps on \
     the way are made where they lack; items of lists are not, and a path cannot go through text or a \
     number.",
);

/// An override is meant for something that does not exist.
pub const UNKNOWN_SCOPE: Code = error(
    "unknown-scope",
    "an override is meant for something that does not exist",
    "An override may be meant for one workload or container: `--image api.web=app:2`. No Score file of \
     this run has a workload of this name, or the workload has no such container.",
);

/// An image that no container waits for.
pub const IDLE_IMAGE: Code = warning(
    "idle-image",
    "an image of the command line is given to no container",
    "`--image IMAGE` is for containers whose image is `.` or empty: they wait for one. `--image WORKLOAD.CONTAINER=IMAGE` \
     replaces the image of that container, whatever it is.",
);

/// Files or volumes are written as a list.
pub const LIST_FORM: Code = note(
    "list-form",
    "files or volumes are written as a list",
    "Older drafts wrote `files` and `volumes` of a container as lists whose items have a `target`. \
     Today they are maps by target: `files: {/etc/app.conf: {content: hello}}`. The list is read as \
     such a map.",
);

/// An item has no target.
pub const ITEM_WITHOUT_TARGET: Code = error(
    "item-without-target",
    "an item has no target",
    "An item of the older list form of `files` and `volumes` says by its `target` where it goes in the \
     container. Without one it cannot be placed. Better write today's form, a map by target.",
);

/// An item is not a map.
pub const ITEM_NOT_A_MAP: Code = error(
    "item-not-a-map",
    "an item is not a map",
    "An item of the older list form of `files` and `volumes` is a map with `target` and, say, `content` \
     or `source`. This one is a single value, so nobody can say what it means.",
);

/// Two items have one target.
pub const TARGET_TWICE: Code = error(
    "target-twice",
    "two items have one target",
    "Two items of the older list form of `files` or `volumes` go to the same place in the container, so \
     one of them would be lost. Keep one.",
);

/// `read_only` is called `readOnly` today.
pub const READ_ONLY: Code = note(
    "read-only",
    "`read_only` is called `readOnly` today",
    "An older draft spelled the key `read_only`. It is read as `readOnly`.",
);

/// The content of a file is a list of lines.
pub const CONTENT_LINES: Code = note(
    "content-lines",
    "the content of a file is a list of lines",
    "An older draft wrote the content of a file as a list of lines. They are joined with line feeds, \
     none at the end. Today write one text, begun by `content: |`.",
);

/// `properties` of a resource has no effect.
pub const PROPERTIES_RETIRED: Code = warning(
    "old-properties",
    "`properties` of a resource has no effect",
    "An older draft listed under `properties` what a resource gives. Today the type of a resource \
     decides that, and the section is not part of Score v1b1. It is left out. Placeholders that ask for \
     such outputs keep working when the provisioner gives them. If the section was meant as input, call \
     it `params`.",
);

/// A section is empty.
pub const EMPTY_SECTION: Code = warning(
    "empty-section",
    "a section is empty",
    "A key without a value, such as `resources:` with nothing below it, is null in YAML, and the \
     specification refuses it. Here it is taken as absent. Remove the line, so that other tools take \
     the file too.",
);
