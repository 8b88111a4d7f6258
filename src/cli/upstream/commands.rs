//! The commands of both tools as tables: names, flags, how many words they take, what help says.

use crate::cli::upstream::args::{Flag, Takes, flag};

/// How many words a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Any number.
    Any,
    /// Exactly so many.
    Exactly(usize),
    /// None; a word is taken for a command that does not exist.
    None,
}

/// A command.
#[derive(Debug)]
pub(super) struct Command {
    /// Its names from the program on, such as `provisioners list`.
    pub path: &'static [&'static str],
    /// What follows the path on a line.
    pub synopsis: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Lines of examples.
    pub examples: &'static str,
    /// Its flags.
    pub flags: &'static [&'static Flag],
    /// How many words it takes.
    pub words: Words,
}

/// Flags of every command.
pub(super) const GLOBAL: &[&Flag] = &[&HELP, &QUIET, &VERBOSE];

pub(super) static HELP: Flag = flag("help", Some('h'), Takes::Switch, "Show this help");
pub(super) static QUIET: Flag = flag("quiet", None, Takes::Switch, "Print no log lines");
pub(super) static VERBOSE: Flag =
    flag("verbose", Some('v'), Takes::Count, "Print more log lines; repeat for more");
pub(super) static VERSION: Flag = flag("version", None, Takes::Switch, "Show the version");

pub(super) static FILE_COMPOSE: Flag =
    flag("file", Some('f'), Takes::Text, "Where to put the sample Score file").or("./score.yaml");
pub(super) static FILE_K8S: Flag =
    flag("file", Some('f'), Takes::Text, "Where to put the sample Score file").or("score.yaml");
pub(super) static PROJECT: Flag =
    flag("project", Some('p'), Takes::Text, "Name of the Compose project (default: the folder's name)");
static NO_SAMPLE: Flag = flag("no-sample", None, Takes::Switch, "Do not make a sample Score file");
static PROVISIONERS: Flag = flag(
    "provisioners",
    None,
    Takes::Texts,
    "Import provisioners from this address; the last one imported wins",
);
static PATCH_TEMPLATES: Flag =
    flag("patch-templates", None, Takes::Texts, "Import a patch template from this address");
static NO_DEFAULTS: Flag =
    flag("no-default-provisioners", None, Takes::Switch, "Do not write the default provisioners");

pub(super) static OUTPUT_COMPOSE: Flag =
    flag("output", Some('o'), Takes::Text, "Where to write the result; - is the screen").or("compose.yaml");
pub(super) static OUTPUT_K8S: Flag =
    flag("output", Some('o'), Takes::Text, "Where to write the result; - is the screen").or("manifests.yaml");
pub(super) static OVERRIDES_FILE: Flag =
    flag("overrides-file", None, Takes::Text, "A file of Score overrides to lay over the Score file");
static OVERRIDE_PROPERTY: Flag =
    flag("override-property", None, Takes::Texts, "A path=value pair to set in the Score file");
pub(super) static IMAGE: Flag =
    flag("image", Some('i'), Takes::Text, "The image of containers whose image is \".\"");
static BUILD: Flag =
    flag("build", None, Takes::Texts, "container=context or container={…}: build it from there");
static PUBLISH: Flag =
    flag("publish", Some('p'), Takes::Texts, "HOST_PORT:<workload or resource output>:CONTAINER_PORT");
pub(super) static ENV_FILE: Flag =
    flag("env-file", None, Takes::Text, "Write the environment variables that are needed to this file");
pub(super) static NAMESPACE: Flag =
    flag("namespace", Some('n'), Takes::Text, "The namespace of the manifests");
static GENERATE_NAMESPACE: Flag =
    flag("generate-namespace", None, Takes::Switch, "Make the namespace too; needs --namespace");
pub(super) static FORMAT_MANIFESTS: Flag =
    flag("format", None, Takes::Text, "Format of the manifests: yaml, kyaml").or("yaml");
static NO_EXEC: Flag = flag("no-exec", None, Takes::Switch, "Run no program of a cmd:// provisioner");
static ALLOW_ENV: Flag =
    flag("allow-env", None, Takes::Switch, "Let templates that were fetched read the environment");

pub(super) static FORMAT_TABLE: Flag =
    flag("format", Some('f'), Takes::Text, "Format of the list: table, json").or("table");
pub(super) static FORMAT_OUTPUTS: Flag =
    flag("format", Some('f'), Takes::Text, "Format of the outputs: json, yaml, or a Go template").or("json");
static NO_LOGO: Flag = flag("no-logo", None, Takes::Switch, "Do not print the logo");
static NO_UPDATES: Flag = flag("no-updates-check", None, Takes::Switch, "Do not look for a newer version");
static NO_DESCRIPTIONS: Flag = flag("no-descriptions", None, Takes::Switch, "Leave descriptions out");

const INIT_EXAMPLES: &str = "  TOOL init
  TOOL init --no-sample --provisioners https://example.com/team.provisioners.yaml
  TOOL init --patch-templates ./restrict.tpl";

