//! `generate`: Score files into the project, the files of all its workloads out. Nothing is written unless all of it can be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::upstream::args::Flag;
use crate::cli::upstream::{Call, Done, Trouble, commands, project, story};
use crate::model::flow::{Emission, OutFile};
use crate::model::text::Hidden;
use crate::pipeline::{self, Request};
use crate::read::overlay::{Overlays, Scoped};
use crate::read::state::Remembered;
use crate::target;
use crate::world::Entry;
use crate::write::emit::Output;
use crate::write::format::Format;
use crate::write::{commit, patch};
use crate::{read, resolve};

/// Adds Score files to the project and generates everything.
pub(super) fn run(call: &mut Call<'_, '_>) -> Done {
    let compose = call.tool.is_compose();
    if !compose {
        judge_flags(call)?;
    }
    if !project::exists(call) {
        return Err(project::missing(call.tool).into());
    }
    judge_files(call)?;
    let output = output(call)?;
    judge_env_file(call)?;
    let lock = project::lock(call)?;
    let remembered = project::open(call)?;
    if compose {
        let name = project::text(&remembered, "compose_project").unwrap_or_default();
        call.info(format!("Loaded state directory with docker compose project '{name}'"));
    }
    if call.given.words.is_empty() && remembered.state.workloads.is_empty() {
        let said = if compose {
            "no workloads found, please provide a Score file to generate from"
        } else {
            "Project is empty, please add a score file"
        };
        return Err(said.into());
    }
    let seed = project::seed(call)?;
    let request = request(call, remembered, seed, output);
    let mut emission = pipeline::generate(&request, call.world, &mut call.report)?;
    story::tell(call, &mut emission);
    env_file(call, &mut emission);
    commit::write(&emission, call.world)?;
    if let Some(text) = &emission.stdout {
        call.screen.print(text);
    }
    drop(lock);
    if !compose {
        call.info("Persisted state file");
    }
    let path = request.output.path;
    if path != "-" {
        call.info(if compose { format!("Wrote '{path}'") } else { format!("Wrote manifests to '{path}'") });
    }
    Ok(())
}

/// What score-k8s asks of its flags before anything else.
fn judge_flags(call: &Call<'_, '_>) -> Done {
    let given = call.given;
    if given.on("generate-namespace") && given.text(&commands::NAMESPACE).is_empty() {
        return Err("--namespace flag is required when using --generate-namespace".into());
    }
    let format = given.text(&commands::FORMAT_MANIFESTS);
    if !["yaml", "kyaml"].contains(&format) {
        return Err(format!("invalid --format value \"{format}\", expected \"yaml\" or \"kyaml\"").into());
    }
    Ok(())
}

/// Overrides and images speak of one Score file.
fn judge_files(call: &mut Call<'_, '_>) -> Done {
    let files = call.given.words.len();
    let set = |flag: &str| call.given.all(flag).iter().any(|value| !value.is_empty());
    let overrides = ["override-property", "overrides-file"].into_iter().find(|flag| set(flag));
    if !call.tool.is_compose() {
        if files != 1 && (overrides.is_some() || set("image")) {
            return Err(
                "cannot use --override-property, --overrides-file, or --image when 0 or more than 1 score \
                        files are provided"
                    .into(),
            );
        }
        return Ok(());
    }
    match (overrides, files) {
        (Some(flag), 0) => {
            return Err(format!("--{flag} cannot be used without providing a score file").into());
        }
        (Some(flag), 2..) => {
            return Err(format!("--{flag} cannot be used when multiple score files are provided").into());
        }
        _ => {}
    }
    if let Some(build) = call.given.all("build").iter().find(|build| !build.contains('=')) {
        return Err(format!("invalid --build '{build}': expected 2 =-separated parts").into());
    }
    for flag in ["image", "build"].into_iter().filter(|flag| set(flag)) {
        match files {
            // compat(score-compose): without a Score file the flag has nothing to say.
            0 => call.log("WARN", &format!("--{flag} does nothing without a Score file"), 0),
            1 => {}
            _ => return Err(format!("--{flag} cannot be used when multiple score files are provided").into()),
        }
    }
    Ok(())
}

/// Where the result goes; its folder must be there.
fn output(call: &Call<'_, '_>) -> Result<Output, Trouble> {
    let compose = call.tool.is_compose();
    let flag: &Flag = if compose { &commands::OUTPUT_COMPOSE } else { &commands::OUTPUT_K8S };
    let path = call.given.text(flag).to_owned();
    if path.is_empty() {
        return Err("no output file specified".into());
    }
    let there = in_a_folder(call, &path);
    if path != "-"
        && (!there || path.ends_with('/') || call.world.entry(Path::new(&path)) == Some(Entry::Folder))
    {
        let why = if there { "it is a folder" } else { "no such file or directory" };
        return Err(format!("failed to write output file: open {path}: {why}").into());
    }
    let format = match call.given.text(&commands::FORMAT_MANIFESTS) {
        "kyaml" if !compose => Format::Kyaml,
        _ if compose => Format::Yaml,
        _ => Format::GoYaml,
    };
    Ok(Output {
        path,
        format,
        state: Some(call.tool.path("state.yaml")),
        files_apart: true,
        ..Output::default()
    })
}

/// The folder of the env file must be there too.
fn judge_env_file(call: &Call<'_, '_>) -> Done {
    let path = call.given.text(&commands::ENV_FILE);
    if in_a_folder(call, path) {
        return Ok(());
    }
    Err(format!("failed to write env var file: open {path}: no such file or directory").into())
}

