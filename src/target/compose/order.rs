//! Who waits for whom inside a workload, and which container the others share a network with.
//! **Invariant:** what is said here never makes a circle of waiting (sharing a network waits, too).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::spec::{Before, Container, Ready, Spec};

/// The order of a workload's containers.
pub(super) struct Order<'a> {
    containers: &'a BTreeMap<String, Container>,
    /// The container that has the workload's host name and network.
    pub(super) owner: &'a str,
}

impl<'a> Order<'a> {
    /// Finds the owner: the first container without `before`, unless it waits for one that would share its network;
    /// then the first that waits for no such container.
    pub(super) fn of(spec: &'a Spec) -> Self {
        let containers = &spec.containers;
        let mut order = Self { containers, owner: "" };
        let names = || containers.keys().map(String::as_str);
        let free = |name: &&str| containers.get(*name).is_some_and(|container| container.before.is_empty());
        let first = names().find(free).or_else(|| names().next()).unwrap_or_default();
        let alone = |name: &&str| !order.waits_for_runner(name);
        order.owner = if alone(&first) {
            first
        } else {
            names().filter(|name| !order.is_init(name)).find(alone).unwrap_or(first)
        };
        order
    }

    /// True for a container that only prepares: it has `before`, and all of it says `complete`.
    pub(super) fn is_init(&self, name: &str) -> bool {
        let mut ready = self.befores(name).map(|before| before.ready).peekable();
        ready.peek().is_some() && ready.all(|ready| ready == Ready::Complete)
    }

    /// True for a container that another one waits for to end.
    pub(super) fn ends(&self, name: &str) -> bool {
        self.befores(name).any(|before| before.ready == Ready::Complete)
    }

    /// True for a container that shares the owner's network.
    pub(super) fn shares(&self, name: &str) -> bool {
        name != self.owner && !self.is_init(name)
    }

    /// The containers that a container waits for, and what for.
    pub(super) fn waits(&self, name: &str) -> BTreeMap<&'a str, Ready> {
        let entry = |(other, container): (&'a String, &'a Container)| {
            container.before.get(name).map(|before| (other.as_str(), before.ready))
        };
        self.containers.iter().filter_map(entry).collect()
    }

    fn befores(&self, name: &str) -> impl Iterator<Item = &'a Before> {
        self.containers.get(name).into_iter().flat_map(|container| container.before.values())
    }

    /// True when a container waits, through others too, for one that is not an init container.
    fn waits_for_runner(&self, name: &str) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![name]);
        while let Some(here) = open.pop() {
            for other in self.waits(here).into_keys() {
                if other != name && !self.is_init(other) {
                    return true;
                }
                if seen.insert(other) {
                    open.push(other);
                }
            }
        }
        false
    }
}