const INIT_COMPOSE: Command = Command {
    path: &["init"],
    synopsis: "[flags]",
    about: "Make a project in this folder: the state, default provisioners and a sample Score file",
    examples: INIT_EXAMPLES,
    flags: &[&FILE_COMPOSE, &PROJECT, &NO_SAMPLE, &PROVISIONERS, &PATCH_TEMPLATES, &NO_DEFAULTS],
    words: Words::None,
};

const INIT_K8S: Command = Command {
    flags: &[&FILE_K8S, &NO_SAMPLE, &PROVISIONERS, &PATCH_TEMPLATES, &NO_DEFAULTS],
    ..INIT_COMPOSE
};

const GENERATE_COMPOSE: Command = Command {
    path: &["generate"],
    synopsis: "[flags] [SCORE_FILE…]",
    about: "Add Score files to the project and write the Compose file of all its workloads",
    examples: "  TOOL generate score.yaml
  TOOL generate *.score.yaml -o -
  TOOL generate score.yaml --image nginx:1 --override-property 'containers.main.args=[\"-v\"]'
  TOOL generate score.yaml --publish 8080:hello-world:3000",
    flags: &[
        &OUTPUT_COMPOSE,
        &OVERRIDES_FILE,
        &OVERRIDE_PROPERTY,
        &IMAGE,
        &BUILD,
        &PUBLISH,
        &ENV_FILE,
        &NO_EXEC,
        &ALLOW_ENV,
    ],
    words: Words::Any,
};

const GENERATE_K8S: Command = Command {
    about: "Add Score files to the project and write the manifests of all its workloads",
    examples: "  TOOL generate score.yaml
  TOOL generate *.score.yaml --namespace shop --generate-namespace
  TOOL generate score.yaml --overrides-file production.yaml --format kyaml",
    flags: &[
        &OUTPUT_K8S,
        &OVERRIDES_FILE,
        &OVERRIDE_PROPERTY,
        &IMAGE,
        &NAMESPACE,
        &GENERATE_NAMESPACE,
        &FORMAT_MANIFESTS,
        &NO_EXEC,
        &ALLOW_ENV,
    ],
    ..GENERATE_COMPOSE
};

const PROVISIONERS_LIST: Command = Command {
    path: &["provisioners", "list"],
    synopsis: "[flags]",
    about: "List the provisioners of the project",
    examples: "  TOOL provisioners list --format json",
    flags: &[&FORMAT_TABLE],
    words: Words::Any,
};

const PROVISIONERS_APPROVE: Command = Command {
    path: &["provisioners", "approve"],
    synopsis: "[FILE…]",
    about: "Allow the programs of provisioner files that were fetched, exactly as the files are now",
    examples: "  TOOL provisioners approve",
    flags: &[],
    words: Words::Any,
};

const RESOURCES_LIST: Command = Command {
    path: &["resources", "list"],
    synopsis: "[flags]",
    about: "List the resources of the project",
    examples: "  TOOL resources list --format json",
    flags: &[&FORMAT_TABLE],
    words: Words::Exactly(0),
};

const GET_OUTPUTS: Command = Command {
    path: &["resources", "get-outputs"],
    synopsis: "TYPE.CLASS#ID [flags]",
    about: "Print the outputs of a resource",
    examples: "  TOOL resources get-outputs 'postgres.default#shop.db' --format '{{ .host }}'",
    flags: &[&FORMAT_OUTPUTS],
    words: Words::Exactly(1),
};

const VERSION_COMMAND: Command = Command {
    path: &["version"],
    synopsis: "[flags]",
    about: "Show the version",
    examples: "  TOOL version",
    flags: &[&NO_LOGO, &NO_UPDATES],
    words: Words::None,
};

const CHECK_VERSION: Command = Command {
    path: &["check-version"],
    synopsis: "CONSTRAINT",
    about: "Fail unless the version of the tool that this program stands in for is as asked",
    examples: "  TOOL check-version '>=0.10'",
    flags: &[],
    words: Words::Exactly(1),
};

const COMPLETION: Command = Command {
    path: &["completion"],
    synopsis: "bash|fish|powershell|zsh",
    about: "Print a script that completes commands and flags in a shell",
    examples: "  source <(TOOL completion bash)",
    flags: &[&NO_DESCRIPTIONS],
    words: Words::Any,
};

/// The commands of score-compose.
pub(super) const COMPOSE: &[Command] = &[
    INIT_COMPOSE,
    GENERATE_COMPOSE,
    PROVISIONERS_LIST,
    PROVISIONERS_APPROVE,
    RESOURCES_LIST,
    GET_OUTPUTS,
    VERSION_COMMAND,
    CHECK_VERSION,
    COMPLETION,
];

/// The commands of score-k8s.
pub(super) const K8S: &[Command] = &[
    INIT_K8S,
    GENERATE_K8S,
    PROVISIONERS_LIST,
    PROVISIONERS_APPROVE,
    RESOURCES_LIST,
    GET_OUTPUTS,
    VERSION_COMMAND,
    CHECK_VERSION,
    COMPLETION,
];
