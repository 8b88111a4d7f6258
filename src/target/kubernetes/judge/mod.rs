//! Judges Kubernetes objects without a cluster: fields, names, what belongs together, and what objects say of each other.
//!
//! ```text
//! shape   every field against schemas/kubernetes.txt, or against a schema of the user's
//! names, pods, containers, controllers, services, others   rules that no schema says
//! references   what nothing in the result answers to
//! ```
//!
//! **Invariant:** what an API server takes is never an error here; what it takes and nobody means is a warning.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::manifest as codes;
use crate::model::share;
use crate::model::tree::Tree;
use crate::target::verdict::{Fault, Verdict};

mod containers;
mod controllers;
mod cron;
pub mod foreign;
mod here;
mod names;
mod others;
mod pods;
mod references;
mod services;
mod shape;
mod table;
mod words;

pub use foreign::Schemas;
use here::{Findings, Here};
use table::Known;

/// How to judge.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Schemas of kinds that are not Kubernetes' own.
    pub schemas: &'a Schemas,
    /// True where the documents are all there is, so that whatever they name must be among them.
    pub whole: bool,
}

/// Judges a set of objects. `shaped` are those whose fields are right by the way they were made.
pub fn judge(docs: &[&Tree], rules: Rules<'_>, shaped: &(dyn Fn(usize) -> bool + Sync)) -> Verdict {
    let index = references::Index::of(docs.iter().copied());
    let mut seen: BTreeSet<[&str; 4]> = BTreeSet::new();
    let items = docs.iter().enumerate().map(|(number, tree)| {
        let identity = identity(tree);
        let [name, _, _, _] = identity;
        let is_repeated = !name.is_empty() && !seen.insert(identity);
        Item { number, tree, is_shaped: shaped(number), is_repeated }
    });
    let judged = share::pieces(items.collect(), |items| {
        let (mut found, mut unjudged) = (Findings::default(), BTreeMap::new());
        for item in items {
            one(&item, rules, &index, &mut found, &mut unjudged);
        }
        (found.faults, unjudged)
    });
    let mut verdict = Verdict { faults: Vec::new(), unjudged: BTreeMap::new() };
    for (faults, unjudged) in judged {
        verdict.faults.extend(faults);
        for (kind, count) in unjudged {
            *verdict.unjudged.entry(kind).or_default() += count;
        }
    }
    verdict
}

/// An object among others.
struct Item<'t> {
    number: usize,
    tree: &'t Tree,
    is_shaped: bool,
    /// True when an earlier one has its kind and name.
    is_repeated: bool,
}

/// Judges one object.
fn one(
    item: &Item<'_>,
    rules: Rules<'_>,
    index: &references::Index<'_>,
    found: &mut Findings,
    unjudged: &mut BTreeMap<String, usize>,
) {
    let Item { number, tree, is_shaped, is_repeated } = *item;
    found.doc = number;
    let top = Here::top(tree);
    let Some(kind) = object(&top, rules.schemas, is_shaped, found, unjudged) else { return };
    if let Kind::Described(kind) = kind {
        by_kind(kind, &top, found);
        index.judge(&top, rules.whole, found);
    }
    if is_repeated {
        let [name, kind, _, _] = identity(tree);
        let said = format!("is `{name}`, the name of an earlier {kind}");
        let meta = top.under("metadata", tree);
        found.push(&meta.under("name", tree), &codes::MANIFEST_TWICE, said, None);
    }
}

/// The versions whose objects score-k8s reads as typed ones, each with the one that describes it here.
const TYPED: &[(&str, &str)] = &[
    ("v1", "v1"),
    ("apps/v1", "apps/v1"),
    ("apps/v1beta1", "apps/v1"),
    ("apps/v1beta2", "apps/v1"),
    ("networking.k8s.io/v1", "networking.k8s.io/v1"),
];

/// What a strict reader of typed objects refuses in one: unknown fields, and values of other types.
pub(super) fn refused(tree: &Tree) -> Vec<Fault> {
    let mut found = Findings { types_only: true, ..Findings::default() };
    let top = Here::top(tree);
    let version = TYPED.iter().find(|(version, _)| *version == top.text("apiVersion"));
    if let Some((_, version)) = version
        && let Known::Block(block) = table::kind(version, top.text("kind"))
    {
        shape::record(block, &top, &mut found);
    }
    found.faults
}

/// The name of an object, by which most differ, then its kind, namespace and group.
fn identity(tree: &Tree) -> [&str; 4] {
    fn text<'t>(tree: Option<&'t Tree>, key: &str) -> &'t str {
        tree.and_then(|tree| tree.get(key)).and_then(Tree::as_str).unwrap_or_default()
    }
    let (top, meta) = (Some(tree), tree.get("metadata"));
    let group = text(top, "apiVersion").split_once('/').map_or("", |(group, _)| group);
    [text(meta, "name"), text(top, "kind"), text(meta, "namespace"), group]
}

/// What kind an object is of.
enum Kind<'t> {
    /// One that the table describes.
    Described(&'t str),
    /// Another.
    Other,
}

/// Judges what every object has, and its fields; its kind, where it has one.
fn object<'t>(
    top: &Here<'t>,
    schemas: &Schemas,
    shaped: bool,
    found: &mut Findings,
    unjudged: &mut BTreeMap<String, usize>,
) -> Option<Kind<'t>> {
    if top.tree.as_map().is_none() {
        found.shape(top, format!("is {}, not an object", top.tree.kind()));
        return None;
    }
    let lacking: Vec<&str> = ["apiVersion", "kind"].into_iter().filter(|key| !top.has(key)).collect();
    if !lacking.is_empty() {
        for key in lacking {
            found.missing(top, key);
        }
        return None;
    }
    let (version, kind) = (top.text("apiVersion"), top.text("kind"));
    if version.is_empty() || kind.is_empty() {
        found.shape(top, "has an `apiVersion` or `kind` that is no string");
        return None;
    }
    let (group, number) = version.split_once('/').unwrap_or(("v1", version));
    if !words::is_subdomain(group) || !words::is_label(number) || kind.contains(['/', ' ']) {
        let said = format!("is `{version}`, which is no version of anything");
        found.kind(top, "apiVersion", said, None);
        return None;
    }
    let known = table::kind(version, kind);
    let described = matches!(known, Known::Block(_));
    names::name(if described { kind } else { "" }, top, found);
    match known {
        Known::Block(block) if !shaped => shape::record(block, top, found),
        Known::Block(_) => {}
        Known::Nothing { versions, kinds } => names::unknown(top, &versions, &kinds, found),
        Known::Foreign | Known::Undescribed => {
            if !schemas.judge(version, kind, top, found) {
                *unjudged.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }
    Some(if described { Kind::Described(kind) } else { Kind::Other })
}

/// The rules of single kinds. What is not of its type was told before, and counts as absent here.
fn by_kind(kind: &str, top: &Here<'_>, found: &mut Findings) {
    match kind {
        "Pod" | "CronJob" => controllers::judge(kind, top, found),
        _ if controllers::KINDS.contains(&kind) => controllers::judge(kind, top, found),
        "Service" => services::service(top, found),
        "Ingress" => services::ingress(top, found),
        "NetworkPolicy" => services::network_policy(top, found),
        "HTTPRoute" => services::http_route(top, found),
        "GRPCRoute" | "TCPRoute" | "TLSRoute" | "UDPRoute" => services::route(top, found),
        "Gateway" => services::gateway(top, found),
        _ => others::judge(kind, top, found),
    }
}
