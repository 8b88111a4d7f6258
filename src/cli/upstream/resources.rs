//! `resources list` and `resources get-outputs`.

use serde::Serialize;

use crate::cli::upstream::{Call, Done, commands, json, project, table};
use crate::model::marker;
use crate::model::tree::Tree;
use crate::resolve::upstream::moment::in_full;
use crate::write::yaml;

#[derive(Serialize)]
struct Row {
    #[serde(rename = "UID")]
    uid: String,
    #[serde(rename = "Outputs")]
    outputs: Vec<String>,
}

/// Lists the resources that workloads use, in the order in which they are provisioned.
pub(super) fn list(call: &mut Call<'_, '_>) -> Done {
    let remembered = project::open(call)?;
    let rules = project::rules(call, &remembered);
    let plan = crate::pipeline::remembered(&remembered, &rules, &mut call.report)?;
    let rows: Vec<Row> = plan
        .resources
        .iter()
        .map(|planned| {
            let uid = planned.uid.to_string();
            let kept = remembered.state.resources.get(&uid).and_then(|kept| kept.outputs.as_map());
            Row { outputs: kept.into_iter().flatten().map(|(key, _)| key.clone()).collect(), uid }
        })
        .collect();
    let as_json = call.given.text(&commands::FORMAT_TABLE) == "json";
    let text = match (rows.is_empty(), as_json) {
        // compat(score-k8s): the same words for both formats.
        (true, _) if !call.tool.is_compose() => "No resources found\n".to_owned(),
        // compat(score-compose): no list is `null`.
        (true, true) => "null\n".to_owned(),
        (false, true) => json::pretty(&rows),
        (_, false) => {
            let cells = rows.into_iter().map(|row| vec![row.uid, row.outputs.join(", ")]);
            table::draw(&["uid", "outputs"], &cells.collect::<Vec<_>>())
        }
    };
    call.screen.print(text);
    Ok(())
}

/// Prints the outputs of one resource.
pub(super) fn get_outputs(call: &mut Call<'_, '_>) -> Done {
    let remembered = project::open(call)?;
    let uid = call.given.words.first().map_or("", String::as_str);
    let Some(kept) = remembered.state.resources.get(uid) else {
        return Err(format!("no such resource '{uid}'").into());
    };
    let outputs = if kept.outputs.is_blank() { Tree::map() } else { marker::write_tree(&kept.outputs) };
    let text = match call.given.text(&commands::FORMAT_OUTPUTS) {
        "json" if is_endless(&outputs) => return Err("json: unsupported value: +Inf".to_owned().into()),
        "json" => json::pretty(&in_full(outputs)),
        "yaml" => widened(&yaml::to_text(&outputs, yaml::Style::Go)),
        template => {
            // compat(score-compose, score-k8s): the template ends its line, not what it renders.
            let ends = if template.ends_with('\n') { "" } else { "\n" };
            crate::write::patch::render_outputs(&format!("{template}{ends}"), &outputs, call.world)?
        }
    };
    call.screen.print(text);
    Ok(())
}

/// True where a number is infinite or none, which JSON cannot say.
fn is_endless(tree: &Tree) -> bool {
    match tree {
        Tree::Float(number) => !number.is_finite(),
        Tree::List(items) => items.iter().any(is_endless),
        Tree::Map(map) => map.values().any(is_endless),
        _ => false,
    }
}

/// The same YAML with an indent of four, which is that of `get-outputs` alone.
fn widened(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let indent = line.len() - line.trim_start_matches(' ').len();
            " ".repeat(indent) + line
        })
        .collect()
}
