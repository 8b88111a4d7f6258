//! Diagnostics for people: the line, a caret, the cause and the cure, in the order in which a file is read.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diag::source::Sources;
use crate::diag::span::{Place, place};
use crate::diag::{At, Diagnostic, Focus, Report, Severity};
use crate::model::flow::SourceId;
use crate::model::share;

/// How many columns a rendered line may take.
const WIDTH: usize = 140;

/// Prints everything that was said, an empty line after each.
pub fn render(report: &Report, colours: bool) -> String {
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let pieces = share::pieces(sorted(report), |piece| {
        let mut printed = String::new();
        for diagnostic in piece {
            printed.push_str(&renderer.render(&[group(diagnostic, &report.sources)]));
            printed.push_str("\n\n");
        }
        printed
    });
    pieces.concat()
}

/// Everything that was said, by file and place; what has no place comes last.
pub fn sorted(report: &Report) -> Vec<&Diagnostic> {
    let key = |said: &Diagnostic| {
        let (name, start) = match (place(&said.at, &report.sources), &said.at) {
            (Some(place), _) => {
                (report.sources.text(place.source).map(|text| text.name.clone()), place.span.start)
            }
            (None, At::Named(name)) => named(name),
            (None, _) => (None, 0),
        };
        (name.is_none(), name, start, said.severity, said.code.id, said.message.clone())
    };
    let mut sorted: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    sorted.sort_by_cached_key(|said| key(said));
    sorted
}

/// A name such as `prod.env:12:1` as a file and its line.
fn named(name: &str) -> (Option<String>, usize) {
    let mut parts = name.splitn(3, ':');
    let file = parts.next().map(str::to_owned);
    (file, parts.next().and_then(|line| line.parse().ok()).unwrap_or(0))
}

const fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn group<'a>(said: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let mut group = level(said.severity)
        .primary_title(said.message.as_str())
        .id(said.code.id)
        .elements(None::<Origin<'_>>);
    if let At::Named(name) = &said.at {
        group = group.element(Origin::path(name.as_str()));
    }
    let main = place(&said.at, sources);
    if let Some(main) = &main {
        group = group.element(snippet(main, label(&said.at), &said.others, sources));
    }
    for (source, marks) in elsewhere(said, main.as_ref(), sources) {
        group = group.elements(whole(source, sources).map(|text| text.annotations(marks)));
    }
    let notes = said.notes.iter().map(|note| Level::NOTE.message(note.as_str()));
    let helps = said.helps.iter().map(|help| Level::HELP.message(help.as_str()));
    group.elements(notes).elements(helps)
}

/// The main place and the other places in the same text.
fn snippet<'a>(
    main: &Place,
    label: Option<String>,
    others: &'a [(At, String)],
    sources: &'a Sources,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let others = others.iter().filter_map(|(at, words)| {
        let there = place(at, sources)?;
        let here = there.source == main.source && there.span != main.span;
        here.then(|| AnnotationKind::Context.span(there.span).label(words.as_str()))
    });
    let text = whole(main.source, sources).unwrap_or_else(|| Snippet::source(""));
    text.annotation(AnnotationKind::Primary.span(main.span.clone()).label(label)).annotations(others)
}

/// The other places in other texts, by text.
fn elsewhere<'a>(
    said: &'a Diagnostic,
    main: Option<&Place>,
    sources: &Sources,
) -> Vec<(SourceId, Vec<annotate_snippets::Annotation<'a>>)> {
    let mut texts: Vec<(SourceId, Vec<_>)> = Vec::new();
    for (other, words) in &said.others {
        let Some(there) = place(other, sources) else { continue };
        let mark = AnnotationKind::Context.span(there.span).label(words.as_str());
        match texts.iter_mut().find(|(source, _)| *source == there.source) {
            Some((_, marks)) => marks.push(mark),
            None if main.is_none_or(|main| main.source != there.source) => {
                texts.push((there.source, vec![mark]));
            }
            None => {}
        }
    }
    texts
}

fn whole(source: SourceId, sources: &Sources) -> Option<Snippet<'_, annotate_snippets::Annotation<'_>>> {
    let source = sources.text(source)?;
    Some(Snippet::source(&*source.text).path(source.name.as_str()))
}

/// Where in the document the place is, in words: a line alone does not say whose it is.
fn label(at: &At) -> Option<String> {
    let At::Path(_, path, focus) = at else { return None };
    let path = match focus {
        Focus::Key => path.parent()?,
        Focus::Value | Focus::Text(_) | Focus::Bytes(_) => path.clone(),
    };
    (!path.steps().is_empty()).then(|| format!("in {path}"))
}
