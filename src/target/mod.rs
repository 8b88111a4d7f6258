//! Room 3: turns what is resolved into documents of one platform. One folder per target, one line here.

use crate::diag::{Failed, Report};
use crate::model::flow::{DocId, Lowered, Resolved};
use crate::model::path::Path;
use crate::model::tree::Tree;

mod annotations;
pub mod compose;
pub mod hardening;
pub mod kubernetes;
mod patches;
mod paths;
pub mod verdict;
mod written;

use verdict::Verdict;

/// A platform.
pub trait Target: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;
    /// The sections of a provisioner that it understands.
    fn sections(&self) -> &'static [&'static str];
    /// The file it writes by default.
    fn default_output(&self) -> &'static str;
    /// Lowers everything. What provisioners made moves into the result; the names of it stay.
    ///
    /// # Errors
    /// When something cannot be said on this platform.
    fn lower(
        &self,
        resolved: &mut Resolved,
        options: &Options,
        report: &mut Report,
    ) -> Result<Lowered, Failed>;
    /// Judges what patches left, and spells it as the rest is spelled.
    ///
    /// # Errors
    /// When the platform would not take it.
    fn patched(&self, lowered: Lowered, _options: &Options, _report: &mut Report) -> Result<Lowered, Failed> {
        Ok(lowered)
    }
    /// Finishes what was lowered, after patches: where a platform has nothing to finish, nothing happens.
    ///
    /// # Errors
    /// When what is asked for is no longer there.
    fn finish(
        &self,
        lowered: Lowered,
        _resolved: &Resolved,
        _options: &Options,
        _report: &mut Report,
    ) -> Result<Lowered, Failed> {
        Ok(lowered)
    }
    /// Judges the finished documents as the platform itself would, and tells whoever made what is wrong. `patched` is
    /// true where patch templates ran after lowering.
    fn judge(
        &self,
        lowered: &Lowered,
        resolved: &Resolved,
        options: &Options,
        patched: bool,
        report: &mut Report,
    ) -> Verdict;
}

/// Judges documents that were read, whatever made them: a Compose file each by itself, Kubernetes objects as one set.
pub fn judge(docs: &[(DocId, Path, Tree)], schemas: &kubernetes::judge::Schemas) -> Verdict {
    let is_compose = |tree: &Tree| tree.get("services").is_some() && tree.get("apiVersion").is_none();
    let (mut numbers, mut objects) = (Vec::new(), Vec::new());
    let mut verdict = Verdict::default();
    let is_score = |tree: &Tree| {
        tree.get("apiVersion").and_then(Tree::as_str).is_some_and(|version| version.starts_with("score.dev/"))
    };
    let mut scores = 0;
    for (number, (_, _, tree)) in docs.iter().enumerate() {
        if is_score(tree) {
            scores += 1;
        } else if is_compose(tree) {
            verdict.faults.extend(compose::judge::judge(number, tree, &|_, _| true).faults);
        } else {
            numbers.push(number);
            objects.push(tree);
        }
    }
    let rules = kubernetes::judge::Rules { schemas, whole: true };
    let judged = kubernetes::judge::judge(&objects, rules, &|_| false);
    let own = |fault: verdict::Fault| {
        let doc = numbers.get(fault.doc).copied().unwrap_or_default();
        verdict::Fault { doc, ..fault }
    };
    verdict.faults.extend(judged.faults.into_iter().map(own));
    verdict.unjudged = judged.unjudged;
    if scores > 0 {
        verdict.unjudged.insert(verdict::SCORE_FILE.to_owned(), scores);
    }
    verdict
}

/// All targets.
pub const ALL: &[&dyn Target] = &[&compose::Compose, &kubernetes::Kubernetes];

/// The target of a name.
pub fn find(name: &str) -> Option<&'static dyn Target> {
    ALL.iter().copied().find(|target| target.name() == name)
}

/// What a run asks of the targets.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where side files live, as the documents refer to them.
    pub layout: Layout,
    /// What Compose is asked.
    pub compose: compose::options::Options,
    /// What Kubernetes is asked.
    pub kubernetes: kubernetes::options::Options,
    /// Schemas of kinds of Kubernetes objects that are not its own.
    pub schemas: kubernetes::judge::Schemas,
}

/// Where side files live.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The folder of side files as a document refers to it, such as `./compose.d` or `.score-compose/mounts`.
    pub files: String,
    /// The folder that the document is written to, relative to the current one; empty for the current one itself.
    pub output: String,
}
