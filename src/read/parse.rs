//! YAML text in, a tree with places out. Scalars are typed as Go's yaml.v3 types them.
//!
//! **Invariant:** the parser's own words and types stay below this module.

mod events;
mod limits;
mod merge;
mod scalar;
mod syntax;

use crate::diag::codes::read as codes;
use crate::diag::{At, Diagnostic, Failed, Report};
use crate::model::flow::SourceId;
use crate::model::node::{Kind, Node};
use crate::read::{Rules, load};
use events::{Read, Reader};

/// Parses one YAML document as a Score file: its name, where it has one, and what it holds. A key that is set twice is said,
/// and does not keep the rest from being judged.
///
/// # Errors
/// When it is not YAML, is empty, holds a second document, or breaks a limit.
pub fn parse(source: SourceId, rules: &Rules, report: &mut Report) -> Result<(Option<String>, Node), Failed> {
    let (root, _) = document(source, rules.first_document_only, report)?;
    let name = report.sources.text(source).map(|text| text.name.clone()).unwrap_or_default();
    match &root.kind {
        Kind::Map(_) => {}
        Kind::Null => return Err(report.fail(empty(source, &name))),
        _ => return Err(report.fail(not_a_map(&root, &name))),
    }
    Ok(((name != load::STDIN).then_some(name), root))
}

/// Parses any YAML text that holds one document (provisioner files, overrides, states); null when there is nothing in it.
///
/// # Errors
/// When it is not YAML, holds a second document, or breaks a limit.
pub fn yaml(source: SourceId, report: &mut Report) -> Result<Node, Failed> {
    one(source, false, report)
}

/// As [`yaml`], but the first document counts, and others are warned of.
///
/// # Errors
/// When it is not YAML, or breaks a limit.
pub fn first(source: SourceId, report: &mut Report) -> Result<Node, Failed> {
    one(source, true, report)
}

/// As [`yaml`], by the rules for Score files: where they say so, the first document counts and others are warned of.
///
/// # Errors
/// As [`yaml`].
pub fn laid_over(source: SourceId, rules: &Rules, report: &mut Report) -> Result<Node, Failed> {
    one(source, rules.first_document_only, report)
}

/// Parses a YAML text of any number of documents, such as manifests; those that hold nothing are left out.
///
/// # Errors
/// When it is not YAML, or breaks a limit.
pub fn stream(source: SourceId, report: &mut Report) -> Result<Vec<Node>, Failed> {
    let text = report.sources.text(source).map(|kept| kept.text.clone()).unwrap_or_default();
    let (roots, said, stopped) = Reader::new(source, &text, false).stream();
    let fatal = !said.is_empty();
    for diagnostic in said {
        report.push(diagnostic);
    }
    if let Some(diagnostic) = stopped {
        return Err(report.fail(*diagnostic));
    }
    let roots = roots.into_iter().filter(|root| root.kind != Kind::Null).collect();
    if fatal { report.failed(roots) } else { Ok(roots) }
}

fn one(source: SourceId, first_only: bool, report: &mut Report) -> Result<Node, Failed> {
    let (root, is_twofold) = document(source, first_only, report)?;
    if is_twofold { report.failed(root) } else { Ok(root) }
}

/// The document, and whether a key of it is set twice.
fn document(source: SourceId, first_only: bool, report: &mut Report) -> Result<(Node, bool), Failed> {
    let text = report.sources.text(source).map(|kept| kept.text.clone()).unwrap_or_default();
    let Read { root, second, said, stopped } = Reader::new(source, &text, first_only).read();
    let is_twofold = !said.is_empty();
    for diagnostic in said {
        report.push(diagnostic);
    }
    if let Some(diagnostic) = stopped {
        return Err(report.fail(*diagnostic));
    }
    if let Some(at) = second {
        let place = At::Span(source, at);
        if first_only {
            report.push(Diagnostic::new(
                &codes::DOCUMENT_IGNORED,
                "what follows is not read: only the first document counts",
                place,
            ));
        } else {
            return Err(report.fail(second_document(place)));
        }
    }
    Ok((root, is_twofold))
}

fn second_document(place: At) -> Diagnostic {
    Diagnostic::new(&codes::SECOND_DOCUMENT, "a second document begins here", place)
        .note("a Score file describes one workload")
        .help("move it to a file of its own and name both files: `sightread generate a.yaml b.yaml`")
}

fn empty(source: SourceId, name: &str) -> Diagnostic {
    Diagnostic::new(&codes::EMPTY_FILE, format!("`{name}` holds no workload"), At::Span(source, 0..0))
        .help("`sightread init` writes a sample to begin with")
}

