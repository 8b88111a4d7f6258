//! The suffix that keeps the labels of two installations of one workload apart: kept in the state once it is made.

use crate::model::flow::Resolved;
use crate::model::state::State;
use crate::model::text::Hidden;
use crate::model::tree::Tree;
use crate::resolve::{Rules, names};

const KEY: &str = "instance_suffix";

/// Gives every workload its suffix, where the rules want one.
// compat(score-k8s): a dash and ten hexadecimal digits.
pub fn apply(resolved: &mut Resolved, state: &mut State, rules: &Rules) {
    if !rules.instance_suffixes {
        return;
    }
    let seed = rules.seed.as_ref().map_or("", Hidden::reveal);
    for (name, workload) in &mut resolved.workloads {
        let Some(kept) = state.workloads.get_mut(name) else { continue };
        let made = || Tree::from(format!("-{}", names::short_hash(&format!("instance\0{seed}\0{name}"), 10)));
        let suffix = kept.extra.entry(KEY.to_owned()).or_insert_with(made);
        suffix.as_str().unwrap_or_default().clone_into(&mut workload.instance_suffix);
    }
}
