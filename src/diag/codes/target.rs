//! What room `target` can say.

use super::{Code, error, note, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    // Both targets.
    &IMAGE_NEEDED,
    &SECRET_IN_CLEAR,
    &BAD_ANNOTATION,
    &UNKNOWN_ANNOTATION,
    &MOUNT_CLASH,
    &TARGET_PATH,
    &PATCH_SHAPE,
    &PATCH_UNMATCHED,
    // Compose.
    &DUPLICATE_SERVICE,
    &NO_HEALTH_CHECK,
    &HTTP_PROBE_LEFT_OUT,
    &PROBE_LEFT_OUT,
    &VALUE_UNKNOWN,
    &VARIABLE_NAME,
    &SECRET_LINE,
    &FILE_MODE,
    &VOLUME_SOURCE,
    &VOLUME_PATH,
    &NOT_A_VOLUME,
    &LIMITS_LEFT_OUT,
    &LIMIT_CHANGED,
    &SECTION_SHAPE,
    &SECTION_CLASH,
    &COMPOSE_KEY,
    &SIDE_PATH,
    &BAD_PUBLISH,
    &PORT_TAKEN,
    &PROJECT_NAME,
];

// Both targets.

/// A container whose image is `.` and nothing was given for it.
pub const IMAGE_NEEDED: Code = error(
    "image-needed",
    "a container has no image",
    "`image: .` leaves the image to the command line, and the command line did not give one.\n\
     Add `--image registry.example/app:1.2`, or for one of several containers\n\
     `--image WORKLOAD.CONTAINER=registry.example/app:1.2`.\n\
     On Compose, `sightread generate` builds the Score file's folder when nothing else is said.",
);

/// A secret in a place that anybody can read.
pub const SECRET_IN_CLEAR: Code = error(
    "secret-in-clear",
    "a secret would stand where anybody can read it",
    "An output that a provisioner marks as secret may only end up in a variable or in a file of a container: there it \
     is kept out of the generated documents. Here it would have become part of a label, a command, a health check, an \
     image or something like it.\n\
     Give the secret to the container as a variable and let the command read that variable.",
);

/// An annotation that speaks to us and says something we do not understand.
pub const BAD_ANNOTATION: Code = error(
    "bad-annotation",
    "an annotation has a value that it cannot have",
    "Annotations such as `sightread.dev/run-as-user` change how a workload is written, so their values are checked. \
     All values of annotations are text: write `\"true\"` and `\"1000\"` in quotes.",
);

/// An annotation of ours that does not exist.
pub const UNKNOWN_ANNOTATION: Code = warning(
    "unknown-annotation",
    "an annotation that nobody reads",
    "Annotations that begin with `sightread.dev/` or `k8s.score.dev/` speak to the tool and are not written to the result. \
     This one is not known, so it has no effect. A switch of one container ends in its name: \
     `sightread.dev/run-as-user.web`.",
);

/// Two things at one path.
pub const MOUNT_CLASH: Code = error(
    "mount-clash",
    "two things go to one path of a container",
    "Neither Docker nor Kubernetes takes two mounts at one path, and on Kubernetes nothing can be mounted below a volume \
     that is read-only. Give the file or the volume another path.",
);

/// A path at which nothing can be mounted.
pub const TARGET_PATH: Code = error(
    "target-path",
    "nothing can be mounted at this path",
    "The keys of `files` and `volumes` are absolute paths in the container, without `..` and `:`. A file's path ends in \
     the file's name.",
);

/// A patch of a provisioner that is not one.
pub const PATCH_SHAPE: Code = error(
    "patch-shape",
    "a patch of a provisioner is not understood",
    "Under `patches` a provisioner lists what it changes in the workload that asks for the resource. An entry chooses what is \
     meant (on Kubernetes by `kind` and, if needed, `name`; on Compose by `container` or as a \
     `sidecar`, or all of them) and has either `merge`, a map that is laid over it, or `json`, a list of operations of RFC 6902. It may not turn an object into \
     another one.",
);