fn not_a_map(root: &Node, name: &str) -> Diagnostic {
    let kind = root.tree().kind();
    let place = At::Span(root.source, root.span.start..root.span.start);
    Diagnostic::new(&codes::NOT_A_SCORE_FILE, format!("`{name}` is {kind}, not a Score file"), place)
        .help("a Score file is a map that begins with `apiVersion: score.dev/v1b1`")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text and shows the tree, each scalar with the text it was written as, or the errors with theirs.
    fn show(text: &str) -> String {
        let mut report = Report::default();
        let source = report.sources.add("test.yaml", text);
        match yaml(source, &mut report) {
            Ok(node) => tree(&node, text),
            Err(_) => {
                report.diagnostics.iter().map(|said| complaint(said, text)).collect::<Vec<_>>().join("; ")
            }
        }
    }

    fn tree(node: &Node, text: &str) -> String {
        match &node.kind {
            Kind::List(items) => {
                format!("[{}]", items.iter().map(|item| tree(item, text)).collect::<Vec<_>>().join(", "))
            }
            Kind::Map(entries) => {
                let entry =
                    |(key, value): &(Node, Node)| format!("{}: {}", key.key_text(), tree(value, text));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            Kind::Null => "null".to_owned(),
            scalar => format!("{scalar:?}={}", &text[node.span.clone()]),
        }
    }

    fn complaint(said: &Diagnostic, text: &str) -> String {
        let At::Span(_, span) = &said.at else { panic!("{said:?} has no place") };
        let line = text[..span.start].matches('\n').count() + 1;
        format!("{} {line} {:?}", said.code.id, &text[span.clone()])
    }

    #[test]
    fn trees_with_places() {
        for (text, expected) in [
            ("a: 1\nb: [x, 'y', \"z\"]\n", r#"{a: Int(1)=1, b: [Str("x")=x, Str("y")='y', Str("z")="z"]}"#),
            ("\u{feff}a: é\n", r#"{a: Str("é")=é}"#),
            ("a: 1\r\nb: 2\r\n", "{a: Int(1)=1, b: Int(2)=2}"),
            ("", "null"),
            ("# only words\n", "null"),
            ("a:\nb: ~\n", "{a: null, b: null}"),
            (r#"{"a": ["b", 1.5]}"#, r#"{a: [Str("b")="b", Float(1.5)=1.5]}"#),
            ("---\na: 1\n---\n", "{a: Int(1)=1}"),
            ("a: &x {b: 1}\nc: *x\n", "{a: {b: Int(1)=1}, c: {b: Int(1)=1}}"),
            (
                "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n",
                "{a: {b: Int(1)=1, c: Int(2)=2}, d: {b: Int(3)=3, c: Int(2)=2}}",
            ),
            ("a: {<<: [{b: 1}, {b: 2, c: 3}]}\n", "{a: {b: Int(1)=1, c: Int(3)=3}}"),
            ("a: {\"<<\": 1}\n", "{a: {<<: Int(1)=1}}"),
            ("a: b c\n", r#"{a: Str("b c")=b c}"#),
        ] {
            assert_eq!(show(text), expected, "{text:?}");
        }
    }

    #[test]
    fn last_line_without_newline() {
        for (text, expected) in
            [("a: |\n  b", "b"), ("a: |\n  b\n", "b\n"), ("a: >\n  b\n  c", "b c"), ("a: |-\n  b\n", "b")]
        {
            let mut report = Report::default();
            let source = report.sources.add("test.yaml", text);
            let node = yaml(source, &mut report).expect("it is YAML");
            assert_eq!(node.get("a").and_then(Node::as_str), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn complaints_with_places() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let bomb: String = (1..=9).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
            format!("{text}a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))
        });
        for (text, expected) in [
            ("a: 1\nb: 2\na: 3\nb: 4\n", r#"duplicate-key 3 "a"; duplicate-key 4 "b""#),
            ("a: 1\n---\nb: 2\n", r#"second-document 2 "---""#),
            ("a:\n\tb: 1\n", r#"yaml-tab 2 "\t""#),
            ("a:\n  b: 1\n\tc: 2\n", r#"yaml-tab 3 "\t""#),
            ("a:\n  b: 1\n c: 2\n", r#"yaml-indent 3 "c""#),
            ("a:\n  - b\n c\n", r#"yaml-indent 3 "c""#),
            ("a: [b, c\nd: e\n", r#"yaml-unclosed 1 "[""#),
            ("a: {b: c\n", r#"yaml-unclosed 1 "{""#),
            ("a: \"b\nc: d\n", r#"yaml-unclosed 1 "\"""#),
            ("a: 'it's'\n", r#"yaml-syntax 1 "s""#),
            ("a: {{ b }}\n", r#"yaml-syntax 1 "{ b }""#),
            ("a: *b\n", r#"yaml-alias 1 "*""#),
            ("a: @b\n", r#"yaml-syntax 1 "@""#),
            ("a: b: c\n", r#"yaml-syntax 1 ":""#),
            ("a:\n  b\n  c: d\n", r#"yaml-indent 3 "c: d""#),
            ("a:\n  b:1\n  c: d\n", r#"yaml-indent 3 "c: d""#),
            ("a: &x [*x]\n", r#"yaml-alias 1 "*x""#),
            ("a: {<<: 1}\n", r#"yaml-merge 1 "1""#),
            ("a: !!int b\n", r#"yaml-tag 1 "b""#),
            (deep.as_str(), r#"yaml-too-deep 1 "[""#),
            (bomb.as_str(), r#"yaml-too-many 7 "*a5""#),
        ] {
            assert_eq!(show(text), expected, "{text:?}");
        }
    }
}
