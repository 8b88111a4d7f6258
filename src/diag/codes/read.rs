//! What room `read` can say.

use super::{Code, error, note, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    &FILE_NOT_FOUND,
    &FILE_UNREADABLE,
    &FILE_TWICE,
    &NOT_UTF8,
    &EMPTY_FILE,
    &NOT_A_SCORE_FILE,
    &YAML_SYNTAX,
    &YAML_TAB,
    &YAML_INDENT,
    &YAML_UNCLOSED,
    &YAML_ALIAS,
    &YAML_MERGE,
    &YAML_TAG,
    &YAML_TOO_DEEP,
    &YAML_TOO_MANY,
    &DUPLICATE_KEY,
    &SECOND_DOCUMENT,
    &DOCUMENT_IGNORED,
    &BAD_OVERRIDE,
    &OVERRIDE_PATH,
    &UNKNOWN_SCOPE,
    &LIST_FORM,
    &ITEM_WITHOUT_TARGET,
    &ITEM_NOT_A_MAP,
    &TARGET_TWICE,
    &READ_ONLY,
    &CONTENT_LINES,
    &PROPERTIES_RETIRED,
    &EMPTY_SECTION,
    &UNKNOWN_KEY,
    &MISSING_KEY,
    &WRONG_TYPE,
    &BAD_NAME,
    &BAD_VALUE,
    &API_VERSION,
    &BAD_QUANTITY,
    &BAD_MODE,
    &BAD_PORT,
    &FILE_CONTENT,
    &NO_CONTAINERS,
    &NO_IMAGE,
    &EMPTY_PROBE,
    &PROBE_TIMING,
    &CONTAINER_ENV,
    &CONTAINER_PORTS,
    &ENVIRONMENT_SECTION,
    &WORKFLOW_SECTION,
    &OTHER_FORMAT,
    &BAD_PLACEHOLDER,
    &FOREIGN_PLACEHOLDER,
    &UNKNOWN_ROOT,
    &UNKNOWN_RESOURCE,
    &IDLE_PLACEHOLDER,
    &UNKNOWN_CONTAINER,
    &BEFORE_CIRCLE,
    &WORKLOAD_TWICE,
    &SOURCE_NOT_FOUND,
    &SOURCE_OUTSIDE,
    &SOURCE_UNREADABLE,
];

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

/// A key that Score does not know.
pub const UNKNOWN_KEY: Code = error(
    "unknown-key",
    "a key that Score does not know",
    "The specification lists the keys of each section, and this one is not among them. It may be \
     misspelt, may stand at the wrong depth, or may belong to another tool. Keys of your own may stand \
     under `metadata` and under `params` of a resource.",
);

/// A needed key is absent.
pub const MISSING_KEY: Code = error(
    "missing-key",
    "a needed key is absent",
    "Some keys must be given: `apiVersion`, `metadata.name` and `containers` at the top, `image` of a \
     container, `port` of a service port, `source` of a volume, `type` of a resource, `path` and `port` \
     of an HTTP probe, `command` of a command probe, `ready` of an entry of `before`.",
);

/// A value has the wrong type.
pub const WRONG_TYPE: Code = error(
    "wrong-type",
    "a value has the wrong type",
    "YAML types what stands without quotes: `3000` is a number, `true` a boolean, nothing at all is \
     null. Variables, arguments, file modes and quantities must be text, so write `PORT: \"3000\"`, \
     `mode: \"0644\"`, `cpu: \"1\"`. Ports are numbers and stand without quotes.",
);

/// A name is not allowed.
pub const BAD_NAME: Code = error(
    "bad-name",
    "a name is not allowed",
    "Names of workloads, containers, ports and resources become names on the platform, so they have 2 \
     to 63 lower-case letters, digits and `-`, and neither begin nor end with `-`. Types and classes \
     may have capital letters; ids may have dots; names of annotations may have a DNS prefix such as \
     `example.com/`.",
);

