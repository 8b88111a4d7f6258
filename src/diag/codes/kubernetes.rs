//! What the target `kubernetes` can say.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    &BAD_MANIFEST,
    &BAD_NAMESPACE,
    &CLAIM_ON_DEPLOYMENT,
    &FILES_TOO_LARGE,
    &MIXED_SECRET,
    &OBJECT_CLASH,
    &PORT_TWICE,
    &PROBE_UNUSED,
    &REQUEST_OVER_LIMIT,
    &SERVICE_NAME,
    &UNKNOWN_KIND,
    &VOLUME_UNKNOWN,
];

/// A manifest that is no object.
pub const BAD_MANIFEST: Code = error(
    "bad-manifest",
    "a provisioner made something that is no Kubernetes object",
    "The `manifests` of a provisioner are a list of objects. Each needs `apiVersion`, `kind` and `metadata.name`. \
     Mend the provisioner that the note names.",
);

/// A namespace that no cluster takes.
pub const BAD_NAMESPACE: Code = error(
    "bad-namespace",
    "the name of the namespace is not valid",
    "A namespace has up to 63 lower-case letters, digits and `-`, and begins and ends with a letter or digit: \
     `--namespace team-a`.",
);

/// A claim per pod, in something that has no such claims.
pub const CLAIM_ON_DEPLOYMENT: Code = error(
    "claim-on-deployment",
    "a Deployment cannot claim a volume for every pod",
    "The volume's resource answers with a `claimSpec`, which makes a new claim for every pod. Only a StatefulSet can do \
     that. Write the annotation `k8s.score.dev/kind: StatefulSet` under `metadata.annotations`, or use a volume whose \
     resource answers with a `source`.",
);

/// Files that do not fit.
pub const FILES_TOO_LARGE: Code = error(
    "files-too-large",
    "the files of a workload do not fit into a ConfigMap",
    "Kubernetes keeps the content of files in a ConfigMap, which holds at most 1 MiB. Put large files into the image, or \
     into a volume that something fills.",
);

/// A secret that only a manifest knows, inside text.
pub const MIXED_SECRET: Code = error(
    "mixed-secret",
    "a secret inside a text whose value is not known",
    "A secret that a provisioner's manifest keeps to itself can be mounted as a file of its own, or stand inside a \
     variable. It cannot be written into a longer file, because its value is known only to the cluster. Let the file \
     hold `${resources.NAME.password}` and nothing else, not even a line break at the end.",
);

/// Two objects of one identity.
pub const OBJECT_CLASH: Code = error(
    "object-clash",
    "two different objects have one name",
    "An object is known by its apiVersion, kind, namespace and name. Where two provisioners make the same object it is \
     written once; where they differ, one would overwrite the other. Give one of them another name. As a \
     warning: both provisioners are in the older format, and the later one is kept; `--strict-provisioners` makes it an error.",
);

/// A port twice.
pub const PORT_TWICE: Code = error(
    "port-twice",
    "a service has one port twice",
    "Two entries of `service.ports` have the same `port` and `protocol`. Clients could not tell them apart, and \
     Kubernetes refuses it. Give one of them another `port`; several may have the same `targetPort`.",
);

/// A probe that is not written.
pub const PROBE_UNUSED: Code = warning(
    "probe-unused",
    "a probe is left out",
    "Kubernetes probes a container in one way, so `httpGet` wins over `exec`. A container that others wait for with \
     `ready: complete` becomes an init container, which cannot have probes.",
);

/// A request above its limit.
pub const REQUEST_OVER_LIMIT: Code = error(
    "request-over-limit",
    "a container requests more than it may use",
    "`resources.requests` is what a container is promised, `resources.limits` what it may use at most. Kubernetes \
     refuses a promise above the limit.",
);

/// A name that a Service cannot have.
pub const SERVICE_NAME: Code = error(
    "service-name",
    "a Service cannot have this name",
    "The name of a Service begins with a lower-case letter and has up to 63 lower-case letters, digits and `-`. The \
     workload's name is used unless the annotation `k8s.score.dev/service-name` gives another.",
);

/// A kind of workload that does not exist.
pub const UNKNOWN_KIND: Code = error(
    "unknown-kind",
    "a workload of unknown kind",
    "The annotation `k8s.score.dev/kind` is `Deployment` (also without it) or `StatefulSet`.",
);

/// A volume that names no resource.
pub const VOLUME_UNKNOWN: Code = error(
    "volume-unknown",
    "a volume that is no resource",
    "On Kubernetes the `source` of a volume names a resource: declare `data: {type: volume}` under `resources` and write \
     `source: ${resources.data}`.",
);
