//! Locks pods down: the level of hardening and the switches of the annotations in, security contexts out.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, Container, EmptyDirVolumeSource, PodSecurityContext, PodSpec, ResourceRequirements,
    SeccompProfile, SecurityContext, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Printed;

use crate::diag::Report;
use crate::target::annotations::Wishes;
use crate::target::kubernetes::names;
use crate::target::kubernetes::object::filled;
use crate::target::kubernetes::options::Hardening;
use crate::target::kubernetes::pod::Volumes;
use crate::target::kubernetes::quantity::{self, Quantity};
use crate::target::kubernetes::scene::Scene;

/// The user and group of a restricted container that names none: no user of the node has a number as high, and an
/// image whose own user is root, or has only a name, starts all the same. The group owns the pod's volumes too.
const NOBODY: i64 = 10001;
/// What a restricted container is sure to get of the node's own disk, and the most it may take of it.
const SCRATCH: (&str, &str) = ("64Mi", "1Gi");

/// Writes a container's security context, and the `/tmp` that a read-only root needs.
pub(super) fn container(
    scene: &Scene<'_>,
    wishes: &Wishes,
    container: &mut Container,
    volumes: &mut Volumes,
    report: &mut Report,
) -> Hardening {
    let name = container.name.clone();
    let level = wishes.hardening(&name, scene.options.hardening, report);
    let (standard, restricted) = (level >= Hardening::Standard, level >= Hardening::Restricted);
    let mut flag = |switch: &str| wishes.flag_of(&name, switch, report);
    let escalation = flag("allow-privilege-escalation").or(standard.then_some(false));
    let read_only = flag("read-only-root").or(restricted.then_some(true));
    let user = wishes.number_of(&name, "run-as-user", report);
    let user = user.or(restricted.then_some(NOBODY));
    let group = wishes.number_of(&name, "run-as-group", report).or(restricted.then_some(NOBODY));
    let drop_all = || Capabilities { add: None, drop: Some(vec!["ALL".to_owned()]) };
    let context = SecurityContext {
        allow_privilege_escalation: escalation,
        capabilities: restricted.then(drop_all),
        read_only_root_filesystem: read_only,
        run_as_group: group,
        // A user of 0 is asked for on purpose; saying both would keep the container from starting.
        run_as_non_root: (restricted && user != Some(0)).then_some(true),
        run_as_user: user,
        seccomp_profile: standard.then(seccomp),
        ..SecurityContext::default()
    };
    if read_only == Some(true) {
        writable_tmp(container, volumes);
    }
    container.security_context = filled(context);
    let amount = |text: &str| quantity::parse(text).ok();
    let scratch = wishes.own_of((&name, "ephemeral-storage"), "an amount such as `2Gi`", amount, report);
    if restricted {
        // A tag may be moved, and a node that has the old image would not look.
        container.image_pull_policy = Some("Always".to_owned());
    }
    if restricted || scratch.is_some() {
        limit_scratch(container, scratch);
    }
    level
}

/// Writes what the pod as a whole says: who it is, and who owns its volumes.
pub(super) fn pod(
    wishes: &Wishes,
    levels: &[Hardening],
    pod: &mut PodSpec,
    claims: bool,
    report: &mut Report,
) {
    let account = wishes.text("service-account").map(|(_, name)| name.to_owned());
    let quiet = levels.iter().any(|level| *level >= Hardening::Standard);
    let token = wishes.flag("automount-token", report);
    let default = if account.is_some() { Some(true) } else { quiet.then_some(false) };
    pod.automount_service_account_token = token.or(default);
    pod.service_account_name = account;
    if levels.contains(&Hardening::Restricted) && (claims || pod.volumes.is_some()) {
        pod.security_context = Some(PodSecurityContext {
            fs_group: Some(NOBODY),
            fs_group_change_policy: Some("OnRootMismatch".to_owned()),
            ..PodSecurityContext::default()
        });
    }
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { localhost_profile: None, type_: "RuntimeDefault".to_owned() }
}

/// Bounds what a container writes to the node's own disk: logs, its root, volumes that end with it.
fn limit_scratch(container: &mut Container, most: Option<Quantity>) {
    let (least, usual) = SCRATCH;
    let (least, usual) = (quantity::parse(least).ok(), quantity::parse(usual).ok());
    let most = most.or(usual);
    let least = least.into_iter().chain(most.clone()).min_by_key(|amount| amount.nanos);
    let resources = container.resources.get_or_insert_default();
    let mut put = |to: fn(&mut ResourceRequirements) -> &mut Option<BTreeMap<String, Printed>>, amount| {
        let Some(Quantity { text, nanos: _ }) = amount else { return };
        to(resources).get_or_insert_default().insert("ephemeral-storage".to_owned(), Printed(text));
    };
    put(|resources| &mut resources.limits, most);
    put(|resources| &mut resources.requests, least);
}

/// Gives a container a `/tmp` of its own, unless it mounts one.
fn writable_tmp(container: &mut Container, volumes: &mut Volumes) {
    let mounts = container.volume_mounts.get_or_insert_default();
    if mounts.iter().any(|mount| mount.mount_path.trim_end_matches('/') == "/tmp") {
        return;
    }
    let volume = Volume {
        name: names::label(&format!("{}-tmp", container.name)),
        empty_dir: Some(EmptyDirVolumeSource::default()),
        ..Volume::default()
    };
    let name = volumes.add(volume);
    mounts.push(VolumeMount { mount_path: "/tmp".to_owned(), name, ..VolumeMount::default() });
}
