//! HTTP: one GET, 30 seconds unless `SIGHTREAD_FETCH_SECONDS` says otherwise, a limit on size and redirects.

use std::time::Duration;

use anyhow::{Context, bail};
use ureq::Agent;

use crate::world::World;
use crate::world::fetch::MAX_BYTES;

/// How long all of it may take, in seconds.
const SECONDS: u64 = 30;
const REDIRECTS: u32 = 10;

/// An agent that keeps the limits; a status is an answer, not an error.
pub(super) fn agent(world: &dyn World) -> Agent {
    let asked = world.env("SIGHTREAD_FETCH_SECONDS").and_then(|text| text.parse().ok());
    let seconds = asked.filter(|seconds| *seconds > 0).unwrap_or(SECONDS);
    Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(seconds)))
        .max_redirects(REDIRECTS)
        .http_status_as_error(false)
        .user_agent(concat!("sightread/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// Fetches one file.
///
/// # Errors
/// When nothing answers, or something else than 200.
pub(super) fn get(url: &str, world: &dyn World) -> anyhow::Result<Vec<u8>> {
    let bare = url.split('#').next().unwrap_or_default();
    let mut answer = agent(world).get(bare).call().with_context(|| format!("GET {url} failed"))?;
    if answer.status() != 200 {
        bail!("GET {url} non-200 status code: {}", answer.status().as_u16());
    }
    body(answer.body_mut(), url)
}

/// Reads a body up to the limit.
///
/// # Errors
/// When it is too large or breaks off.
pub(super) fn body(body: &mut ureq::Body, url: &str) -> anyhow::Result<Vec<u8>> {
    body.with_config()
        .limit(MAX_BYTES)
        .read_to_vec()
        .with_context(|| format!("what {url} answers cannot be read (at most {} MiB)", MAX_BYTES >> 20))
}
