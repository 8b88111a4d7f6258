//! Names that are made, not written: of resources, of their objects, of mirrored images.
//!
//! **Invariant:** a name follows from project, environment and uid alone, so it is the same on every machine.

use sha2::{Digest, Sha256};

use crate::model::uid::Uid;
use crate::resolve::Rules;

/// The longest derived name: short enough to carry a suffix and stay a DNS label.
const LONGEST: usize = 50;

/// The derived name of a resource: `<type>-<id>`, with the class where it is not `default`, as a DNS label.
/// A hash is added where the label does not say all of it.
pub fn derived(uid: &Uid, rules: &Rules) -> String {
    let Uid { kind, class, id } = uid;
    let whole = match class.as_str() {
        "default" => format!("{kind}-{}", id.replace('.', "-")),
        class => format!("{kind}-{class}-{}", id.replace('.', "-")),
    };
    marked(&whole, &uid.to_string(), rules)
}

/// The name of something that several resources share, such as one server for many databases. It says nothing of the
/// resources, so that none of them coming or going renames it; no resource of a usual type is called that.
pub fn shared(what: &str, rules: &Rules) -> String {
    marked(&format!("shared-{what}"), &shared_owner(what), rules)
}

/// Who owns the secrets of something shared: no uid, since a uid holds a `#`.
pub fn shared_owner(what: &str) -> String {
    format!("shared {}", what.replace('#', "-"))
}

/// The text as a DNS label, with a hash of whose it is unless the label says all of it.
fn marked(whole: &str, owner: &str, rules: &Rules) -> String {
    let clean = label(whole);
    if clean == whole && clean.len() <= LONGEST && rules.project.is_empty() && rules.environment.is_empty() {
        return clean;
    }
    let mark = short_hash(&identity(owner, rules), 6);
    let room: String = clean.chars().take(LONGEST - mark.len() - 1).collect();
    format!("{}-{mark}", room.trim_end_matches('-'))
}

/// Lower case, `-` for what a DNS label may not hold, a letter first.
fn label(text: &str) -> String {
    let lower = text.to_lowercase();
    let legal: String = lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let legal = legal.trim_matches('-');
    if legal.starts_with(|c: char| c.is_ascii_alphabetic()) { legal.to_owned() } else { format!("r{legal}") }
}

/// A UUID (version 8) that follows from the resource's identity.
pub fn guid(uid: &Uid, rules: &Rules) -> String {
    let digest = Sha256::digest(identity(&uid.to_string(), rules).as_bytes());
    let mut bytes: [u8; 16] = std::array::from_fn(|n| digest.get(n).copied().unwrap_or_default());
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = (*version & 0x0f) | 0x80;
    *variant = (*variant & 0x3f) | 0x80;
    let hex = hex(&bytes);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// The first characters of a text's SHA-256, in hexadecimal.
pub fn short_hash(text: &str, length: usize) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut hex = hex(digest.get(..length.div_ceil(2)).unwrap_or(&digest));
    hex.truncate(length);
    hex
}

/// An image as a mirror knows it: the registry in front is replaced.
pub fn mirrored(image: &str, registry: Option<&str>) -> String {
    let Some(registry) = registry else { return image.to_owned() };
    let path = match image.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => path,
        _ => image,
    };
    format!("{}/{path}", registry.trim_end_matches('/'))
}

fn identity(owner: &str, rules: &Rules) -> String {
    format!("{}\n{}\n{owner}", rules.project, rules.environment)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{derived, guid, mirrored, shared};
    use crate::model::uid::Uid;
    use crate::resolve::Rules;

    #[test]
    fn names_are_labels_and_say_all_of_it_or_carry_a_hash() {
        let plain = Rules::default();
        let staged = Rules { environment: "staging".to_owned(), ..Rules::default() };
        let table = [
            ("postgres.default#web.db", &plain, "postgres-web-db"),
            ("volume.ephemeral#web.tmp", &plain, "volume-ephemeral-web-tmp"),
            ("redis.default#Shared", &plain, "redis-shared-07d9cb"),
            ("redis.default#a/b", &plain, "redis-a-b-87de0d"),
            ("postgres.default#web.db", &staged, "postgres-web-db-68f96c"),
        ];
        for (uid, rules, name) in table {
            assert_eq!(derived(&Uid::parse(uid).unwrap(), rules), name, "{uid}");
        }
        assert_eq!(shared("postgres", &plain), "shared-postgres");
        assert_eq!(shared("postgres", &staged), "shared-postgres-10b449");
        let long = Uid::of(&"w".repeat(60), "db", "postgres", None, None);
        assert_eq!(derived(&long, &plain).len(), 50);
    }

    #[test]
    fn a_guid_is_a_uuid_and_stays() {
        let uid = Uid::of("web", "db", "postgres", None, None);
        let first = guid(&uid, &Rules::default());
        assert_eq!(first, guid(&uid, &Rules::default()));
        assert_eq!((first.len(), first.chars().nth(14)), (36, Some('8')));
    }

    #[test]
    fn a_mirror_replaces_the_registry() {
        let table = [
            ("postgres:17-alpine", None, "postgres:17-alpine"),
            ("postgres:17-alpine", Some("mirror.local/"), "mirror.local/postgres:17-alpine"),
            ("quay.io/minio/minio:1", Some("mirror.local/hub"), "mirror.local/hub/minio/minio:1"),
        ];
        for (image, registry, made) in table {
            assert_eq!(mirrored(image, registry), made);
        }
    }
}
