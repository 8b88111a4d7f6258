//! What room `read` can say.

use super::{Code, error, warning};

mod changes;
mod text;

pub use changes::{
    BAD_OVERRIDE, CONTENT_LINES, EMPTY_SECTION, IDLE_IMAGE, ITEM_NOT_A_MAP, ITEM_WITHOUT_TARGET, LIST_FORM,
    OVERRIDE_PATH, PROPERTIES_RETIRED, READ_ONLY, TARGET_TWICE, UNKNOWN_SCOPE,
};
pub use text::{
    DOCUMENT_IGNORED, DUPLICATE_KEY, EMPTY_FILE, FILE_NOT_FOUND, FILE_TWICE, FILE_UNREADABLE,
    NOT_A_SCORE_FILE, NOT_UTF8, SECOND_DOCUMENT, YAML_ALIAS, YAML_INDENT, YAML_MERGE, YAML_SYNTAX, YAML_TAB,
    YAML_TAG, YAML_TOO_DEEP, YAML_TOO_MANY, YAML_UNCLOSED,
};

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
    &IDLE_IMAGE,
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
    &BAD_IMAGE,
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
    &NEAR_PLACEHOLDER,
    &UNKNOWN_CONTAINER,
    &BEFORE_CIRCLE,
    &WORKLOAD_TWICE,
    &SOURCE_NOT_FOUND,
    &SOURCE_OUTSIDE,
    &SOURCE_UNREADABLE,
];

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
pub const BAD_PORT: Code = error(
    "bad-port",
    "a port is out of range",
    "A port is a whole number from 1 to 65535, written without quotes: `port: 8080`. Port 0 and larger numbers exist on no \
     network.",
);

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

/// An image that no registry could serve.
pub const BAD_IMAGE: Code = warning(
    "bad-image",
    "an image is not a reference that can be pulled",
    "An image is `NAME`, `NAME:TAG`, `HOST/NAME:TAG` or one of these with `@DIGEST`. Names are lower case and hold no \
     blank, no scheme and nothing that another tool would fill. The text is written as it is, and the platform will refuse \
     it unless something changes it on the way. An image that is known only later is best given with `--image`.",
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

/// A text looks like a placeholder and is none.
pub const NEAR_PLACEHOLDER: Code = warning(
    "near-placeholder",
    "a text looks like a placeholder and is none",
    "A placeholder begins with `${` and ends with `}`: `${resources.db.host}`. What is not closed, and what other tools write, such \
     as `{{ resources.db.host }}` and `$(resources.db.host)`, is text to Score and stays as it is. Where it is meant as text, write \
     `# sightread: allow near-placeholder` above it.",
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
