//! A workload in, one service per container out.
//! **Invariant:** every field of the specification is taken apart by name, so that a new one cannot be forgotten.

use std::collections::BTreeMap;

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Severity};
use crate::model::flow::{From, ResolvedContainer, ResolvedWorkload};
use crate::model::path::{Path, Step};
use crate::model::spec::{Container, Ready, Spec};
use crate::model::tree::{Map, Tree};
use crate::target::annotations::{self, Wishes};
use crate::target::compose::draft::Draft;
use crate::target::compose::options::Manners;
use crate::target::compose::order::Order;
use crate::target::compose::{build, files, harden, limits, mounts, probes, spell, variables};

/// A container and where it stands.
pub(super) struct Spot<'a> {
    /// Its workload.
    pub(super) workload: &'a ResolvedWorkload,
    /// Its name.
    pub(super) name: &'a str,
    /// What its author wrote.
    pub(super) spec: &'a Container,
    /// What the placeholders became.
    pub(super) filled: &'a ResolvedContainer,
    /// What its annotations ask.
    pub(super) wishes: &'a Wishes,
}

impl Spot<'_> {
    /// The name of its service.
    pub(super) fn service(&self) -> String {
        service(self.workload.spec.name(), self.name)
    }

    /// A place in its section of the Score file.
    pub(super) fn at<S: Into<Step>>(&self, steps: impl IntoIterator<Item = S>) -> At {
        let here = Path::of(["containers", self.name]);
        At::value(self.workload.doc, here.join(&Path::of(steps)))
    }

    /// A key in its section of the Score file.
    pub(super) fn key<S: Into<Step>>(&self, steps: impl IntoIterator<Item = S>) -> At {
        let here = Path::of(["containers", self.name]);
        At::key(self.workload.doc, here.join(&Path::of(steps)))
    }

    /// Who makes what comes of it.
    pub(super) fn from(&self) -> From {
        From::Workload(self.workload.spec.name().to_owned())
    }
}

/// The service of a container.
pub(super) fn service(workload: &str, container: &str) -> String {
    format!("{workload}-{container}")
}

/// Lowers one workload.
pub(super) fn lower(draft: &mut Draft<'_>, workload: &ResolvedWorkload) {
    let Spec { api_version: _, metadata: _, service: _, containers, resources: _ } = &workload.spec;
    let order = Order::of(&workload.spec);
    let nothing = ResolvedContainer::default();
    let wishes = Wishes::of(workload, draft.report);
    let spots: Vec<Spot<'_>> = containers
        .iter()
        .map(|(name, spec)| Spot {
            workload,
            name,
            spec,
            filled: workload.containers.get(name).unwrap_or(&nothing),
            wishes: &wishes,
        })
        .collect();
    let checks: BTreeMap<&str, Option<Tree>> =
        spots.iter().map(|spot| (spot.name, probes::check(draft, spot))).collect();
    for spot in &spots {
        let mut made = container(draft, spot, &order);
        if let Some(Some(check)) = checks.get(spot.name) {
            made.insert("healthcheck".to_owned(), check.clone());
        }
        let waits = waits(draft, spot, &order, &checks);
        put(&mut made, "depends_on", Tree::Map(waits));
        let at = At::key(workload.doc, Path::of(["containers", spot.name]));
        draft.add_service(&spot.service(), made, spot.from(), at);
    }
}

fn container(draft: &mut Draft<'_>, spot: &Spot<'_>, order: &Order<'_>) -> Map {
    let Container {
        args,
        before: _,
        command,
        files: _,
        image,
        liveness_probe: _,
        readiness_probe: _,
        resources: _,
        variables: _,
        volumes: _,
    } = spot.spec;
    let dollars = draft.options.dollars;
    let words =
        |list: &[String]| Tree::List(list.iter().map(|w| Tree::Str(spell::word(w, dollars))).collect());
    let mut service = Map::new();
    put(&mut service, "annotations", carried(draft, spot));
    put(&mut service, "entrypoint", words(command));
    put(&mut service, "command", words(args));
    match build::of(draft, spot, image) {
        Some(built) => drop(service.insert("build".to_owned(), built)),
        None => put(&mut service, "image", Tree::from(build::image(image, dollars))),
    }
    variables::put(draft, spot, &mut service);
    let mut volumes = mounts::of(draft, spot);
    volumes.extend(files::of(draft, spot));
    if draft.options.manners == Manners::Plain {
        // compat(score-compose): mounts are sorted by what is mounted.
        volumes.sort_by(|one, other| source(one).cmp(source(other)));
    }
    mounts::judge(draft, spot);
    put(&mut service, "volumes", Tree::List(volumes));
    put(&mut service, "deploy", limits::of(draft, spot));
    network(draft, spot, order, &mut service);
    if draft.options.manners == Manners::Complete && !order.ends(spot.name) {
        put(&mut service, "restart", Tree::from("unless-stopped"));
    }
    harden::put(draft, spot, &mut service);
    service
}

