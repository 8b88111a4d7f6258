//! `--version`, `version`, `check-version`.

use crate::cli::upstream::{Call, Done, Tool};

/// What `--version` prints: that this is sightread, and which version of the tool it follows.
pub(super) fn lines(tool: &Tool) -> String {
    format!(
        "{} {} (sightread {})\nsightread {} in place of {}\nbehaves as {} {} does, but for the differences that its \
         documentation lists\n",
        tool.name,
        tool.follows,
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_VERSION"),
        tool.name,
        tool.name,
        tool.follows,
    )
}

/// `version`. It asks nobody whether there is a newer one.
#[expect(clippy::unnecessary_wraps, reason = "every command has this shape")]
pub(super) fn run(call: &mut Call<'_, '_>) -> Done {
    call.screen.print(lines(call.tool));
    Ok(())
}

/// `check-version`.
pub(super) fn check(call: &mut Call<'_, '_>) -> Done {
    let wanted = call.given.words.first().map_or("", String::as_str);
    judge(call.tool.follows, wanted)?;
    Ok(())
}

/// Holds a version against a constraint such as `>=1.2` or `=v0.45.0`.
fn judge(current: &str, wanted: &str) -> Result<(), String> {
    let (operator, version) = ["<", ">=", ">", "="]
        .into_iter()
        .find_map(|operator| Some((operator, wanted.strip_prefix(operator)?)))
        .unwrap_or(("", wanted));
    let asked = number(version.strip_prefix('v').unwrap_or(version));
    let (Some(asked), true) = (asked, operator != "<") else {
        return Err(format!("invalid constraint '{wanted}'"));
    };
    let ours = number(current).unwrap_or_default();
    let holds = match operator {
        ">=" => ours >= asked,
        ">" => ours > asked,
        "=" => ours == asked,
        // compat(score-compose, score-k8s): a constraint without an operator never holds.
        _ => false,
    };
    if holds {
        Ok(())
    } else {
        Err(format!("current version {current} does not match requested constraint {wanted}"))
    }
}

fn number(version: &str) -> Option<u64> {
    let parts: Vec<&str> = version.split('.').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(digits) {
        return None;
    }
    let mut numbers = parts.iter().map(|part| part.parse::<u64>().ok());
    let mut next = || numbers.next().unwrap_or(Some(0));
    let (major, minor, patch) = (next()?, next()?, next()?);
    major.checked_mul(1_000_000)?.checked_add(minor.checked_mul(1000)?)?.checked_add(patch)
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn constraints_hold_or_say_why() {
        let rows = [
            (">=0.45", "fine"),
            (">=v0.45.0", "fine"),
            (">0.44.9", "fine"),
            ("=0.45.0", "fine"),
            (">0.45", "does not match"),
            ("=0.45.1", "does not match"),
            ("0.45.0", "does not match"),
            ("v1", "does not match"),
            ("<1", "invalid"),
            ("<=1", "invalid"),
            ("~1", "invalid"),
            (">=1.2.3-rc", "invalid"),
            (">=1.2.3.4", "invalid"),
            ("", "invalid"),
        ];
        for (constraint, wanted) in rows {
            let said = judge("0.45.0", constraint).err().unwrap_or_else(|| "fine".to_owned());
            assert!(said.contains(wanted), "{constraint}: {said}");
        }
    }
}
