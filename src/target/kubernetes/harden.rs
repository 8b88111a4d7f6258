//! Locks pods down: the level of hardening and the switches of the annotations in, security contexts out.

use k8s_openapi::api::core::v1::{
    Capabilities, Container, EmptyDirVolumeSource, PodSecurityContext, PodSpec, SeccompProfile,
    SecurityContext, Volume, VolumeMount,
};

use crate::diag::Report;
use crate::target::annotations::Wishes;
use crate::target::kubernetes::names;
use crate::target::kubernetes::object::filled;
use crate::target::kubernetes::options::Hardening;
use crate::target::kubernetes::pod::Volumes;
use crate::target::kubernetes::scene::Scene;

/// The group that owns volumes of a restricted pod. Every process of the pod joins it, so any number serves.
const VOLUME_GROUP: i64 = 1000;

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
    let group = wishes.number_of(&name, "run-as-group", report);
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
    let stored =
        claims || pod.volumes.iter().flatten().any(|volume| volume.persistent_volume_claim.is_some());
    if stored && levels.contains(&Hardening::Restricted) {
        pod.security_context = Some(PodSecurityContext {
            fs_group: Some(VOLUME_GROUP),
            fs_group_change_policy: Some("OnRootMismatch".to_owned()),
            ..PodSecurityContext::default()
        });
    }
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { localhost_profile: None, type_: "RuntimeDefault".to_owned() }
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
