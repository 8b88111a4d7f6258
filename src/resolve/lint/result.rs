//! Looks at what a provisioner made: names that Kubernetes refuses, ports that nobody can reach, images that change.

use crate::diag::codes::lint as codes;
use crate::diag::codes::lint::UPPER_CASE_NAME as BAD_NAME;
use crate::diag::{At, Diagnostic, Report};
use crate::model::node::Node;
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::resolve::provisioner::{Body, Made, Provisioner};

/// Keys whose value is a port that somebody connects to.
const PORTS: &[&str] = &["port", "containerPort", "targetPort", "target"];

/// Judges names, ports and images.
pub fn judge(provisioner: &Provisioner, target: &str, made: &Made, report: &mut Report) {
    let looker = Looker { provisioner, target };
    looker.outputs(&made.outputs, "", report);
    for (section, tree) in &made.sections {
        looker.images(section, tree, report);
        looker.ports(section, tree, report);
        if section == "manifests" {
            tree.as_list().into_iter().flatten().for_each(|object| looker.name(object, report));
        }
    }
}

/// Judges the ports of outputs that were made for something that does not exist, as `when` says.
pub fn ports_of_outputs(
    provisioner: &Provisioner,
    target: &str,
    outputs: &Tree,
    when: &str,
    report: &mut Report,
) {
    Looker { provisioner, target }.outputs(outputs, when, report);
}

struct Looker<'a> {
    provisioner: &'a Provisioner,
    target: &'a str,
}

impl Looker<'_> {
    /// The section, or where in it a text is written.
    fn at(&self, section: &str, text: &str) -> At {
        let provisioner = self.provisioner;
        match &provisioner.body {
            Body::Contract(contract) => {
                let path = Path::of([self.target, section]);
                let found = contract.root.at(&path).and_then(|node| written(node, &path, text));
                found.map_or_else(
                    || At::key(provisioner.doc, path.clone()),
                    |path| At::text(provisioner.doc, path, text),
                )
            }
            Body::Template(record) => {
                let path = provisioner.path.then(section);
                let holds = |(name, whole): &(&str, String)| *name == section && whole.contains(text);
                if !text.is_empty() && record.texts.iter().any(holds) {
                    return At::text(provisioner.doc, path, text);
                }
                At::key(provisioner.doc, path)
            }
            Body::Command(_) | Body::LocalEnv(_) => At::key(provisioner.doc, provisioner.path.then("uri")),
        }
    }

    fn outputs(&self, outputs: &Tree, when: &str, report: &mut Report) {
        for (name, value) in outputs.as_map().into_iter().flatten() {
            if (name == "port" || name.ends_with("_port")) && is_zero(value) {
                let said = format!("the output `{name}` of `{}` comes out as 0{when}", self.provisioner.uri);
                let at = self.at("outputs", &format!("{name}:"));
                report.push(Diagnostic::new(&codes::PORT_ZERO, said, at));
            }
        }
    }

    fn ports(&self, section: &str, tree: &Tree, report: &mut Report) {
        let mut found = Vec::new();
        tree.each_scalar(&mut |path, value| {
            let path = path.path();
            if path.last_key().is_some_and(|key| PORTS.contains(&key)) && is_zero(value) {
                found.push(path);
            }
        });
        for path in found {
            let said = format!("{path} of `{section}` comes out as 0");
            report.push(Diagnostic::new(&codes::PORT_ZERO, said, self.at(section, "")));
        }
    }

    fn name(&self, object: &Tree, report: &mut Report) {
        let name = object.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Tree::as_str);
        let refused = |c: char| c.is_ascii_uppercase() || c == '_' || c.is_whitespace();
        let Some(name) = name.filter(|name| name.contains(refused)) else { return };
        let kind = object.get("kind").and_then(Tree::as_str).unwrap_or("object");
        // The name itself is drawn anew each time, so it is shown in a note.
        let upper = name.chars().any(|c| c.is_ascii_uppercase());
        let why = if upper { "has upper-case letters" } else { "holds characters that Kubernetes refuses" };
        let said = format!("the name of the {kind} that `{}` makes {why}", self.provisioner.uri);
        let known = report.diagnostics.iter().any(|known| known.message == said);
        if !known {
            let said = Diagnostic::new(&BAD_NAME, said, self.at("manifests", ""));
            report.push(said.note(format!("it came out as `{name}`")).help("put it through `lower`"));
        }
    }

    fn images(&self, section: &str, tree: &Tree, report: &mut Report) {
        let mut found = Vec::new();
        tree.each_scalar(&mut |path, value| {
            let path = path.path();
            let image = value.as_str().filter(|_| path.last_key() == Some("image"));
            found.extend(image.filter(|image| is_unpinned(image)).map(str::to_owned));
        });
        for image in found {
            let said = format!("the image `{image}` has no fixed version");
            report.push(Diagnostic::new(&codes::UNPINNED_IMAGE, said, self.at(section, &image)));
        }
    }
}

fn is_zero(value: &Tree) -> bool {
    value.as_int() == Some(0) || value.as_str() == Some("0")
}

/// True when a name of an image can stand for another one tomorrow.
fn is_unpinned(image: &str) -> bool {
    let last = image.rsplit('/').next().unwrap_or_default();
    let tag = last.split_once(':').map(|(_, tag)| tag);
    !image.is_empty()
        && image != "."
        && !image.contains('@')
        && tag.is_none_or(|tag| tag.is_empty() || tag == "latest")
}

/// The path of the first scalar that holds a text.
fn written(node: &Node, path: &Path, text: &str) -> Option<Path> {
    if text.is_empty() {
        return None;
    }
    let mut found = None;
    node.tree().each_scalar(&mut |below, value| {
        if found.is_none() && value.as_str().is_some_and(|value| value.contains(text)) {
            found = Some(path.join(&below.path()));
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::is_unpinned;

    #[test]
    fn pinned_images_are_told_from_others() {
        let table = [
            ("redis", true),
            ("redis:latest", true),
            ("localhost:5000/redis", true),
            ("redis:8.2-alpine", false),
            ("localhost:5000/redis:8", false),
            ("redis@sha256:00", false),
            (".", false),
        ];
        for (image, wanted) in table {
            assert_eq!(is_unpinned(image), wanted, "{image}");
        }
    }
}
