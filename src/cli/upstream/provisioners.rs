//! `provisioners list`.

use serde::Serialize;

use crate::cli::upstream::{Call, Done, commands, json, project, table};
use crate::resolve::provisioner::Provisioner;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    r#type: &'a str,
    class: &'a str,
    params: Option<Vec<String>>,
    outputs: Option<Vec<String>>,
    description: &'a str,
}

/// Lists what the project has, by type; those of one type in the order in which they win.
pub(super) fn run(call: &mut Call<'_, '_>) -> Done {
    if !project::exists(call) {
        return Err(format!("no state directory found, run '{} init' first", call.tool.name).into());
    }
    let origins = project::origins(call.tool, call.world);
    let catalog = crate::pipeline::catalog(&origins, call.tool.target, call.world, &mut call.report)?;
    let mut found: Vec<&Provisioner> = catalog.provisioners.iter().collect();
    if found.is_empty() {
        call.info("No provisioners found");
        return Ok(());
    }
    found.sort_by(|a, b| a.kind.cmp(&b.kind));
    let rows: Vec<Row<'_>> = found.into_iter().map(row).collect();
    let text = if call.given.text(&commands::FORMAT_TABLE) == "json" {
        json::pretty(&rows)
    } else {
        let heads = ["type", "class", "params", "outputs", "description"];
        let joined = |list: &Option<Vec<String>>| list.as_deref().unwrap_or_default().join(", ");
        let cells = rows.iter().map(|row| {
            let Row { r#type, class, params, outputs, description } = row;
            vec![
                r#type.to_string(),
                class.to_string(),
                joined(params),
                joined(outputs),
                description.to_string(),
            ]
        });
        table::draw(&heads, &cells.collect::<Vec<_>>())
    };
    call.screen.print(text);
    Ok(())
}

fn row(provisioner: &Provisioner) -> Row<'_> {
    let (params, outputs) = provisioner.listed();
    let sorted = |list: Option<Vec<String>>| {
        list.map(|mut list| {
            list.sort();
            list
        })
    };
    Row {
        r#type: &provisioner.kind,
        class: provisioner.class.as_deref().unwrap_or("(any)"),
        params: sorted(params),
        outputs: sorted(outputs),
        description: &provisioner.description,
    }
}
