//! `provisioners explain`: who answers for a resource, where that is written, and who would answer otherwise.

use clap::Args;
use serde::Serialize;

use super::{Desk, Done, Format, facts, list};
use crate::cli::native::Usage;
use crate::cli::{Exit, lock};
use crate::resolve::provisioner::Provisioner;

/// Say which provisioner answers for a resource, where it is from, and what it shadows
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sightread provisioners explain redis\n  sightread provisioners explain postgres.large#shared-db"
)]
pub(super) struct Typed {
    /// The resource's type, and as needed its class and id
    #[arg(value_name = "TYPE[.CLASS][#ID]")]
    wanted: String,
    /// The target, where the answer depends on it
    #[arg(short, long, value_name = "TARGET")]
    target: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Serialize)]
struct Answer<'a> {
    resource: &'a str,
    answers: String,
    uri: &'a str,
    targets: Vec<&'static str>,
    from: Option<String>,
    resolved: Option<String>,
    digest: Option<String>,
    lock: &'static str,
    program: Option<String>,
    approved: Option<bool>,
    shadows: Vec<String>,
}

/// Explains.
pub(super) fn run(typed: &Typed, desk: &mut Desk<'_, '_>) -> Done {
    let Typed { wanted, target, format } = typed;
    if let Some(target) = target {
        super::request::target(Some(target), "generate")?;
    }
    let catalog = desk.catalog()?;
    let all = &catalog.provisioners;
    let asked = Asked::read(wanted);
    let fits = |one: &&Provisioner| {
        asked.fits(one) && target.as_ref().is_none_or(|target| one.targets().contains(&target.as_str()))
    };
    let Some(found) = all.iter().find(fits) else {
        if !all.iter().any(|one| one.kind == asked.kind) {
            return Err(list::unknown(asked.kind, &catalog).into());
        }
        let others: Vec<String> =
            all.iter().filter(|one| one.kind == asked.kind).map(facts::pattern).collect();
        return Err(
            Usage(format!("no provisioner answers for `{wanted}`, only for {}", others.join(", "))).into()
        );
    };
    let answer = answer(wanted, found, all, desk)?;
    desk.screen.print(match format {
        Format::Human => page(&answer),
        Format::Json => serde_json::to_string_pretty(&answer).unwrap_or_default() + "\n",
    });
    Ok(Exit::Fine)
}

/// What is asked: a type, its class, its id.
struct Asked<'a> {
    kind: &'a str,
    class: &'a str,
    id: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn read(text: &'a str) -> Self {
        let (front, id) = text.split_once('#').map_or((text, None), |(front, id)| (front, Some(id)));
        let (kind, class) = front.split_once('.').unwrap_or((front, "default"));
        Self { kind, class, id }
    }

    fn fits(&self, one: &Provisioner) -> bool {
        self.kind == one.kind
            && one.class.as_ref().is_none_or(|class| class == self.class)
            && one.id.as_ref().is_none_or(|id| Some(id.as_str()) == self.id)
    }
}

fn answer<'a>(
    wanted: &'a str,
    found: &'a Provisioner,
    all: &[Provisioner],
    desk: &Desk<'_, '_>,
) -> anyhow::Result<Answer<'a>> {
    let sources = &desk.report.sources;
    let file = facts::file(found, sources).map(|(file, _)| file);
    let digest = file.as_ref().map(|file| desk.text(file).map(|text| lock::digest(&text))).transpose()?;
    let locked = file.as_ref().and_then(|file| desk.lock.files.get(file));
    let state = match (&digest, locked) {
        (None, _) => "part of this program",
        (_, None) => "not locked",
        (Some(digest), Some(locked)) if *digest == locked.digest => "as locked",
        _ => "not what was locked",
    };
    let program = facts::runs_program(found);
    let approved =
        program.as_ref().map(|_| locked.is_some_and(|locked| locked.commands) && state == "as locked");
    Ok(Answer {
        resource: wanted,
        answers: facts::whereabouts(found, sources),
        uri: &found.uri,
        targets: found.targets(),
        from: locked.and_then(|locked| locked.from.clone()),
        resolved: locked.and_then(|locked| locked.resolved.clone()),
        digest,
        lock: state,
        program,
        approved,
        shadows: facts::shadowed(found, all)
            .map(|other| format!("{} ({})", facts::whereabouts(other, sources), facts::pattern(other)))
            .collect(),
    })
}

fn page(answer: &Answer<'_>) -> String {
    let Answer { resource, answers, uri, targets, from, resolved, digest, lock, program, approved, shadows } =
        answer;
    let mut lines =
        vec![("answers", answers.clone()), ("uri", (*uri).to_owned()), ("targets", targets.join(", "))];
    lines.extend(from.clone().map(|from| ("from", from)));
    lines.extend(resolved.clone().map(|resolved| ("resolved", resolved)));
    let digest = digest.clone().unwrap_or_else(|| format!("sightread {}", env!("CARGO_PKG_VERSION")));
    lines.push(("digest", format!("{digest} ({lock})")));
    if let (Some(program), Some(approved)) = (program, approved) {
        let words = if *approved { "approved" } else { "not approved" };
        lines.push(("runs", format!("{program} ({words})")));
    }
    lines.extend(shadows.iter().map(|other| ("shadows", other.clone())));
    let lines: Vec<String> = lines.into_iter().map(|(name, text)| format!("  {name:8}  {text}\n")).collect();
    format!("{resource}\n{}", lines.concat())
}
