//! What can be said about a provisioner for people: its file and line, its targets, what it takes and gives, who wins.

use crate::diag::At;
use crate::diag::source::Sources;
use crate::diag::span::{place, position};
use crate::resolve::contract::Rest;
use crate::resolve::provisioner::{Body, Provisioner};

/// The file that holds a provisioner, and the line where it begins; `None` for a built-in one.
pub(super) fn file(provisioner: &Provisioner, sources: &Sources) -> Option<(String, usize)> {
    let root = sources.document(provisioner.doc)?;
    let source = sources.text(root.source)?;
    if source.name.starts_with("builtin://") {
        return None;
    }
    let start = root.at(&provisioner.path).map_or(0, |node| node.span.start);
    let found = place(&At::key(provisioner.doc, provisioner.path.then("type")), sources);
    let byte = if provisioner.path.steps().is_empty() {
        found.map_or(start, |found| found.span.start)
    } else {
        start
    };
    Some((source.name.clone(), position(&source.text, byte).line))
}

/// Where a provisioner is: `FILE:LINE`, or that it is built in.
pub(in crate::cli::native) fn whereabouts(provisioner: &Provisioner, sources: &Sources) -> String {
    file(provisioner, sources).map_or_else(|| "built in".to_owned(), |(name, line)| format!("{name}:{line}"))
}

/// `type`, `type.class`, `type#id`: what a provisioner answers for.
pub(super) fn pattern(provisioner: &Provisioner) -> String {
    let class = provisioner.class.as_ref().map(|class| format!(".{class}")).unwrap_or_default();
    let id = provisioner.id.as_ref().map(|id| format!("#{id}")).unwrap_or_default();
    format!("{}{class}{id}", provisioner.kind)
}

/// What a provisioner takes and gives, by name; `*` stands for more. `None` where it does not say.
pub(in crate::cli::native) fn listed(
    provisioner: &Provisioner,
) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let Body::Contract(contract) = &provisioner.body else { return provisioner.listed() };
    let rest = (contract.outputs.rest != Rest::None).then(|| "*".to_owned());
    let outputs = contract.outputs.named.keys().cloned().chain(rest).collect();
    (Some(contract.params.keys().cloned().collect()), Some(outputs))
}

/// The provisioners that come after one and would answer for all or some of the same resources.
pub(super) fn shadowed<'a>(
    winner: &'a Provisioner,
    all: &'a [Provisioner],
) -> impl Iterator<Item = &'a Provisioner> {
    let after = all.iter().skip_while(|one| !std::ptr::eq(*one, winner)).skip(1);
    after.filter(|later| covers(winner, later))
}

/// The provisioner that answers instead of this one, where those before it answer for all that it could.
pub(super) fn winner<'a>(loser: &Provisioner, all: &'a [Provisioner]) -> Option<&'a Provisioner> {
    let before = || all.iter().take_while(|one| !std::ptr::eq(*one, loser));
    let own = loser.targets();
    let mut winners = own
        .iter()
        .map(|target| before().find(|earlier| covers(earlier, loser) && earlier.targets().contains(target)));
    let first = winners.next().flatten()?;
    winners.all(|winner| winner.is_some()).then_some(first)
}

/// True when whatever matches `inner` matches `outer` too, on a target that both have.
fn covers(outer: &Provisioner, inner: &Provisioner) -> bool {
    let wider = |outer: &Option<String>, inner: &Option<String>| outer.is_none() || outer == inner;
    let outer_targets = outer.targets();
    outer.kind == inner.kind
        && wider(&outer.class, &inner.class)
        && wider(&outer.id, &inner.id)
        && inner.targets().iter().any(|target| outer_targets.contains(target))
}

/// True when a provisioner runs a program.
pub(super) fn runs_program(provisioner: &Provisioner) -> Option<String> {
    let Body::Command(command) = &provisioner.body else { return None };
    Some(std::iter::once(&command.program).chain(&command.args).cloned().collect::<Vec<_>>().join(" "))
}
