//! The second half of the parser: pipelines, commands and operands.

use super::ast::{Arg, Command, Pipe, Term};
use super::error::Error;
use super::parser::Parser;
use super::quote::{quote, unquote, unquote_char};
use super::token::{Kind, Token};

impl Parser<'_> {
    /// A pipeline up to `end`, which is consumed.
    pub(super) fn pipe(&mut self, context: &str, end: Kind) -> Result<Pipe, Error> {
        let first = self.peek_word();
        let mut pipe = Pipe {
            declared: Vec::new(),
            assign: false,
            commands: Vec::new(),
            pos: first.start,
            span: first.start..first.end(),
        };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.peek_word();
            match token.kind {
                kind if kind == end => {
                    self.next += 1;
                    self.check(&pipe, context)?;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::Char
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::Str
                | Kind::Variable
                | Kind::Open => {
                    let command = self.command()?;
                    pipe.span.end = command.span.end;
                    pipe.commands.push(command);
                }
                _ => {
                    self.next += 1;
                    return Err(self.unexpected(&token, context));
                }
            }
        }
    }

    /// `$x :=`, `$x =` and, for `range`, `$i, $x :=`.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<(), Error> {
        while self.peek_word().kind == Kind::Variable {
            let start = self.next;
            let variable = self.take();
            let next = self.peek_word();
            let comma = next.kind == Kind::Other && next.text == ",";
            if !comma && !matches!(next.kind, Kind::Assign | Kind::Declare) {
                self.next = start;
                return Ok(());
            }
            self.next += 1;
            pipe.assign = next.kind == Kind::Assign;
            let name = variable.text.to_owned();
            pipe.declared.push(name.clone());
            self.variables.push(name);
            if !comma {
                return Ok(());
            }
            if context != "range" || pipe.declared.len() >= 2 {
                return Err(self.error(format!("too many declarations in {context}")));
            }
            if !matches!(self.peek_word().kind, Kind::Variable | Kind::Right | Kind::Close) {
                return Err(self.error("range can only initialize variables"));
            }
        }
        Ok(())
    }

    fn check(&self, pipe: &Pipe, context: &str) -> Result<(), Error> {
        if pipe.commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            if matches!(
                command.first.term,
                Term::Bool(_) | Term::Dot | Term::Nil | Term::Number(_) | Term::Str(..)
            ) {
                let stage = index + 1;
                return Err(self.error(format!("non executable command in pipeline stage {stage}")));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, Error> {
        let pos = self.peek_word().start;
        let mut args = Vec::new();
        loop {
            self.skip_space();
            if let Some(arg) = self.operand()? {
                args.push(arg);
            }
            let token = self.take();
            match token.kind {
                Kind::Space => {}
                Kind::Right | Kind::Close => {
                    self.next -= 1;
                    break;
                }
                Kind::Pipe => break,
                _ => return Err(self.unexpected(&token, "operand")),
            }
        }
        let end = args.last().map_or(pos, |arg: &Arg| arg.span.end);
        let mut args = args.into_iter();
        match args.next() {
            Some(first) => Ok(Command { first, rest: args.collect(), pos, span: pos..end }),
            None => Err(self.error("empty command")),
        }
    }

    fn operand(&mut self) -> Result<Option<Arg>, Error> {
        let Some(arg) = self.term()? else { return Ok(None) };
        let token = self.peek();
        if token.kind != Kind::Field {
            return Ok(Some(arg));
        }
        let pos = token.start;
        let mut names = Vec::new();
        let mut end = token.end();
        while self.peek().kind == Kind::Field {
            let field = self.take();
            end = field.end();
            names.push(field.text.trim_start_matches('.').to_owned());
        }
        let span = arg.span.start..end;
        let term = match arg.term {
            Term::Field(mut before) => {
                before.append(&mut names);
                Term::Field(before)
            }
            Term::Variable(name, _) => Term::Variable(name, names),
            Term::Bool(_) | Term::Str(..) | Term::Number(_) | Term::Nil | Term::Dot => {
                let shown = quote(&arg.to_string());
                return Err(self.error(format!("unexpected . after term {shown}")));
            }
            Term::Function(_) | Term::Pipe(_) | Term::Chain(..) => Term::Chain(Box::new(arg), names),
        };
        Ok(Some(Arg { term, pos, span }))
    }

    fn term(&mut self) -> Result<Option<Arg>, Error> {
        let token = self.peek_word();
        let (pos, mut span) = (token.start, token.start..token.end());
        if token.kind == Kind::Open {
            self.next += 1;
            let pipe = self.deeper(|parser| parser.pipe("parenthesized pipeline", Kind::Close))?;
            span.end = pipe.span.end + 1;
            return Ok(Some(Arg { pos: pipe.pos, term: Term::Pipe(Box::new(pipe)), span }));
        }
        let Some(term) = self.simple(&token)? else { return Ok(None) };
        self.next += 1;
        Ok(Some(Arg { term, pos, span }))
    }

    fn simple(&self, token: &Token<'_>) -> Result<Option<Term>, Error> {
        let wrong = |message: String| self.error(message);
        Ok(Some(match token.kind {
            Kind::Identifier if !(self.known)(token.text) => {
                return Err(self.error(format!("function {} not defined", quote(token.text))));
            }
            Kind::Identifier => Term::Function(token.text.to_string()),
            Kind::Dot => Term::Dot,
            Kind::Nil => Term::Nil,
            Kind::Variable if !self.variables.iter().any(|name| *name == token.text) => {
                return Err(self.error(format!("undefined variable {}", quote(token.text))));
            }
            Kind::Variable => Term::Variable(token.text.to_string(), Vec::new()),
            Kind::Field => Term::Field(vec![token.text.trim_start_matches('.').to_owned()]),
            Kind::Bool => Term::Bool(token.text == "true"),
            Kind::Number => Term::Number(super::number::literal(token.text).map_err(wrong)?),
            Kind::Char => {
                let code = u32::from(unquote_char(token.text).map_err(wrong)?);
                let float = f64::from(code);
                let int = Some(i64::from(code));
                Term::Number(super::ast::Number { text: token.text.to_string(), int, huge: false, float })
            }
            Kind::Str => Term::Str(token.text.to_string(), unquote(token.text).map_err(wrong)?),
            _ => return Ok(None),
        }))
    }
}
