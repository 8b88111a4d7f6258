//! Parser events in, a tree with places out. The only file that knows the parser's API besides [`super::syntax`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::limits::{Broken, Budget, MAX_DEPTH};
use super::{merge, scalar, syntax};
use crate::diag::codes::Code;
use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic};
use crate::model::flow::SourceId;
use crate::model::node::{Kind, Node, Style};

/// What was read.
pub(super) struct Read {
    /// The first document that holds anything; null when none does.
    pub(super) root: Node,
    /// Where a second one begins.
    pub(super) second: Option<Range<usize>>,
    /// Errors after which reading could go on.
    pub(super) said: Vec<Diagnostic>,
    /// The error that ended reading.
    pub(super) stopped: Stop,
}

pub(super) type Stop = Option<Box<Diagnostic>>;
type Outcome<T> = Result<T, Box<Diagnostic>>;
type Placed<'a> = (Event<'a>, Range<usize>);

/// A node that an alias may repeat, and how many nodes it holds.
type Anchored = Rc<(Node, usize)>;

/// Reads one text.
pub(super) struct Reader<'a> {
    source: SourceId,
    /// The text without its byte order mark.
    text: &'a str,
    /// The length of the byte order mark.
    shift: usize,
    events: Parser<'a, StrInput<'a>>,
    first_only: bool,
    anchors: BTreeMap<usize, Anchored>,
    /// Anchors whose node is still being read.
    open: Vec<usize>,
    budget: Budget,
    said: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Prepares to read a text; with `first_only` nothing after the first document is looked at.
    pub(super) fn new(source: SourceId, text: &'a str, first_only: bool) -> Self {
        let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            source,
            text: bare,
            shift: text.len() - bare.len(),
            events: Parser::new_from_str(bare),
            first_only,
            anchors: BTreeMap::new(),
            open: Vec::new(),
            budget: Budget::default(),
            said: Vec::new(),
        }
    }

    /// Reads the text.
    pub(super) fn read(mut self) -> Read {
        let mut root = None;
        let mut second = None;
        let stopped = self.documents(&mut root, &mut second).err();
        let nothing = Node { source: self.source, span: 0..0, style: Style::Plain, kind: Kind::Null };
        Read { root: root.unwrap_or(nothing), second, said: self.said, stopped }
    }

    /// Reads every document of the text; null stands for those that hold nothing.
    pub(super) fn stream(mut self) -> (Vec<Node>, Vec<Diagnostic>, Stop) {
        let mut roots = Vec::new();
        let mut go = || -> Outcome<()> {
            while let Some((event, span)) = self.next()? {
                match event {
                    Event::DocumentStart(..) => self.anchors.clear(),
                    Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                    event => roots.push(self.node(event, span, 0)?.0),
                }
            }
            Ok(())
        };
        let stopped = go().err();
        (roots, self.said, stopped)
    }

    /// Documents that hold nothing, as after a last `---`, do not count.
    fn documents(&mut self, root: &mut Option<Node>, second: &mut Option<Range<usize>>) -> Outcome<()> {
        let mut begins = 0..0;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::DocumentStart(..) => {
                    self.anchors.clear();
                    begins = span;
                }
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                event => {
                    if root.is_some() && self.first_only {
                        *second = Some(begins.clone());
                        return Ok(());
                    }
                    let (node, _) = self.node(event, span, 0)?;
                    let blank = node.kind == Kind::Null && node.span.is_empty();
                    match root {
                        _ if blank => {}
                        None => *root = Some(node),
                        Some(_) if second.is_none() => *second = Some(begins.clone()),
                        Some(_) => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Outcome<Option<Placed<'a>>> {
        match self.events.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let bytes = span.byte_range().unwrap_or_default();
                Ok(Some((event, bytes.start + self.shift..bytes.end + self.shift)))
            }
            Some(Err(error)) => Err(Box::new(syntax::explain(&error, self.source, self.text, self.shift))),
        }
    }

    /// The next event inside a list or map.
    fn inner(&mut self, outer: &Range<usize>) -> Outcome<Placed<'a>> {
        let next = self.next()?;
        next.ok_or_else(|| {
            self.stop(&codes::YAML_SYNTAX, "the file ends in the middle of this", outer.clone())
        })
    }

    fn stop(&self, code: &'static Code, message: impl Into<String>, span: Range<usize>) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(code, message, At::Span(self.source, span)))
    }

    /// The node that begins with this event, and how many nodes it holds.
    fn node(&mut self, event: Event<'a>, span: Range<usize>, depth: usize) -> Outcome<(Node, usize)> {
        self.spend(1, depth, &span)?;
        let (node, size, anchor) = match event {
            Event::Alias(id) => return self.alias(id, depth, span),
            Event::Scalar(text, style, id, tag) => (self.scalar(&text, style, tag.as_deref(), span)?, 1, id),
            Event::SequenceStart(_, id, _) => {
                let (node, size) = self.list(id, span, depth)?;
                (node, size, id)
            }
            Event::MappingStart(_, id, _) => {
                let (node, size) = self.map(id, span, depth)?;
                (node, size, id)
            }
            _ => return Err(self.stop(&codes::YAML_SYNTAX, "this cannot be read as YAML", span)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::new((node.clone(), size)));
        }
        Ok((node, size))
    }

    fn spend(&mut self, nodes: usize, depth: usize, at: &Range<usize>) -> Outcome<()> {
        let broken = self.budget.spend(nodes, depth, at);
        broken.map_err(|broken| match broken {
            Broken::Depth(at) => self.stop(
                &codes::YAML_TOO_DEEP,
                format!("this is nested more than {MAX_DEPTH} levels deep"),
                at,
            ),
            Broken::Nodes(at) => self.stop(
                &codes::YAML_TOO_MANY,
                "the file holds too many values once aliases are expanded",
                at,
            ),
        })
    }

    fn alias(&mut self, id: usize, depth: usize, span: Range<usize>) -> Outcome<(Node, usize)> {
        if self.open.contains(&id) {
            return Err(self.stop(&codes::YAML_ALIAS, "this alias stands inside what it repeats", span));
        }
        let Some(anchored) = self.anchors.get(&id).cloned() else {
            return Err(self.stop(
                &codes::YAML_ALIAS,
                "no anchor of this name stands before this alias",
                span,
            ));
        };
        let (node, size) = anchored.as_ref();
        self.spend(*size, depth, &span)?;
        Ok((node.clone(), *size))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Outcome<Node> {
        let plain = matches!(style, ScalarStyle::Plain);
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let text = if block { self.without_invented_newline(text, &span) } else { text };
        let text = if plain && span.is_empty() { "" } else { text };
        let tag = tag.map(scalar::tag_name).unwrap_or_default();
        let kind = scalar::typed(&tag, text, plain)
            .map_err(|wrong| self.stop(&codes::YAML_TAG, wrong, span.clone()))?;
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        Ok(Node { source: self.source, span, style, kind })
    }

    /// A block scalar whose last line ends with the file, not with a newline, ends without one; the parser adds one.
    fn without_invented_newline<'t>(&self, text: &'t str, span: &Range<usize>) -> &'t str {
        let last = span.end >= self.text.len() + self.shift && !self.text.ends_with('\n');
        let written = text.ends_with(" \n") || !self.text.trim_end_matches(' ').ends_with('\n');
        if last && written { text.strip_suffix('\n').unwrap_or(text) } else { text }
    }

    fn list(&mut self, id: usize, span: Range<usize>, depth: usize) -> Outcome<(Node, usize)> {
        self.open.push(id);
        let mut items = Vec::new();
        let mut size = 1;
        let end = loop {
            let (event, at) = self.inner(&span)?;
            if event == Event::SequenceEnd {
                break at.end;
            }
            let (item, more) = self.node(event, at, depth + 1)?;
            size += more;
            items.push(item);
        };
        self.open.pop();
        Ok((self.whole(span, end, Kind::List(items)), size))
    }

    fn map(&mut self, id: usize, span: Range<usize>, depth: usize) -> Outcome<(Node, usize)> {
        self.open.push(id);
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut bases = Vec::new();
        let mut seen = BTreeMap::new();
        let mut size = 1;
        let end = loop {
            let (event, at) = self.inner(&span)?;
            if event == Event::MappingEnd {
                break at.end;
            }
            let merges = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let (key, keys) = self.node(event, at, depth + 1)?;
            let (event, at) = self.inner(&span)?;
            let (value, values) = self.node(event, at, depth + 1)?;
            size += keys + values;
            if self.fresh(&key, &mut seen)? {
                if merges { bases.push(value) } else { entries.push((key, value)) }
            } else {
                merge::repeated(&mut entries, &key, value);
            }
        };
        self.open.pop();
        for base in bases {
            merge::merge(&mut entries, base).map_err(|wrong| {
                let kind = wrong.tree().kind();
                self.stop(&codes::YAML_MERGE, format!("`<<` merges maps, and this is {kind}"), wrong.span)
            })?;
        }
        Ok((self.whole(span, end, Kind::Map(entries)), size))
    }

    /// True when this key was not set before in its map; says so otherwise.
    fn fresh(&mut self, key: &Node, seen: &mut BTreeMap<String, Range<usize>>) -> Outcome<bool> {
        if matches!(key.kind, Kind::List(_) | Kind::Map(_)) {
            return Err(syntax::complex_key(key, self.text, self.shift));
        }
        let name = key.key_text();
        let Some(first) = seen.get(&name) else {
            seen.insert(name, key.span.clone());
            return Ok(true);
        };
        let said = Diagnostic::new(
            &codes::DUPLICATE_KEY,
            format!("the key `{name}` is set twice in this map"),
            At::Span(self.source, key.span.clone()),
        )
        .also(At::Span(self.source, first.clone()), "first set here")
        .help("keep one of the two");
        self.said.push(said);
        Ok(false)
    }

    fn whole(&self, start: Range<usize>, end: usize, kind: Kind) -> Node {
        let span = start.start..end.max(start.end);
        Node { source: self.source, span, style: Style::Plain, kind }
    }
}
