//! Values as Go's JSON encoder prints them: sorted keys, an indent of two, `<`, `>` and `&` escaped.

use serde::Serialize;

/// Prints a value and a newline.
pub(super) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026") + "\n"
}
