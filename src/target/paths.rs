//! Target paths of files and volumes, judged the same way for every target.

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic, Report};

/// A path without `.`, empty steps and a slash at its end.
pub(super) fn clean(path: &str) -> String {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
    format!("/{}", steps.join("/"))
}

/// Says why nothing can be mounted at a path; true when something can.
pub(super) fn sane(section: &str, target: &str, at: &At, report: &mut Report) -> bool {
    let (reason, cure) = if let Some(path) = from_windows(target) {
        (
            "is written as on Windows, and paths in a container have `/` and no drive",
            format!("write `{path}`"),
        )
    } else if !target.starts_with('/') {
        let cure = format!("write `/{}`", target.trim_start_matches("./"));
        ("is not an absolute path, so it is unclear where it goes", cure)
    } else if target.split('/').any(|step| step == "..") {
        ("has `..` in it", "write the path that you mean in full".to_owned())
    } else if section == "files" && target.ends_with('/') {
        ("names a folder, not a file", format!("write the file's name: `{target}NAME`"))
    } else if clean(target) == "/" {
        ("is the root of the container", "mount it at a folder below".to_owned())
    } else {
        return true;
    };
    let said = Diagnostic::new(&codes::TARGET_PATH, format!("`{target}` {reason}"), at.clone());
    report.push(said.help(cure));
    false
}

/// What a path of another system most likely means; `None` for one that is not written so. No file is ever named with a `\\`:
/// some systems would take it for a way out of the folder that files are kept in.
fn from_windows(target: &str) -> Option<String> {
    let mut letters = target.chars();
    let drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    if !drive && !target.contains('\\') {
        return None;
    }
    let mut steps: Vec<&str> = Vec::new();
    for step in (if drive { letters.as_str() } else { target }).split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    Some(if steps.is_empty() { "/app/NAME".to_owned() } else { format!("/{}", steps.join("/")) })
}
