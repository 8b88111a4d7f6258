//! The log lines of `generate`: those of the Go tools, word for word where a script might look for them.

use crate::cli::upstream::{Call, commands};
use crate::model::flow::{Emission, From, Story};

/// Says what a run did.
pub(super) fn tell(call: &mut Call<'_, '_>, emission: &mut Emission) {
    let (story, logs) = (std::mem::take(&mut emission.story), std::mem::take(&mut emission.logs));
    let mut lines = overrides(call);
    lines.extend(if call.tool.is_compose() { compose(&story, logs) } else { kubernetes(&story, logs) });
    call.infos(&lines);
}

fn overrides(call: &Call<'_, '_>) -> Vec<String> {
    let file = call.given.text(&commands::OVERRIDES_FILE);
    let file = (!file.is_empty()).then(|| format!("Applying overrides from {file} to workload"));
    let properties = call.given.all("override-property").iter().map(|property| {
        let path = property.split_once('=').map_or(property.as_str(), |(path, _)| path);
        format!("Overriding '{path}' in workload")
    });
    file.into_iter().chain(properties).collect()
}

fn compose(story: &Story, logs: Vec<String>) -> Vec<String> {
    let Story { read, workloads, provisioners, resources, made: _ } = story;
    let mut lines: Vec<String> =
        read.iter().map(|(_, workload)| format!("Validated workload '{workload}'")).collect();
    lines.push(format!("Successfully loaded {provisioners} resource provisioners"));
    lines.extend(logs);
    if *resources > 0 {
        lines.push(format!("Provisioned {resources} resources"));
    }
    let mut names: Vec<&String> = workloads.iter().collect();
    names.sort();
    lines.extend(names.into_iter().map(|name| format!("Converting workload '{name}' to Docker compose")));
    lines
}

fn kubernetes(story: &Story, logs: Vec<String>) -> Vec<String> {
    let Story { read, workloads, provisioners, resources, made } = story;
    let mut lines: Vec<String> =
        read.iter().map(|(file, _)| format!("Added score file to project: {file}")).collect();
    lines.push(format!("Primed resources: {} workloads, {resources} resources", workloads.len()));
    lines.push(format!("Loaded provisioners: {provisioners}"));
    lines.extend(logs);
    lines.extend(made.iter().filter_map(|(from, count)| match from {
        From::Resource(uid) => {
            Some(format!("Wrote {count} resource manifests to manifests buffer for resource '{uid}'"))
        }
        From::Workload(name) => {
            Some(format!("Wrote {count} manifests to manifests buffer for workload '{name}'"))
        }
        From::Patch(_) | From::Target => None,
    }));
    lines
}
