//! What room `resolve` can say.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    &BAD_RECORD,
    &UPSTREAM_FAILED,
    &COMMAND_FAILED,
    &COMMAND_FORBIDDEN,
    &NO_VALUE,
    &RECORD_MISMATCH,
    &UNKNOWN_TYPE,
    &UNKNOWN_CLASS,
    &UNKNOWN_PARAM,
    &MISSING_PARAM,
    &BAD_PARAM,
    &ABSENT_WORKLOAD,
    &UNKNOWN_OUTPUT,
    &UNKNOWN_METADATA,
    &RESOURCE_CYCLE,
    &RESOURCE_CONFLICT,
    &NAME_TAKEN,
    &NO_SEED,
    &SECRET_NEEDED,
    &PROVISIONER_FILE,
    &BAD_CONTRACT,
    &NO_SECTION,
    &TEMPLATE_FAILED,
    &PROVISIONER_REFUSED,
    &BAD_OUTPUT,
    &MISSING_ENV,
    &NOT_BASE64,
    &LATE_ENV,
    &ASSUMED_PORT,
    &EPHEMERAL_VOLUME,
    &BARE_VOLUME,
    &UNKNOWN_SECTION,
    &READS_ENVIRONMENT,
    &PROVISIONER_CHANGED,
    &GHOST_RESOURCE,
    &DOLLAR_IN_VALUE,
];

/// A record of a provisioner list is not one.
pub const BAD_RECORD: Code = error(
    "bad-record",
    "a record of a provisioner file is wrong",
    "A `*.provisioners.yaml` file is a list of records. Each has a `uri` that begins with `template://`, `cmd://` or (for \
     Compose) `local-env://`, and a `type`. A `template://` record for Compose may have init, state, shared, outputs, \
     directories, files, networks, services, volumes, models and info_logs; one for Kubernetes init, state, shared, \
     outputs and manifests. Example: `- uri: template://mine/cache`, `type: cache`, `outputs: |`, `host: cache`.",
);

/// A provisioner of upstream's format failed.
pub const UPSTREAM_FAILED: Code = error(
    "provisioner-failed",
    "a provisioner could not answer for a resource",
    "A template of the provisioner failed, or rendered something that its section cannot hold: `init`, `state`, `shared` and \
     `outputs` render a map, `manifests` a list of Kubernetes objects, `info_logs` a list of text. The place is in the \
     provisioner's file; often the cause is a param of the resource that is missing or misspelt.",
);

/// The program of a provisioner failed.
pub const COMMAND_FAILED: Code = error(
    "command-failed",
    "the program of a provisioner failed",
    "A `cmd://` provisioner runs a program that reads one JSON object and prints one. This program was not found, ended with \
     an error, took too long, or printed something else. What it wrote to standard error is shown below the message. Run \
     the program by hand with the same arguments to see more.",
);

/// The program of a provisioner may not run.
pub const COMMAND_FORBIDDEN: Code = error(
    "command-forbidden",
    "a provisioner's program may not run",
    "A `cmd://` provisioner runs a program on this machine. One whose file was fetched from elsewhere runs only after you \
     approved exactly this content once; a changed file must be approved again. `--no-exec` forbids all programs.",
);

/// A template printed `<no value>`.
pub const NO_VALUE: Code = warning(
    "no-value",
    "a template prints `<no value>`",
    "A Go template that asks for something absent prints the words `<no value>` into its result, which then reach your \
     files. Most often a param of the resource is missing or misspelt, or the provisioner expects a newer tool. Give the \
     param, or write `{{ default \"…\" .Params.x }}` in the provisioner.",
);

/// A record does not keep what it announces.
pub const RECORD_MISMATCH: Code = warning(
    "record-mismatch",
    "a provisioner does not keep what it announces",
    "`supported_params` and `expected_outputs` of a record say what a resource may pass and may ask for. The resource passes a \
     param that is not among them, or the provisioner does not make an output that is, or makes another one. Nothing is \
     changed by this; it is usually a slip of the pen on one of the two sides. `--strict-provisioners` makes it an error.",
);