/// A value is not one of those allowed.
pub const BAD_VALUE: Code = error(
    "bad-value",
    "a value is not one of those allowed",
    "The place takes only certain values: `protocol` is `TCP` or `UDP`, `scheme` is `HTTP` or `HTTPS`, \
     `ready` is `started`, `healthy` or `complete`, and some texts may not be empty.",
);

/// The version of Score is not known.
pub const API_VERSION: Code = error(
    "api-version",
    "the version of Score is not known",
    "Every Score file begins with `apiVersion: score.dev/v1b1`, the only version that exists today.",
);

/// An amount of CPU or memory cannot be read.
pub const BAD_QUANTITY: Code = error(
    "bad-quantity",
    "an amount of CPU or memory cannot be read",
    "CPU is counted in cores (`2`, `0.5`) or thousandths of one (`500m`). Memory is counted in bytes \
     with a unit: `128Mi` is 128 × 1024 × 1024, `128M` is 128 million. There is no `MB`. Put the amount \
     in quotes where it could be read as a number: `cpu: \"1\"`.",
);

/// A file mode cannot be read.
pub const BAD_MODE: Code = error(
    "bad-mode",
    "a file mode cannot be read",
    "The mode of a file is three octal digits for owner, group and others, perhaps after a 0, in \
     quotes: `mode: \"0644\"`. Read is 4, write is 2, execute is 1.",
);

/// A port is out of range.
pub const BAD_PORT: Code = error("bad-port", "a port is out of range", "Ports go from 1 to 65535.");

/// A file has no content, or two.
pub const FILE_CONTENT: Code = error(
    "file-content",
    "a file has no content, or two",
    "A file of a container gets its content from exactly one of `content` (text in the Score file), \
     `source` (a file beside the Score file) and `binaryContent` (base64).",
);

/// The workload has no container.
pub const NO_CONTAINERS: Code = error(
    "no-containers",
    "the workload has no container",
    "A workload runs at least one container, under `containers:` by name: `containers: {web: {image: \
     nginx:1.29}}`.",
);

/// A container has no image.
pub const NO_IMAGE: Code = error(
    "no-image",
    "a container has no image",
    "Every container names the image it runs, such as `image: nginx:1.29`. An image that is built from \
     this folder, or that is known only when deploying, is written as `image: .`; it is then built by \
     Compose or given with `--image`.",
);

/// A probe asks nothing.
pub const EMPTY_PROBE: Code = error(
    "empty-probe",
    "a probe asks nothing",
    "A probe says how to find out whether the container lives or serves: `httpGet` with `path` and \
     `port`, or `exec` with a `command`, or both.",
);

/// A probe has no timing in Score.
pub const PROBE_TIMING: Code = error(
    "probe-timing",
    "a probe has no timing in Score",
    "Kubernetes' `initialDelaySeconds`, `periodSeconds` and the like are not part of Score: a probe \
     says what to ask, and the platform decides when. Remove the lines. On Kubernetes a patch template \
     can add them.",
);

/// `env` is called `variables`.
pub const CONTAINER_ENV: Code = error(
    "container-env",
    "`env` is called `variables`",
    "Environment variables of a container stand under `variables` as a map of names to texts: \
     `variables: {LOG_LEVEL: \"info\"}`. Lists of `name` and `value`, as Kubernetes has them, become \
     such a map.",
);

/// Ports of a container belong to `service`.
pub const CONTAINER_PORTS: Code = error(
    "container-ports",
    "ports of a container belong to `service`",
    "A container listens on what it likes; what others may reach is said once for the workload: \
     `service: {ports: {web: {port: 8080}}}`, with `targetPort` where the container listens on another \
     port.",
);

/// A Score file has no `environment`.
pub const ENVIRONMENT_SECTION: Code = error(
    "environment-section",
    "a Score file has no `environment`",
    "A Score file describes a workload for all environments. What differs between them comes from \
     provisioners, from overrides, and from a resource of `type: environment` for single values. Remove \
     the section.",
);

/// A Score file has no `workflows`.
pub const WORKFLOW_SECTION: Code = error(
    "workflow-section",
    "a Score file has no `workflows`",
    "A Score file describes what runs, not the steps that bring it there. Steps belong to the pipeline \
     or tool that does them. Remove the section.",
);

