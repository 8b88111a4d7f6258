//! Fills the placeholders of workloads: text in, [`crate::model::text::Text`] out.

use std::collections::BTreeMap;

use base64::Engine as _;

use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::{
    Content, Provisioned, Resolved, ResolvedContainer, ResolvedFile, ResolvedVolume, ResolvedWorkload,
    VolumeSource, Workload,
};
use crate::model::path::Path;
use crate::model::placeholder::references;
use crate::model::spec::{Container, File, Volume};
use crate::model::text::Text;
use crate::resolve::lookup::{Lookup, Use};
use crate::resolve::placeholder::{Asked, Place, asked};
use crate::resolve::sites::side_file;
use crate::resolve::{Rules, plan};

/// Fills variables, files and volume sources of all workloads.
///
/// # Errors
/// When a placeholder cannot be answered; all of them are reported.
pub fn fill(
    workloads: Vec<Workload>,
    resources: Vec<Provisioned>,
    rules: &Rules,
    report: &mut Report,
) -> Result<Resolved, Failed> {
    let by_uid: BTreeMap<String, &Provisioned> =
        resources.iter().map(|made| (made.uid.to_string(), made)).collect();
    let mut filled = BTreeMap::new();
    let mut absent = Vec::new();
    for workload in workloads {
        let lookup = Lookup { workload: &workload, resources: &by_uid, rules, absent: Vec::new() };
        let mut filling = Filling { lookup, report: &mut *report };
        let containers = workload.spec.containers.iter();
        let containers =
            containers.map(|(name, container)| (name.clone(), filling.container(name, container))).collect();
        absent.append(&mut filling.lookup.absent);
        let Workload { doc, file, spec, assets: _, builds } = workload;
        let done = ResolvedWorkload { doc, file, containers, instance_suffix: String::new(), builds, spec };
        filled.insert(done.spec.name().to_owned(), done);
    }
    crate::resolve::lookup::absent(absent, rules, report);
    report.failed(Resolved { workloads: filled, resources })
}

struct Filling<'a> {
    lookup: Lookup<'a>,
    report: &'a mut Report,
}

