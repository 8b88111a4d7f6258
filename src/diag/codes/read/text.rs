//! What files and YAML can get wrong before anything is known about Score.

use crate::diag::codes::{Code, error, warning};

/// A named file does not exist.
pub const FILE_NOT_FOUND: Code = error(
    "file-not-found",
    "a named file does not exist",
    "A file named on the command line was not found. Names are relative to the folder you are in. Check \
     the spelling, or name the file with its folder: `sightread generate -t compose deploy/score.yaml`.",
);

/// A file cannot be read.
pub const FILE_UNREADABLE: Code = error(
    "file-unreadable",
    "a file cannot be read",
    "The file is there but cannot be read: it is a folder, or you lack the permission, or standard \
     input has nothing to give, or it is larger than 16 MiB. A folder is not read for you; name the \
     Score file in it. A large text for a container belongs in a file of its own, named by \
     `files.*.source`.",
);

/// A file is named twice.
pub const FILE_TWICE: Code = error(
    "file-twice",
    "a file is named twice",
    "Each Score file is read once. The same file was named twice, perhaps by two spellings such as \
     `a.yaml` and `./a.yaml`. Name it once.",
);

/// A file is not UTF-8 text.
pub const NOT_UTF8: Code = error(
    "not-utf8",
    "a file is not UTF-8 text",
    "YAML texts are read as UTF-8. The file holds other bytes: it may be a binary file, or text that an \
     editor saved as UTF-16 or Latin-1. Save it as UTF-8.",
);

/// A Score file holds nothing.
pub const EMPTY_FILE: Code = error(
    "empty-file",
    "a Score file holds nothing",
    "The file is empty or holds only comments. The smallest Score file has `apiVersion: \
     score.dev/v1b1`, a `metadata.name` and one container with an `image`. `sightread init` writes a \
     sample.",
);

/// The file is not a map.
pub const NOT_A_SCORE_FILE: Code = error(
    "not-a-score-file",
    "the file is not a map",
    "A Score file is a map with the keys `apiVersion`, `metadata`, `containers` and, as needed, \
     `service` and `resources`. This one is a list or a single value.",
);

/// The text is not YAML.
pub const YAML_SYNTAX: Code = error(
    "yaml-syntax",
    "the text is not YAML",
    "The text cannot be read as YAML at the place that is shown. Usual causes: a value that begins with \
     a special character or holds `: `, a missing blank after a colon, or a stray quote. Text in double \
     quotes is always safe: `command: \"echo: hello\"`.",
);

/// A tab is used for indentation.
pub const YAML_TAB: Code = error(
    "yaml-tab",
    "a tab is used for indentation",
    "YAML forbids tabs as indentation, because nobody can say how wide they are. Replace them by \
     spaces, two for each level; most editors do that at a command.",
);

/// A line is indented wrongly.
pub const YAML_INDENT: Code = error(
    "yaml-indent",
    "a line is indented wrongly",
    "Nesting is shown by indentation. The keys of one map begin in one column, deeper lines are values \
     of the line above. The line shown stands at a depth that no line above it has. Move it to the \
     column of its siblings.",
);

/// A bracket or quote is not closed.
pub const YAML_UNCLOSED: Code = error(
    "yaml-unclosed",
    "a bracket or quote is not closed",
    "A `[`, `{` or quote was opened and not closed. Text that begins with one of these characters, such \
     as `{{ name }}` of a template or `[x] done`, must stand in quotes.",
);

/// An alias has no anchor.
pub const YAML_ALIAS: Code = error(
    "yaml-alias",
    "an alias has no anchor",
    "`*name` repeats what an earlier `&name` marked. No such anchor stands before this place, or the \
     alias stands inside what it repeats. Text that begins with `*`, such as `*.example.com`, must \
     stand in quotes.",
);

/// A merge key merges something that is no map.
pub const YAML_MERGE: Code = error(
    "yaml-merge",
    "a merge key merges something that is no map",
    "`<<: *base` adds the entries of a map to this one; `<<: [*a, *b]` adds those of several. Anything \
     else cannot be merged.",
);

/// A value is not what its tag says.
pub const YAML_TAG: Code = error(
    "yaml-tag",
    "a value is not what its tag says",
    "A tag such as `!!int` says how a value is to be read, and this value cannot be read so. Remove the \
     tag or mend the value.",
);

/// Values are nested too deeply.
pub const YAML_TOO_DEEP: Code = error(
    "yaml-too-deep",
    "values are nested too deeply",
    "Lists and maps may be nested 128 levels deep. No Score file needs that; the text is probably not \
     meant as YAML.",
);

/// Aliases expand to too many values.
pub const YAML_TOO_MANY: Code = error(
    "yaml-too-many",
    "aliases expand to too many values",
    "Once every alias is replaced by what it repeats, the text holds more than a million values. Repeat \
     less.",
);

/// A key is set twice.
pub const DUPLICATE_KEY: Code = error(
    "duplicate-key",
    "a key is set twice",
    "Two entries of one map have the same key, so one of them would be lost. Keep one, or merge the \
     two: two `variables:` blocks of a container become one block with all entries.",
);

/// A file holds a second document.
pub const SECOND_DOCUMENT: Code = error(
    "second-document",
    "a file holds a second document",
    "`---` begins a new YAML document. A Score file holds exactly one, because it describes one \
     workload. Put the second workload in a file of its own and name both files.",
);

/// Further documents of a file are not read.
pub const DOCUMENT_IGNORED: Code = warning(
    "document-ignored",
    "further documents of a file are not read",
    "Only the first YAML document of the file is read, as score-compose and score-k8s do. What stands \
     after the next `---` has no effect.",
);
