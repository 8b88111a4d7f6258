//! What room `resolve` can say.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] =
    &[&BAD_RECORD, &UPSTREAM_FAILED, &COMMAND_FAILED, &COMMAND_FORBIDDEN, &NO_VALUE, &RECORD_MISMATCH];

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
     param that is not among them, or the templates do not make an output that is. Nothing is changed by this; it is \
     usually a slip of the pen on one of the two sides.",
);