/// The file looks like a Kubernetes manifest.
pub const OTHER_FORMAT: Code = error(
    "other-format",
    "the file looks like a Kubernetes manifest",
    "The file has `kind` or `spec`, as objects of Kubernetes have. A Score file has `apiVersion: \
     score.dev/v1b1`, `metadata`, `containers`, `service` and `resources` at its top.",
);

/// A placeholder cannot be read.
pub const BAD_PLACEHOLDER: Code = error(
    "bad-placeholder",
    "a placeholder cannot be read",
    "A placeholder is `${` and a path and `}`: `${metadata.name}`, `${resources.db.host}`. Its names \
     are joined by dots and hold no blanks; a dot inside a name is written `\\.`. To write the \
     characters themselves, double the dollar: `$${…}`.",
);

/// A placeholder of another tool.
pub const FOREIGN_PLACEHOLDER: Code = error(
    "foreign-placeholder",
    "a placeholder of another tool",
    "Text such as `${HOME}` or `${{ values.name }}` looks like a placeholder of Score and is none. If a \
     shell or another tool shall see it, double the dollar: `$${HOME}`. If it stands for a value of the \
     environment, add a resource of `type: environment` and write `${resources.env.HOME}`.",
);

/// A placeholder begins with an unknown word.
pub const UNKNOWN_ROOT: Code = error(
    "unknown-root",
    "a placeholder begins with an unknown word",
    "Placeholders begin with `metadata.` (what stands under `metadata` in this file) or `resources.` \
     (an output of a resource). To keep the text as it is, double the dollar: `$${…}`.",
);

/// A placeholder names a resource that is not declared.
pub const UNKNOWN_RESOURCE: Code = error(
    "unknown-resource",
    "a placeholder names a resource that is not declared",
    "`${resources.db.host}` asks for an output of the resource that this file declares as `db` under \
     `resources:`. There is none of that name. Resources of other workloads cannot be named; give both \
     the same `id` to share one.",
);

/// A placeholder stands where none is filled.
pub const IDLE_PLACEHOLDER: Code = warning(
    "idle-placeholder",
    "a placeholder stands where none is filled",
    "Placeholders are filled in variables, in files, in sources of volumes and in params of resources; \
     nowhere else. Here the text stays as it is. A container can get the value by a variable and use it \
     in its command through a shell.",
);

/// `before` names a container that does not exist.
pub const UNKNOWN_CONTAINER: Code = error(
    "unknown-container",
    "`before` names a container that does not exist",
    "`before` says which other containers of the same workload start only after this one. The name is \
     not among the containers of this file.",
);

/// Containers wait for each other in a circle.
pub const BEFORE_CIRCLE: Code = error(
    "before-circle",
    "containers wait for each other in a circle",
    "Each entry of `before` makes another container wait. Followed from one to the next, the entries \
     come back to where they began, so none could ever start. Remove one of them.",
);

/// Two workloads have one name.
pub const WORKLOAD_TWICE: Code = error(
    "workload-twice",
    "two workloads have one name",
    "The name of a workload stands for it everywhere, so two Score files of one run cannot share it. \
     Give one another `metadata.name`.",
);

/// A file to put into a container does not exist.
pub const SOURCE_NOT_FOUND: Code = error(
    "source-not-found",
    "a file to put into a container does not exist",
    "`files.*.source` names a file relative to the folder of the Score file. There is none. \
     Placeholders are not filled in the path.",
);

/// A file leads out of the Score file's folder.
pub const SOURCE_OUTSIDE: Code = error(
    "source-outside",
    "a file leads out of the Score file's folder",
    "A Score file may come from somebody else, so `files.*.source` reads only what lies in its own \
     folder, links followed. Move the file there, or allow another folder: `--allow-read DIR`.",
);

/// A file to put into a container cannot be read.
pub const SOURCE_UNREADABLE: Code = error(
    "source-unreadable",
    "a file to put into a container cannot be read",
    "The file that `files.*.source` names is there and cannot be read: it is a folder, or permissions \
     forbid it.",
);
