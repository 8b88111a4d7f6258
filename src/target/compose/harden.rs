//! What a service may not do: the level of hardening and the switches of the annotations.

use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::Draft;
use crate::target::compose::options::Hardening;
use crate::target::compose::workload::Spot;

/// Adds the hardening of a container's service.
pub(super) fn put(draft: &mut Draft<'_>, spot: &Spot<'_>, service: &mut Map) {
    let default = draft.options.hardening;
    let level = spot.wishes.hardening(spot.name, default, draft.report);
    let mut flag = |switch| spot.wishes.flag_of(spot.name, switch, draft.report);
    let escalation = flag("allow-privilege-escalation").unwrap_or(level < Hardening::Standard);
    let read_only = flag("read-only-root").unwrap_or(level >= Hardening::Restricted);
    if !escalation {
        service.insert("security_opt".to_owned(), Tree::from(vec!["no-new-privileges:true"]));
    }
    if level >= Hardening::Restricted {
        service.insert("cap_drop".to_owned(), Tree::from(vec!["ALL"]));
    }
    if read_only {
        service.insert("read_only".to_owned(), Tree::from(true));
        if !mounts_tmp(spot) {
            service.insert("tmpfs".to_owned(), Tree::from(vec!["/tmp"]));
        }
    }
    let mut number = |switch| spot.wishes.number_of(spot.name, switch, draft.report);
    let user = match (number("run-as-user"), number("run-as-group")) {
        (None, None) => return,
        (Some(user), None) => user.to_string(),
        (user, Some(group)) => format!("{}:{group}", user.map_or_else(String::new, |user| user.to_string())),
    };
    service.insert("user".to_owned(), Tree::from(user));
}

/// True when the container mounts a volume at `/tmp` itself.
fn mounts_tmp(spot: &Spot<'_>) -> bool {
    spot.filled.volumes.keys().any(|target| target.trim_end_matches('/') == "/tmp")
}
