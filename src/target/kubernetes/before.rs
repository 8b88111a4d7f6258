//! Which container starts when: `before` in, init containers in order out.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::read as codes;
use crate::diag::{Diagnostic, Report, Severity};
use crate::model::spec::{Container, Ready};
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::scene::Scene;

/// What a container is to its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It runs while the pod does, and starts last.
    Main,
    /// It runs once, before the next one starts.
    Once,
    /// It starts before the next one and keeps running.
    Beside,
    /// The same, and the next one waits for its probe.
    Gate,
}

/// The containers with their roles: those that start early in their order, then the main ones by name.
pub(super) fn roles(scene: &Scene<'_>, report: &mut Report) -> Vec<(String, Role)> {
    let containers = &scene.workload.spec.containers;
    let Some(order) = sorted(containers) else {
        let (first, _) = containers.iter().find(|(_, spec)| !spec.before.is_empty()).unzip();
        let first = first.map_or("", String::as_str);
        let said = "the `before` entries form a circle, so no container can be the first to start";
        let said = Diagnostic::new(&codes::BEFORE_CIRCLE, said, scene.key(first, ["before"]));
        if scene.options.shape == Shape::Tidy {
            report.push(said);
            return Vec::new();
        }
        report.push(warned(said));
        return containers.keys().map(|name| (name.clone(), Role::Main)).collect();
    };
    for (name, spec) in containers {
        for other in spec.before.keys().filter(|other| !containers.contains_key(*other)) {
            let said =
                format!("`{name}` should start before `{other}`, which is no container of the workload");
            let at = scene.key(name, ["before", other]);
            let said = Diagnostic::new(&codes::UNKNOWN_CONTAINER, said, at);
            let said = said.suggest(other, containers.keys().map(String::as_str));
            report.push(if scene.options.shape == Shape::Tidy { said } else { warned(said) });
        }
    }
    let role = |name: &String| containers.get(name).map_or(Role::Main, |spec| role(spec, containers));
    let (mut main, mut early): (Vec<_>, Vec<_>) = order
        .into_iter()
        .map(|name| (role(&name), name))
        .map(|(role, name)| (name, role))
        .partition(|(_, role)| *role == Role::Main);
    main.sort_by(|(one, _), (other, _)| one.cmp(other));
    early.extend(main);
    early
}

/// compat(score-k8s): it read no `before`, so that a wrong one is no reason to stop.
pub(super) fn warned(said: Diagnostic) -> Diagnostic {
    said.severity(Severity::Warning).note("it is left out of account, as `score-k8s` leaves it")
}

/// One that is waited for to complete runs once, whatever else is asked of it.
fn role(spec: &Container, containers: &BTreeMap<String, Container>) -> Role {
    let known = || spec.before.iter().filter(|(other, _)| containers.contains_key(*other));
    let asked = |ready: Ready| known().any(|(_, before)| before.ready == ready);
    match (asked(Ready::Complete), asked(Ready::Healthy), asked(Ready::Started)) {
        (true, _, _) => Role::Once,
        (false, true, _) => Role::Gate,
        (false, false, true) => Role::Beside,
        (false, false, false) => Role::Main,
    }
}

/// The containers so that each comes after all it waits for, ties by name; nothing when they wait in a circle.
fn sorted(containers: &BTreeMap<String, Container>) -> Option<Vec<String>> {
    let waits = |name: &String| {
        let before = containers.iter().filter(|(_, spec)| spec.before.contains_key(name));
        before.map(|(other, _)| other.clone()).collect::<BTreeSet<_>>()
    };
    let mut open: BTreeMap<String, BTreeSet<String>> =
        containers.keys().map(|name| (name.clone(), waits(name))).collect();
    let mut order = Vec::new();
    while !open.is_empty() {
        let next = open.iter().find(|(_, waits)| waits.is_empty()).map(|(name, _)| name.clone())?;
        open.remove(&next);
        for waits in open.values_mut() {
            waits.remove(&next);
        }
        order.push(next);
    }
    Some(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::spec::Before;

    fn container(before: &[&str]) -> Container {
        let before = before.iter().map(|name| ((*name).to_owned(), Before { ready: Ready::Started }));
        Container {
            args: Vec::new(),
            before: before.collect(),
            command: Vec::new(),
            files: BTreeMap::new(),
            image: "i".to_owned(),
            liveness_probe: None,
            readiness_probe: None,
            resources: None,
            variables: BTreeMap::new(),
            volumes: BTreeMap::new(),
        }
    }

    #[test]
    fn containers_start_after_what_they_wait_for() {
        for (edges, order) in [
            (vec![("a", vec![]), ("b", vec![])], Some(vec!["a", "b"])),
            (vec![("a", vec![]), ("b", vec!["a"])], Some(vec!["b", "a"])),
            (vec![("a", vec!["c"]), ("b", vec!["a"]), ("c", vec![])], Some(vec!["b", "a", "c"])),
            (vec![("a", vec!["b"]), ("b", vec!["a"])], None),
            (vec![("a", vec!["a"])], None),
        ] {
            let containers =
                edges.iter().map(|(name, before)| ((*name).to_owned(), container(before))).collect();
            let expected = order.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(sorted(&containers), expected, "{edges:?}");
        }
    }
}
