//! Every text of a workload that placeholders are filled in, with its place.

use std::cell::Cell;
use std::sync::Arc;

use crate::model::flow::Workload;
use crate::model::path::{Path, Step};
use crate::model::spec::{Container, File};
use crate::model::tree::Tree;
use crate::resolve::placeholder::Place;

/// A text that may hold placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// True for a volume's source, where a resource may be named without an output.
    pub volume: bool,
}

/// All sites of a workload: variables, files, volume sources, params.
pub fn sites(workload: &Workload) -> Vec<Site> {
    let mut found = Vec::new();
    for (name, container) in &workload.spec.containers {
        container_sites(workload, name, container, &mut found);
    }
    for (name, resource) in &workload.spec.resources {
        let params = resource.params.clone().map_or(Tree::Null, Tree::Map);
        let top = Path::of(["resources", name, "params"]);
        params.each_scalar(&mut |here, scalar| {
            found.extend(scalar.as_str().map(|text| Site {
                text: text.to_owned(),
                place: Place::Scalar(workload.doc, top.join(&here.path())),
                volume: false,
            }));
        });
    }
    found
}

fn container_sites(workload: &Workload, name: &str, container: &Container, found: &mut Vec<Site>) {
    let top = Path::of(["containers", name]);
    let site = |steps: [&str; 3], used: usize, text: &str, volume| {
        let steps: Vec<Step> = steps.into_iter().take(used).map(Step::from).collect();
        Site { text: text.to_owned(), place: Place::Scalar(workload.doc, top.join(&Path::of(steps))), volume }
    };
    found.extend(container.variables.iter().map(|(key, text)| site(["variables", key, ""], 2, text, false)));
    found.extend(
        container
            .volumes
            .iter()
            .map(|(key, volume)| site(["volumes", key, "source"], 3, &volume.source, true)),
    );
    for (target, file) in &container.files {
        let File { binary_content: _, content, mode: _, no_expand, source } = file;
        if no_expand == &Some(true) {
            continue;
        }
        found.extend(content.iter().map(|text| site(["files", target, "content"], 3, text, false)));
        let bytes = source.as_ref().and_then(|_| workload.assets.get(&(name.to_owned(), target.clone())));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let name = source.as_deref().unwrap_or_default();
        found.extend(text.map(|text| Site {
            text: text.to_owned(),
            place: side_file(workload, name, text),
            volume: false,
        }));
    }
}

/// The place of a file that a Score file names, by the name that a person would open it with.
pub fn side_file(workload: &Workload, source: &str, text: &str) -> Place {
    let folder = workload.file.as_deref().and_then(|file| std::path::Path::new(file).parent());
    let name = folder.unwrap_or(std::path::Path::new("")).join(source.trim_start_matches("./"));
    Place::File(name.display().to_string(), Arc::from(text), Cell::new(None))
}