/// A patch of a provisioner that is meant for something that is not there.
pub const PATCH_UNMATCHED: Code = error(
    "patch-unmatched",
    "a patch of a provisioner matches nothing",
    "What the patch is meant for is not there: no object or service of the workload fits, or a path leads nowhere, or a \
     `test` does not hold. A patch never changes the objects of other workloads or of resources. In `json`, `add` needs \
     the map or list above the last step to be there already; `merge` makes what is missing.",
);

// Compose.

/// Two things of one name.
pub const DUPLICATE_SERVICE: Code = error(
    "duplicate-service",
    "two Compose services of one name",
    "Each container becomes the Compose service `<workload>-<container>`. Container `c` of workload `a-b` and container \
     `b-c` of workload `a` would both be `a-b-c`; a provisioner may have taken a name, too. Rename one of them.",
);

/// `ready: healthy` without anything that could tell.
pub const NO_HEALTH_CHECK: Code = error(
    "no-health-check",
    "nothing tells when a container is healthy",
    "`before: {web: {ready: healthy}}` makes `web` wait until this container is healthy, and the container has no probe.\n\
     Give it a `readinessProbe` or a `livenessProbe`, or write `ready: started`.\n\
     As a warning: the only probe is an HTTP request, which Compose cannot make by itself; it then waits until the \
     container has started. See `sightread explain http-probe-left-out`.",
);

/// An HTTP probe that Compose cannot run.
pub const HTTP_PROBE_LEFT_OUT: Code = note(
    "http-probe-left-out",
    "Compose cannot run an HTTP probe",
    "Compose checks health by running a command inside the container, and not every image has a program that can ask \
     over HTTP. If yours has one, say so and the probe becomes a health check:\n\n\
     \u{20}   metadata:\n\
     \u{20}     annotations:\n\
     \u{20}       sightread.dev/probe-helper: wget      # or curl\n\n\
     For one container alone write `sightread.dev/probe-helper.CONTAINER`. An `exec` probe works as it is.",
);

/// A probe beside the one that became the health check.
pub const PROBE_LEFT_OUT: Code = note(
    "probe-left-out",
    "one of two probes is left out",
    "A Compose service has one health check. It comes from the readiness probe, or from the liveness probe where Compose \
     cannot run the readiness probe. Kubernetes gets both.",
);

/// A value that is needed in clear and not known.
pub const VALUE_UNKNOWN: Code = error(
    "value-unknown",
    "a value is needed and not known",
    "Compose replaces `${NAME}` in its own file when it runs, but not inside files and not in the private env files that \
     hold secrets. There the value is needed when the files are made. Put it into the env file, `.env` beside the Score \
     file or the one that `--env-file` names.",
);

/// A variable whose name Compose misreads.
pub const VARIABLE_NAME: Code = error(
    "variable-name",
    "Compose cannot read a variable of this name",
    "Compose takes letters, digits and `_` in `${NAME}`, and no digit first. `${MY-KEY}` means to it: the variable `MY`, \
     or the text `KEY` where there is none. Rename the variable.",
);

/// A secret that does not fit a line.
pub const SECRET_LINE: Code = error(
    "secret-line",
    "a secret that cannot be a line of an env file",
    "Secret variables reach a Compose service through an env file that only its owner may read, one line `NAME=value` \
     each. A value with a line break, such as a private key, does not fit. Put it into a file of the container:\n\n\
     \u{20}   files:\n\
     \u{20}     /run/key.pem:\n\
     \u{20}       content: ${resources.tls.key}",
);

/// A mode that Compose cannot bind.
pub const FILE_MODE: Code = error(
    "file-mode",
    "a file that nobody may read",
    "On Compose a file lies beside the Compose file and is bound into the container. Whoever runs Compose must be able to \
     read it: its `mode` must hold `0400`.",
);

/// Text that is no volume.
pub const VOLUME_SOURCE: Code = error(
    "volume-source",
    "a volume source that Compose does not take",
    "The `source` of a volume names a resource: `source: ${resources.data}` with `data: {type: volume}` under `resources`. \
     Any other text is taken as the name of a Compose volume: letters, digits, `_`, `.` and `-`.",
);

