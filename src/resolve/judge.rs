//! Judges resources, params and placeholders against contracts before anything runs, so that all is said at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::codes::resolve as codes;
use crate::diag::fix::Edit;
use crate::diag::{At, Diagnostic, Failed, Report, Severity, nearest};
use crate::model::flow::{Declared, Plan, Planned, Workload};
use crate::model::path::Path;
use crate::model::placeholder::references;
use crate::model::tree::{Map, Tree};
use crate::resolve::catalog::Catalog;
use crate::resolve::contract::params::{Complaint, Format, Param, plain, ticked};
use crate::resolve::contract::{Contract, Rest};
use crate::resolve::placeholder::{self, Asked, Miss};
use crate::resolve::provisioner::{Body, Input, WorkloadService};
use crate::resolve::services::services;
use crate::resolve::{Rules, answers, plan as planning, secrets, sites, supply};

/// Reports every resource without a provisioner, every param a contract refuses, every placeholder it cannot answer.
///
/// # Errors
/// When anything is wrong.
pub fn judge(
    workloads: &[Workload],
    plan: &Plan,
    catalog: &Catalog,
    rules: &Rules,
    report: &mut Report,
) -> Result<(), Failed> {
    let said = report.diagnostics.len();
    let services = services(workloads, rules);
    for planned in &plan.resources {
        judge_resource(planned, catalog, &services, rules, report);
    }
    let contracts: BTreeMap<String, &Contract> = plan
        .resources
        .iter()
        .filter_map(|planned| {
            let contract = as_contract(&catalog.find(&planned.uid)?.body)?;
            Some((planned.uid.to_string(), contract))
        })
        .collect();
    for workload in workloads {
        judge_placeholders(workload, &contracts, report);
    }
    unless_worse(report, said, ())
}

/// Ends a piece of work: the value, unless an error was said since `said` diagnostics ago.
///
/// # Errors
/// When one was.
pub fn unless_worse<T>(report: &Report, said: usize, value: T) -> Result<T, Failed> {
    let worse = report.diagnostics.iter().skip(said).any(|fresh| fresh.severity == Severity::Error);
    if worse { report.failed(value) } else { Ok(value) }
}

fn as_contract(body: &Body) -> Option<&Contract> {
    match body {
        Body::Contract(contract) => Some(contract),
        Body::Template(_) | Body::Command(_) | Body::LocalEnv(_) => None,
    }
}

/// The params that name files: the place of their resource in the plan, and their names.
pub fn files(plan: &Plan, catalog: &Catalog) -> Vec<(usize, String)> {
    let each = plan.resources.iter().enumerate().filter_map(|(place, planned)| {
        let contract = as_contract(&catalog.find(&planned.uid)?.body)?;
        let named = contract.params.iter().filter(|(_, param)| param.format == Some(Format::File));
        Some(named.map(move |(name, _)| (place, name.clone())))
    });
    each.flatten().collect()
}

fn judge_resource(
    planned: &Planned,
    catalog: &Catalog,
    services: &BTreeMap<String, WorkloadService>,
    rules: &Rules,
    report: &mut Report,
) {
    let Some(provisioner) = catalog.find(&planned.uid) else {
        let said = answers::unprovided(planned, catalog, &report.sources);
        report.push(said);
        return;
    };
    report.diagnostics.extend(answers::misspelt_class(planned, provisioner, catalog));
    let Some(contract) = as_contract(&provisioner.body) else { return };
    if contract.root.get(&rules.target).is_none() && !rules.target.is_empty() {
        let at = At::value(planned.source.doc, Path::of(["resources", &planned.source.name, "type"]));
        let message = format!("the provisioner `{}` has no section for `{}`", provisioner.uri, rules.target);
        report.push(Diagnostic::new(&codes::NO_SECTION, message, at));
    }
    let params = planned.params.as_map().cloned().unwrap_or_default();
    let elsewhere = &rules.elsewhere;
    Judgement { contract, source: &planned.source, services, elsewhere, early: true, report }.params(&params);
}

/// The params as templates see them: judged, typed, with defaults. What is wrong is reported.
pub fn complete(contract: &Contract, input: &Input<'_>, report: &mut Report) -> Map {
    let params = input.params.as_map().cloned().unwrap_or_default();
    let source = &input.resource.source;
    let elsewhere = &BTreeSet::new();
    Judgement { contract, source, services: input.services, elsewhere, early: false, report }.params(&params)
}

