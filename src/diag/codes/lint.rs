//! What judging a provisioner file by itself can find.

use super::{Code, error, warning};

/// All rows of this file.
pub const ALL: &[&Code] = &[
    &UNDEFINED_VARIABLE,
    &UNDECLARED_PARAM,
    &UNUSED_VALUE,
    &UNPINNED_IMAGE,
    &NOT_REPEATABLE,
    &UPPER_CASE_NAME,
    &PORT_ZERO,
    &NOT_TRIED,
    &BAD_CASE,
];

/// A template uses a variable that nothing defines.
pub const UNDEFINED_VARIABLE: Code = error(
    "undefined-variable",
    "a template uses a variable that nothing defines",
    "A template speaks of a variable, a value or a part of its data that does not exist there. It fails as soon as that \
     place is reached, which may be in a branch that nobody has tried. Correct the name. docs/provisioners.md lists what \
     templates see; records in the older format see `.Params`, `.State`, `.Shared` and so on.",
);

/// A template uses a param that is not declared.
pub const UNDECLARED_PARAM: Code = warning(
    "undeclared-param",
    "a template uses a param that is not declared",
    "A provisioner lists the params it takes: under `params`, or in `supported_params` of the older format. This one is used \
     and not listed, so nobody learns of it, and in our own format nobody can even give it. Add it to the list.",
);

/// Something is declared or computed and never used.
pub const UNUSED_VALUE: Code = warning(
    "unused-value",
    "a provisioner declares something and never uses it",
    "A param, a value, a variable or a part of the state is declared and nothing reads it. A param that has no effect \
     misleads those who set it. Use it, or take it out.",
);

/// An image without a fixed version.
pub const UNPINNED_IMAGE: Code = warning(
    "unpinned-image",
    "a provisioner uses an image without a fixed version",
    "An image without a tag, or with `latest`, is another one tomorrow: what ran in a test may not run in production, and \
     nobody can tell what changed. Name a version, as in `redis:8.2-alpine`, or a digest.",
);

/// Running again gives another result.
pub const NOT_REPEATABLE: Code = warning(
    "not-repeatable",
    "a provisioner gives another result each time",
    "The provisioner was asked twice, the second time with what it remembered from the first, and gave two different \
     answers. Each run then changes names or passwords of what is deployed. Keep what is drawn by `randAlphaNum`, `uuidv4`, \
     `now` and their like in `state`, and take it from `.State` when it is there: `{{ dig \"name\" .Init.name .State }}`.",
);

/// A name that Kubernetes refuses.
pub const UPPER_CASE_NAME: Code = error(
    "bad-object-name",
    "a provisioner makes an object with a name that Kubernetes refuses",
    "Names of Kubernetes objects are made of lower-case letters, digits, dashes and dots. `randAlphaNum` and `randAlpha` draw \
     upper-case letters too, and a name made with them is refused by the cluster. Write `{{ randAlphaNum 6 | lower }}`.",
);

/// A port that nobody can reach.
pub const PORT_ZERO: Code = error(
    "port-zero",
    "a provisioner makes a port 0",
    "Nobody can connect to port 0. It comes out where a template reads the port of something that does not exist: Go's maps \
     answer with zero instead of an error. Check with `hasKey`, or give the port that the server listens on.",
);

/// A provisioner that could not be tried.
pub const NOT_TRIED: Code = warning(
    "not-tried",
    "a provisioner could not be tried out",
    "Besides reading its templates, lint asks a provisioner for a resource with made-up params, and looks at names, ports \
     and images of the result. This one refused them, so only its text was judged. A case with params that fit shows \
     more: see `sightread provisioners test --help`.",
);

/// A case of a provisioner is not one.
pub const BAD_CASE: Code = error(
    "bad-case",
    "a case of a provisioner is wrong",
    "A file in `NAME.tests/` beside `NAME.yaml` is a map that says what is asked of the provisioner: `params`, `metadata`, \
     `state`, `shared`, `type`, `class`, `id`, `workload`, `name`, `targets`; and under `expect` what comes out, which \
     `sightread provisioners test --update` writes.",
);
