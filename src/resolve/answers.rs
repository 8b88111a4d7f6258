//! Who answers for a resource: nobody, or another one than was meant.

use crate::diag::codes::resolve as codes;
use crate::diag::fix::Edit;
use crate::diag::source::Sources;
use crate::diag::{At, Diagnostic, nearest};
use crate::model::flow::Planned;
use crate::model::node::Node;
use crate::model::path::Path;
use crate::model::uid::Uid;
use crate::resolve::catalog::Catalog;
use crate::resolve::contract::params::ticked;
use crate::resolve::provisioner::Provisioner;

/// A resource that no provisioner answers for.
pub fn unprovided(planned: &Planned, catalog: &Catalog, sources: &Sources) -> Diagnostic {
    let kind = &planned.uid.kind;
    let place = |key: &str| At::value(planned.source.doc, Path::of(["resources", &planned.source.name, key]));
    let classes: Vec<&str> = catalog
        .provisioners
        .iter()
        .filter(|known| known.kind == *kind)
        .filter_map(|known| known.class.as_deref())
        .collect();
    if !classes.is_empty() {
        let message = format!("no provisioner makes a `{kind}` of class `{}`", planned.uid.class);
        let said = Diagnostic::new(&codes::UNKNOWN_TYPE, message, place("class"));
        return said
            .note(format!("there are the classes {}", ticked(&classes)))
            .suggest(&planned.uid.class, classes);
    }
    if let Some((record, uri)) = elsewhere(kind, sources) {
        let message = format!("no provisioner makes a `{kind}` for this target");
        return Diagnostic::new(&codes::UNKNOWN_TYPE, message, place("type"))
            .also(At::Span(record.source, record.span.clone()), "this record is for another target")
            .note(format!("`{uri}` answers for it there"))
            .help("add a record for this target to its file");
    }
    let types: Vec<&str> = catalog.types.iter().map(String::as_str).collect();
    let said =
        Diagnostic::new(&codes::UNKNOWN_TYPE, format!("no provisioner makes a `{kind}`"), place("type"));
    let said = match nearest(kind, types.iter().copied()) {
        Some(near) => {
            let edit = Edit::At(said.at.clone(), near.to_owned());
            said.mend(format!("write `type: {near}`"), [Some(edit)])
        }
        None => said,
    };
    said.note(format!("there are provisioners for {}", ticked(&types)))
        .suggest(kind, types)
        .help(format!("write one: `sightread provisioners new {kind}` begins `provisioners/{kind}.yaml`"))
}

/// A class that nobody names and that is nearly one for which another provisioner would answer. Who names no class may be
/// meant for all of them, so a class that is like no other is fine.
pub fn misspelt_class(planned: &Planned, chosen: &Provisioner, catalog: &Catalog) -> Option<Diagnostic> {
    let uid = &planned.uid;
    let asks = |class: &str| Uid { class: class.to_owned(), ..uid.clone() };
    let answers = |class: &&str| {
        let other = catalog.find(&asks(class));
        other.is_some_and(|other| other.class.as_deref() == Some(*class))
    };
    if chosen.class.is_some() || uid.class == "default" {
        return None;
    }
    let kin = catalog.provisioners.iter().filter(|known| known.kind == uid.kind);
    let near = nearest(&uid.class, kin.filter_map(|known| known.class.as_deref()).filter(answers))?;
    let message = format!("no provisioner of `{}` names the class `{}`", uid.kind, uid.class);
    let path = Path::of(["resources", &planned.source.name, "class"]);
    let said = Diagnostic::new(&codes::UNKNOWN_CLASS, message, At::value(planned.source.doc, path));
    let who = format!("the provisioner `{}`, which is for any class, answers instead", chosen.uri);
    Some(said.note(who).help(format!("did you mean `{near}`?")))
}

/// The type of a record that was left out because it is for another target, and the record's address.
fn elsewhere<'a>(kind: &str, sources: &'a Sources) -> Option<(&'a Node, String)> {
    let records = sources.documents().filter_map(|root| root.as_list()).flatten();
    let mut of_kind = records.filter_map(|record| Some((record.get("type")?, record.get("uri")?)));
    let (found, uri) = of_kind.find(|(found, _)| found.as_str() == Some(kind))?;
    Some((found, uri.key_text()))
}