/// What is known when the params of a resource are judged.
struct Judgement<'a> {
    contract: &'a Contract,
    source: &'a Declared,
    services: &'a BTreeMap<String, WorkloadService>,
    /// Workloads that are not part of this run and still exist.
    elsewhere: &'a BTreeSet<String>,
    /// True before placeholders are filled: a value that has one is not judged yet.
    early: bool,
    report: &'a mut Report,
}

impl Judgement<'_> {
    fn path(&self) -> Path {
        Path::of(["resources", &self.source.name, "params"])
    }

    fn params(&mut self, given: &Map) -> Map {
        let mut made = Map::new();
        for (name, value) in given {
            match self.contract.params.get(name) {
                Some(param) => {
                    made.extend(self.param(name, param, value, given).map(|value| (name.clone(), value)));
                }
                None => self.unknown(name, given),
            }
        }
        for (name, param) in &self.contract.params {
            if given.contains_key(name) {
                continue;
            }
            if let Some(value) = &param.default {
                made.insert(name.clone(), value.clone());
            } else if param.required {
                self.missing(name, param, given);
            }
        }
        made
    }

    fn param(&mut self, name: &str, param: &Param, value: &Tree, given: &Map) -> Option<Tree> {
        let path = self.path().then(name);
        let mut marked = false;
        value.each_scalar(&mut |_, scalar| marked |= scalar.as_str().is_some_and(secrets::has_mark));
        if marked {
            let message = format!("the param `{name}` holds a private-use character that marks secrets");
            self.report.push(Diagnostic::new(&codes::BAD_PARAM, message, At::value(self.source.doc, path)));
            return None;
        }
        if self.early && has_reference(value) {
            return None;
        }
        let judged = param.judge(value).and_then(|value| {
            let exists = param.format.map_or(Ok(()), |format| self.exists(format, &value, given));
            exists.map(|()| value).map_err(|complaint| vec![complaint])
        });
        judged
            .map_err(|complaints| {
                // A name that reads as it should is that of nobody.
                let absent = param.format == Some(Format::Workload) && param.judge(value).is_ok();
                let code = if absent { &codes::ABSENT_WORKLOAD } else { &codes::BAD_PARAM };
                for Complaint { message, help, below, key } in complaints {
                    let part = Path::of([name]).join(&below);
                    let whole = if key { part.parent().unwrap_or_default() } else { part };
                    let message = format!("the param `{whole}` {message}");
                    let place = if key { At::key } else { At::value };
                    let at = place(self.source.doc, path.join(&below));
                    let said = Diagnostic::new(code, message, at);
                    // A pattern alone is hard to read.
                    let said = match &param.description {
                        told if param.pattern.is_none() || told.is_empty() => said,
                        told => said.note(format!("`{name}`: {told}")),
                    };
                    self.report.push(help.into_iter().fold(said, Diagnostic::help));
                }
            })
            .ok()
    }

    fn exists(&self, format: Format, value: &Tree, given: &Map) -> Result<(), Complaint> {
        if format == Format::File {
            // Read, and judged, by the room that reads.
            return Ok(());
        }
        let text = plain(value);
        let near = |wrong: &str, names: &[&String]| {
            nearest(wrong, names.iter().map(|name| name.as_str()))
                .map(|name| format!("did you mean `{name}`?"))
        };
        if format == Format::Workload {
            if self.services.contains_key(&text) || self.elsewhere.contains(&text) {
                return Ok(());
            }
            let others: Vec<&String> =
                self.services.keys().filter(|name| **name != self.source.workload).collect();
            let message = format!("names a workload, `{text}`, that is not part of this run");
            let add = || {
                Some(format!(
                    "add the Score file of `{text}` to the command, so that both are generated together"
                ))
            };
            return Err(Complaint::new(message, near(&text, &others).or_else(add)));
        }
        let other = self.contract.params.contains_key("workload").then(|| given.get("workload")).flatten();
        let workload = other.map_or_else(|| self.source.workload.clone(), plain);
        // A workload that does not exist is said at its own param.
        let Some(service) = self.services.get(&workload) else { return Ok(()) };
        let ports: Vec<&String> = service.ports.values().map(|port| &port.name).collect();
        if service.ports.contains_key(&text) {
            return Ok(());
        }
        let known: Vec<String> = service
            .ports
            .iter()
            .filter(|(key, port)| **key == port.name)
            .map(|(key, port)| format!("`{key}` ({})", port.port))
            .collect();
        let (message, help) = if known.is_empty() {
            (
                format!("must be a port of workload `{workload}`, which has no service"),
                Some(format!("declare it in `{workload}`: `service: {{ports: {{web: {{port: {text}}}}}}}`")),
            )
        } else {
            (
                format!("must be a port of the service of workload `{workload}`: {}", known.join(", ")),
                near(&text, &ports),
            )
        };
        Err(Complaint::new(message, help))
    }

    fn unknown(&mut self, name: &str, given: &Map) {
        let known: Vec<&str> = self.contract.params.keys().map(String::as_str).collect();
        let at = At::key(self.source.doc, self.path().then(name));
        let said =
            Diagnostic::new(&codes::UNKNOWN_PARAM, format!("this resource takes no param `{name}`"), at);
        let note = if known.is_empty() {
            "it takes no params".to_owned()
        } else {
            format!("it takes {}", ticked(&known))
        };
        let near = nearest(name, known.iter().copied());
        let said = match near {
            Some(near) if !given.contains_key(near) => {
                let edit = Edit::At(said.at.clone(), near.to_owned());
                said.mend(format!("rename `{name}` to `{near}`"), [Some(edit)])
            }
            _ => said,
        };
        self.report.push(said.note(note).suggest(name, known));
    }

    fn missing(&mut self, name: &str, param: &Param, given: &Map) {
        let at = At::key(self.source.doc, Path::of(["resources", &self.source.name]));
        let said =
            Diagnostic::new(&codes::MISSING_PARAM, format!("this resource needs the param `{name}`"), at);
        let said = if param.description.is_empty() {
            said
        } else {
            said.note(format!("`{name}`: {}", param.description))
        };
        let allowed: Vec<String> = param.allowed.iter().map(plain).collect();
        let said =
            if allowed.is_empty() { said } else { said.note(format!("it is one of {}", ticked(&allowed))) };
        let said = said.help(format!("add `{name}:` under `params:`"));
        let unknown = |key: &&String| !self.contract.params.contains_key(*key);
        let misspelt = given.keys().filter(unknown).any(|key| nearest(key, [name]).is_some());
        let said = if misspelt { said } else { supply::supply(said, self.source, name, param, self.report) };
        self.report.push(said);
    }
}

