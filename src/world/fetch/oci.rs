//! A file kept as a layer in an OCI registry: token, manifest, the `.yaml` layer, its digest checked.

use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::world::fetch::web;
use crate::world::{Fetched, World};

const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
                         application/vnd.docker.distribution.manifest.v2+json";
const TITLE: &str = "org.opencontainers.image.title";

/// What `registry/repository:tag#file` means.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    registry: String,
    repository: String,
    reference: String,
    file: Option<String>,
}

/// Fetches the file that an address names.
///
/// # Errors
/// When the registry refuses, no layer fits, or a digest does not.
pub(super) fn fetch(address: &str, rest: &str, world: &dyn World) -> anyhow::Result<Vec<Fetched>> {
    let wanted = read(rest)?;
    let mut registry =
        Registry { agent: web::agent(world), token: None, digest: String::new(), wanted: &wanted, world };
    let manifest = registry.manifest(&wanted.reference, 0)?;
    let digest = layer(&manifest, wanted.file.as_deref())?;
    let bytes = registry.get(&format!("blobs/{digest}"), "*/*")?;
    verify(&bytes, &digest)?;
    let resolved = Some(format!("oci:{}", registry.digest));
    Ok(vec![Fetched { name: address.to_owned(), bytes, resolved }])
}

fn read(rest: &str) -> anyhow::Result<Wanted> {
    let (bare, file) = rest.split_once('#').map_or((rest, None), |(bare, file)| (bare, Some(file)));
    let (registry, path) =
        bare.split_once('/').context("invalid oci url, expected registry/repository[:tag]")?;
    let (repository, reference) = match path.split_once('@') {
        Some((name, digest)) => (name.split(':').next().unwrap_or(name), digest),
        None => path.split_once(':').unwrap_or((path, "latest")),
    };
    if registry.is_empty() || repository.is_empty() || reference.is_empty() {
        bail!("invalid oci url, expected registry/repository[:tag]");
    }
    Ok(Wanted {
        registry: registry.to_owned(),
        repository: repository.to_owned(),
        reference: reference.to_owned(),
        file: file.filter(|file| !file.is_empty()).map(str::to_owned),
    })
}

/// The digest of the layer that holds the file.
// compat(score-compose, score-k8s): of several `.yaml` layers the first wins; `#name` picks another.
fn layer(manifest: &Value, file: Option<&str>) -> anyhow::Result<String> {
    let layers = manifest.get("layers").and_then(Value::as_array).into_iter().flatten();
    let title = |layer: &Value| Some(layer.get("annotations")?.get(TITLE)?.as_str()?.to_owned());
    layers
        .filter(|layer| {
            let fits = |title: &str| Path::new(title).extension().is_some_and(|end| end == "yaml");
            title(layer).is_some_and(|title| fits(&title) && file.is_none_or(|file| file == title))
        })
        .find_map(|layer| layer.get("digest")?.as_str().map(str::to_owned))
        .context("no matching .yaml file found in layers")
}

fn verify(bytes: &[u8], digest: &str) -> anyhow::Result<()> {
    let Some(wanted) = digest.strip_prefix("sha256:") else {
        bail!("the digest {digest} is not a sha256 one");
    };
    let found = hex(bytes);
    if found != wanted.to_lowercase() {
        bail!("what the registry sent has the digest sha256:{found}, not {digest}");
    }
    Ok(())
}

/// The SHA-256 of some bytes.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

struct Registry<'a> {
    agent: Agent,
    token: Option<String>,
    /// The digest of the manifest that was asked for.
    digest: String,
    wanted: &'a Wanted,
    world: &'a dyn World,
}

