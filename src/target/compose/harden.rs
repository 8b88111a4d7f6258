//! What a service may not do.

use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::Draft;
use crate::target::compose::options::Hardening;
use crate::target::compose::workload::Spot;

/// Adds the hardening of a container's service.
pub(super) fn put(draft: &Draft<'_>, spot: &Spot<'_>, service: &mut Map) {
    let level = match spot.annotation("sightread.dev/hardening").as_deref() {
        Some("off") => Hardening::Off,
        Some("standard") => Hardening::Standard,
        Some("restricted") => Hardening::Restricted,
        _ => draft.options.hardening,
    };
    if level == Hardening::Off {
        return;
    }
    service.insert("security_opt".to_owned(), Tree::from(vec!["no-new-privileges:true"]));
    if level == Hardening::Restricted {
        service.insert("cap_drop".to_owned(), Tree::from(vec!["ALL"]));
        service.insert("read_only".to_owned(), Tree::from(true));
        service.insert("tmpfs".to_owned(), Tree::from(vec!["/tmp"]));
    }
}
