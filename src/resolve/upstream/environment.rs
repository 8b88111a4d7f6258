//! The variables of the environment that workloads ask for: found in their placeholders, read from this machine.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::flow::{Plan, Planned, Workload};
use crate::model::placeholder::references;
use crate::model::text::Hidden;
use crate::model::tree::Tree;
use crate::resolve::catalog::Catalog;
use crate::resolve::provisioner::Body;
use crate::resolve::{EnvFile, Rules};
use crate::world::World;

/// The names of the variables that placeholders to resources of the environment ask for.
pub fn names(workloads: &[Workload], plan: &Plan, catalog: &Catalog) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    let open = |planned: &&Planned| {
        catalog.find(&planned.uid).is_some_and(|found| matches!(found.body, Body::LocalEnv(_)))
    };
    let mut declared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in plan.resources.iter().filter(open).flat_map(|planned| &planned.declared) {
        declared.entry(&one.workload).or_default().insert(&one.name);
    }
    for workload in workloads {
        let Some(own) = declared.get(workload.name()) else { continue };
        let texts = workload.assets.values().filter_map(|bytes| std::str::from_utf8(bytes).ok());
        texts.for_each(|text| gather(text, own, &mut asked));
        let spec = Tree::of(&workload.spec).unwrap_or_default();
        spec.each_scalar(&mut |_, scalar| gather(scalar.as_str().unwrap_or_default(), own, &mut asked));
    }
    asked
}

fn gather(text: &str, own: &BTreeSet<&str>, asked: &mut BTreeSet<String>) {
    for (_, reference) in references(text) {
        if let ["resources", name, key] = *reference.path()
            && own.contains(name)
        {
            asked.insert(key.to_owned());
        }
    }
}

/// The rules with the values that this machine has for some variables, where the rules want them.
pub fn with(rules: &Rules, names: &BTreeSet<String>, world: &dyn World) -> Rules {
    let mut rules = rules.clone();
    if rules.host_environment {
        let values: BTreeMap<_, _> =
            names.iter().filter_map(|name| Some((name.clone(), Hidden::new(world.env(name)?)))).collect();
        rules.env_file = Some(EnvFile { name: "the environment".to_owned(), values });
    }
    rules
}
