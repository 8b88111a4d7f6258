//! CPU and memory in Kubernetes' notation in, `deploy.resources` in Docker's out.

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic};
use crate::model::quantity;
use crate::model::spec::{Amounts, Compute};
use crate::model::tree::{Map, Tree};
use crate::target::compose::draft::Draft;
use crate::target::compose::options::Limits;
use crate::target::compose::workload::Spot;

const NANO: u128 = 1_000_000_000;
/// Docker refuses less, as a limit and as a reservation.
const LEAST_MEMORY: u128 = 6 * 1024 * 1024;
/// Docker refuses a smaller share of a core, in billionths.
const LEAST_CPU: u128 = NANO / 100;

/// The `deploy` section of a container's service.
pub(super) fn of(draft: &mut Draft<'_>, spot: &Spot<'_>) -> Tree {
    let Some(Compute { limits, requests }) = &spot.spec.resources else { return Tree::Null };
    match draft.options.limits {
        Limits::Omit => return Tree::Null,
        Limits::Warn => {
            for key in [limits.as_ref().map(|_| "limits"), requests.as_ref().map(|_| "requests")]
                .into_iter()
                .flatten()
            {
                let said = Diagnostic::new(
                    &codes::LIMITS_LEFT_OUT,
                    format!("`resources.{key}` of container `{}` are left out", spot.name),
                    spot.at(["resources", key]),
                );
                draft.say(said);
            }
            return Tree::Null;
        }
        Limits::Deploy => {}
    }
    let most =
        limits.as_ref().map(|amounts| Measured::of(draft, spot, "limits", amounts)).unwrap_or_default();
    let mut least =
        requests.as_ref().map(|amounts| Measured::of(draft, spot, "requests", amounts)).unwrap_or_default();
    least.stay_below(&most, draft, spot);
    let parts = [("limits", most.tree()), ("reservations", least.tree())];
    let resources = Tree::from_pairs(parts.into_iter().filter(|(_, tree)| !tree.is_blank()));
    if resources.is_blank() { Tree::Null } else { Tree::from_pairs([("resources", resources)]) }
}

/// Billionths of a core, and bytes.
#[derive(Default)]
struct Measured {
    cpu: Option<u128>,
    memory: Option<u128>,
}

impl Measured {
    fn of(draft: &mut Draft<'_>, spot: &Spot<'_>, key: &str, amounts: &Amounts) -> Self {
        let Amounts { cpu, memory } = amounts;
        let mut read = |field: &str, text: &Option<String>, scale: u128, least: u128, shown: &str| {
            let text = text.as_deref()?;
            let at = spot.at(["resources", key, field]);
            let Some(nanos) = quantity::nanos(text) else {
                wrong(draft, text, at);
                return None;
            };
            let value = nanos.div_ceil(scale);
            if value < least {
                raised(draft, text, shown, at);
            }
            Some(value.max(least))
        };
        // What is requested of CPU is never handed to a container, so it has no floor.
        let floor = if key == "limits" { LEAST_CPU } else { 0 };
        Self {
            cpu: read("cpu", cpu, 1, floor, "0.01"),
            memory: read("memory", memory, NANO, LEAST_MEMORY, "6Mi"),
        }
    }

    /// Docker refuses a service that reserves more than it may have.
    fn stay_below(&mut self, most: &Self, draft: &mut Draft<'_>, spot: &Spot<'_>) {
        let pairs = [("cpu", &mut self.cpu, most.cpu), ("memory", &mut self.memory, most.memory)];
        for (field, least, most) in pairs {
            if let (Some(asked), Some(most)) = (&mut *least, most)
                && *asked > most
            {
                *least = Some(most);
                let said = Diagnostic::new(
                    &codes::LIMIT_CHANGED,
                    format!("container `{}` requests more {field} than its limit", spot.name),
                    spot.at(["resources", "requests", field]),
                )
                .note("Docker refuses such a service; the request is lowered to the limit");
                draft.say(said);
            }
        }
    }

    fn tree(&self) -> Tree {
        let cpu = self.cpu.map(|nanos| ("cpus".to_owned(), Tree::from(decimal(nanos))));
        let memory = self.memory.map(|bytes| ("memory".to_owned(), Tree::from(size(bytes))));
        Tree::Map(cpu.into_iter().chain(memory).collect::<Map>())
    }
}

fn wrong(draft: &mut Draft<'_>, text: &str, at: At) {
    let said =
        Diagnostic::new(&crate::diag::codes::read::BAD_QUANTITY, format!("`{text}` is not an amount"), at)
            .help("write a number with an optional suffix: `500m` of a core, `128Mi` of memory");
    draft.say(said);
}

fn raised(draft: &mut Draft<'_>, text: &str, shown: &str, at: At) {
    let said = Diagnostic::new(&codes::LIMIT_CHANGED, format!("`{text}` is raised to `{shown}`"), at)
        .note("Docker takes no less");
    draft.say(said);
}

/// Billionths as a decimal number.
fn decimal(nanos: u128) -> String {
    let (whole, rest) = (nanos / NANO, nanos % NANO);
    let rest = format!("{rest:09}");
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { whole.to_string() } else { format!("{whole}.{rest}") }
}

/// Bytes in the largest of Docker's units that says them exactly.
fn size(bytes: u128) -> String {
    let units = [("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)];
    let unit = units.into_iter().find(|(_, unit)| bytes > 0 && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes}b"), |(name, unit)| format!("{}{name}", bytes / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_docker_writes_them() {
        for (written, cpus, memory) in [
            ("1", "1", "1b"),
            ("500m", "0.5", "1b"),
            ("0.25", "0.25", "1b"),
            ("128Mi", "134217728", "128M"),
            ("1.5Gi", "1610612736", "1536M"),
            ("2Gi", "2147483648", "2G"),
            ("1000M", "1000000000", "1000000000b"),
        ] {
            let nanos = quantity::nanos(written).expect(written);
            assert_eq!(decimal(nanos), cpus, "{written}");
            assert_eq!(size(nanos.div_ceil(NANO)), memory, "{written}");
        }
    }
}
