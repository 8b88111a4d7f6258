//! Images: a reference that a registry could serve, `[HOST[:PORT]/]NAME[:TAG][@DIGEST]` as the OCI distribution
//! specification has it.

use super::Judge;
use crate::diag::codes::read as codes;
use crate::diag::fix::Edit;
use crate::diag::{At, Diagnostic, Focus};
use crate::model::node::Node;
use crate::model::path::Path;
use crate::model::placeholder::references;

/// Says which images no platform could pull.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let name = judge.root.at(&Path::of(["metadata", "name"])).and_then(Node::as_str).unwrap_or("WORKLOAD");
    for container in judge.names("containers") {
        let path = Path::of(["containers", &container, "image"]);
        let Some(image) = judge.root.at(&path).and_then(Node::as_str) else { continue };
        // What Score would fill elsewhere is told with all other placeholders.
        if let Some((range, reference)) = references(image).next() {
            if !matches!(reference.path().as_slice(), ["metadata" | "resources", _, ..]) {
                let at = At::Path(judge.doc, path, Focus::Bytes(range));
                judge.say(unfilled(&format!("{name}.{container}"), &reference.body, at));
            }
            continue;
        }
        if let Some(fault) = fault(image) {
            let said = wrong(&container, image, &fault, judge.value(path));
            judge.say(said);
        }
    }
}

fn unfilled(spot: &str, body: &str, at: At) -> Diagnostic {
    let message = format!("`${{{body}}}` stays as it is, for placeholders are not filled in `image`");
    Diagnostic::new(&codes::IDLE_PLACEHOLDER, message, at)
        .note("no registry has an image of that name")
        .help(format!("give the image on the command line: `--image {spot}=REGISTRY/NAME:TAG`"))
}

fn wrong(container: &str, image: &str, fault: &Fault, at: At) -> Diagnostic {
    let said = Diagnostic::new(
        &codes::BAD_IMAGE,
        format!("`{image}`, the image of container `{container}`, is not a reference that can be pulled"),
        at.clone(),
    )
    .note(fault.why);
    match fault.cure.clone().filter(|cure| self::fault(cure).is_none()) {
        Some(cure) => {
            let words = format!("write `{cure}`");
            said.help(words.clone()).mend(words, [Some(Edit::At(at, cure))])
        }
        None => said
            .help("a reference is `NAME`, `NAME:TAG` or `HOST/NAME:TAG`, such as `ghcr.io/example/app:1.2`"),
    }
}

/// What is wrong with a reference, and what was meant where that is clear.
struct Fault {
    why: &'static str,
    cure: Option<String>,
}

impl Fault {
    const fn new(why: &'static str, cure: Option<String>) -> Self {
        Self { why, cure }
    }
}

fn fault(image: &str) -> Option<Fault> {
    // The folder of the Score file, or empty: an error of its own.
    if matches!(image, "" | ".") {
        return None;
    }
    if image.contains(char::is_whitespace) {
        let trimmed = image.trim();
        return Some(Fault::new("it contains a blank", (trimmed != image).then(|| trimmed.to_owned())));
    }
    if let Some((_, rest)) = image.split_once("://") {
        return Some(Fault::new("a reference has no scheme in front", Some(rest.to_owned())));
    }
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return Some(Fault::new(
            "what follows `@` is a digest, such as `sha256:` and 64 hexadecimal digits",
            None,
        ));
    }
    let (name, tag) = match rest.rsplit_once(':') {
        // A colon before the last `/` is the port of the host.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        let cure = tag.is_some_and(str::is_empty).then(|| name.to_owned());
        return Some(Fault::new(
            "a tag has 1 to 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two",
            cure,
        ));
    }
    let path = match name.split_once('/') {
        Some((host, path)) if is_host(host) => path,
        _ => name,
    };
    if !path.split('/').all(is_component) {
        let why = "a name has lower-case letters and digits, with single `.`, `_`, `__` or any `-` between them, in parts joined by `/`";
        let lower = image.replacen(path, &path.to_lowercase(), 1);
        return Some(Fault::new(why, (lower != image).then_some(lower)));
    }
    None
}

/// A host has a dot or a port, or is `localhost`; anything else before the first `/` is part of the name.
fn is_host(text: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter);
    (text == "localhost" || text.contains(['.', ':'])) && text.chars().all(letters)
}

fn is_tag(text: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.len() <= 128
        && text.starts_with(word)
        && text.chars().all(|letter| word(letter) || letter == '.' || letter == '-')
}

fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(kind, hash)| {
        !kind.is_empty() && hash.len() >= 32 && hash.chars().all(|letter| letter.is_ascii_hexdigit())
    })
}

/// Letters and digits, and between them `.`, `_`, `__` or any number of `-`.
fn is_component(text: &str) -> bool {
    let word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let between =
        |part: &str| matches!(part, "" | "." | "_" | "__") || part.chars().all(|letter| letter == '-');
    text.starts_with(word) && text.ends_with(word) && text.split(word).all(between)
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn references_as_registries_have_them() {
        let digest = format!("nginx@sha256:{}", "0a".repeat(32));
        let good = [
            "nginx",
            "nginx:1.29",
            "a/b/c:x",
            "localhost/app",
            "localhost:5000/app:1",
            "GHCR.io/a/b",
            "a__b/c---d:_x.y-z",
            "registry.example:5000/team/app",
            &digest,
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1.0",
            ".",
            "",
        ];
        for image in good {
            assert!(fault(image).is_none(), "{image}");
        }
        let bad = [
            "Nginx",
            "nginx:",
            "nginx: 1",
            " nginx",
            "https://nginx",
            "a//b",
            "/a",
            "a/",
            "a:b:c",
            "a..b",
            "a___b",
            "-a",
            "a-",
            "nginx@sha256:12",
            "app:-x",
            "${IMAGE}",
            "<image>",
            "{{ .image }}",
            "$IMAGE",
            "é",
        ];
        for image in bad {
            assert!(fault(image).is_some(), "{image}");
        }
    }

    #[test]
    fn what_was_meant() {
        let cure = |image: &str| fault(image).and_then(|fault| fault.cure);
        assert_eq!(cure("docker://nginx:1").as_deref(), Some("nginx:1"));
        assert_eq!(cure("Acme/App:V1").as_deref(), Some("acme/app:V1"));
        assert_eq!(cure("nginx:").as_deref(), Some("nginx"));
        assert_eq!(cure(" nginx ").as_deref(), Some("nginx"));
    }
}
