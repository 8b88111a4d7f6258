//! What is said of Kubernetes objects and Compose files that are finished, whoever made them.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    &COMPOSE_SHAPE,
    &CRD_SCHEMA,
    &DANGLING_REFERENCE,
    &MANIFEST_SHAPE,
    &MANIFEST_TWICE,
    &MANIFEST_VALUE,
    &NO_MANIFEST,
];

/// A Compose file that does not follow the specification.
pub const COMPOSE_SHAPE: Code = error(
    "compose-shape",
    "a Compose file does not follow the specification",
    "Docker Compose refuses a file with a key that its specification lacks, or with a value of another type: text where a \
     list must be, a service without `image` and `build`, a volume or a network that nothing declares.",
);

/// A file of `--crd-schemas` that is no schema.
pub const CRD_SCHEMA: Code = error(
    "crd-schema",
    "a file holds no schema of a kind",
    "`--crd-schemas` takes a file or a folder of CustomResourceDefinitions as YAML, or of JSON Schemas whose paths say \
     whose they are: `postgresql.cnpg.io/cluster_v1.json` or `cluster-postgresql-v1.json`.",
);

/// A name that nothing in the result has.
pub const DANGLING_REFERENCE: Code = warning(
    "dangling-reference",
    "an object names something that is not there",
    "A Service selects no pod, a port has a name that no container gives, a route leads to a Service or port that the \
     result lacks, or a pod mounts a Secret, ConfigMap or claim that the result lacks. Kubernetes takes such an object and \
     it does not work, unless what it names is already in the cluster. If it is, keep quiet about it with \
     `--allow dangling-reference`.",
);

/// A field that is unknown, missing or of another type.
pub const MANIFEST_SHAPE: Code = error(
    "manifest-shape",
    "an object has a field that is unknown, missing or of another type",
    "Each kind of object has its fields. A cluster drops or refuses a field that it does not know, refuses one of another \
     type, and needs some of them. Numbers where text must be are the usual case: write `\"8080\"` in quotes in the value \
     of a variable, a label or an annotation.",
);

/// Two objects of one name.
pub const MANIFEST_TWICE: Code = error(
    "manifest-twice",
    "two objects have one name",
    "An object is known by its group, kind, namespace and name. Of two that share all four the later one replaces the \
     earlier one. Rename one of them, or remove it.",
);

/// A value that a cluster refuses.
pub const MANIFEST_VALUE: Code = error(
    "manifest-value",
    "an object has a value that Kubernetes refuses",
    "Beyond its type, a value must follow a rule: names and labels have their characters, ports their range, some fields \
     exclude each other, and a selector must fit the labels of the pods it is for. What is said is what an API server \
     would say when the object is applied.",
);

/// A file without anything to judge.
pub const NO_MANIFEST: Code = error(
    "no-manifest",
    "a file holds nothing to judge",
    "`sightread validate` judges Kubernetes objects and Compose files in YAML or JSON. A Kubernetes object has \
     `apiVersion` and `kind`, a Compose file has `services`. Score files are judged by `sightread check`.",
);
