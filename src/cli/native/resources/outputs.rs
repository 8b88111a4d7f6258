//! `resources get-outputs`: provisions the resources of Score files in memory and prints the outputs of one.

use clap::{Args, ValueEnum};

use crate::cli::native::options::{Making, Reading};
use crate::cli::native::telling::{self, Deed};
use crate::cli::native::{Usage, generate, request, seed};
use crate::cli::{Exit, Screen};
use crate::diag::{Report, nearest};
use crate::model::flow::Provisioned;
use crate::model::tree::{Map, Tree};
use crate::pipeline;
use crate::world::World;
use crate::write::yaml;

/// Print the outputs of a resource, as its workloads will see them
#[derive(Debug, Args)]
#[command(after_help = "Nothing is written. The values are those that `generate` with the same seed gives.

Examples:
  sightread resources get-outputs -t compose db
  sightread resources get-outputs -t kubernetes 'postgres.default#web.db' --mask
  sightread resources get-outputs -t compose web.db --as env > db.env")]
pub(super) struct Typed {
    /// The resource: its uid, `WORKLOAD.NAME`, or its name where only one has it
    #[arg(value_name = "RESOURCE")]
    wanted: String,
    /// The platform: `compose` or `kubernetes`
    #[arg(short, long, value_name = "TARGET")]
    target: Option<String>,
    /// Show secrets as `***`
    #[arg(long)]
    mask: bool,
    /// How the outputs are printed
    #[arg(long = "as", value_enum, default_value_t, value_name = "FORM")]
    form: Form,
    /// The Kubernetes namespace
    #[arg(short, long, value_name = "NAME")]
    namespace: Option<String>,
    /// What is read.
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Form {
    // One JSON object.
    #[default]
    Json,
    // YAML.
    Yaml,
    // `NAME_OUTPUT=value` lines.
    Env,
}

/// Provisions and prints.
pub(super) fn run(typed: &Typed, world: &dyn World, screen: &mut Screen<'_>) -> Result<Exit, Usage> {
    let Typed { wanted, target, mask, form, namespace, reading } = typed;
    telling::judge(&reading.telling)?;
    let target = request::target(target.as_deref(), &format!("resources get-outputs '{wanted}'"))?;
    let seed = match seed::find(false, world) {
        Ok(seed) => seed,
        Err(error) => return Ok(generate::broken(&error, screen)),
    };
    let mut report = Report::default();
    let making = Making { namespace: namespace.clone(), ..Making::default() };
    let mut request = request::reading(reading, Some(target), world, &mut report);
    request.resolving.seed = seed.value;
    request.resolving.namespace = making.namespace.unwrap_or_default();
    let made = pipeline::provision(&request, world, &mut report);
    telling::settle(&mut report, &reading.telling);
    telling::print(&report, &reading.files, (&reading.telling, Deed::Looks), world, screen);
    let (Ok(made), false) = (made, report.has_errors()) else { return Ok(Exit::Wrong) };
    let found = find(wanted, &made)?;
    let outputs = shown(&found.outputs, *mask);
    let name = wanted.rsplit(['.', '#']).next().unwrap_or_default();
    screen.print(match form {
        Form::Json => serde_json::to_string_pretty(&outputs.to_json()).unwrap_or_default() + "\n",
        Form::Yaml => yaml::to_text(&outputs, yaml::Style::Friendly),
        Form::Env => lines(name, &outputs),
    });
    Ok(Exit::Fine)
}

/// The resource that is meant.
fn find<'a>(wanted: &str, made: &'a [Provisioned]) -> Result<&'a Provisioned, Usage> {
    let exact = made.iter().find(|one| one.uid.to_string() == wanted || one.uid.id == wanted);
    if let Some(found) = exact {
        return Ok(found);
    }
    let named: Vec<&Provisioned> = made.iter().filter(|one| one.declared.name == wanted).collect();
    if let [only] = named.as_slice() {
        return Ok(only);
    }
    let uids: Vec<String> = made.iter().map(|one| one.uid.to_string()).collect();
    let why = if named.is_empty() {
        let all = made.iter().map(|one| one.declared.name.as_str()).chain(uids.iter().map(String::as_str));
        let near = nearest(wanted, all).map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        format!("there is no resource `{wanted}`{near}")
    } else {
        format!("`{wanted}` is the name of more than one resource")
    };
    let known = if uids.is_empty() {
        "these Score files need none".to_owned()
    } else {
        format!("there are: {}", uids.join(", "))
    };
    Err(Usage(format!("{why}\n\n{known}")))
}

/// The outputs with their secrets in clear, or masked.
fn shown(tree: &Tree, mask: bool) -> Tree {
    match tree {
        Tree::Text(text) => {
            let clear = if mask { None } else { text.reveal() };
            Tree::Str(clear.unwrap_or_else(|| text.masked()))
        }
        Tree::List(items) => Tree::List(items.iter().map(|item| shown(item, mask)).collect()),
        Tree::Map(map) => {
            Tree::Map(map.iter().map(|(key, value)| (key.clone(), shown(value, mask))).collect::<Map>())
        }
        other => other.clone(),
    }
}

/// `DB_HOST=…` lines that an env file takes.
fn lines(name: &str, outputs: &Tree) -> String {
    let upper = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
    };
    let line = |(key, value): (&String, &Tree)| {
        let text = match value {
            Tree::Str(text) => text.clone(),
            other => other.to_json().to_string(),
        };
        format!("{}_{}={}\n", upper(name), upper(key), quoted(&text))
    };
    outputs.as_map().into_iter().flatten().map(line).collect()
}

/// A value as env files write it: quoted when anything in it means something there.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.contains(['\'', '\n']) {
        return format!("'{text}'");
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('$', "\\$");
    format!("\"{escaped}\"")
}