fn has_reference(value: &Tree) -> bool {
    let mut found = false;
    value.each_scalar(&mut |_, scalar| {
        found |= references(scalar.as_str().unwrap_or_default()).next().is_some();
    });
    found
}

fn judge_placeholders(workload: &Workload, contracts: &BTreeMap<String, &Contract>, report: &mut Report) {
    for site in sites::sites(workload) {
        for (range, reference) in references(&site.text) {
            let judged = placeholder::asked(&reference)
                .and_then(|asked| answerable(asked, workload, contracts, site.volume));
            if let Err(miss) = judged {
                let said = miss.said(&site.place, &range, report);
                report.push(said);
            }
        }
    }
}

fn answerable(
    asked: Asked<'_>,
    workload: &Workload,
    contracts: &BTreeMap<String, &Contract>,
    volume: bool,
) -> Result<(), Miss> {
    let (name, keys) = match asked {
        Asked::Metadata(keys) => {
            let metadata = Tree::Map(workload.spec.metadata.clone());
            return placeholder::walk(&metadata, keys, &codes::UNKNOWN_METADATA, "the metadata").map(drop);
        }
        Asked::Resource(name, keys) => (name, keys),
    };
    let resources = &workload.spec.resources;
    let Some(resource) = resources.get(&name.text) else {
        return Err(placeholder::unknown_resource(name, resources.keys().cloned()));
    };
    let Some(contract) = contracts.get(&planning::uid(workload, &name.text, resource).to_string()) else {
        return Ok(());
    };
    let outputs = || contract.outputs.named.keys().cloned().collect();
    match keys.first() {
        None if volume => Ok(()),
        None => Err(placeholder::no_output(name, outputs())),
        Some(key)
            if contract.outputs.named.contains_key(&key.text) || contract.outputs.rest != Rest::None =>
        {
            Ok(())
        }
        Some(key) => Err(placeholder::unknown_output(key, &resource.kind, outputs())),
    }
}
