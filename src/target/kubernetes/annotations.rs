//! What a workload's annotations ask of this target. This is the one place that names them:
//!
//! | annotation | value |
//! |---|---|
//! | `sightread.dev/kind`, `k8s.score.dev/kind` | `Deployment` or `StatefulSet` |
//! | `sightread.dev/service-name`, `k8s.score.dev/service-name` | name of the Service |
//! | `sightread.dev/service-account` | name of a service account, whose token is mounted |
//! | `sightread.dev/automount-token` | `true` or `false` |
//! | `sightread.dev/hardening` | `standard`, `restricted` or `off` |
//! | `sightread.dev/allow-privilege-escalation` | `true` or `false` |
//! | `sightread.dev/read-only-root` | `true` or `false` |
//! | `sightread.dev/run-as-user`, `sightread.dev/run-as-group` | a number |
//!
//! Those from `hardening` on may speak of one container: `sightread.dev/run-as-user.web`.

use std::collections::BTreeMap;

use crate::diag::codes::kubernetes as codes;
use crate::diag::{Diagnostic, Report};
use crate::target::kubernetes::options::Hardening;
use crate::target::kubernetes::scene::Scene;

/// Our own prefix.
pub(super) const OURS: &str = "sightread.dev/";
/// The prefix of the Go tool, some of whose annotations mean the same here.
pub(super) const THEIRS: &str = "k8s.score.dev/";

const SHARED: [&str; 2] = ["kind", "service-name"];
const WHOLE: [&str; 2] = ["service-account", "automount-token"];
const EACH: [&str; 5] =
    ["hardening", "allow-privilege-escalation", "read-only-root", "run-as-user", "run-as-group"];
/// What other targets understand.
const ELSEWHERE: [&str; 1] = ["probe-helper"];

/// The annotations of a workload that this target obeys.
pub(super) struct Wishes(BTreeMap<String, (String, String)>);

impl Wishes {
    /// Gathers them, by their name without prefix. Warns of those that nobody knows.
    pub(super) fn of(scene: &Scene<'_>, report: &mut Report) -> Self {
        let mut found = BTreeMap::new();
        for (key, value) in scene.workload.spec.annotations() {
            let name = match (key.strip_prefix(OURS), key.strip_prefix(THEIRS)) {
                (Some(name), _) if known(scene, name) => name,
                (None, Some(name)) if SHARED.contains(&name) => name,
                (None, None) => continue,
                (Some(name), _) | (None, Some(name)) => {
                    unknown(scene, &key, name, report);
                    continue;
                }
            };
            // Our own spelling sorts after the Go tool's, so it wins.
            found.insert(name.to_owned(), (key.clone(), value));
        }
        Self(found)
    }

    /// What a switch says, and the whole annotation's key.
    pub(super) fn text(&self, name: &str) -> Option<(&str, &str)> {
        self.0.get(name).map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A switch of a container: its own word, else the workload's.
    fn of_container(&self, container: &str, name: &str) -> Option<(&str, &str)> {
        self.text(&format!("{name}.{container}")).or_else(|| self.text(name))
    }

    /// A switch that is true or false.
    pub(super) fn flag(&self, scene: &Scene<'_>, name: &str, report: &mut Report) -> Option<bool> {
        read(scene, self.text(name)?, "`true` or `false`", |text| text.parse().ok(), report)
    }

    /// A container's switch that is true or false.
    pub(super) fn flag_of(
        &self,
        scene: &Scene<'_>,
        container: &str,
        name: &str,
        report: &mut Report,
    ) -> Option<bool> {
        let said = self.of_container(container, name)?;
        read(scene, said, "`true` or `false`", |text| text.parse().ok(), report)
    }

    /// A container's switch that is a user or a group.
    pub(super) fn number_of(
        &self,
        scene: &Scene<'_>,
        container: &str,
        name: &str,
        report: &mut Report,
    ) -> Option<i64> {
        let said = self.of_container(container, name)?;
        let number =
            |text: &str| text.parse().ok().filter(|number| (0..=i64::from(i32::MAX)).contains(number));
        read(scene, said, "a number such as `\"1000\"`", number, report)
    }

    /// How strictly a container is locked down.
    pub(super) fn hardening(&self, scene: &Scene<'_>, container: &str, report: &mut Report) -> Hardening {
        let said = self.of_container(container, "hardening");
        let level = said.and_then(|said| {
            read(scene, said, "`standard`, `restricted` or `off`", Hardening::parse, report)
        });
        level.unwrap_or(scene.options.hardening)
    }
}

/// The annotations that the pods carry: all but those that speak to a tool.
pub(super) fn carried(scene: &Scene<'_>) -> BTreeMap<String, String> {
    let mut carried = scene.workload.spec.annotations();
    carried.retain(|key, _| !key.starts_with(OURS) && !key.starts_with(THEIRS));
    carried
}

fn known(scene: &Scene<'_>, name: &str) -> bool {
    let (switch, container) = name.split_once('.').unwrap_or((name, ""));
    let each = EACH.contains(&switch) || ELSEWHERE.contains(&switch);
    let whole = SHARED.contains(&switch) || WHOLE.contains(&switch);
    match container {
        "" => each || whole,
        container => each && scene.workload.spec.containers.contains_key(container),
    }
}

fn unknown(scene: &Scene<'_>, key: &str, name: &str, report: &mut Report) {
    let (switch, container) = name.split_once('.').unwrap_or((name, ""));
    let said = format!("the annotation `{key}` means nothing here");
    let at = crate::diag::At::key(
        scene.workload.doc,
        crate::model::path::Path::of(["metadata", "annotations", key]),
    );
    let said = Diagnostic::new(&codes::UNKNOWN_ANNOTATION, said, at);
    let containers = scene.workload.spec.containers.keys().map(String::as_str);
    let switches = SHARED.iter().chain(&WHOLE).chain(&EACH).copied();
    report.push(said.suggest(container, containers).suggest(switch, switches));
}

fn read<T>(
    scene: &Scene<'_>,
    (key, text): (&str, &str),
    wanted: &str,
    parse: impl Fn(&str) -> Option<T>,
    report: &mut Report,
) -> Option<T> {
    let value = parse(text);
    if value.is_none() {
        let said = format!("the annotation `{key}` cannot be `{text}`");
        let said = Diagnostic::new(&codes::BAD_ANNOTATION, said, scene.annotation(key));
        report.push(said.help(format!("write {wanted}")));
    }
    value
}