/// True when the folder of a file is there.
fn in_a_folder(call: &Call<'_, '_>, path: &str) -> bool {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.is_none_or(|folder| call.world.entry(folder) == Some(Entry::Folder))
}

fn request(call: &Call<'_, '_>, remembered: Remembered, seed: Hidden, output: Output) -> Request {
    let compose = call.tool.is_compose();
    let rules = project::rules(call, &remembered);
    let files = rules.mounts.clone();
    let mounted = seen(&files, &output.path, call);
    // compat(score-compose, score-k8s): `-` is the name of a file.
    let named = |word: &String| if word == "-" { "./-".to_owned() } else { word.clone() };
    let mut scores: Vec<String> = call.given.words.iter().map(named).collect();
    scores.sort();
    if !compose {
        // compat(score-k8s): a file that is named twice is read twice, which is as good as once.
        let mut known = BTreeSet::new();
        scores.retain(|score| {
            known.insert(call.world.canonical(Path::new(score)).unwrap_or_else(|_| score.into()))
        });
    }
    Request {
        overlays: if scores.is_empty() { Overlays::default() } else { overlays(call) },
        scores,
        reading: read::Rules {
            semantics: true,
            // compat(score-k8s): a wrong `before` never kept a workload from being deployed.
            order: compose,
            first_document_only: true,
            drop_items: true,
            last_wins: !compose,
            // compat(score-k8s): sources may lie anywhere.
            allow_read: if compose { Vec::new() } else { vec![PathBuf::from("/")] },
            ..read::Rules::default()
        },
        origins: project::origins(call.tool, call.world),
        target: target::find(call.tool.target).unwrap_or(&target::kubernetes::Kubernetes),
        options: options(call, &remembered, &mounted, folder(&output.path)),
        output: Output { files, ..output },
        patches: patch::Patches {
            texts: project::patches(&remembered),
            namespace: rules.namespace.clone(),
            target: call.tool.target.to_owned(),
            environment: call.given.on("allow-env"),
        },
        resolving: resolve::Rules {
            // What is derived differs from project to project.
            environment: resolve::names::short_hash(seed.reveal(), 16),
            seed: Some(seed),
            mounts: mounted,
            host_environment: compose,
            instance_suffixes: !compose,
            ..rules
        },
        state: Some(remembered),
    }
}

/// The folder of a file, empty for the current one.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder).trim_start_matches("./")
}

/// The folder of side files as it is found from the folder that the result goes to.
fn seen(files: &str, output: &str, call: &Call<'_, '_>) -> String {
    let folder = folder(output);
    if files.is_empty() || folder.is_empty() || folder == "." || Path::new(files).is_absolute() {
        return files.to_owned();
    }
    if folder.starts_with('/') || folder.split('/').any(|part| part == "..") {
        let here = call.world.canonical(Path::new(".")).unwrap_or_default();
        return here.join(files).to_string_lossy().into_owned();
    }
    let depth = folder.split('/').filter(|part| !part.is_empty() && *part != ".").count();
    "../".repeat(depth) + files
}

fn overlays(call: &Call<'_, '_>) -> Overlays {
    let all = |value: &str| Scoped { workload: None, container: None, value: value.to_owned() };
    let texts = |flag: &str| call.given.all(flag).iter().map(|value| all(value)).collect::<Vec<_>>();
    let one = |flag: &Flag| {
        let text = call.given.text(flag);
        (!text.is_empty()).then(|| all(text)).into_iter().collect::<Vec<_>>()
    };
    let build = |value: &String| {
        let (container, value) = value.split_once('=').unwrap_or((value, ""));
        Scoped { workload: None, container: Some(container.to_owned()), value: value.to_owned() }
    };
    Overlays {
        files: one(&commands::OVERRIDES_FILE),
        properties: texts("override-property"),
        images: one(&commands::IMAGE),
        builds: call.given.all("build").iter().map(build).collect(),
        // compat(score-compose, score-k8s): what is deleted where nothing is leaves empty maps on the way.
        makes_way: true,
    }
}

fn options(call: &Call<'_, '_>, remembered: &Remembered, files: &str, output: &str) -> target::Options {
    let namespace = call.given.text(&commands::NAMESPACE);
    target::Options {
        layout: target::Layout { files: files.to_owned(), output: output.to_owned() },
        compose: target::compose::options::Options {
            project: project::text(remembered, "compose_project").unwrap_or_default().to_owned(),
            publish: call.given.all("publish").to_vec(),
            ..target::compose::options::Options::as_score_compose()
        },
        kubernetes: target::kubernetes::options::Options {
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
            namespace_object: call.given.on("generate-namespace"),
            ..target::kubernetes::options::Options::as_score_k8s()
        },
        schemas: target::kubernetes::judge::Schemas::default(),
    }
}

/// The file that lists the variables of the environment that the result asks for.
fn env_file(call: &mut Call<'_, '_>, emission: &mut Emission) {
    let path = call.given.text(&commands::ENV_FILE).to_owned();
    if path.is_empty() {
        return;
    }
    call.info(format!("Writing env var file to '{path}'"));
    let text = emission.environment.iter().fold(String::new(), |text, name| text + name + "=\n");
    emission.files.insert(PathBuf::from(path), OutFile { bytes: text.into_bytes(), mode: 0o644 });
}
