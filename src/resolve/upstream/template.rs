//! `template://`: Go templates, one per section, each of which renders YAML.
//! Order: init, state, shared, outputs, then what the target adds. From `shared` on a template sees the new state,
//! from `outputs` on the shared state with this resource's patch.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diag::codes::read::DOCUMENT_IGNORED;
use crate::diag::codes::resolve as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::marker;
use crate::model::tree::{Map, Tree};
use crate::resolve::engine::gotmpl;
use crate::resolve::provisioner::{Input, Made, Provisioner};
use crate::resolve::upstream::data::{self, Scene};
use crate::resolve::upstream::moment::in_full;
use crate::resolve::upstream::promises::{self, settled};
use crate::resolve::upstream::record::Listed;
use crate::resolve::upstream::{Origin, decode};
use crate::world::World;

/// The sections of a record for Compose, in the order in which they are rendered.
pub const SECTIONS_COMPOSE: &[&str] = &[
    "init",
    "state",
    "shared",
    "outputs",
    "directories",
    "files",
    "networks",
    "services",
    "volumes",
    "models",
    "info_logs",
];

/// The sections of a record for Kubernetes, in the order in which they are rendered.
pub const SECTIONS_KUBERNETES: &[&str] = &["init", "state", "shared", "outputs", "manifests"];

/// A record of templates.
#[derive(Debug, Clone)]
pub struct Template {
    /// The templates by section, in the order in which they are rendered.
    pub texts: Vec<(&'static str, String)>,
    /// What it says about itself.
    pub listed: Listed,
    /// Where its file came from.
    pub origin: Origin,
    /// The templates taken apart.
    pub parsed: Parsed,
}

/// Templates taken apart once, however many resources they answer for: by section, and whether for Kubernetes.
#[derive(Debug, Clone, Default)]
pub struct Parsed(Arc<Mutex<Outcomes>>);

type Outcomes = BTreeMap<(&'static str, bool), Arc<Outcome>>;
type Outcome = Result<gotmpl::Template, gotmpl::Error>;

impl Parsed {
    /// The template of a section, parsed when it is first asked for.
    pub fn of(
        &self,
        section: &'static str,
        kubernetes: bool,
        parse: impl FnOnce() -> Outcome,
    ) -> Arc<Outcome> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry((section, kubernetes)).or_insert_with(|| Arc::new(parse())))
    }
}

impl Template {
    fn text(&self, section: &str) -> &str {
        self.texts.iter().find(|(name, _)| *name == section).map_or("", |(_, text)| text)
    }
}

/// Renders all sections.
///
/// # Errors
/// When a template is wrong, fails, or renders something else than its section wants.
pub fn run(
    template: &Template,
    provisioner: &Provisioner,
    input: &Input<'_>,
    world: &dyn World,
    report: &mut Report,
) -> Result<Made, Failed> {
    let kubernetes = input.rules.target == "kubernetes";
    let scene = Scene::new(input);
    let mut run = Run { template, provisioner, input, world, report, scene };
    run.scene.init = run.map("init")?;
    let state = run.map("state")?;
    run.scene.state.clone_from(&state);
    let patch = run.map("shared")?;
    input.shared.lay(&patch);
    let outputs = run.map("outputs")?;
    let mut made = Made {
        outputs: run.marks("outputs", Tree::Map(outputs), kubernetes)?,
        state: Tree::Map(state),
        shared: Tree::Map(patch),
        ..Made::default()
    };
    let later = template.texts.iter().map(|(name, _)| *name).filter(|name| !BASIC.contains(name));
    made.sections = run.sections(later, kubernetes)?;
    if let Some(Tree::List(lines)) = made.sections.remove("info_logs") {
        made.logs = lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect();
    }
    promises::hold(&template.listed, provisioner, input, &made.outputs, run.report);
    Ok(made)
}

const BASIC: &[&str] = &["init", "state", "shared", "outputs"];

struct Run<'a> {
    template: &'a Template,
    provisioner: &'a Provisioner,
    input: &'a Input<'a>,
    world: &'a dyn World,
    report: &'a mut Report,
    scene: Scene<'a>,
}

impl Run<'_> {
    fn sections(
        &mut self,
        names: impl Iterator<Item = &'static str>,
        kubernetes: bool,
    ) -> Result<BTreeMap<String, Tree>, Failed> {
        let mut made = BTreeMap::new();
        for name in names {
            let text = self.render(name)?;
            if let Some(tree) = decode::section(name, &text).map_err(|why| self.refuse(name, &why))? {
                // compat(score-k8s): a date in a manifest is a moment, written in full.
                let moments = self.input.rules.moments && name == "manifests";
                let tree = if moments { in_full(tree) } else { tree };
                made.insert(name.to_owned(), self.marks(name, tree, kubernetes)?);
            }
        }
        Ok(made)
    }

    fn map(&mut self, section: &'static str) -> Result<Map, Failed> {
        let text = self.render(section)?;
        decode::map(&text).map_err(|why| self.refuse(section, &why))
    }

    /// Reads the marks of secrets; only score-k8s writes any.
    fn marks(&mut self, section: &str, tree: Tree, kubernetes: bool) -> Result<Tree, Failed> {
        if !kubernetes {
            return Ok(tree);
        }
        marker::read_tree(tree)
            .map_err(|inside| self.refuse(section, &format!("the secret reference `{inside}` has no `_`")))
    }

    fn render(&mut self, section: &'static str) -> Result<String, Failed> {
        let text = self.template.text(section);
        if text.trim().is_empty() {
            return Ok(String::new());
        }
        let from = data::Place { provisioner: self.provisioner, section, text, template: self.template };
        let rendered = data::render(&from, &self.scene, self.input, self.world, self.report)?;
        if rendered.contains("<no value>") {
            let said = format!(
                "the `{section}` template of `{}` prints `<no value>` for `{}`: something it asks for is absent",
                self.provisioner.uri, self.input.resource.uid
            );
            let said = Diagnostic::new(&codes::NO_VALUE, said, self.at(section));
            self.report.push(settled(said, self.input.rules.promises));
        }
        if decode::is_followed(&rendered) {
            let said = format!(
                "the `{section}` template of `{}` renders more than one document for `{}`: only the first counts",
                self.provisioner.uri, self.input.resource.uid
            );
            let said = Diagnostic::new(&DOCUMENT_IGNORED, said, self.at(section));
            self.report.push(settled(said, self.input.rules.promises));
        }
        Ok(rendered)
    }

    fn at(&self, section: &str) -> At {
        At::key(self.provisioner.doc, self.provisioner.path.then(section))
    }

    fn refuse(&mut self, section: &str, why: &str) -> Failed {
        let said = format!(
            "the `{section}` template of `{}` renders something it must not for `{}`: {why}",
            self.provisioner.uri, self.input.resource.uid
        );
        self.report.fail(Diagnostic::new(&codes::UPSTREAM_FAILED, said, self.at(section)))
    }
}