/// No provisioner makes this resource.
pub const UNKNOWN_TYPE: Code = error(
    "unknown-type",
    "no provisioner makes this resource",
    "Every resource has a `type`, and a provisioner must answer for it (and for its `class`, where it has one). \
     Provisioners are looked for in the files that `--provisioners` names, then in the folder `provisioners` \
     beside you, then among the built-in ones; `sightread provisioners list` shows all. Correct the type, or \
     write a provisioner: `provisioners/TYPE.yaml`.",
);

/// The class of a resource is nearly one that a provisioner names.
pub const UNKNOWN_CLASS: Code = warning(
    "unknown-class",
    "the class of a resource is nearly one that a provisioner names",
    "A provisioner without a class answers for any class, so a class that is misspelt is answered for by it, and not by the \
     provisioner that was meant. Correct the class, or give this one a name that is less like the other; \
     `sightread provisioners explain TYPE.CLASS` says who answers for it. A class that is like no other is never warned about.",
);

/// A resource is given a param that it does not take.
pub const UNKNOWN_PARAM: Code = error(
    "unknown-param",
    "a resource is given a param that it does not take",
    "A provisioner announces its params. One that it does not know would have no effect, so it is refused. \
     Correct the name or take it out; `sightread provisioners show TYPE` lists what there is.",
);

/// A resource lacks a param that it needs.
pub const MISSING_PARAM: Code = error(
    "missing-param",
    "a resource lacks a param that it needs",
    "A provisioner announces params that must be given. Add it under `params:` of the resource; `sightread \
     provisioners show TYPE` says what it means.",
);

/// A param has a value that the provisioner does not take.
pub const BAD_PARAM: Code = error(
    "bad-param",
    "a param has a value that the provisioner does not take",
    "A provisioner announces what each param may be: its type, the values to choose from, a pattern, bounds, or \
     that it names a workload or a port. Give it such a value. A number in quotes counts as a number; a port may \
     be given by its name or its number in `service.ports`.",
);

/// A param names a workload that is not there.
pub const ABSENT_WORKLOAD: Code = error(
    "absent-workload",
    "a param names a workload that is not there",
    "The resource wants to reach another workload of this name, and none of the Score files of this run has it. Name \
     its file too, so that both are read together, or mend the name. When `sightread check` reads a folder, all \
     workloads below it are known.",
);

/// A placeholder asks for an output that the resource does not have.
pub const UNKNOWN_OUTPUT: Code = error(
    "unknown-output",
    "a placeholder asks for an output that the resource does not have",
    "`${resources.NAME.OUTPUT}` asks a resource for one of its outputs. The provisioner of the resource announces \
     which there are; this is not one of them. `sightread provisioners show TYPE` lists them. Example: a \
     `postgres` has `host`, `port`, `name`, `username`, `password` and `url`.",
);

/// A placeholder asks for metadata that the workload does not have.
pub const UNKNOWN_METADATA: Code = error(
    "unknown-metadata",
    "a placeholder asks for metadata that the workload does not have",
    "`${metadata.KEY}` stands for a value under `metadata:` of the same Score file. Add the key there, or correct \
     the placeholder. A dot that belongs to a key is written `\\.`: `${metadata.annotations.example\\.com/team}`.",
);

/// The params of resources refer to each other in a circle.
pub const RESOURCE_CYCLE: Code = error(
    "resource-cycle",
    "the params of resources refer to each other in a circle",
    "A resource is made after those that its params refer to. When the references lead back to where they began \
     there is no first one to make. Replace one of the placeholders by a value that is known beforehand.",
);

/// A shared resource is defined in two ways.
pub const RESOURCE_CONFLICT: Code = error(
    "resource-conflict",
    "a shared resource is defined in two ways",
    "Resources with the same type, class and `id` are one resource, whichever workload declares them. Their \
     params, and their metadata, must then be the same, or be left out in all definitions but one. Give resources \
     that should differ an `id` each.",
);

