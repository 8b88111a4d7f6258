//! What a workload's annotations ask of the targets. This is the one place that names them:
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
//! | `sightread.dev/ephemeral-storage` | an amount such as `2Gi`, for Kubernetes |
//! | `sightread.dev/probe-helper` | `wget` or `curl`, for Compose |
//!
//! Those from `hardening` on may speak of one container: `sightread.dev/run-as-user.web`.

use std::collections::BTreeMap;

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Report};
use crate::model::flow::{DocId, ResolvedWorkload};
use crate::model::path::Path;
use crate::target::hardening::Hardening;

/// Our own prefix.
pub(super) const OURS: &str = "sightread.dev/";
/// The prefix of the Go tool, some of whose annotations mean the same here.
pub(super) const THEIRS: &str = "k8s.score.dev/";

const SHARED: [&str; 2] = ["kind", "service-name"];
const WHOLE: [&str; 2] = ["service-account", "automount-token"];
const EACH: [&str; 7] = [
    "hardening",
    "allow-privilege-escalation",
    "read-only-root",
    "run-as-user",
    "run-as-group",
    "ephemeral-storage",
    "probe-helper",
];

/// The annotations of a workload that the targets obey.
pub(super) struct Wishes {
    doc: DocId,
    found: BTreeMap<String, (String, String)>,
}

impl Wishes {
    /// Gathers them, by their name without prefix. Warns of those that nobody knows.
    pub(super) fn of(workload: &ResolvedWorkload, report: &mut Report) -> Self {
        let mut found = BTreeMap::new();
        for (key, value) in workload.spec.annotations() {
            let name = match (key.strip_prefix(OURS), key.strip_prefix(THEIRS)) {
                (Some(name), _) if known(workload, name) => name,
                (None, Some(name)) if SHARED.contains(&name) => name,
                (None, None) => continue,
                (Some(name), _) | (None, Some(name)) => {
                    unknown(workload, &key, name, report);
                    continue;
                }
            };
            // Our own spelling sorts after the Go tool's, so it wins.
            found.insert(name.to_owned(), (key.clone(), value));
        }
        Self { doc: workload.doc, found }
    }

    /// What a switch says, and the whole annotation's key.
    pub(super) fn text(&self, name: &str) -> Option<(&str, &str)> {
        self.found.get(name).map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A switch of a container: its own word, else the workload's.
    pub(super) fn of_container(&self, container: &str, name: &str) -> Option<(&str, &str)> {
        self.text(&format!("{name}.{container}")).or_else(|| self.text(name))
    }

    /// A switch that is true or false.
    pub(super) fn flag(&self, name: &str, report: &mut Report) -> Option<bool> {
        self.read(self.text(name)?, "`true` or `false`", |text| text.parse().ok(), report)
    }

    /// A container's switch that is true or false.
    pub(super) fn flag_of(&self, container: &str, name: &str, report: &mut Report) -> Option<bool> {
        let said = self.of_container(container, name)?;
        self.read(said, "`true` or `false`", |text| text.parse().ok(), report)
    }

    /// A container's switch that is a user or a group.
    pub(super) fn number_of(&self, container: &str, name: &str, report: &mut Report) -> Option<i64> {
        let said = self.of_container(container, name)?;
        let number =
            |text: &str| text.parse().ok().filter(|number| (0..=i64::from(i32::MAX)).contains(number));
        self.read(said, "a number such as `\"1000\"`", number, report)
    }

    /// A container's switch that a target reads in its own way.
    pub(super) fn own_of<T>(
        &self,
        (container, name): (&str, &str),
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        let said = self.of_container(container, name)?;
        self.read(said, wanted, parse, report)
    }

    /// How strictly a container is locked down.
    pub(super) fn hardening(&self, container: &str, default: Hardening, report: &mut Report) -> Hardening {
        let said = self.of_container(container, "hardening");
        let level = said
            .and_then(|said| self.read(said, "`standard`, `restricted` or `off`", Hardening::parse, report));
        level.unwrap_or(default)
    }

    fn read<T>(
        &self,
        (key, text): (&str, &str),
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        let value = parse(text);
        if value.is_none() {
            let said = format!("the annotation `{key}` cannot be `{text}`");
            let at = At::value(self.doc, Path::of(["metadata", "annotations", key]));
            report.push(Diagnostic::new(&codes::BAD_ANNOTATION, said, at).help(format!("write {wanted}")));
        }
        value
    }
}

/// The annotations that the result carries: all but those that speak to a tool.
pub(super) fn carried(workload: &ResolvedWorkload) -> BTreeMap<String, String> {
    let mut carried = workload.spec.annotations();
    carried.retain(|key, _| !key.starts_with(OURS) && !key.starts_with(THEIRS));
    carried
}

fn known(workload: &ResolvedWorkload, name: &str) -> bool {
    let (switch, container) = name.split_once('.').unwrap_or((name, ""));
    let (each, whole) = (EACH.contains(&switch), SHARED.contains(&switch) || WHOLE.contains(&switch));
    match container {
        "" => each || whole,
        container => each && workload.spec.containers.contains_key(container),
    }
}

fn unknown(workload: &ResolvedWorkload, key: &str, name: &str, report: &mut Report) {
    let (switch, container) = name.split_once('.').unwrap_or((name, ""));
    let said = format!("the annotation `{key}` means nothing here");
    let at = At::key(workload.doc, Path::of(["metadata", "annotations", key]));
    let said = Diagnostic::new(&codes::UNKNOWN_ANNOTATION, said, at);
    let containers = workload.spec.containers.keys().map(String::as_str);
    let switches = SHARED.iter().chain(&WHOLE).chain(&EACH).copied();
    report.push(said.suggest(container, containers).suggest(switch, switches));
}
