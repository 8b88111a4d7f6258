//! Environment variables: text with hidden parts in, `value`, `secretKeyRef` or `$(HELPER)` out.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, SecretKeySelector};

use crate::diag::At;
use crate::model::text::{Part, Text};
use crate::target::kubernetes::names;
use crate::target::kubernetes::options::Shape;
use crate::target::kubernetes::scene::Scene;
use crate::target::kubernetes::stores::{Home, KeyRef, Stores};

/// The variables of a container: helpers first, because a variable may only speak of earlier ones.
pub(super) fn variables(
    scene: &Scene<'_>,
    container: &str,
    texts: &BTreeMap<String, Text>,
    stores: &mut Stores,
) -> Vec<EnvVar> {
    let shape = scene.options.shape;
    let home = Home(scene.name.to_owned());
    let dollars = if shape == Shape::Tidy { Dollars::Literal } else { Dollars::AsWritten };
    let mut writer = Writer::new(shape, dollars, texts.keys().cloned().collect());
    let mut plain = Vec::new();
    for (name, text) in texts {
        let at = scene.value(container, ["variables", name]);
        plain.push(writer.variable(name, text, &home, &at, stores));
    }
    let mut all = writer.helpers();
    all.extend(plain);
    all
}

/// What a `$` in literal text means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dollars {
    /// A dollar: Kubernetes must not read `$(NAME)` into it.
    Literal,
    /// Whatever Kubernetes makes of it.
    AsWritten,
}

/// Spells the variables of one container and remembers the helpers they need.
pub(super) struct Writer {
    shape: Shape,
    dollars: Dollars,
    taken: BTreeSet<String>,
    helpers: BTreeMap<KeyRef, String>,
}

impl Writer {
    /// A writer for a container whose variables have these names.
    pub(super) const fn new(shape: Shape, dollars: Dollars, taken: BTreeSet<String>) -> Self {
        Self { shape, dollars, taken, helpers: BTreeMap::new() }
    }

    /// Spells one variable.
    pub(super) fn variable(
        &mut self,
        name: &str,
        text: &Text,
        home: &Home,
        at: &At,
        stores: &mut Stores,
    ) -> EnvVar {
        if let [part] = text.parts()
            && let Some(key) = stores.refer(part, home, at)
        {
            return from_key(name, key);
        }
        let mut value = String::new();
        for (index, part) in text.parts().iter().enumerate() {
            let last = index + 1 == text.parts().len();
            match (part, stores.refer(part, home, at)) {
                (_, Some(key)) => value.extend(["$(", self.helper(key), ")"]),
                (Part::Literal(text), None) => value.push_str(&self.literal(text, last)),
                (Part::Secret(_) | Part::Env(_), None) => {}
            }
        }
        // compat(score-k8s): an empty value prints only its name.
        let shown = self.shape == Shape::Tidy || !value.is_empty();
        EnvVar { name: name.to_owned(), value: shown.then_some(value), value_from: None }
    }

    /// The variables that the others speak of, by name.
    pub(super) fn helpers(&self) -> Vec<EnvVar> {
        let mut made: Vec<EnvVar> =
            self.helpers.iter().map(|(key, name)| from_key(name, key.clone())).collect();
        made.sort_by(|one, other| one.name.cmp(&other.name));
        made
    }

    fn helper(&mut self, key: KeyRef) -> &str {
        let Self { shape, dollars: _, taken, helpers } = self;
        helpers.entry(key).or_insert_with_key(|key| match shape {
            Shape::Tidy => names::unique(&names::readable_variable(&key.store, &key.key), 253, taken),
            Shape::Verbose => names::hashed_variable(&key.store, &key.key),
        })
    }

    fn literal(&self, text: &str, last: bool) -> String {
        match self.dollars {
            Dollars::Literal => escaped(text, last),
            Dollars::AsWritten => text.to_owned(),
        }
    }
}

/// Doubles every `$` that Kubernetes would read: before another `$`, before `(`, and before a reference that follows.
fn escaped(text: &str, last: bool) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        made.push(c);
        let read = rest.peek().map_or(!last, |next| matches!(next, '$' | '('));
        if c == '$' && read {
            made.push('$');
        }
    }
    made
}

fn from_key(name: &str, key: KeyRef) -> EnvVar {
    let KeyRef { store, key } = key;
    let selector = SecretKeySelector { key, name: store, optional: None };
    let source = EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() };
    EnvVar { name: name.to_owned(), value: None, value_from: Some(source) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_dollars_survive_kubernetes() {
        for (text, last, spelled) in [
            ("$(HOME)", true, "$$(HOME)"),
            ("$HOME", true, "$HOME"),
            ("a$$b", true, "a$$$b"),
            ("a$$(b", true, "a$$$$(b"),
            ("cost$", true, "cost$"),
            ("cost$", false, "cost$$"),
        ] {
            assert_eq!(escaped(text, last), spelled, "{text}");
        }
    }
}
