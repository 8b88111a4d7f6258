//! What templates may ask of the world: seeded dice, the clock, with permission the environment.

use std::collections::BTreeSet;

use crate::model::marker;
use crate::model::text::Hidden;
use crate::resolve::Rules;
use crate::resolve::engine::gotmpl::{Host, Value};
use crate::resolve::upstream::Origin;
use crate::resolve::upstream::dice::Seeded;
use crate::world::World;

/// The world as one rendering may see it, and what was asked of it.
pub struct Asked<'a> {
    dice: Seeded<'a>,
    world: &'a dyn World,
    open: bool,
    /// The variables of the environment that were read.
    pub read: BTreeSet<String>,
}

impl<'a> Asked<'a> {
    /// For one section of one resource.
    pub fn new(
        rules: &'a Rules,
        uid: &'a str,
        section: &'a str,
        origin: &Origin,
        world: &'a dyn World,
    ) -> Self {
        let seed = rules.seed.as_ref().map_or("", Hidden::reveal);
        let open = origin.fetched.is_none() || rules.permissions.environment;
        Self { dice: Seeded::new(seed, uid, section), world, open, read: BTreeSet::new() }
    }
}

impl Host for Asked<'_> {
    fn dice(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.dice.fill(&mut bytes);
        bytes
    }

    fn env(&mut self, name: &str) -> Result<String, String> {
        if !self.open {
            return Err(format!(
                "this template was fetched and would read the environment variable {name}; --allow-env lets it"
            ));
        }
        self.read.insert(name.to_owned());
        Ok(self.world.env(name).unwrap_or_default())
    }

    fn now(&self) -> i64 {
        i64::try_from(self.world.now()).unwrap_or(i64::MAX)
    }

    fn extra(&mut self, name: &str, args: &[Value]) -> Result<Value, String> {
        match (name, args) {
            ("encodeSecretRef", [store, key]) => {
                let (store, key) = (store.as_str().unwrap_or_default(), key.as_str().unwrap_or_default());
                Ok(Value::from(marker::mark(store, key).as_str()))
            }
            _ => Err(format!("function `{name}` is not available here")),
        }
    }
}
