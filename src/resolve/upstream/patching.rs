//! The templates of patches, and of `resources get-outputs --format`.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::tree::Tree;
use crate::resolve::engine::gotmpl::{Error, Extra, Host, Template, Type, Value};
use crate::resolve::upstream::data::value;
use crate::resolve::upstream::dice::Seeded;
use crate::world::World;

/// Fills placeholders in the words of a workload.
pub type Fill<'a> = dyn Fn(&str, &str) -> Result<String, String> + 'a;

/// What stands before the text of a template that was fetched: a comment, which renders nothing.
const FETCHED: &str = "{{/* fetched from ";

/// The schemes of addresses that lead to another machine.
const AWAY: &[&str] = &["http://", "https://", "git-https://", "git-ssh://", "oci://"];

/// The text of a template as a project keeps it: what was fetched says so, for it may not do all that a local one may.
pub fn kept(text: String, address: &str) -> String {
    if !AWAY.iter().any(|scheme| address.starts_with(scheme)) {
        return text;
    }
    format!("{FETCHED}{} */}}}}{text}", address.replace("*/", "* /"))
}

/// What a template may ask of this machine.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// The machine.
    pub world: &'a dyn World,
    /// True when a template that was fetched may read the environment too.
    pub environment: bool,
}

/// What a template rendered.
pub struct Rendered {
    /// The text.
    pub text: String,
    /// The variables of the environment that it read.
    pub read: BTreeSet<String>,
}

/// What a patch template sees.
pub struct Scene<'a> {
    /// The Compose document, or the list of manifests.
    pub whole: &'a Tree,
    /// The specifications of all workloads.
    pub workloads: &'a BTreeMap<String, Tree>,
    /// The namespace, empty where there is none.
    pub namespace: &'a str,
    /// True for Compose.
    pub compose: bool,
}

const FILL: &[Extra] = &[Extra { name: "substituteValue", params: &[Type::Str, Type::Str] }];

const fn extras(compose: bool) -> &'static [Extra] {
    if compose { &[] } else { FILL }
}

/// Reads a patch template.
///
/// # Errors
/// When it is not one.
pub fn judge(text: &str, target: &str) -> Result<(), String> {
    parse(text, extras(target == "compose")).map(|_| ())
}

fn parse(text: &str, extras: &[Extra]) -> Result<Template, String> {
    Template::parse_with("", text, extras).map_err(|error| format!("failed to parse template: {error}"))
}

fn failed(error: &Error) -> String {
    format!("failed to execute template: {error}")
}

/// Renders a patch template.
///
/// # Errors
/// When it is not one, or fails.
pub fn render(text: &str, scene: &Scene<'_>, fill: &Fill<'_>, eyes: Eyes<'_>) -> Result<Rendered, String> {
    let Scene { whole, workloads, namespace, compose } = scene;
    let workloads = workloads.iter().map(|(name, spec)| (name.clone(), value(spec)));
    let name = if *compose { "Compose" } else { "Manifests" };
    let mut fields =
        vec![(name, name, value(whole)), ("Workloads", "Workloads", Value::map(workloads.collect()))];
    if !compose {
        fields.push(("Namespace", "Namespace", Value::from(*namespace)));
    }
    let open = eyes.environment || !text.starts_with(FETCHED);
    let mut desk = Desk::new("patch", Some(fill), eyes.world, open);
    let template = parse(text, extras(*compose))?;
    let rendered = template.render(&Value::record("patching.Data", fields), &mut desk);
    Ok(Rendered { text: rendered.map_err(|error| failed(&error))?, read: desk.read })
}

/// Renders a template over the outputs of a resource.
///
/// # Errors
/// When it is not one, or fails.
pub fn outputs(text: &str, outputs: &Tree, world: &dyn World) -> Result<String, String> {
    let mut desk = Desk::new("outputs", None, world, true);
    parse(text, &[])?.render(&value(outputs), &mut desk).map_err(|error| failed(&error))
}

/// What these templates may ask of the world: dice that always fall the same way, placeholders, the clock, the environment.
struct Desk<'a> {
    fill: Option<&'a Fill<'a>>,
    dice: Seeded<'a>,
    world: &'a dyn World,
    open: bool,
    read: BTreeSet<String>,
}

impl<'a> Desk<'a> {
    fn new(section: &'a str, fill: Option<&'a Fill<'a>>, world: &'a dyn World, open: bool) -> Self {
        Self { fill, dice: Seeded::new("", "", section), world, open, read: BTreeSet::new() }
    }
}

impl Host for Desk<'_> {
    fn dice(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.dice.fill(&mut bytes);
        bytes
    }

    fn env(&mut self, name: &str) -> Result<String, String> {
        if !self.open {
            return Err(format!(
                "this template was fetched and would read the environment variable {name}; --allow-env lets it"
            ));
        }
        self.read.insert(name.to_owned());
        Ok(self.world.env(name).unwrap_or_default())
    }

    fn now(&self) -> i64 {
        i64::try_from(self.world.now()).unwrap_or(i64::MAX)
    }

    fn extra(&mut self, name: &str, args: &[Value]) -> Result<Value, String> {
        match (name, args, self.fill) {
            ("substituteValue", [workload, text], Some(fill)) => {
                let text = fill(workload.as_str().unwrap_or_default(), text.as_str().unwrap_or_default())?;
                Ok(Value::from(text.as_str()))
            }
            _ => Err(format!("function `{name}` is not available here")),
        }
    }
}