/// What a mount mounts.
fn source(mount: &Tree) -> &str {
    mount.get("source").and_then(Tree::as_str).unwrap_or_default()
}

/// Adds a key, unless there is nothing to say under it.
pub(super) fn put(service: &mut Map, key: &str, value: Tree) {
    if !value.is_blank() {
        service.insert(key.to_owned(), value);
    }
}

fn network(draft: &Draft<'_>, spot: &Spot<'_>, order: &Order<'_>, service: &mut Map) {
    let workload = spot.workload.spec.name();
    if spot.name == order.owner {
        put(service, "hostname", Tree::from(workload));
        if draft.options.manners == Manners::Complete {
            let aliases = Tree::from_pairs([("aliases", Tree::from(vec![workload]))]);
            put(service, "networks", Tree::from_pairs([("default", aliases)]));
        }
    } else if order.shares(spot.name) {
        let owner = self::service(workload, order.owner);
        put(service, "network_mode", Tree::from(format!("service:{owner}")));
    }
}

/// The workload's annotations, less those that speak to a tool that reads Score files.
fn carried(draft: &Draft<'_>, spot: &Spot<'_>) -> Tree {
    let complete = draft.options.manners == Manners::Complete;
    let spec = &spot.workload.spec;
    let all = if complete { annotations::carried(spot.workload) } else { spec.annotations() };
    let spelled = |value: String| Tree::from(spell::word(&value, draft.options.dollars));
    let mut all: Map = all.into_iter().map(|(key, value)| (key, spelled(value))).collect();
    if !complete {
        all.insert("compose.score.dev/workload-name".to_owned(), Tree::from(spec.name()));
    }
    Tree::Map(all)
}

/// What a container waits for inside its workload.
fn waits(
    draft: &mut Draft<'_>,
    spot: &Spot<'_>,
    order: &Order<'_>,
    checks: &BTreeMap<&str, Option<Tree>>,
) -> Map {
    let mut waits = Map::new();
    for (other, ready) in order.waits(spot.name) {
        let condition = match ready {
            Ready::Started => "service_started",
            Ready::Complete => "service_completed_successfully",
            Ready::Healthy if matches!(checks.get(other), Some(Some(_))) => "service_healthy",
            Ready::Healthy => {
                unhealthy(draft, spot, other);
                "service_started"
            }
        };
        waits.insert(service(spot.workload.spec.name(), other), dependency(condition));
    }
    waits
}

/// An entry of `depends_on`.
pub(super) fn dependency(condition: &str) -> Tree {
    Tree::from_pairs([("condition", Tree::from(condition)), ("required", Tree::from(true))])
}

fn unhealthy(draft: &mut Draft<'_>, spot: &Spot<'_>, other: &str) {
    let container = spot.workload.spec.containers.get(other);
    let probed = container.is_some_and(|c| c.readiness_probe.is_some() || c.liveness_probe.is_some());
    let at = At::value(spot.workload.doc, Path::of(["containers", other, "before", spot.name, "ready"]));
    let words =
        format!("`{}` cannot wait until `{other}` is healthy: Compose has no health check for it", spot.name);
    let said = Diagnostic::new(&codes::NO_HEALTH_CHECK, words, at);
    let said = if probed {
        said.severity(Severity::Warning)
            .note("Compose runs commands as health checks, not HTTP requests; it waits until the container has started")
            .help("give the probe an `exec` command, or name a program of the image that can ask: `sightread.dev/probe-helper: wget` under `metadata.annotations`")
    } else {
        said.help(format!("give `{other}` a `readinessProbe`, or write `ready: started`"))
    };
    draft.say(said);
}
