//! The templates of patches, and of `resources get-outputs --format`.

use std::collections::BTreeMap;

use crate::model::tree::Tree;
use crate::resolve::engine::gotmpl::{Error, Extra, Host, Template, Type, Value};
use crate::resolve::upstream::data::value;
use crate::resolve::upstream::dice::Seeded;

/// Fills placeholders in the words of a workload.
pub type Fill<'a> = dyn Fn(&str, &str) -> Result<String, String> + 'a;

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
pub fn render(text: &str, scene: &Scene<'_>, fill: &Fill<'_>) -> Result<String, String> {
    let Scene { whole, workloads, namespace, compose } = scene;
    let workloads = workloads.iter().map(|(name, spec)| (name.clone(), value(spec)));
    let name = if *compose { "Compose" } else { "Manifests" };
    let mut fields =
        vec![(name, name, value(whole)), ("Workloads", "Workloads", Value::map(workloads.collect()))];
    if !compose {
        fields.push(("Namespace", "Namespace", Value::from(*namespace)));
    }
    let mut desk = Desk { fill: Some(fill), dice: Seeded::new("", "", "patch") };
    let template = parse(text, extras(*compose))?;
    template.render(&Value::record("patching.Data", fields), &mut desk).map_err(|error| failed(&error))
}

/// Renders a template over the outputs of a resource.
///
/// # Errors
/// When it is not one, or fails.
pub fn outputs(text: &str, outputs: &Tree) -> Result<String, String> {
    let mut desk = Desk { fill: None, dice: Seeded::new("", "", "outputs") };
    parse(text, &[])?.render(&value(outputs), &mut desk).map_err(|error| failed(&error))
}

/// What these templates may ask of the world: nothing but dice that always fall the same way, and placeholders.
struct Desk<'a> {
    fill: Option<&'a Fill<'a>>,
    dice: Seeded,
}

impl Host for Desk<'_> {
    fn dice(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.dice.fill(&mut bytes);
        bytes
    }

    fn env(&mut self, name: &str) -> Result<String, String> {
        Err(format!("patch templates cannot read the environment variable {name}"))
    }

    fn now(&self) -> i64 {
        0
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