/// Two resources would have the same name.
pub const NAME_TAKEN: Code = error(
    "name-taken",
    "two resources would have the same name",
    "Objects and services are named after the type and the id of their resource, and an id without words of its \
     own is made of the workload's name and the resource's. Workload `a` with resource `b-c` and workload `a-b` \
     with resource `c` come out alike. Rename one of them, or give one an `id`.",
);

/// A secret is needed and there is no seed.
pub const NO_SEED: Code = error(
    "no-seed",
    "a secret is needed and there is no seed",
    "Passwords follow from a seed, so that the same files come out every time and everywhere. The seed is the \
     variable `SIGHTREAD_SEED`, else the file `.sightread/seed`, which is made the first time it is needed. It is \
     not made in CI nor by a check, where nobody would keep it: set `SIGHTREAD_SEED` there.",
);

/// A template needs the characters of a secret.
pub const SECRET_NEEDED: Code = error(
    "secret-needed",
    "a template needs the characters of a secret",
    "Templates never see the characters of a secret: they can place it and join it with other text, and the \
     target then puts it where secrets belong. A filter such as `upper` or `b64encode`, or a slice, would need \
     the characters. Use the secret as it is; in a Kubernetes Secret use `stringData`, which needs no Base64.",
);

/// A provisioner file cannot be read.
pub const PROVISIONER_FILE: Code = error(
    "provisioner-file",
    "a provisioner file cannot be read",
    "`--provisioners` names a file or a folder of `*.yaml` files. A file is a map (one provisioner, see \
     `sightread provisioners show redis` for an example) or a list of records in the older format.",
);

/// A provisioner file breaks its format.
pub const BAD_CONTRACT: Code = error(
    "bad-contract",
    "a provisioner file breaks its format",
    "A provisioner is a map with `type`, and as it needs them `class`, `description`, `params`, `outputs`, \
     `values`, and a section for each target: `compose`, `kubernetes`. Each param may have type, enum, pattern, \
     minimum, maximum, required, default, format and description; each output type, secret and description.",
);

/// A provisioner does not speak to this target.
pub const NO_SECTION: Code = error(
    "no-section",
    "a provisioner does not speak to this target",
    "A provisioner has a section for each target that it can make its resource on. The one that answers for this \
     resource has none for the target of this run. Add the section, or name a provisioner that has it with \
     `--provisioners`.",
);

/// A template of a provisioner failed.
pub const TEMPLATE_FAILED: Code = error(
    "template-failed",
    "a template of a provisioner failed",
    "The place is in the provisioner's file. Templates are strict: a variable that is not defined is an error, \
     and lists and maps stand in text only as `{{ x | tojson }}`. A value that is one expression alone keeps its \
     type; `omit` leaves a key out.",
);

/// A provisioner refuses a resource.
pub const PROVISIONER_REFUSED: Code = error(
    "provisioner-refused",
    "a provisioner refuses a resource",
    "The provisioner looked at the resource and said no, with the reason above. Usually a param must be changed.",
);

/// A provisioner does not make what it announces.
pub const BAD_OUTPUT: Code = error(
    "bad-output",
    "a provisioner does not make what it announces",
    "What a provisioner lists under `outputs` at its top is a promise: each target's `outputs` must make all of \
     them, no others, of the type that was announced, and secrets only where `secret: true` says so. This is a \
     mistake in the provisioner, not in the Score file.",
);

/// An environment variable has no value.
pub const MISSING_ENV: Code = error(
    "missing-env",
    "an environment variable has no value",
    "A resource of type `environment` reads the env file (`.env` beside the Score file, or the one that `--env- \
     file` names), never the variables of the shell. In files, and on Kubernetes, the value must be known when \
     the files are made. Add a line `NAME=value` to the env file.",
);

/// `binaryContent` is not Base64.
pub const NOT_BASE64: Code = error(
    "not-base64",
    "`binaryContent` is not Base64",
    "`binaryContent` of a file holds bytes in Base64. What stands there cannot be decoded. Make it with `base64 < \
     file`, or use `source` to name the file.",
);

