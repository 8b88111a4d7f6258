//! `diff`: what would be generated, against the disk, another revision or other options. Nothing is written.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::generate::broken;
use super::options::{Making, Reading};
use super::telling::{self, Deed};
use super::{Usage, again, request, seed};
use crate::cli::{Exit, Screen, lock};
use crate::diag::Report;
use crate::model::flow::Emission;
use crate::model::text::Hidden;
use crate::pipeline;
use crate::world::World;
use crate::world::revision::{Revision, is_shallow};
use crate::write::compare::{self, Difference};
use crate::write::{commit, tell};

/// How differences are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Shape {
    // Objects and fields, for people.
    #[default]
    Human,
    // One JSON object, for machines.
    Json,
    // As `diff -u` prints them.
    Unified,
}

/// Show what changes, by object and field: from the disk, a Git revision or other options to what is generated now
#[derive(Debug, Args)]
#[command(
    mut_arg("format", |format| format.long("diagnostics-format")),
    mut_arg("check", |check| check.hide(true)),
    mut_arg("files", |files| {
        files
            .value_name("REVISION|FILE")
            .help("The older Git revision and the newer one, then Score files [default: the disk, now, ./score.yaml]")
    }),
    after_help = "Examples:
  sightread diff -t compose
  sightread diff -t kubernetes main
  sightread diff -t kubernetes v1 main web/score.yaml api/score.yaml
  sightread diff -t kubernetes --with=--hardening=restricted
  sightread diff -t compose --with=-tkubernetes --format json

A word is a file when there is one of that name or it ends in `.yaml`. Of a revision all that Git has
is read: Score files, provisioners, files that they name. Exits with 1 when anything differs."
)]
pub(super) struct Typed {
    /// What is made.
    #[command(flatten)]
    making: Making,
    /// What is read.
    #[command(flatten)]
    reading: Reading,
    /// How differences are printed
    #[arg(id = "shape", long = "format", value_enum, default_value_t, value_name = "FORMAT")]
    shape: Shape,
    /// Options that the newer side has besides all others, such as `--with '-t kubernetes'`
    #[arg(long, value_name = "OPTIONS", allow_hyphen_values = true)]
    with: Option<String>,
}

/// What is generated on one side.
struct Side<'a> {
    making: &'a Making,
    reading: &'a Reading,
    scores: &'a [String],
    revision: Option<&'a str>,
    gone: &'a [String],
}

/// Compares and tells.
pub(super) fn run(
    typed: &Typed,
    arguments: &[String],
    world: &dyn World,
    screen: &mut Screen<'_>,
) -> Result<Exit, Usage> {
    let Typed { making, reading, shape, with } = typed;
    telling::judge(&reading.telling)?;
    let (revisions, scores) = words(&reading.files, world)?;
    let other = with.as_deref().map(|with| again(arguments, &split(with))).transpose()?;
    let (newer_making, newer_reading) = match &other {
        Some(other) => (&other.making, &other.reading),
        None => (making, reading),
    };
    request::target(making.target.as_deref(), "diff")?;
    request::target(newer_making.target.as_deref(), "diff")?;
    let seed = match seed::find(false, world) {
        Ok(seed) => seed.value,
        Err(error) => return Ok(broken(&error, screen)),
    };
    let found = if revisions.is_empty() && with.is_none() {
        from_disk(making, reading, seed, world, screen)?
    } else {
        // No secret is ever shown, so that any seed will do as long as both sides have the same.
        let seed = seed.unwrap_or_else(|| Hidden::new("compared"));
        let gone = match gone(&scores, &revisions, world) {
            Ok(gone) => gone,
            Err(error) => return Ok(broken(&error, screen)),
        };
        let older =
            Side { making, reading, scores: &scores, revision: revisions.first().copied(), gone: &[] };
        let newer = Side {
            making: newer_making,
            reading: newer_reading,
            scores: &scores,
            revision: revisions.get(1).copied(),
            gone: &gone,
        };
        let older = match made(&older, &seed, false, world, screen)? {
            Ok(emission) => commit::files(&emission),
            Err(exit) => return Ok(exit),
        };
        made(&newer, &seed, true, world, screen)?
            .map(|emission| compare::compare(&older, &commit::files(&emission)))
    };
    Ok(match found {
        Ok(differences) => show(&differences, *shape, screen),
        Err(exit) => exit,
    })
}

/// The Score files that the older revision has and the folder has not.
fn gone(scores: &[String], revisions: &[&str], world: &dyn World) -> anyhow::Result<Vec<String>> {
    let [name] = revisions else { return Ok(Vec::new()) };
    let missing = |file: &&String| file.as_str() != "-" && world.entry(Path::new(file)).is_none();
    let missing: Vec<&String> = scores.iter().filter(missing).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let Some(past) = Revision::open(name, Vec::new(), world)? else { return Ok(Vec::new()) };
    let was = missing.into_iter().filter(|file| past.entry(Path::new(file)).is_some());
    Ok(was.cloned().collect())
}

/// The words that are revisions, and the Score files.
fn words<'a>(words: &'a [String], world: &dyn World) -> Result<(Vec<&'a str>, Vec<String>), Usage> {
    let is_file = |word: &String| {
        let yaml = Path::new(word).extension().is_some_and(|end| end == "yaml" || end == "yml");
        word == "-" || yaml || world.entry(Path::new(word)).is_some()
    };
    let first = words.iter().position(is_file).unwrap_or(words.len());
    let (revisions, files) = words.split_at(first);
    if revisions.len() > 2 {
        return Err(Usage(format!("two revisions can be compared, and these are {}", revisions.len())));
    }
    if let Some(word) = files.iter().find(|word| !is_file(word)) {
        return Err(Usage(format!("there is no file `{word}`; revisions stand before the files")));
    }
    let files = if files.is_empty() { vec!["score.yaml".to_owned()] } else { files.to_vec() };
    Ok((revisions.iter().map(String::as_str).collect(), files))
}

