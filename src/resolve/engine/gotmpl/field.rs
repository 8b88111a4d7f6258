//! Reads fields: of maps, of records, and the few methods that times and versions have.

use super::ast::Arg;
use super::error::Error;
use super::value::Value;
use super::walk::{Held, Walker};

impl<'t> Walker<'t, '_> {
    /// Follows a chain of fields; arguments belong to the last one.
    pub(super) fn chain(
        &mut self,
        dot: &Held,
        receiver: Held,
        names: &'t [String],
        args: &'t [Arg],
        last: Option<Value>,
    ) -> Result<Held, Error> {
        let Some((end, before)) = names.split_last() else { return Ok(receiver) };
        let mut here = receiver;
        for name in before {
            here = self.field(dot, &here, name, &[], None)?;
        }
        self.field(dot, &here, end, args, last)
    }

    fn field(
        &mut self,
        dot: &Held,
        receiver: &Held,
        name: &'t str,
        args: &'t [Arg],
        last: Option<Value>,
    ) -> Result<Held, Error> {
        let value = &receiver.value;
        if matches!(value, Value::Missing) {
            return Ok(Held::plain(Value::Missing));
        }
        if matches!(value, Value::Nil) {
            return Err(self.error(format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if let Some(method) = super::sprig::method(value, name) {
            return self.invoke_method(dot, method, value.clone(), args, last);
        }
        let has_args = !args.is_empty() || last.is_some();
        match value {
            Value::Record(record) => {
                if let Some(field) = record.fields.iter().find(|field| field.name == name) {
                    if has_args {
                        let message = format!("{name} has arguments but cannot be invoked as function");
                        return Err(self.error(message));
                    }
                    return Ok(Held::plain(field.value.clone()));
                }
            }
            Value::Map(_) if has_args => {
                return Err(self.error(format!("{name} is not a method but has arguments")));
            }
            Value::Map(map) => {
                let found = map.entries.borrow().get(name).cloned();
                return Ok(found.map_or_else(
                    || Held::plain(Value::Missing),
                    |value| Held { value, boxed: map.elem.is_any() },
                ));
            }
            _ => {}
        }
        let type_name = if receiver.boxed { "interface {}".to_owned() } else { value.type_name() };
        Err(self.error(format!("can't evaluate field {name} in type {type_name}")))
    }
}