/// A path inside a volume that must exist.
pub const VOLUME_PATH: Code = warning(
    "volume-path",
    "a path inside a volume must be there",
    "Kubernetes makes the `path` of a volume mount inside the volume, Docker does not: the service fails to start until \
     the folder is there. Make it once, for instance in a container that mounts the whole volume and that runs \
     `before` this one.",
);

/// A resource that cannot be mounted.
pub const NOT_A_VOLUME: Code = error(
    "not-a-volume",
    "a resource that cannot be mounted",
    "A volume mount needs a resource whose outputs say how it is mounted: `type` is `volume`, `bind` or `tmpfs`, `source` \
     names the volume or the folder, and an optional map under the name of the type holds more. The resource type \
     `volume` has such outputs.",
);

/// CPU and memory that are not written.
pub const LIMITS_LEFT_OUT: Code = warning(
    "limits-left-out",
    "CPU and memory are left out",
    "What a container may use of CPU and memory is not written to the Compose file here. `sightread generate` writes it \
     to `deploy.resources`.",
);

/// An amount that Docker does not take.
pub const LIMIT_CHANGED: Code = warning(
    "limit-changed",
    "an amount that Docker does not take",
    "Docker takes a memory limit of 6 MiB or more, a hundredth of a core or more, and no request above its limit. The \
     amount was changed to the nearest one that it takes. `--no-limits` leaves all of them out.",
);

/// A section of another shape.
pub const SECTION_SHAPE: Code = error(
    "section-shape",
    "a provisioner's section has the wrong shape",
    "`services`, `volumes`, `networks` and `models` are maps of names, `files` maps a path to text or to null, and \
     `directories` maps a path to true or false.",
);

/// Two resources that differ about one thing.
pub const SECTION_CLASH: Code = error(
    "section-clash",
    "two resources differ about one thing",
    "Two resources brought a service, volume, network, model or file of one name with different content. The same content \
     twice is fine: that is how resources share something. Let the provisioner put its resource's name into the name of \
     what belongs to that resource alone. As a warning: both provisioners are in the older format, and the last one is kept; \
     `--strict-provisioners` makes it an error.",
);

/// A key that Compose does not know.
pub const COMPOSE_KEY: Code = error(
    "compose-key",
    "a key that Compose does not know",
    "Compose refuses a file that has a key which its specification lacks, save keys that begin with `x-`. Keys are written \
     with `_`: `read_only`, not `readOnly`. As a warning: the key was left out, as `score-compose` leaves it out; for provisioners in the older \
     format `--strict-provisioners` makes it an error.",
);

/// A path that leads elsewhere.
pub const SIDE_PATH: Code = error(
    "side-path",
    "a provisioner's path leads elsewhere",
    "`files` and `directories` of a provisioner are relative to the folder of files beside the output and stay inside it: \
     no leading `/`, no way out through `..`.",
);

/// A port that cannot be opened.
pub const BAD_PUBLISH: Code = error(
    "bad-publish",
    "a port cannot be published",
    "`--publish [HOST_IP:]HOST_PORT:WORKLOAD:CONTAINER_PORT` opens a port of a workload on this machine, \
     `--publish HOST_PORT:TYPE.CLASS#ID.OUTPUT:CONTAINER_PORT` the port of the service that an output of a resource \
     names. Without an address only this machine can reach it; `0.0.0.0:8080:web:80` opens it to all. UDP is written \
     `53:dns:53/udp`.",
);

/// Two services that want one port of the host.
pub const PORT_TAKEN: Code = error(
    "port-taken",
    "two services want one port",
    "A port of this machine can lead to one service only; Docker would refuse to start the second one. Ports are opened by \
     `--publish` and by provisioners: the proxy behind `route` opens 8080. Publish the workload on another port.",
);

/// A project name that Compose does not take.
pub const PROJECT_NAME: Code = error(
    "project-name",
    "a name that no Compose project can have",
    "The name of a Compose project holds lower-case letters, digits, `-` and `_`, and begins with a letter or a digit.",
);