/// The words of a text; quotes hold what belongs together.
fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What `generate` would change.
fn from_disk(
    making: &Making,
    reading: &Reading,
    seed: Option<Hidden>,
    world: &dyn World,
    screen: &mut Screen<'_>,
) -> Result<Result<Vec<Difference>, Exit>, Usage> {
    let mut report = Report::default();
    let request = request::making(making, reading, seed, world, &mut report)?;
    if request.output.path == "-" {
        return Err(Usage("there is nothing on the disk to compare `-o -` with".to_owned()));
    }
    let made = pipeline::generate(&request, world, &mut report);
    telling::settle(&mut report, &reading.telling);
    telling::print(&report, &request.scores, (&reading.telling, Deed::Looks), world, screen);
    let (Ok(emission), false) = (made, report.has_errors()) else { return Ok(Err(Exit::Wrong)) };
    Ok(commit::compare(&emission, world).map_err(|error| broken(&error, screen)))
}

/// What one side generates. Only the newer one has all its warnings told; what is wrong is told of both.
fn made(
    side: &Side<'_>,
    seed: &Hidden,
    is_newer: bool,
    world: &dyn World,
    screen: &mut Screen<'_>,
) -> Result<Result<Emission, Exit>, Usage> {
    let Side { making, reading, scores, revision, gone } = side;
    let mut reading = Reading { files: scores.to_vec(), ..(*reading).clone() };
    let Some(name) = revision else {
        // A file that only the revision on the other side has is one that went away.
        reading.files.retain(|file| file == "-" || !gone.contains(file));
        if reading.files.is_empty() {
            return Ok(Ok(Emission::default()));
        }
        return emission(making, &reading, seed, (is_newer, None), world, world, screen);
    };
    let beside = scores.iter().filter_map(|score| Some(Path::new(score).parent()?.join(".env")));
    let keep = reading.env_file.iter().map(PathBuf::from).chain(beside).collect();
    let past = match Revision::open(name, keep, world) {
        Ok(Some(past)) => past,
        Ok(None) => return Err(unknown(name, world)),
        Err(error) => return Ok(Err(broken(&error, screen))),
    };
    for file in *scores {
        if let Some(submodule) = past.submodule(Path::new(file)) {
            let submodule = submodule.display();
            let cure = "run `sightread diff` in its folder, with a revision of its own";
            let said =
                format!("`{file}` lies in the submodule `{submodule}`, whose files `{name}` does not hold");
            return Err(Usage(format!("{said}; {cure}")));
        }
    }
    // What was not there yet, or is no longer, makes nothing on that side.
    reading.files.retain(|file| past.entry(Path::new(file)).is_some());
    if reading.files.is_empty() {
        return Ok(Ok(Emission::default()));
    }
    emission(making, &reading, seed, (is_newer, Some(name)), &past, world, screen)
}

fn unknown(name: &str, world: &dyn World) -> Usage {
    let why = if is_shallow(world) {
        "\n\nthis clone has only its newest commits; `git fetch --unshallow` brings the others"
    } else {
        ""
    };
    Usage(format!("`{name}` is neither a file nor a revision{why}"))
}

fn emission(
    making: &Making,
    reading: &Reading,
    seed: &Hidden,
    (is_newer, name): (bool, Option<&str>),
    view: &dyn World,
    world: &dyn World,
    screen: &mut Screen<'_>,
) -> Result<Result<Emission, Exit>, Usage> {
    let mut report = Report::default();
    let mut request = request::making(making, reading, Some(seed.clone()), view, &mut report)?;
    // Nothing here is about the disk.
    request.output.lists = false;
    // A revision cannot approve programs for those who only look at it.
    let here = lock::read(world, &mut Report::default()).unwrap_or_default();
    let here = request::permissions(&here).approved;
    request.resolving.permissions.approved.retain(|program| here.contains(program));
    let made = pipeline::generate(&request, view, &mut report);
    telling::settle(&mut report, &reading.telling);
    let failed = report.has_errors() || made.is_err();
    if let (true, Some(name)) = (failed, name) {
        screen.say(format!("in revision `{name}`:\n\n"));
    }
    if failed || is_newer {
        telling::print(&report, &request.scores, (&reading.telling, Deed::Looks), world, screen);
    }
    Ok(made.ok().filter(|_| !failed).ok_or(Exit::Wrong))
}

/// Prints what differs.
fn show(differences: &[Difference], shape: Shape, screen: &mut Screen<'_>) -> Exit {
    screen.print(match shape {
        Shape::Human => tell::human(differences),
        Shape::Json => tell::json(differences),
        Shape::Unified => tell::unified(differences),
    });
    if differences.is_empty() {
        screen.say("nothing differs\n");
        return Exit::Fine;
    }
    Exit::Wrong
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_a_shell_does() {
        let table: &[(&str, &[&str])] = &[
            ("-t compose", &["-t", "compose"]),
            ("  --image 'a b'  -p ''", &["--image", "a b", "-p", ""]),
            ("a\"b c\"d", &["ab cd"]),
            ("", &[]),
        ];
        for (text, words) in table {
            assert_eq!(split(text), *words, "{text}");
        }
    }
}
