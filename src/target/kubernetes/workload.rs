//! A workload in, its objects out: files, Services, and the Deployment or StatefulSet.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStatus, DeploymentStrategy, StatefulSet, StatefulSetSpec,
    StatefulSetStatus, StatefulSetUpdateStrategy,
};
use k8s_openapi::api::core::v1::{Container, PersistentVolumeClaim, PodSpec, PodTemplateSpec, VolumeMount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use crate::diag::codes::kubernetes as codes;
use crate::diag::codes::target as shared;
use crate::diag::{Diagnostic, Report};
use crate::model::flow::{Doc, ResolvedContainer};
use crate::model::path::Path;
use crate::model::spec::Container as Written;
use crate::target::annotations::{self, Wishes};
use crate::target::kubernetes::before::{self, Role};
use crate::target::kubernetes::object::{self, Words, filled};
use crate::target::kubernetes::options::{Hardening, Mounts, Shape};
use crate::target::kubernetes::pod::Volumes;
use crate::target::kubernetes::scene::Scene;
use crate::target::kubernetes::stores::Stores;
use crate::target::kubernetes::{
    compute, env, files, folders, guards, harden, names, paths, probes, service, volumes,
};

/// The annotation that changes when a file does, so that pods start anew.
const FILES_HASH: &str = "sightread.dev/files-hash";

/// The kind of object that runs a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Deployment,
    StatefulSet,
}

/// A pod, and the claims that each of its copies makes.
struct Pod {
    spec: PodSpec,
    claims: Vec<PersistentVolumeClaim>,
    /// True when every container is locked down as far as it goes.
    restricted: bool,
}

/// Lowers one workload.
pub(super) fn lower(scene: &Scene<'_>, stores: &mut Stores, report: &mut Report) -> Vec<Doc> {
    paths::check(scene, report);
    let wishes = Wishes::of(scene.workload, report);
    let labels = object::labels(scene.name, &scene.workload.instance_suffix, scene.options.shape);
    let mut room = Volumes::default();
    let mounted = mount(scene, &mut room, stores, report);
    let pod = pod(scene, &wishes, mounted.mounts, room, stores, report);
    let kind = kind(scene, &wishes, &pod.claims, report);
    let guards = if pod.restricted { guards::guards(scene, &labels) } else { Vec::new() };
    let mut docs = mounted.docs;
    docs.extend(service::clients(scene, &wishes, &labels, report));
    let template = template(scene, &labels, &mounted.hash, pod.spec);
    match kind {
        Kind::Deployment => docs.push(deployment(scene, &labels, template)),
        Kind::StatefulSet => {
            docs.push(service::headless(scene, &labels, report));
            docs.push(stateful_set(scene, &labels, template, pod.claims));
        }
    }
    docs.extend(guards);
    docs
}

/// Mounts volumes and files.
fn mount(scene: &Scene<'_>, room: &mut Volumes, stores: &mut Stores, report: &mut Report) -> files::Mounted {
    match scene.options.mounts {
        Mounts::Folders => folders::mount(scene, room, stores, report),
        Mounts::Files => {
            let mut all: BTreeMap<String, Vec<VolumeMount>> = BTreeMap::new();
            for (container, _, filled) in scene.containers() {
                for (target, volume) in &filled.volumes {
                    let Some(made) = volumes::made(scene, container, target, volume, report) else {
                        continue;
                    };
                    let name = room.put(made);
                    all.entry(container.to_owned())
                        .or_default()
                        .push(volumes::mount(scene, name, target, volume));
                }
            }
            let mut mounted = files::mount(scene, room, stores, report);
            for (container, mounts) in mounted.mounts {
                all.entry(container).or_default().extend(mounts);
            }
            mounted.mounts = all;
            mounted
        }
    }
}

