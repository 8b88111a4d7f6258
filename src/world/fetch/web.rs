//! HTTP: one GET, 30 seconds, a limit on size and redirects.

use std::time::Duration;

use anyhow::{Context, bail};
use ureq::Agent;

use crate::world::fetch::MAX_BYTES;

const TIMEOUT: Duration = Duration::from_secs(30);
const REDIRECTS: u32 = 10;

/// An agent that keeps the limits; a status is an answer, not an error.
pub(super) fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
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
pub(super) fn get(url: &str) -> anyhow::Result<Vec<u8>> {
    let bare = url.split('#').next().unwrap_or_default();
    let mut answer = agent().get(bare).call().with_context(|| format!("GET {url} failed"))?;
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
