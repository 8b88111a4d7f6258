//! Walks the nodes of a template and writes the text.
//!
//! **Invariant:** `at` is always the node Go would blame, so that error texts agree.

use std::rc::Rc;

use super::Template;
use super::ast::{Arg, Branch, Call, Command, Node, Pipe};
use super::error::{Error, place};
use super::function::Host;
use super::limits::{NESTING, STEPS, TEXT};
use super::value::Value;

/// A value, and whether it is kept in a box that could hold anything, which error texts tell apart.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) value: Value,
    pub(super) boxed: bool,
}

impl Held {
    pub(super) const fn plain(value: Value) -> Self {
        Self { value, boxed: false }
    }
}

/// What is being evaluated.
#[derive(Clone, Copy)]
pub(super) enum Spot<'t> {
    Start,
    Arg(&'t Arg),
    Command(&'t Command),
    Pipe(&'t Pipe),
    Call(&'t Call),
}

/// What follows after a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

pub(super) struct Walker<'t, 'h> {
    pub(super) template: &'t Template,
    pub(super) host: &'h mut dyn Host,
    pub(super) variables: Vec<(&'t str, Held)>,
    pub(super) at: Spot<'t>,
    out: String,
    executing: &'t str,
    steps: usize,
    nesting: usize,
    calls: usize,
}

/// Renders a template.
pub(super) fn run(template: &Template, data: &Value, host: &mut dyn Host) -> Result<String, Error> {
    let mut walker = Walker {
        template,
        host,
        variables: vec![("$", Held::plain(data.clone()))],
        at: Spot::Start,
        out: String::new(),
        executing: &template.name,
        steps: 0,
        nesting: 0,
        calls: 0,
    };
    let nodes = template.templates.get(&template.name).map(Vec::as_slice).unwrap_or_default();
    walker.nodes(&Held::plain(data.clone()), nodes)?;
    Ok(walker.out)
}

impl<'t> Walker<'t, '_> {
    /// An error at the node that is being evaluated.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        let (pos, range, expression) = match self.at {
            Spot::Start => (0, 0..0, String::new()),
            Spot::Arg(arg) => (arg.pos, arg.span.clone(), arg.to_string()),
            Spot::Command(command) => (command.pos, command.span.clone(), command.to_string()),
            Spot::Pipe(pipe) => (pipe.pos, pipe.span.clone(), pipe.to_string()),
            Spot::Call(call) => (call.pos, call.span.clone(), call.to_string()),
        };
        let (line, column) = place(&self.template.text, pos);
        Error {
            name: self.template.name.as_str().into(),
            message: message.into().into(),
            line,
            column: Some(column),
            range,
            expression: expression.into(),
            executing: self.executing.into(),
        }
    }

    /// Counts work against the limit.
    pub(super) fn step(&mut self, cost: usize) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(cost);
        if self.steps > STEPS {
            return Err(self.error(format!("template takes more than {STEPS} steps")));
        }
        Ok(())
    }

    pub(super) fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.nesting >= NESTING {
            return Err(self.error(format!("template is nested more than {NESTING} levels deep")));
        }
        self.nesting += 1;
        let result = inner(self);
        self.nesting -= 1;
        result
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        if self.out.len() + text.len() > TEXT {
            return Err(self.error(format!("output is longer than {TEXT} bytes")));
        }
        self.out.push_str(text);
        Ok(())
    }

    fn nodes(&mut self, dot: &Held, nodes: &'t [Node]) -> Result<Flow, Error> {
        self.deeper(|walker| {
            for node in nodes {
                let flow = walker.node(dot, node)?;
                if flow != Flow::On {
                    return Ok(flow);
                }
            }
            Ok(Flow::On)
        })
    }

    fn node(&mut self, dot: &Held, node: &'t Node) -> Result<Flow, Error> {
        self.step(1)?;
        match node {
            Node::Text(text) => self.write(text)?,
            Node::Action(pipe) => {
                let value = self.pipe(dot, pipe)?;
                if pipe.declared.is_empty() {
                    self.at = Spot::Pipe(pipe);
                    let text = super::show::printed(&value).map_err(|message| self.error(message))?;
                    self.write(&text)?;
                }
            }
            Node::If(branch) => return self.branch(dot, branch, false),
            Node::With(branch) => return self.branch(dot, branch, true),
            Node::Range(branch) => return self.range(dot, branch),
            Node::Template(call) => self.call(dot, call)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn branch(&mut self, dot: &Held, branch: &'t Branch, with: bool) -> Result<Flow, Error> {
        let scope = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let flow = if value.truth() {
            if with { self.nodes(&Held::plain(value), &branch.body) } else { self.nodes(dot, &branch.body) }
        } else {
            branch.otherwise.as_ref().map_or(Ok(Flow::On), |nodes| self.nodes(dot, nodes))
        }?;
        self.variables.truncate(scope);
        Ok(flow)
    }

    fn range(&mut self, dot: &Held, branch: &'t Branch) -> Result<Flow, Error> {
        let scope = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let rounds = self.rounds(&value, &branch.pipe)?;
        let flow = match (rounds, &branch.otherwise) {
            (true, _) => {
                self.rounds_of(&value, branch)?;
                Flow::On
            }
            (false, Some(nodes)) => self.nodes(dot, nodes)?,
            (false, None) => Flow::On,
        };
        self.variables.truncate(scope);
        Ok(flow)
    }

    /// Whether there is anything to go through.
    fn rounds(&self, value: &Value, pipe: &Pipe) -> Result<bool, Error> {
        let count = match value {
            Value::Missing | Value::Nil => return Ok(false),
            Value::List(list) => return Ok(!list.items.is_empty()),
            Value::Map(map) => return Ok(!map.entries.borrow().is_empty()),
            Value::Int(count) | Value::Int64(count) => *count,
            Value::Uint64(count) => i64::try_from(*count).unwrap_or(i64::MAX),
            Value::Byte(count) => i64::from(*count),
            _ => {
                let shown = super::show::printed(value).map_err(|message| self.error(message))?;
                return Err(self.error(format!("range can't iterate over {shown}")));
            }
        };
        if pipe.declared.len() > 1 {
            return Err(self.error(format!("can't use {count} to iterate over more than one variable")));
        }
        Ok(count > 0)
    }

    fn rounds_of(&mut self, value: &Value, branch: &'t Branch) -> Result<(), Error> {
        match value {
            Value::List(list) => {
                let list = Rc::clone(list);
                for (index, item) in (0..).zip(&list.items) {
                    let item = Held { value: item.clone(), boxed: list.elem.is_any() };
                    if self.round(Value::Int(index), &item, branch)? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Map(map) => {
                let entries = map.entries.borrow().clone();
                let boxed = map.elem.is_any();
                for (key, value) in entries {
                    let item = Held { value, boxed };
                    if self.round(Value::from(key), &item, branch)? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Int(count) => self.count(*count, Value::Int, branch)?,
            Value::Int64(count) => self.count(*count, Value::Int64, branch)?,
            Value::Uint64(count) => self.count(*count, Value::Uint64, branch)?,
            Value::Byte(count) => self.count(*count, Value::Byte, branch)?,
            _ => {}
        }
        Ok(())
    }

    fn count<N>(&mut self, count: N, make: fn(N) -> Value, branch: &'t Branch) -> Result<(), Error>
    where
        std::ops::Range<N>: Iterator<Item = N>,
        N: Copy + Default,
    {
        for number in N::default()..count {
            if self.round(Value::Missing, &Held::plain(make(number)), branch)? == Flow::Break {
                break;
            }
        }
        Ok(())
    }

    fn round(&mut self, index: Value, item: &Held, branch: &'t Branch) -> Result<Flow, Error> {
        self.step(1)?;
        let scope = self.variables.len();
        let pipe = &branch.pipe;
        match (pipe.declared.as_slice(), pipe.assign) {
            ([], _) => {}
            ([only], true) => self.assign(only, item.clone())?,
            ([first, second, ..], true) => {
                self.assign(first, Held::plain(index))?;
                self.assign(second, item.clone())?;
            }
            ([_], false) => self.set_top(1, item.clone()),
            ([_, _, ..], false) => {
                self.set_top(1, item.clone());
                self.set_top(2, Held::plain(index));
            }
        }
        let flow = self.nodes(item, &branch.body)?;
        self.variables.truncate(scope);
        Ok(flow)
    }

    fn set_top(&mut self, from_top: usize, value: Held) {
        let index = self.variables.len().saturating_sub(from_top);
        if let Some(slot) = self.variables.get_mut(index) {
            slot.1 = value;
        }
    }

    pub(super) fn assign(&mut self, name: &str, value: Held) -> Result<(), Error> {
        match self.variables.iter_mut().rev().find(|slot| slot.0 == name) {
            Some(slot) => {
                slot.1 = value;
                Ok(())
            }
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    fn call(&mut self, dot: &Held, call: &'t Call) -> Result<(), Error> {
        self.at = Spot::Call(call);
        let template = self.template;
        let Some(nodes) = template.templates.get(&call.name) else {
            return Err(self.error(format!("template {} not defined", super::quote::quote(&call.name))));
        };
        if self.calls >= NESTING / 2 {
            return Err(self.error(format!("exceeded maximum template depth ({})", NESTING / 2)));
        }
        let data = match &call.pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Value::Missing,
        };
        let data = Held::plain(data);
        let variables = std::mem::replace(&mut self.variables, vec![("$", data.clone())]);
        let executing = std::mem::replace(&mut self.executing, &call.name);
        self.calls += 1;
        self.nodes(&data, nodes)?;
        self.calls -= 1;
        self.executing = executing;
        self.variables = variables;
        Ok(())
    }
}