fn pod(
    scene: &Scene<'_>,
    wishes: &Wishes,
    mut mounts: BTreeMap<String, Vec<VolumeMount>>,
    mut room: Volumes,
    stores: &mut Stores,
    report: &mut Report,
) -> Pod {
    let (mut early, mut main, mut levels) = (Vec::new(), Vec::new(), Vec::new());
    let roles = before::roles(scene, report);
    let all: BTreeMap<_, _> = scene.containers().map(|(name, spec, filled)| (name, (spec, filled))).collect();
    for (name, role) in &roles {
        let Some((spec, filled)) = all.get(name.as_str()) else { continue };
        let mut made = container(scene, name, spec, filled, *role, stores, report);
        made.volume_mounts = mounts.remove(name);
        levels.push(harden::container(scene, wishes, &mut made, &mut room, report));
        if *role == Role::Main { main.push(made) } else { early.push(made) }
    }
    if scene.options.shape == Shape::Tidy {
        // One that runs once is gone when clients come.
        let lasting = early.iter_mut().filter(|container| container.restart_policy.is_some());
        service::show_ports(scene, &mut main.iter_mut().chain(lasting).collect::<Vec<_>>());
    }
    let claimed = room.has_claims();
    let (volumes, claims) = room.finish();
    let mut spec = PodSpec {
        containers: main,
        init_containers: filled(early),
        volumes: filled(volumes),
        ..PodSpec::default()
    };
    harden::pod(wishes, &levels, &mut spec, claimed, report);
    let restricted = levels.iter().all(|level| *level == Hardening::Restricted);
    Pod { spec, claims, restricted }
}

fn container(
    scene: &Scene<'_>,
    name: &str,
    spec: &Written,
    contents: &ResolvedContainer,
    role: Role,
    stores: &mut Stores,
    report: &mut Report,
) -> Container {
    let Written {
        args,
        before: _,
        command,
        files: _,
        image,
        liveness_probe: _,
        readiness_probe: _,
        resources,
        variables: _,
        volumes: _,
    } = spec;
    check_image(scene, name, image, report);
    let probes = probes::probes(scene, name, spec, role, report);
    let none = (scene.options.shape == Shape::Verbose).then(Default::default);
    Container {
        args: filled(args.iter().map(|text| argument(scene, text)).collect::<Vec<_>>()),
        command: filled(command.iter().map(|text| argument(scene, text)).collect::<Vec<_>>()),
        env: filled(env::variables(scene, name, &contents.variables, stores)),
        image: Some(image.clone()),
        liveness_probe: probes.liveness,
        name: name.to_owned(),
        readiness_probe: probes.readiness,
        resources: compute::compute(scene, name, resources.as_ref(), report).or(none),
        restart_policy: matches!(role, Role::Beside | Role::Gate).then(|| "Always".to_owned()),
        startup_probe: probes.startup,
        ..Container::default()
    }
}

/// Kubernetes reads `$$` as one dollar, and leaves `$(NAME)` alone unless a variable has that name.
fn argument(scene: &Scene<'_>, text: &str) -> String {
    match scene.options.shape {
        Shape::Tidy => text.replace("$$", "$$$$"),
        Shape::Verbose => text.to_owned(),
    }
}

fn check_image(scene: &Scene<'_>, name: &str, image: &str, report: &mut Report) {
    if image == "." {
        let said = format!("`{name}` has no image, and Kubernetes cannot build one");
        let said = Diagnostic::new(&shared::IMAGE_NEEDED, said, scene.value(name, ["image"]));
        report.push(said.help("build and push it, then name it: `--image REGISTRY/NAME:TAG`"));
    }
}

fn template(scene: &Scene<'_>, labels: &Words, hash: &str, spec: PodSpec) -> PodTemplateSpec {
    let mut annotations = annotations::carried(scene.workload);
    annotations.extend(service::marks(scene));
    if !hash.is_empty() && scene.options.shape == Shape::Tidy {
        annotations.insert(FILES_HASH.to_owned(), hash.to_owned());
    }
    let metadata = ObjectMeta {
        annotations: filled(annotations),
        labels: Some(
            labels.iter().chain(scene.uses).map(|(key, value)| (key.clone(), value.clone())).collect(),
        ),
        ..ObjectMeta::default()
    };
    PodTemplateSpec { metadata: Some(metadata), spec: Some(spec) }
}