impl Registry<'_> {
    /// A manifest; of an index the first one it lists.
    fn manifest(&mut self, reference: &str, depth: u8) -> anyhow::Result<Value> {
        let bytes = self.get(&format!("manifests/{reference}"), MANIFESTS)?;
        if reference.starts_with("sha256:") {
            verify(&bytes, reference)?;
        }
        if depth == 0 {
            self.digest = format!("sha256:{}", hex(&bytes));
        }
        let manifest: Value = serde_json::from_slice(&bytes).context("the manifest is not JSON")?;
        let first = manifest.get("manifests").and_then(Value::as_array).and_then(|list| list.first());
        match first.and_then(|first| first.get("digest")).and_then(Value::as_str) {
            Some(digest) if depth < 2 => self.manifest(digest, depth + 1),
            _ => Ok(manifest),
        }
    }

    fn get(&mut self, path: &str, accept: &str) -> anyhow::Result<Vec<u8>> {
        let Wanted { registry, repository, reference: _, file: _ } = self.wanted;
        let host = registry.split(':').next().unwrap_or_default();
        let scheme = if ["localhost", "127.0.0.1"].contains(&host) { "http" } else { "https" };
        let url = format!("{scheme}://{registry}/v2/{repository}/{path}");
        for attempt in 0..2 {
            let mut asked = self.agent.get(&url).header("Accept", accept);
            if let Some(token) = &self.token {
                asked = asked.header("Authorization", token);
            }
            let mut answer = asked.call().with_context(|| format!("GET {url} failed"))?;
            match answer.status().as_u16() {
                200 => return web::body(answer.body_mut(), &url),
                401 if attempt == 0 => {
                    let wants =
                        answer.headers().get("www-authenticate").and_then(|value| value.to_str().ok());
                    self.token = Some(self.authorize(wants.unwrap_or_default())?);
                }
                status => bail!("GET {url} non-200 status code: {status}"),
            }
        }
        bail!("GET {url} non-200 status code: 401")
    }

    /// The `Authorization` header that a challenge asks for.
    fn authorize(&self, challenge: &str) -> anyhow::Result<String> {
        let login = self.login();
        let Some(wants) = challenge.strip_prefix("Bearer ") else {
            let login = login.with_context(|| format!("{} wants a login", self.wanted.registry))?;
            return Ok(format!("Basic {login}"));
        };
        let part = |name: &str| field(wants, name);
        let realm = part("realm").context("the registry names no place for tokens")?;
        let mut asked = self.agent.get(&realm);
        for name in ["service", "scope"] {
            if let Some(value) = part(name) {
                asked = asked.query(name, value);
            }
        }
        if let Some(login) = login {
            asked = asked.header("Authorization", format!("Basic {login}"));
        }
        let mut answer = asked.call().with_context(|| format!("GET {realm} failed"))?;
        if answer.status() != 200 {
            bail!("GET {realm} non-200 status code: {}", answer.status().as_u16());
        }
        let said: Value = serde_json::from_slice(&web::body(answer.body_mut(), &realm)?)?;
        let token = ["token", "access_token"].iter().find_map(|name| said.get(name)?.as_str());
        Ok(format!("Bearer {}", token.context("the registry gave no token")?))
    }

    /// The login that Docker's configuration has for the registry, as it stands there.
    fn login(&self) -> Option<String> {
        let folder = self
            .world
            .env("DOCKER_CONFIG")
            .or_else(|| Some(format!("{}/.docker", self.world.env("HOME")?)))?;
        let text = self.world.read(format!("{folder}/config.json").as_ref()).ok()?;
        let config: Value = serde_json::from_slice(&text).ok()?;
        let entry = config.get("auths")?.get(&self.wanted.registry)?;
        if let Some(auth) = entry.get("auth").and_then(Value::as_str).filter(|auth| !auth.is_empty()) {
            return Some(auth.to_owned());
        }
        let (name, word) = (entry.get("username")?.as_str()?, entry.get("password")?.as_str()?);
        Some(STANDARD.encode(format!("{name}:{word}")))
    }
}

/// The value of one field of a challenge such as `realm="…",service="…"`.
fn field(challenge: &str, name: &str) -> Option<String> {
    let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_registry_repository_and_reference() {
        let rows = [
            ("ghcr.io/a/b:1#x.yaml", "ghcr.io", "a/b", "1", Some("x.yaml")),
            ("localhost:5000/a", "localhost:5000", "a", "latest", None),
            ("h/a/b@sha256:00", "h", "a/b", "sha256:00", None),
            ("h/a/b:1@sha256:00", "h", "a/b", "sha256:00", None),
        ];
        for (given, registry, repository, reference, file) in rows {
            let read = read(given).expect(given);
            assert_eq!(
                (
                    read.registry.as_str(),
                    read.repository.as_str(),
                    read.reference.as_str(),
                    read.file.as_deref()
                ),
                (registry, repository, reference, file)
            );
        }
        assert!(read("h").is_err());
        assert_eq!(field(r#"realm="https://a/t",service="s""#, "service").as_deref(), Some("s"));
    }
}
