//! Manifests that are already there: files and folders in, their documents out.

use std::path::Path as FilePath;
use std::sync::Arc;

use crate::diag::codes::manifest as codes;
use crate::diag::codes::read as reading;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::DocId;
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::read::{load, parse};
use crate::world::{Entry, World};

/// A document: the one it stands in, the way to it there, and the tree.
pub type Found = (DocId, Path, Tree);

/// Reads all documents of files and folders. The items of a `List` are documents, too; files of Kustomize are none.
///
/// # Errors
/// When a file cannot be read, is no YAML, or holds nothing to judge.
pub fn read(paths: &[String], world: &dyn World, report: &mut Report) -> Result<Vec<Found>, Failed> {
    let files = files(paths, &[".yaml", ".yml", ".json"], world, report)?;
    let mut found = Vec::new();
    for (file, named) in files {
        let before = found.len();
        let Ok(documents) = report.apart(|report| documents(&file, world, report)) else { continue };
        let empty = documents.is_empty();
        if named && documents.iter().any(|(_, tree)| is_score(tree)) {
            let said = Diagnostic::new(
                &codes::NO_MANIFEST,
                format!("`{file}` is a Score file"),
                At::Named(file.clone()),
            );
            report.push(
                said.help(format!(
                    "`sightread check {file}` judges it, and `generate` makes manifests of it"
                )),
            );
            continue;
        }
        for (doc, tree) in documents {
            add(doc, Path::default(), tree, &mut found);
        }
        let judged = found.len() > before;
        if named && !judged && empty {
            let said = format!("`{file}` holds nothing to judge");
            report.push(Diagnostic::new(&codes::NO_MANIFEST, said, At::Named(file)));
        }
    }
    report.failed(found)
}

/// True for a Score file.
pub fn is_score(tree: &Tree) -> bool {
    tree.get("apiVersion").and_then(Tree::as_str).is_some_and(|version| version.starts_with("score.dev/"))
}

/// The documents of one file.
///
/// # Errors
/// When it cannot be read, or is no YAML.
pub fn documents(file: &str, world: &dyn World, report: &mut Report) -> Result<Vec<(DocId, Tree)>, Failed> {
    let source = load::text(file, world, report)?;
    let roots = parse::stream(source, report)?;
    let keep = |root: crate::model::node::Node| {
        let doc = report.sources.reserve();
        let tree = root.tree();
        report.sources.keep(doc, Arc::new(root));
        (doc, tree)
    };
    Ok(roots.into_iter().map(keep).collect())
}

/// The files that paths name, those in folders by the ends of their names; true for one that was named itself.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(
    paths: &[String],
    ends: &[&str],
    world: &dyn World,
    report: &mut Report,
) -> Result<Vec<(String, bool)>, Failed> {
    let mut all = Vec::new();
    for path in paths {
        if path == "-" || world.entry(FilePath::new(path)) != Some(Entry::Folder) {
            all.push((path.clone(), true));
            continue;
        }
        let wanted = |name: &str| ends.iter().any(|end| name.ends_with(end));
        match world.walk(FilePath::new(path), &wanted) {
            Ok(walked) => {
                all.extend(walked.files.iter().map(|file| (file.display().to_string(), false)));
                for unread in walked.unread {
                    report.push(Diagnostic::new(&reading::FILE_UNREADABLE, unread, At::Named(path.clone())));
                }
            }
            Err(failure) => {
                let said = format!("`{path}` cannot be read");
                let said = Diagnostic::new(&reading::FILE_UNREADABLE, said, At::Named(path.clone()));
                report.push(said.note(failure.to_string()));
            }
        }
    }
    report.failed(all)
}

fn add(doc: DocId, path: Path, tree: Tree, found: &mut Vec<Found>) {
    let kind = tree.get("kind").and_then(Tree::as_str).unwrap_or_default();
    let version = tree.get("apiVersion").and_then(Tree::as_str).unwrap_or_default();
    if version.starts_with("kustomize.config.k8s.io/") {
        return;
    }
    let list =
        (version == "v1" && kind == "List").then(|| tree.get("items").and_then(Tree::as_list)).flatten();
    let Some(items) = list else {
        found.push((doc, path, tree));
        return;
    };
    for (index, item) in items.iter().enumerate() {
        add(doc, path.then("items").then(index), item.clone(), found);
    }
}
