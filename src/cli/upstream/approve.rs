//! `provisioners approve`: what was fetched may run its programs from now on, exactly as it is now.

use std::path::Path;

use anyhow::Context;

use crate::cli::upstream::{Call, Done, project};
use crate::resolve::upstream::record;

/// Approves the fetched files of the project, or those that are named.
pub(super) fn run(call: &mut Call<'_, '_>) -> Done {
    if !project::exists(call) {
        return Err(project::missing(call.tool).into());
    }
    let lock = project::lock(call)?;
    let mut approved = project::approved(call.tool, call.world);
    let names = call.world.list(Path::new(call.tool.folder)).context("the state folder cannot be read")?;
    let mut lines = String::new();
    for name in names.iter().filter(|name| name.ends_with(".provisioners.yaml")) {
        let path = call.tool.path(name);
        let asked =
            call.given.words.is_empty() || call.given.words.iter().any(|word| word == name || *word == path);
        let bytes = call.world.read(Path::new(&path)).with_context(|| format!("{path} cannot be read"))?;
        let text = String::from_utf8_lossy(&bytes);
        let origin = record::origin(&text);
        let Some(from) = origin.fetched else { continue };
        if asked && approved.insert(origin.digest.clone()) {
            call.info(format!("Approved {path}, fetched from {from}, sha256:{}", origin.digest));
        }
        if approved.contains(&origin.digest) {
            lines.extend([&origin.digest, " ", &from, "\n"]);
        }
    }
    call.world
        .replace(Path::new(&call.tool.path("approved")), lines.as_bytes(), 0o600)
        .context("the approval cannot be kept")?;
    drop(lock);
    Ok(())
}
