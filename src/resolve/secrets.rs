//! Secret values from a seed, and the marks that carry secrets through a template.
//!
//! **Invariant:** a template never sees the characters of a secret, only a mark made of private-use characters.

use std::sync::{Arc, Mutex, PoisonError};

use hkdf::Hkdf;
use sha2::Sha256;

use crate::model::flow::Provisioned;
use crate::model::text::{Hidden, Part, Text};
use crate::model::tree::Tree;
use crate::resolve::Rules;

/// Opens a mark. No text of a user may hold it.
pub const OPEN: char = '\u{f8e0}';
/// Closes a mark.
pub const CLOSE: char = '\u{f8e1}';

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The secret value of a name: letters and digits that follow from the seed and the owner alone, which is the uid of
/// a resource or what [`names::shared_owner`] says, and then the suffix. `None` without a seed.
///
/// [`names::shared_owner`]: crate::resolve::names::shared_owner
pub fn value(rules: &Rules, owner: &str, name: &str, length: usize, suffix: &str) -> Option<Hidden> {
    let seed = rules.seed.as_ref()?;
    let rotation = "0";
    let fields =
        [&rules.project, &rules.environment, owner, name, rotation].map(|f| format!("{}:{f}", f.len()));
    let generator = Hkdf::<Sha256>::new(Some(b"sightread"), seed.reveal().as_bytes());
    let mut text = String::with_capacity(length + suffix.len());
    for block in 0_u32.. {
        let mut bytes = [0_u8; 64];
        generator.expand(format!("{}|{block}", fields.join("|")).as_bytes(), &mut bytes).ok()?;
        // 248 is the largest multiple of 62 in a byte: above it some letters would come up more often.
        let drawn =
            bytes.iter().filter(|byte| **byte < 248).filter_map(|byte| LETTERS.get(usize::from(byte % 62)));
        text.extend(drawn.take(length - text.len()).map(|letter| char::from(*letter)));
        if text.len() == length {
            break;
        }
    }
    Some(Hidden::new(text + suffix))
}

/// True when any resource came out with a secret that was made here, in what it outputs, adds or changes.
pub fn any(resources: &[Provisioned]) -> bool {
    resources.iter().any(|made| {
        let patches = made.patches.iter().map(|patch| &patch.tree);
        made.sections.values().chain([&made.outputs]).chain(patches).any(holds_known)
    })
}

/// True when a tree holds a secret whose value this run knows; the others are kept by somebody else.
fn holds_known(tree: &Tree) -> bool {
    let mut found = false;
    tree.each_scalar(&mut |_, scalar| {
        let Tree::Text(text) = scalar else { return };
        found |= text.secrets().any(|secret| secret.value.is_some());
    });
    found
}

/// True when a text holds characters that marks are made of.
pub fn has_mark(text: &str) -> bool {
    text.contains([OPEN, CLOSE])
}

/// Keeps the parts that marks stand for, for as long as one resource is provisioned.
#[derive(Debug, Clone, Default)]
pub struct Vault(Arc<Mutex<Vec<Part>>>);

impl Vault {
    /// The text with a mark in place of each part that is not literal.
    pub fn mark(&self, text: &Text) -> String {
        text.parts()
            .iter()
            .map(|part| match part {
                Part::Literal(literal) => literal.clone(),
                Part::Secret(_) | Part::Env(_) => format!("{OPEN}{}{CLOSE}", self.number(part)),
            })
            .collect()
    }

    fn number(&self, part: &Part) -> usize {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.iter().position(|kept| kept == part).unwrap_or_else(|| {
            parts.push(part.clone());
            parts.len() - 1
        })
    }

    /// Reads marks back. `None` when one was cut or made up.
    pub fn unmark(&self, marked: &str) -> Option<Text> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = Text::default();
        let mut pieces = marked.split(OPEN);
        let literal = |piece: &str| (!has_mark(piece)).then(|| Part::Literal(piece.to_owned()));
        text.push(literal(pieces.next()?)?);
        for piece in pieces {
            let (number, rest) = piece.split_once(CLOSE)?;
            text.push(parts.get(number.parse::<usize>().ok()?)?.clone());
            text.push(literal(rest)?);
        }
        Some(text)
    }

    /// True when every mark in a text stands for a known value of letters and digits,
    /// which no quoting or encoding of text changes.
    pub fn is_plain(&self, marked: &str) -> bool {
        let harmless = |value: &Option<Hidden>| {
            value
                .as_ref()
                .is_some_and(|value| value.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric()))
        };
        self.unmark(marked).is_some_and(|text| {
            text.parts().iter().all(|part| match part {
                Part::Literal(_) => true,
                Part::Secret(secret) => harmless(&secret.value),
                Part::Env(env) => harmless(&env.value),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Vault, value};
    use crate::model::text::{Hidden, Part, SecretRef, Text};
    use crate::resolve::Rules;

    #[test]
    fn values_follow_from_seed_and_identity() {
        let seeded = |seed: &str| Rules { seed: Some(Hidden::new(seed)), ..Rules::default() };
        let of = |rules: &Rules, name: &str, length| {
            value(rules, "postgres.default#web.db", name, length, "").map(|v| v.reveal().to_owned())
        };
        assert_eq!(of(&Rules::default(), "password", 24), None);
        let first = of(&seeded("a"), "password", 24);
        assert_eq!(first.as_ref().map(String::len), Some(24));
        assert_eq!(first, of(&seeded("a"), "password", 24));
        assert_ne!(first, of(&seeded("b"), "password", 24));
        assert_ne!(first, of(&seeded("a"), "other", 24));
        let longer = value(&seeded("a"), "postgres.default#web.db", "password", 24, "aA1");
        assert_eq!(longer.map(|v| v.reveal().to_owned()), first.map(|first| first + "aA1"));
        assert_eq!(of(&seeded("a"), "long", 500).map(|v| v.len()), Some(500));
    }

    #[test]
    fn marks_come_back_whole_or_not_at_all() {
        let vault = Vault::default();
        let mut text = Text::from("a:");
        text.push(Part::Secret(SecretRef { store: "db".into(), key: "password".into(), value: None }));
        let marked = vault.mark(&text);
        assert_eq!(vault.unmark(&marked), Some(text));
        assert_eq!(vault.unmark("plain"), Some(Text::from("plain")));
        for broken in
            ["\u{f8e0}0", "0\u{f8e1}", "\u{f8e0}9\u{f8e1}", "\u{f8e0}x\u{f8e1}", "\u{f8e0}0\u{f8e1}\u{f8e1}"]
        {
            assert_eq!(vault.unmark(broken), None, "{broken:?}");
        }
    }
}
