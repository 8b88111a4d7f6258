//! How workloads reach each other: the service of each, as provisioners are told.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::model::flow::Workload;
use crate::resolve::Rules;
use crate::resolve::engine::gotmpl;
use crate::resolve::provisioner::{WorkloadPort, WorkloadService};

/// The services of all workloads, by workload name, spelled once for each template language however many resources ask.
#[derive(Debug, Default)]
pub struct Services {
    all: Arc<BTreeMap<String, WorkloadService>>,
    jinja: OnceCell<minijinja::Value>,
    go: OnceCell<gotmpl::value::Value>,
}

impl Services {
    /// Keeps the services of a run.
    pub fn new(all: BTreeMap<String, WorkloadService>) -> Self {
        Self { all: Arc::new(all), ..Self::default() }
    }

    /// The services, to keep.
    pub fn shared(&self) -> Arc<BTreeMap<String, WorkloadService>> {
        Arc::clone(&self.all)
    }

    /// The services as our own templates see them.
    pub fn jinja(
        &self,
        spell: impl FnOnce(&BTreeMap<String, WorkloadService>) -> minijinja::Value,
    ) -> minijinja::Value {
        self.jinja.get_or_init(|| spell(&self.all)).clone()
    }

    /// The services as Go templates see them.
    pub fn go(
        &self,
        spell: impl FnOnce(&BTreeMap<String, WorkloadService>) -> gotmpl::value::Value,
    ) -> gotmpl::value::Value {
        self.go.get_or_init(|| spell(&self.all)).clone()
    }
}

impl Deref for Services {
    type Target = BTreeMap<String, WorkloadService>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

/// The services of all workloads, by workload name.
pub fn services(workloads: &[Workload], rules: &Rules) -> BTreeMap<String, WorkloadService> {
    workloads.iter().map(|workload| (workload.name().to_owned(), service(workload, rules))).collect()
}

fn service(workload: &Workload, rules: &Rules) -> WorkloadService {
    let mut ports = BTreeMap::new();
    for (name, port) in workload.spec.ports() {
        let told = WorkloadPort {
            name: name.clone(),
            port: port.port,
            target_port: port.target(),
            protocol: port.protocol.clone().unwrap_or_else(|| "TCP".to_owned()),
        };
        ports.insert(name, told);
    }
    let numbers: Vec<WorkloadPort> = ports.values().cloned().collect();
    for port in numbers {
        ports.entry(port.port.to_string()).or_insert(port);
    }
    WorkloadService { name: host(workload, rules), ports }
}

/// The host name of a workload: an annotation can rename its Kubernetes Service.
fn host(workload: &Workload, rules: &Rules) -> String {
    let annotations = workload.spec.annotations();
    let named = ["sightread.dev/service-name", "k8s.score.dev/service-name"]
        .iter()
        .find_map(|key| annotations.get(*key));
    let renamed = named.filter(|_| rules.target == "kubernetes");
    renamed.cloned().unwrap_or_else(|| workload.name().to_owned())
}
