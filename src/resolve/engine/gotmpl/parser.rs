//! Tokens in, a syntax tree out: blocks and control words. Expressions are in [`super::expression`].

use std::collections::BTreeMap;

use super::ast::{Branch, Call, Node, Nodes, Pipe};
use super::error::{Error, place};
use super::lexer::{Lexed, lex};
use super::limits::PARSE_NESTING;
use super::token::{Kind, Token, Word};

/// Knows which names are functions.
pub type Known<'a> = &'a dyn Fn(&str) -> bool;

/// Parses a template: its own nodes under the empty name, others under the names they define.
///
/// # Errors
/// When the text is not a template.
pub fn parse(name: &str, text: &str, known: Known<'_>) -> Result<BTreeMap<String, Nodes>, Error> {
    let Lexed { words, wrong } = lex(text);
    let mut parser = Parser {
        name,
        text,
        known,
        words,
        wrong,
        next: 0,
        furthest: 0,
        variables: vec!["$".to_owned()],
        loops: 0,
        depth: 0,
        action: None,
        templates: BTreeMap::new(),
    };
    let nodes = parser.top()?;
    parser.define(name.to_owned(), nodes)?;
    Ok(parser.templates)
}

pub(super) struct Parser<'t> {
    name: &'t str,
    text: &'t str,
    pub(super) known: Known<'t>,
    words: Vec<Word>,
    /// What is wrong with the last word.
    wrong: String,
    pub(super) next: usize,
    furthest: usize,
    pub(super) variables: Vec<String>,
    loops: usize,
    depth: usize,
    /// Where the action begins that is being read.
    action: Option<usize>,
    templates: BTreeMap<String, Nodes>,
}

/// What ends a list of nodes.
enum End {
    End,
    Else,
}

