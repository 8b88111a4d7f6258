//! `init`: the state folder, the default provisioners, a sample, imports. A second run changes only what it is told to.

use std::path::{Component, Path};

use anyhow::Context;

use crate::cli::upstream::{Call, Done, Trouble, commands, import, project};
use crate::model::tree::{Map, Tree};
use crate::read::state::Remembered;
use crate::world::Entry;

const SAMPLE: &str = include_str!("sample.score.yaml");

/// Makes or updates a project.
pub(super) fn run(call: &mut Call<'_, '_>) -> Done {
    let named = call.given.text(&commands::PROJECT).to_owned();
    if call.tool.is_compose() && call.given.has("project") && !named.is_empty() && !is_name(&named) {
        return Err("invalid value for --project, it must match ^[a-z0-9][a-z0-9_-]*$".into());
    }
    let templates = templates(call)?;
    call.world.make_folder(Path::new(call.tool.folder), 0o755).context("the state folder cannot be made")?;
    let lock = project::lock(call)?;
    let fresh = !project::exists(call);
    let mut remembered = if fresh { begin(call, &named)? } else { resume(call, &named)? };
    if !templates.is_empty() {
        remembered.state.extra.insert("patching_templates".to_owned(), Tree::from(templates));
    }
    project::save(call, &remembered)?;
    project::seed(call)?;
    project::ignore(call)?;
    if call.tool.is_compose() {
        let mounts = project::text(&remembered, "mounts_directory").unwrap_or(project::MOUNTS).to_owned();
        if !mounts.is_empty() && mounts != "/dev/null" {
            call.world.make_folder(Path::new(&mounts), 0o755).context("failed to create mounts directory")?;
        }
    }
    defaults(call, fresh)?;
    sample(call)?;
    for (index, address) in call.given.all("provisioners").iter().enumerate() {
        import::import(call, address, index + 1)?;
    }
    drop(lock);
    let origins = project::origins(call.tool, call.world);
    crate::pipeline::catalog(&origins, call.tool.target, call.world, &mut call.report)?;
    call.info("Read more about the Score specification at https://docs.score.dev/docs/");
    Ok(())
}

/// Fetches patch templates and reads them once, before anything is written.
fn templates(call: &mut Call<'_, '_>) -> Result<Vec<String>, Trouble> {
    let mut texts = Vec::new();
    for address in call.given.all("patch-templates") {
        call.info(format!("Fetching patch template from {address}"));
        let fetched = call
            .world
            .fetch(address)
            .map_err(|error| format!("error fetching patch template from {address}: {error:#}"))?;
        for file in fetched {
            call.info(format!("Read {} bytes from {}", file.bytes.len(), file.name));
            let text = String::from_utf8(file.bytes)
                .map_err(|_| format!("error parsing patch template from {address}: it is not UTF-8"))?;
            crate::write::patch::judge(&text, call.tool.target)
                .map_err(|why| format!("error parsing patch template from {address}: {why}"))?;
            texts.push(crate::write::patch::kept(text, address));
        }
    }
    Ok(texts)
}

fn begin(call: &mut Call<'_, '_>, named: &str) -> Result<Remembered, Trouble> {
    let mut remembered = Remembered { keeps_workloads: true, ..Remembered::default() };
    let extra: &mut Map = &mut remembered.state.extra;
    extra.insert("patching_templates".to_owned(), Tree::List(Vec::new()));
    if call.tool.is_compose() {
        let project = if named.is_empty() { folder_name(call)? } else { named.to_owned() };
        call.info(format!(
            "Writing new state directory '{}' with project name '{project}'",
            call.tool.folder
        ));
        extra.insert("compose_project".to_owned(), Tree::Str(project));
        extra.insert("mounts_directory".to_owned(), Tree::from(project::MOUNTS));
    } else {
        call.info(format!("Writing new state directory {}", call.tool.folder));
    }
    Ok(remembered)
}

fn resume(call: &mut Call<'_, '_>, named: &str) -> Result<Remembered, Trouble> {
    let mut remembered = project::load(call)?;
    let quote = call.tool.words("'", "");
    call.info(format!("Found existing state directory {quote}{}{quote}", call.tool.folder));
    if call.tool.is_compose() && !named.is_empty() {
        remembered.state.extra.insert("compose_project".to_owned(), Tree::from(named));
    }
    Ok(remembered)
}

/// The name of the current folder as Compose takes it.
fn folder_name(call: &Call<'_, '_>) -> Result<String, Trouble> {
    let here = call.world.canonical(Path::new(".")).context("the current folder is not known")?;
    let name = here.components().next_back().and_then(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().to_lowercase()),
        _ => None,
    });
    let name: String = name
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
        .collect();
    Ok(name.trim_start_matches(['_', '-']).to_owned())
}

fn is_name(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    text.chars().all(legal) && !text.starts_with(['_', '-'])
}

fn defaults(call: &mut Call<'_, '_>, fresh: bool) -> Result<(), Trouble> {
    let path = call.tool.path("zz-default.provisioners.yaml");
    let wanted = !call.given.on("no-default-provisioners") && (fresh || !call.tool.is_compose());
    if call.given.on("no-default-provisioners") {
        call.info(call.tool.words(
            "Skipping default provisioners due to --no-default-provisioners flag",
            "Skipping creation of default provisioners file since it has been disabled",
        ));
    }
    if !wanted {
        return Ok(());
    }
    if call.world.entry(Path::new(&path)).is_some() {
        call.info(call.tool.words(
            "Default provisioners file already exists, skipping",
            "Skipping creation of default provisioners file since it already exists",
        ));
        return Ok(());
    }
    call.info(call.tool.words("Writing default provisioners file", "Created default provisioners file"));
    call.world
        .replace(Path::new(&path), call.tool.defaults.as_bytes(), 0o644)
        .context("the default provisioners cannot be written")?;
    Ok(())
}

fn sample(call: &mut Call<'_, '_>) -> Result<(), Trouble> {
    let compose = call.tool.is_compose();
    let flag = if compose { &commands::FILE_COMPOSE } else { &commands::FILE_K8S };
    let path = call.given.text(flag).to_owned();
    if call.world.entry(Path::new(&path)) == Some(Entry::File) {
        call.info(if compose {
            format!("Found existing Score file '{path}'")
        } else {
            format!("Skipping creation of initial Score file since it already exists: {path}")
        });
    } else if call.given.on("no-sample") {
        call.info(if compose {
            format!("Initial Score file '{path}' does not exist - and sample generation is disabled")
        } else {
            format!("Initial Score file does not exist - and sample generation is disabled: {path}")
        });
    } else {
        call.info(if compose {
            format!("Initial Score file '{path}' does not exist - creating it")
        } else {
            format!("Created initial Score file: {path}")
        });
        call.world
            .replace(Path::new(&path), SAMPLE.as_bytes(), 0o644)
            .with_context(|| format!("failed to write the Score file {path}"))?;
    }
    Ok(())
}
