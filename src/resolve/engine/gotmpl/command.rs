//! Evaluates pipelines, commands and arguments, with the checks Go makes on the way.

use super::ast::{Arg, Command, Number, Pipe, Term};
use super::error::Error;
use super::function::{Args, Function, Run, Type, find};
use super::sprig::secrets::SLOW;
use super::value::Value;
use super::walk::{Held, Spot, Walker};

impl<'t> Walker<'t, '_> {
    /// The value of a pipeline; sets its variables.
    pub(super) fn pipe(&mut self, dot: &Held, pipe: &'t Pipe) -> Result<Value, Error> {
        self.at = Spot::Pipe(pipe);
        let mut value = None;
        for command in &pipe.commands {
            let result = self.deeper(|walker| walker.command(dot, command, value.take()))?;
            value = Some(if matches!(result.value, Value::Nil) { Value::Missing } else { result.value });
        }
        let value = value.unwrap_or(Value::Missing);
        for name in &pipe.declared {
            let held = Held::plain(value.clone());
            if pipe.assign {
                self.assign(name, held)?;
            } else {
                self.variables.push((name, held));
            }
        }
        Ok(value)
    }

    fn command(&mut self, dot: &Held, command: &'t Command, last: Option<Value>) -> Result<Held, Error> {
        self.step(1)?;
        let first = &command.first;
        let has_args = !command.rest.is_empty() || last.is_some();
        if !matches!(first.term, Term::Pipe(_)) {
            self.at = Spot::Arg(first);
        }
        match &first.term {
            Term::Field(names) => self.chain(dot, dot.clone(), names, &command.rest, last),
            Term::Chain(inner, names) => {
                let receiver = self.receiver(dot, inner)?;
                self.chain(dot, receiver, names, &command.rest, last)
            }
            Term::Variable(name, names) if !names.is_empty() => {
                let receiver = self.variable(name);
                self.chain(dot, receiver, names, &command.rest, last)
            }
            Term::Function(name) => {
                let function = self.function(name)?;
                self.invoke(dot, function, Spot::Command(command), &command.rest, last)
            }
            Term::Nil if !has_args => Err(self.error("nil is not a command")),
            _ if has_args => Err(self.error(format!("can't give argument to non-function {first}"))),
            Term::Pipe(pipe) => Ok(Held::plain(self.pipe(dot, pipe)?)),
            Term::Variable(name, _) => Ok(self.variable(name)),
            _ => self.literal(dot, first),
        }
    }

    fn literal(&self, dot: &Held, arg: &Arg) -> Result<Held, Error> {
        Ok(match &arg.term {
            Term::Dot => dot.clone(),
            Term::Bool(flag) => Held::plain(Value::Bool(*flag)),
            Term::Number(number) => Held::plain(self.constant(number)?),
            Term::Str(_, text) => Held::plain(Value::from(text.as_str())),
            _ => Held::plain(Value::Missing),
        })
    }

    /// The number a literal stands for where anything goes.
    fn constant(&self, number: &Number) -> Result<Value, Error> {
        let text = number.text.as_str();
        let lower = text.to_ascii_lowercase();
        let hex = lower.starts_with("0x") && lower.len() > 2 && !lower.contains('p');
        if !hex && !text.starts_with('\'') && text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Ok(Value::Float(number.float));
        }
        number.int.map(Value::Int).ok_or_else(|| self.error(format!("{text} overflows int")))
    }

    fn function(&self, name: &'t str) -> Result<Function, Error> {
        if let Some(extra) = self.template.extras.iter().find(|extra| extra.name == name) {
            return Ok(Function { name: extra.name, params: extra.params, rest: None, run: Run::Extra });
        }
        find(name)
            .ok_or_else(|| self.error(format!("{} is not a defined function", super::quote::quote(name))))
    }

    pub(super) fn variable(&self, name: &str) -> Held {
        let found = self.variables.iter().rev().find(|slot| slot.0 == name);
        found.map_or_else(|| Held::plain(Value::Missing), |slot| slot.1.clone())
    }

    /// What a chain such as `(…).a` starts from.
    fn receiver(&mut self, dot: &Held, inner: &'t Arg) -> Result<Held, Error> {
        self.at = Spot::Arg(inner);
        match &inner.term {
            Term::Pipe(pipe) => Ok(Held::plain(self.pipe(dot, pipe)?)),
            Term::Function(name) => {
                let function = self.function(name)?;
                self.invoke(dot, function, Spot::Arg(inner), &[], None)
            }
            _ => Err(self.error(format!("can't take a field of {inner}"))),
        }
    }

    /// Calls a function: counts, evaluates and checks its arguments.
    pub(super) fn invoke(
        &mut self,
        dot: &Held,
        function: Function,
        spot: Spot<'t>,
        args: &'t [Arg],
        last: Option<Value>,
    ) -> Result<Held, Error> {
        self.count_args(&function, args.len(), usize::from(last.is_some()))?;
        if function.name == "and" || function.name == "or" {
            return self.and_or(dot, function.name == "or", args, last);
        }
        let mut values = Vec::with_capacity(args.len() + 1);
        for (index, arg) in args.iter().enumerate() {
            let value = self.arg(dot, param(&function, index), arg)?;
            values.push(value);
        }
        if let Some(last) = last {
            let kind = param(&function, values.len());
            values.push(self.check(Held::plain(last), kind)?.value);
        }
        self.run(function, spot, args, values)
    }

    /// Calls a method, the receiver being its first argument.
    pub(super) fn invoke_method(
        &mut self,
        dot: &Held,
        function: Function,
        receiver: Value,
        args: &'t [Arg],
        last: Option<Value>,
    ) -> Result<Held, Error> {
        let spot = self.at;
        let count = args.len() + usize::from(last.is_some());
        let want = function.params.len().saturating_sub(1);
        if count != want {
            let name = function.name;
            return Err(self.error(format!("wrong number of args for {name}: want {want} got {count}")));
        }
        let mut values = vec![receiver];
        for arg in args {
            let value = self.arg(dot, param(&function, values.len()), arg)?;
            values.push(value);
        }
        if let Some(last) = last {
            let kind = param(&function, values.len());
            values.push(self.check(Held::plain(last), kind)?.value);
        }
        self.run(function, spot, args, values)
    }

    fn count_args(&self, function: &Function, args: usize, last: usize) -> Result<(), Error> {
        let (name, want, got) = (function.name, function.params.len(), args + last);
        match function.rest {
            Some(_) if got < want => {
                Err(self.error(format!("wrong number of args for {name}: want at least {want} got {args}")))
            }
            None if got != want => {
                Err(self.error(format!("wrong number of args for {name}: want {want} got {got}")))
            }
            _ => Ok(()),
        }
    }

    fn and_or(&mut self, dot: &Held, or: bool, args: &'t [Arg], last: Option<Value>) -> Result<Held, Error> {
        let mut value = Value::Missing;
        for arg in args {
            value = self.arg(dot, Type::Raw, arg)?;
            if value.truth() == or {
                return Ok(Held::plain(value));
            }
        }
        Ok(Held::plain(last.unwrap_or(value)))
    }

    fn run(
        &mut self,
        function: Function,
        spot: Spot<'t>,
        args: &'t [Arg],
        values: Vec<Value>,
    ) -> Result<Held, Error> {
        if SLOW.contains(&function.name) {
            self.step(super::limits::SLOW)?;
        }
        let values = Args(values);
        let outcome = match function.run {
            Run::Pure(run) => run(&values),
            Run::Host(run) => run(&values, self.host),
            Run::Extra => self.host.extra(function.name, &values.0),
            Run::Special => Err(not_callable(args, &values)),
        };
        match outcome {
            Ok(value) => {
                self.step(value.weight())?;
                if let Some(text) = value.as_str() {
                    super::limits::text_fits(text.len()).map_err(|message| self.error(message))?;
                }
                Ok(Held::plain(value))
            }
            Err(message) => {
                self.at = spot;
                Err(self.error(format!("error calling {}: {message}", function.name)))
            }
        }
    }

    /// The value of an argument, checked against what the parameter takes.
    fn arg(&mut self, dot: &Held, kind: Type, arg: &'t Arg) -> Result<Value, Error> {
        self.at = Spot::Arg(arg);
        let held = match &arg.term {
            Term::Dot => dot.clone(),
            Term::Nil => {
                return match kind {
                    Type::Raw => Ok(Value::Missing),
                    Type::Any => Ok(Value::Nil),
                    Type::Map => Ok(Value::nil_map()),
                    _ => Err(self.error(format!("cannot assign nil to {}", kind.name()))),
                };
            }
            Term::Field(names) => self.chain(dot, dot.clone(), names, &[], None)?,
            Term::Variable(name, names) if names.is_empty() => self.variable(name),
            Term::Variable(name, names) => {
                let receiver = self.variable(name);
                self.chain(dot, receiver, names, &[], None)?
            }
            Term::Pipe(pipe) => Held::plain(self.deeper(|walker| walker.pipe(dot, pipe))?),
            Term::Function(name) => {
                let function = self.function(name)?;
                self.invoke(dot, function, Spot::Arg(arg), &[], None)?
            }
            Term::Chain(inner, names) => {
                let receiver = self.deeper(|walker| walker.receiver(dot, inner))?;
                self.chain(dot, receiver, names, &[], None)?
            }
            Term::Bool(_) | Term::Number(_) | Term::Str(..) => return self.literal_arg(kind, arg),
        };
        Ok(self.check(held, kind)?.value)
    }

    fn literal_arg(&self, kind: Type, arg: &Arg) -> Result<Value, Error> {
        let wanted = match (kind, &arg.term) {
            (Type::Any | Type::Raw | Type::Bool, Term::Bool(flag)) => return Ok(Value::Bool(*flag)),
            (Type::Any | Type::Raw | Type::Str, Term::Str(_, text)) => return Ok(Value::from(text.as_str())),
            (Type::Any | Type::Raw, Term::Number(number)) => return self.constant(number),
            (Type::Float, Term::Number(number)) => return Ok(Value::Float(number.float)),
            (Type::Int, Term::Number(number)) if number.int.is_some() => {
                return Ok(Value::Int(number.int.unwrap_or_default()));
            }
            (Type::Bool, _) => "bool",
            (Type::Float, _) => "float",
            (Type::Int, _) => "integer",
            (Type::Str, _) => "string",
            (Type::Any | Type::Raw | Type::Map | Type::Time, _) => {
                return Err(self.error(format!("can't handle {arg} for arg of type {}", kind.name())));
            }
        };
        Err(self.error(format!("expected {wanted}; found {arg}")))
    }

    /// Checks a value against what the parameter takes.
    fn check(&self, held: Held, kind: Type) -> Result<Held, Error> {
        match (&held.value, kind) {
            (Value::Missing, Type::Any) => Ok(Held::plain(Value::Nil)),
            (Value::Missing, Type::Map) => Ok(Held::plain(Value::nil_map())),
            (Value::Missing, Type::Raw) => Ok(held),
            (Value::Missing, _) => Err(self.error(format!("invalid value; expected {}", kind.name()))),
            (value, _) if kind.fits(value) => Ok(held),
            (value, _) => {
                let got = if value.is_nothing() { "interface {}".to_owned() } else { value.type_name() };
                Err(self.error(format!("wrong type for value; expected {}; got {got}", kind.name())))
            }
        }
    }
}

fn param(function: &Function, index: usize) -> Type {
    function.params.get(index).copied().or(function.rest).unwrap_or(Type::Any)
}

/// Nothing a template can hold is a function, so `call` never can.
fn not_callable(args: &[Arg], values: &Args) -> String {
    let callee = values.any(0);
    if callee.is_nothing() {
        return "call of nil".to_owned();
    }
    let piped = || callee.as_str().map_or_else(|| format!("<{} Value>", callee.type_name()), str::to_owned);
    let name = args.first().map_or_else(piped, Arg::to_string);
    format!("non-function {name} of type {}", callee.type_name())
}