impl Filling<'_> {
    fn container(&mut self, name: &str, container: &Container) -> ResolvedContainer {
        let (top, doc) = (Path::of(["containers", name]), self.lookup.workload.doc);
        let keep = if self.lookup.rules.keep_dollars { Use::KeptVariable } else { Use::Variable };
        let variables = container.variables.iter().map(|(key, text)| {
            let path = top.then("variables").then(key);
            (key.clone(), self.lookup.expand(text, &Place::Scalar(doc, path), keep, self.report))
        });
        let variables = variables.collect();
        let files = container.files.iter().map(|(target, file)| {
            let path = top.then("files").then(target);
            (target.clone(), self.file(name, target, file, &path))
        });
        let files = files.collect();
        let volumes = container.volumes.iter().map(|(target, volume)| {
            let path = top.then("volumes").then(target);
            (target.clone(), self.volume(volume, &path))
        });
        ResolvedContainer { variables, files, volumes: volumes.collect() }
    }

    fn file(&mut self, container: &str, target: &str, file: &File, path: &Path) -> ResolvedFile {
        let File { binary_content, content, mode, no_expand, source } = file;
        let (expand, doc) = (no_expand != &Some(true), self.lookup.workload.doc);
        let content = if let Some(encoded) = binary_content {
            self.decoded(encoded, &path.then("binaryContent"))
        } else if let Some(text) = content {
            let text = if expand {
                self.lookup.expand(text, &Place::Scalar(doc, path.then("content")), Use::File, self.report)
            } else {
                Text::from(text.as_str())
            };
            Content::Text(text)
        } else {
            let key = (container.to_owned(), target.to_owned());
            let bytes = self.lookup.workload.assets.get(&key).cloned().unwrap_or_default();
            match std::str::from_utf8(&bytes) {
                Ok(text) if expand && source.is_some() => {
                    let place = side_file(self.lookup.workload, source.as_deref().unwrap_or_default(), text);
                    Content::Text(self.lookup.expand(text, &place, Use::File, self.report))
                }
                _ => Content::Bytes(bytes),
            }
        };
        ResolvedFile { content, mode: mode.clone() }
    }

    fn decoded(&mut self, encoded: &str, path: &Path) -> Content {
        let dense: String = encoded.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(dense).unwrap_or_else(|error| {
            let at = At::value(self.lookup.workload.doc, path.clone());
            let message = format!(
                "`binaryContent` is not Base64: {}",
                error.to_string().to_lowercase().trim_end_matches('.')
            );
            self.report.push(Diagnostic::new(&codes::NOT_BASE64, message, at));
            Vec::new()
        });
        Content::Bytes(bytes.into())
    }

    fn volume(&mut self, volume: &Volume, path: &Path) -> ResolvedVolume {
        let Volume { path: inside, read_only, source } = volume;
        let source = self.volume_source(source, &path.then("source"));
        ResolvedVolume { source, path: inside.clone(), read_only: read_only.unwrap_or_default() }
    }

    fn volume_source(&mut self, text: &str, path: &Path) -> VolumeSource {
        if let Some(source) = self.named_resource(text) {
            return source;
        }
        let doc = self.lookup.workload.doc;
        let resources = &self.lookup.workload.spec.resources;
        if !self.lookup.rules.ephemeral_volumes {
            let filled =
                self.lookup.expand(text, &Place::Scalar(doc, path.clone()), Use::Variable, self.report);
            return VolumeSource::Named(filled.masked());
        }
        if let Some(source) =
            resources.get(text).and_then(|_| self.named_resource(&format!("${{resources.{text}}}")))
        {
            let said = Diagnostic::new(
                &codes::BARE_VOLUME,
                format!("`{text}` is taken to mean the resource of that name"),
                At::value(doc, path.clone()),
            );
            self.report.push(said.help(format!("write `${{resources.{text}}}`")));
            return source;
        }
        if references(text).next().is_some() {
            let filled =
                self.lookup.expand(text, &Place::Scalar(doc, path.clone()), Use::Variable, self.report);
            return VolumeSource::Ephemeral(filled.masked());
        }
        let said = Diagnostic::new(
            &codes::EPHEMERAL_VOLUME,
            format!(
                "the volume source `{text}` names no resource, so an empty volume is mounted that does not outlive the workload"
            ),
            At::value(doc, path.clone()),
        );
        let said = said.suggest(text, resources.keys().map(String::as_str));
        self.report.push(
            said.help("declare a resource `data: {type: volume}` and write `source: ${resources.data}`"),
        );
        VolumeSource::Ephemeral(text.to_owned())
    }

    /// The resource that a placeholder alone names, with or without its output `source`.
    fn named_resource(&self, text: &str) -> Option<VolumeSource> {
        let (range, reference) = references(text).next()?;
        if range != (0..text.len()) {
            return None;
        }
        let Ok(Asked::Resource(name, keys)) = asked(&reference) else { return None };
        let workload = self.lookup.workload;
        let resource = workload.spec.resources.get(&name.text)?;
        let uid = plan::uid(workload, &name.text, resource);
        let outputs = &self.lookup.resources.get(&uid.to_string())?.outputs;
        match keys {
            [] => Some(VolumeSource::Resource(uid, outputs.clone())),
            [key] if key.text == "source" && self.lookup.rules.ephemeral_volumes => {
                outputs.get("source").map(|_| VolumeSource::Resource(uid, outputs.clone()))
            }
            _ => None,
        }
    }
}

/// Fills a text in the words of a workload that is already resolved.
///
/// # Errors
/// When there is no such workload, or a placeholder cannot be answered; all that is wrong, in one sentence.
pub fn text(resolved: &Resolved, rules: &Rules, workload: &str, text: &str) -> Result<String, String> {
    let known =
        resolved.workloads.get(workload).ok_or_else(|| format!("there is no workload `{workload}`"))?;
    let resources: BTreeMap<String, &Provisioned> =
        resolved.resources.iter().map(|made| (made.uid.to_string(), made)).collect();
    let workload = Workload {
        doc: known.doc,
        file: known.file.clone(),
        spec: known.spec.clone(),
        assets: BTreeMap::new(),
        builds: BTreeMap::new(),
    };
    let mut lookup = Lookup { workload: &workload, resources: &resources, rules, absent: Vec::new() };
    let mut scratch = Report::default();
    let filled = lookup.expand(text, &Place::Scalar(known.doc, Path::default()), Use::File, &mut scratch);
    let said: Vec<String> = scratch.diagnostics.into_iter().map(|said| said.message).collect();
    if said.is_empty() { Ok(crate::model::marker::write(&filled)) } else { Err(said.join(", ")) }
}