/// An environment variable has no value yet.
pub const LATE_ENV: Code = warning(
    "late-env",
    "an environment variable has no value yet",
    "The env file has no value for a variable that a resource of type `environment` names. On Compose it is \
     written as `${NAME}`, so Compose can still find it when it starts: in its own env file or in the shell. \
     Otherwise it is empty. Add a line `NAME=value` to the env file.",
);

/// A route brings its port along.
pub const ASSUMED_PORT: Code = warning(
    "assumed-port",
    "a route brings its port along",
    "A route leads to a port of the workload's service. This workload has no service at all, so the only thing \
     that can be meant is the port of the container; a service port named `route-PORT` is added for it. Declare \
     it under `service.ports` to make it yours.",
);

/// A volume source names no resource.
pub const EPHEMERAL_VOLUME: Code = warning(
    "ephemeral-volume",
    "a volume source names no resource",
    "`volumes.*.source` is a placeholder that names a resource of type `volume`. Other text has no meaning of its \
     own, so an empty volume is mounted, which lasts as long as the workload. To keep data, declare a resource \
     `data: {type: volume}` and write `source: ${resources.data}`.",
);

/// A volume source names its resource without a placeholder.
pub const BARE_VOLUME: Code = warning(
    "bare-volume",
    "a volume source names its resource without a placeholder",
    "`source: data` is taken to mean the resource `data` of the same workload. Write it as a placeholder, so that \
     other tools understand it: `source: ${resources.data}`.",
);

/// A provisioner has a section that the target does not know.
pub const UNKNOWN_SECTION: Code = error(
    "unknown-section",
    "a provisioner has a section that the target does not know",
    "A section of a provisioner adds something to the target's result: `services`, `volumes`, `networks`, `files` \
     for Compose, `manifests` for Kubernetes. This one is unknown there and would have no effect. It is usually a \
     slip of the pen.",
);

/// A template reads the environment.
pub const READS_ENVIRONMENT: Code = warning(
    "reads-environment",
    "a template reads the environment of this machine",
    "A provisioner or a patch template calls `env` or `expandenv`, so that its result depends on the machine it runs on and whatever is in that \
     variable reaches your files. In a file that was fetched from elsewhere this needs `--allow-env`. A param or an \
     `environment` resource says the same in the open.",
);

/// Another provisioner answers for a resource than before.
pub const PROVISIONER_CHANGED: Code = error(
    "provisioner-changed",
    "another provisioner answers for a resource than before",
    "The state remembers which provisioner made a resource, and what that provisioner wants to remember: names, passwords. \
     Another one cannot know what these mean, and would deploy a second, empty store under the old name or a new one. Keep a \
     record with the old uri before the new one, or remove the resource from the state to begin anew.",
);

/// A state remembers a resource that nothing needs.
pub const GHOST_RESOURCE: Code = warning(
    "ghost-resource",
    "a state remembers a resource that nothing needs",
    "A project of score-compose or score-k8s remembers every resource it ever made, with its passwords. No workload declares \
     this one any more: its Score file changed, or the resource was given another type, class or id. It is not part of the \
     output. `sightread resources prune --dry-run` lists such resources, `sightread resources prune` removes them from the \
     state. What was deployed for them stays until you remove it.",
);

/// A value has a dollar sign that Compose reads.
pub const DOLLAR_IN_VALUE: Code = warning(
    "dollar-in-value",
    "Compose would replace a part of a value that a resource or the metadata gives",
    "A variable takes a value from a resource or from the metadata, and in that value a `$` stands before a name or a brace. \
     Docker Compose reads this as a variable of the machine that it starts on, and puts nothing there where none is set: a \
     password loses characters. score-compose hands the value on as it is, and provisioners may mean it so. Where they do \
     not, let the provisioner write `$$` for each `$`; `sightread generate` does so by itself.",
);
