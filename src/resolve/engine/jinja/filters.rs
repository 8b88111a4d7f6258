//! The filters of the language: those that read characters refuse secrets.

use minijinja::value::Rest;
use minijinja::{Environment, Error, State, Value, filters};

use super::{Opaque, VAULT, Why, trouble};
use crate::resolve::secrets::{Vault, has_mark};

/// Replaces filters that read characters by ones that refuse secrets, and adds ours.
pub(super) fn add(env: &mut Environment<'static>) {
    macro_rules! public_only {
        ($($name:literal => $filter:expr),* $(,)?) => {$(
            env.add_filter(concat!("public ", $name), $filter);
            env.add_filter($name, |state: &mut State, args: Rest<Value>| {
                refuse_secrets($name, &args)?;
                state.apply_filter(concat!("public ", $name), &args)
            });
        )*};
    }
    public_only! {
        "upper" => filters::upper, "lower" => filters::lower, "title" => filters::title,
        "capitalize" => filters::capitalize, "replace" => filters::replace, "trim" => filters::trim,
        "split" => filters::split, "lines" => filters::lines, "indent" => filters::indent,
        "reverse" => filters::reverse, "length" => filters::length, "count" => filters::length,
        "int" => filters::int, "float" => filters::float, "bool" => filters::bool, "escape" => filters::escape,
        "e" => filters::escape, "b64encode" => b64encode, "b64decode" => b64decode, "sha256" => sha256,
    }
    env.add_filter("tojson", |state: &State, value: &Value| quoted("tojson", state, value));
    env.add_filter("named", named);
    env.add_filter("at_most", at_most);
    // JSON is YAML, on one line and with every string quoted: nothing can break out of it.
    env.add_filter("toyaml", |state: &State, value: &Value| quoted("toyaml", state, value));
    env.add_filter("urlencode", |state: &State, value: &Value| {
        let text = value.to_string();
        if has_mark(&text) {
            return if is_plain(state, &text) { Ok(text) } else { Err(closed("urlencode")) };
        }
        Ok(urlencode(&text))
    });
}

/// True when nothing of what the marks in a text stand for could be changed by quoting.
fn is_plain(state: &State, marked: &str) -> bool {
    let vault = state.lookup(VAULT);
    let vault = vault.as_ref().and_then(|vault| vault.downcast_object_ref::<Vault>());
    vault.is_some_and(|vault| vault.is_plain(marked))
}

fn urlencode(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    encoded.collect()
}

/// A map as the list that Kubernetes likes better: `{a: 1}` becomes `[{name: a, value: 1}]`.
fn named(map: &Value) -> Result<Value, Error> {
    let entry = |key: Value| {
        let value = map.get_item(&key)?;
        Ok(Value::from_pairs([("name", key), ("value", value)]))
    };
    map.try_iter()?.map(entry).collect()
}

/// The smaller of two amounts of CPU or memory, as it is written: a request must not be more than the limit.
fn at_most(wanted: &str, most: &str) -> Result<String, Error> {
    let read = |text: &str| {
        amount(text).ok_or_else(|| {
            trouble(Why::Template, format!("`at_most`: `{text}` is no amount such as `100m` or `64Mi`"))
        })
    };
    Ok(if read(wanted)? <= read(most)? { wanted } else { most }.to_owned())
}

fn amount(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit {
        "" => 1.0,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

fn quoted(name: &str, state: &State, value: &Value) -> Result<Value, Error> {
    let text =
        serde_json::to_string(value).map_err(|error| trouble(Why::Template, format!("`{name}`: {error}")))?;
    if has_mark(&text) && !is_plain(state, &text) {
        return Err(closed(name));
    }
    // Nothing can break out of it, wherever it stands.
    Ok(Value::from_safe_string(text))
}

fn refuse_secrets(name: &str, args: &[Value]) -> Result<(), Error> {
    if args.iter().any(holds_mark) { Err(closed(name)) } else { Ok(()) }
}

fn holds_mark(value: &Value) -> bool {
    value.downcast_object_ref::<Opaque>().is_some() || value.as_str().is_some_and(has_mark)
}

fn closed(name: &str) -> Error {
    trouble(
        Why::Secret,
        format!("`{name}` would need the characters of a secret, which templates do not see"),
    )
}

fn b64encode(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn b64decode(text: &str) -> Result<String, Error> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok();
    let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.ok_or_else(|| trouble(Why::Template, "`b64decode`: not the Base64 of a text"))
}

fn sha256(text: &str) -> String {
    crate::resolve::names::short_hash(text, 64)
}

#[cfg(test)]
mod tests {
    use super::at_most;

    #[test]
    fn the_smaller_amount_stays_as_it_is_written() {
        for (wanted, most, smaller) in [
            ("100m", "1", "100m"),
            ("100m", "0.05", "0.05"),
            ("100m", "0.1", "100m"),
            ("64Mi", "1Gi", "64Mi"),
            ("64Mi", "64M", "64M"),
            ("2Gi", "1500000k", "1500000k"),
        ] {
            assert_eq!(at_most(wanted, most).unwrap_or_default(), smaller, "{wanted} {most}");
        }
        assert!(at_most("1Gi", "much").is_err());
    }
}