impl<'t> Parser<'t> {
    /// The token `ahead` of the next one. Past the last token there is only the last.
    fn token(&mut self, ahead: usize) -> Token<'t> {
        let last = self.words.len().saturating_sub(1);
        let index = (self.next + ahead).min(last);
        self.furthest = self.furthest.max(index);
        self.told(index)
    }

    fn told(&self, index: usize) -> Token<'t> {
        let word = self.words.get(index).copied().unwrap_or(Word { kind: Kind::End, start: 0, end: 0 });
        let Word { kind, start, end } = word;
        let (start, end) = (start as usize, end as usize);
        Token { kind, start, text: self.text.get(start..end).unwrap_or_default() }
    }

    pub(super) fn peek(&mut self) -> Token<'t> {
        self.token(0)
    }

    pub(super) fn take(&mut self) -> Token<'t> {
        let token = self.token(0);
        self.next += 1;
        token
    }

    pub(super) fn skip_space(&mut self) {
        while self.words.get(self.next).is_some_and(|word| word.kind == Kind::Space) {
            self.next += 1;
        }
    }

    pub(super) fn peek_word(&mut self) -> Token<'t> {
        self.skip_space();
        self.peek()
    }

    pub(super) fn take_word(&mut self) -> Token<'t> {
        self.skip_space();
        self.take()
    }

    /// An error at the token that was read last, which is how Go finds the line.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        let token = self.told(self.furthest);
        let (start, end) = (token.start, token.end());
        Error {
            name: self.name.into(),
            message: message.into().into(),
            line: place(self.text, start).0,
            column: None,
            range: start..end,
            expression: "".into(),
            executing: "".into(),
        }
    }

    pub(super) fn unexpected(&self, token: &Token<'_>, context: &str) -> Error {
        if token.kind != Kind::Wrong {
            return self.error(format!("unexpected {} in {context}", token.shown()));
        }
        let here = place(self.text, token.start).0;
        let mut extra = String::new();
        let began = self.action.map(|start| place(self.text, start).0);
        if let Some(action) = began.filter(|line| *line != here) {
            let word = if self.wrong.ends_with(" action") { "" } else { " in action" };
            extra = format!("{word} started at {}:{action}", self.name);
        }
        self.error(format!("{}{extra}", self.wrong))
    }

    pub(super) fn expect(&mut self, kind: Kind, context: &str) -> Result<Token<'t>, Error> {
        let token = self.take_word();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(&token, context)) }
    }

    pub(super) fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.depth >= PARSE_NESTING {
            return Err(self.error("max expression depth exceeded"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn top(&mut self) -> Result<Nodes, Error> {
        let mut nodes = Nodes::new();
        loop {
            let token = self.peek();
            if token.kind == Kind::End {
                return Ok(nodes);
            }
            if token.kind == Kind::Left && self.opens_define() {
                self.definition()?;
                continue;
            }
            match self.node()? {
                Ok(node) => nodes.push(node),
                Err(end) => return Err(self.error(format!("unexpected {}", end.shown()))),
            }
        }
    }

    fn opens_define(&mut self) -> bool {
        let start = self.next;
        self.next += 1;
        let found = self.take_word().is_keyword("define");
        if !found {
            self.next = start;
        }
        found
    }

    fn definition(&mut self) -> Result<(), Error> {
        let token = self.take_word();
        if token.kind != Kind::Str {
            return Err(self.unexpected(&token, "define clause"));
        }
        let name = super::quote::unquote(token.text).map_err(|message| self.error(message))?;
        self.expect(Kind::Right, "define clause")?;
        let nodes = self.separate("define clause")?;
        self.define(name, nodes)
    }

    /// The body of a template of its own: other variables, and no loop around it.
    fn separate(&mut self, context: &str) -> Result<Nodes, Error> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let loops = std::mem::take(&mut self.loops);
        let (nodes, end) = self.deeper(Self::nodes)?;
        self.variables = variables;
        self.loops = loops;
        match end {
            End::End => Ok(nodes),
            End::Else => Err(self.error(format!("unexpected {} in {context}", End::Else.shown()))),
        }
    }

    fn define(&mut self, name: String, nodes: Nodes) -> Result<(), Error> {
        let blank = is_blank(&nodes);
        match self.templates.get(&name) {
            Some(old) if !is_blank(old) => {
                if !blank {
                    let name = super::quote::quote(&name);
                    return Err(self.error(format!("template: multiple definition of template {name}")));
                }
            }
            _ => {
                self.templates.insert(name, nodes);
            }
        }
        Ok(())
    }

    /// Nodes up to `end` or `else`.
    fn nodes(&mut self) -> Result<(Nodes, End), Error> {
        let mut nodes = Nodes::new();
        while self.peek_word().kind != Kind::End {
            match self.node()? {
                Ok(node) => nodes.push(node),
                Err(end) => return Ok((nodes, end)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn node(&mut self) -> Result<Result<Node, End>, Error> {
        let token = self.take_word();
        match token.kind {
            Kind::Text => Ok(Ok(Node::Text(token.text.to_owned()))),
            Kind::Left => {
                self.action = Some(token.start);
                let node = self.action();
                self.action = None;
                node
            }
            _ => Err(self.unexpected(&token, "input")),
        }
    }

    fn action(&mut self) -> Result<Result<Node, End>, Error> {
        let token = self.peek_word();
        if token.kind != Kind::Keyword || token.text == "define" {
            return Ok(Ok(Node::Action(self.pipe("command", Kind::Right)?)));
        }
        self.next += 1;
        let node = match token.text {
            "if" => Node::If(self.branch("if")?),
            "with" => Node::With(self.branch("with")?),
            "range" => Node::Range(self.branch("range")?),
            "block" => self.block()?,
            "template" => self.template()?,
            "break" => self.jump("break", Node::Break)?,
            "continue" => self.jump("continue", Node::Continue)?,
            "end" => {
                self.expect(Kind::Right, "end")?;
                return Ok(Err(End::End));
            }
            _ => {
                let next = self.peek_word();
                if !next.is_keyword("if") && !next.is_keyword("with") {
                    self.expect(Kind::Right, "else")?;
                }
                return Ok(Err(End::Else));
            }
        };
        Ok(Ok(node))
    }

    fn jump(&mut self, word: &str, node: Node) -> Result<Node, Error> {
        self.expect(Kind::Right, &format!("{{{{{word}}}}}"))?;
        if self.loops == 0 {
            return Err(self.error(format!("{{{{{word}}}}} outside {{{{range}}}}")));
        }
        Ok(node)
    }

    fn branch(&mut self, word: &str) -> Result<Box<Branch>, Error> {
        let scope = self.variables.len();
        let branch = self.deeper(|parser| parser.arms(word));
        self.variables.truncate(scope);
        branch.map(Box::new)
    }

    fn arms(&mut self, word: &str) -> Result<Branch, Error> {
        let pipe = self.pipe(word, Kind::Right)?;
        let looping = usize::from(word == "range");
        self.loops += looping;
        let (body, end) = self.nodes()?;
        self.loops -= looping;
        let otherwise = match end {
            End::End => None,
            End::Else => Some(self.otherwise(word)?),
        };
        Ok(Branch { pipe, body, otherwise })
    }

    fn otherwise(&mut self, word: &str) -> Result<Nodes, Error> {
        if word != "range" && self.peek().is_keyword(word) {
            self.next += 1;
            let branch = self.branch(word)?;
            return Ok(vec![if word == "if" { Node::If(branch) } else { Node::With(branch) }]);
        }
        let (nodes, end) = self.nodes()?;
        match end {
            End::End => Ok(nodes),
            End::Else => Err(self.error(format!("expected end; found {}", End::Else.shown()))),
        }
    }

    fn template_name(&mut self, context: &str) -> Result<(String, Token<'t>), Error> {
        let token = self.take_word();
        if token.kind != Kind::Str {
            return Err(self.unexpected(&token, context));
        }
        let name = super::quote::unquote(token.text).map_err(|message| self.error(message))?;
        Ok((name, token))
    }

    fn call(name: String, token: &Token<'_>, pipe: Option<Pipe>) -> Node {
        let end = pipe.as_ref().map_or(token.end(), |pipe| pipe.span.end);
        Node::Template(Box::new(Call { name, pipe, pos: token.start, span: token.start..end }))
    }

    fn block(&mut self) -> Result<Node, Error> {
        let (name, token) = self.template_name("block clause")?;
        let pipe = self.pipe("block clause", Kind::Right)?;
        let nodes = self.separate("block clause")?;
        self.define(name.clone(), nodes)?;
        Ok(Self::call(name, &token, Some(pipe)))
    }

    fn template(&mut self) -> Result<Node, Error> {
        let (name, token) = self.template_name("template clause")?;
        if self.peek_word().kind == Kind::Right {
            self.next += 1;
            return Ok(Self::call(name, &token, None));
        }
        let pipe = self.pipe("template clause", Kind::Right)?;
        Ok(Self::call(name, &token, Some(pipe)))
    }
}

impl End {
    const fn shown(&self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

fn is_blank(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
}