fn metadata(scene: &Scene<'_>, name: &str, labels: &Words) -> ObjectMeta {
    let mut metadata = object::meta(name, labels.clone());
    metadata.annotations = filled(service::marks(scene));
    metadata
}

fn selector(scene: &Scene<'_>, labels: &Words) -> LabelSelector {
    let chosen = object::selector(labels, scene.options.shape);
    LabelSelector { match_expressions: None, match_labels: Some(chosen) }
}

/// A claimed volume may belong to one node at a time, so the old pod must go before the new one comes.
fn replacing(template: &PodTemplateSpec) -> Option<DeploymentStrategy> {
    let volumes = template.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    let claimed = volumes.into_iter().any(|volume| volume.persistent_volume_claim.is_some());
    claimed.then(|| DeploymentStrategy { rolling_update: None, type_: Some("Recreate".to_owned()) })
}

fn deployment(scene: &Scene<'_>, labels: &Words, template: PodTemplateSpec) -> Doc {
    let verbose = scene.options.shape == Shape::Verbose;
    let spec = DeploymentSpec {
        selector: selector(scene, labels),
        strategy: if verbose { Some(DeploymentStrategy::default()) } else { replacing(&template) },
        template,
        ..DeploymentSpec::default()
    };
    let object = Deployment {
        metadata: metadata(scene, scene.name, labels),
        spec: Some(spec),
        status: verbose.then(DeploymentStatus::default),
    };
    object::doc(&object, scene.from())
}

fn stateful_set(
    scene: &Scene<'_>,
    labels: &Words,
    template: PodTemplateSpec,
    claims: Vec<PersistentVolumeClaim>,
) -> Doc {
    let verbose = scene.options.shape == Shape::Verbose;
    let limit = if verbose { names::LABEL } else { names::STATEFUL_SET };
    let spec = StatefulSetSpec {
        selector: selector(scene, labels),
        service_name: Some(service::headless_name(scene)),
        template,
        update_strategy: verbose.then(StatefulSetUpdateStrategy::default),
        volume_claim_templates: filled(claims),
        ..StatefulSetSpec::default()
    };
    let empty = StatefulSetStatus { available_replicas: Some(0), ..StatefulSetStatus::default() };
    let object = StatefulSet {
        metadata: metadata(scene, &names::fit(scene.name, limit), labels),
        spec: Some(spec),
        status: verbose.then_some(empty),
    };
    let mut doc = object::doc(&object, scene.from());
    object::strip_types(&mut doc.tree, &Path::of(["spec", "volumeClaimTemplates"]));
    doc
}

/// The kind that the annotation names; else a StatefulSet where volumes are claimed per pod.
fn kind(scene: &Scene<'_>, wishes: &Wishes, claims: &[PersistentVolumeClaim], report: &mut Report) -> Kind {
    let word = wishes.text("kind");
    let chosen = match word.map(|(_, value)| value) {
        Some("StatefulSet") => return Kind::StatefulSet,
        // compat(score-k8s): without the annotation it is a Deployment, whatever the volumes need.
        None if !claims.is_empty() && scene.options.shape == Shape::Tidy => return Kind::StatefulSet,
        Some("Deployment") | None => Kind::Deployment,
        Some(other) => {
            let (key, _) = word.unwrap_or_default();
            let said = format!("`{other}` is no kind of workload");
            let said = Diagnostic::new(&codes::UNKNOWN_KIND, said, scene.annotation(key));
            let said = said.suggest(other, ["Deployment", "StatefulSet"]);
            report.push(said.help(format!("write `{key}: Deployment` or `{key}: StatefulSet`")));
            return Kind::Deployment;
        }
    };
    if !claims.is_empty() {
        let said =
            format!("`{}` is a Deployment, but a volume of it is claimed anew for every pod", scene.name);
        let at = word.map_or_else(|| scene.name_at(), |(key, _)| scene.annotation(key));
        let said = Diagnostic::new(&codes::CLAIM_ON_DEPLOYMENT, said, at);
        report.push(said.help("write the annotation `k8s.score.dev/kind: StatefulSet`"));
    }
    chosen
}
