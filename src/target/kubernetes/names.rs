//! Names that Kubernetes accepts: any text in, the same name out on every machine.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The longest DNS label, and the longest value of a label.
pub(super) const LABEL: usize = 63;
/// The longest name of a StatefulSet: its pods carry a label of the name and a hash.
pub(super) const STATEFUL_SET: usize = 52;
/// The longest name of a container's port.
pub(super) const PORT: usize = 15;

/// The name itself when it is short enough, else its beginning and a hash of all of it.
pub(super) fn fit(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let kept: String = name.chars().take(limit.saturating_sub(7)).collect();
    format!("{}-{}", kept.trim_end_matches(['-', '.']), hex(name.as_bytes(), 6))
}

/// A DNS label that looks like the text.
pub(super) fn label(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let cleaned: String = text.chars().map(plain).collect();
    match cleaned.trim_matches('-') {
        "" => format!("x-{}", hex(text.as_bytes(), 6)),
        name => fit(name, LABEL),
    }
}

/// A key of a ConfigMap or Secret that looks like the text.
pub(super) fn key(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' };
    let cleaned: String = text.chars().map(plain).collect();
    match cleaned.as_str() {
        "" | "." => format!("x-{}", hex(text.as_bytes(), 6)),
        // Kubernetes keeps names that begin with two dots for itself.
        name if name.starts_with("..") => format!("x-{}", hex(text.as_bytes(), 6)),
        name => fit(name, 253),
    }
}

/// The name, or the first of `name-2`, `name-3`, … that is not taken; takes it.
pub(super) fn unique(name: &str, limit: usize, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|n| format!("{}-{n}", fit(name, limit.saturating_sub(5))));
    let free = std::iter::once(fit(name, limit)).chain(numbered).find(|name| taken.insert(name.clone()));
    free.unwrap_or_default()
}

/// The first hex digits of the SHA-256 of some bytes.
pub(super) fn hex(bytes: &[u8], digits: usize) -> String {
    let digest = Sha256::digest(bytes);
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).take(digits).collect()
}

/// compat(score-k8s): the hash of a target path in names of volumes and of config maps.
pub(super) fn target_hash(target: &str) -> String {
    hex(target.as_bytes(), 10)
}

/// compat(score-k8s): the variable that carries a secret into a longer text, from a 128-bit FNV-1 hash.
pub(super) fn hashed_variable(store: &str, key: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = store
        .bytes()
        .chain(key.bytes())
        .fold(OFFSET, |hash, byte| hash.wrapping_mul(PRIME) ^ u128::from(byte));
    let text = URL_SAFE_NO_PAD.encode(hash.to_be_bytes());
    format!("__ref_{}", text.replace(['_', '-'], "0"))
}

/// The variable that carries a secret into a longer text, as a person would name it.
pub(super) fn readable_variable(store: &str, key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("SECRET_{store}_{key}").chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_go_tool() {
        for (target, hash) in [("/data", "bd47413b5c"), ("/cfg/app.conf", "6fc3a105be")] {
            assert_eq!(target_hash(target), hash, "{target}");
        }
        for (store, key, name) in
            [("sec", "k_ey", "__ref_KiA8VjRP94wR21geIyPyPA"), ("sec2", "k2", "__ref_4z10joU8ZL9txV6NgRZf5Q")]
        {
            assert_eq!(hashed_variable(store, key), name, "{store} {key}");
        }
    }

    #[test]
    fn names_fit_their_place() {
        for (name, limit, fitted) in [
            ("web", 63, "web"),
            ("abcdefghij", 10, "abcdefghij"),
            ("abcdefghijk", 10, "abc-ca2f20"),
            ("ab-defghijk", 10, "ab-1f994a"),
        ] {
            assert_eq!(fit(name, limit), fitted, "{name}");
            assert!(fit(name, limit).len() <= limit, "{name}");
        }
        for (text, made) in [("Web.Data", "web-data"), ("-x-", "x"), ("ü", "x-607474")] {
            assert_eq!(label(text), made, "{text}");
        }
        for (text, made) in
            [("app.conf", "app.conf"), ("a b", "a-b"), ("..", "x-5ec1f7"), ("..a", "x-f76a4d")]
        {
            assert_eq!(key(text), made, "{text}");
        }
    }

    #[test]
    fn taken_names_are_counted_on() {
        let mut taken = BTreeSet::new();
        let made: Vec<String> = (0..3).map(|_| unique("data", 63, &mut taken)).collect();
        assert_eq!(made, ["data", "data-2", "data-3"]);
    }
}
