//! What reads the machine or makes keys: the environment through the caller, the rest refused by name.

use crate::resolve::engine::gotmpl::function::{Args, Function, Host, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::text_fits;
use crate::resolve::engine::gotmpl::value::Value;

const S: &[Type] = &[Type::Str];
const SS: &[Type] = &[Type::Str, Type::Str];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::host("env", S, |args, host| host.env(args.text(0)).map(Value::from)),
    Function::host("expandenv", S, expand),
    Function::pure("getHostByName", S, |_| Err("templates may not look up names on the network".to_owned())),
    Function::pure("genPrivateKey", S, refuse),
    Function::pure("buildCustomCert", SS, refuse),
    Function::pure("genCA", &[Type::Str, Type::Int], refuse),
    Function::pure("genCAWithKey", &[Type::Str, Type::Int, Type::Str], refuse),
    Function::pure("genSelfSignedCert", &[Type::Str, Type::Any, Type::Any, Type::Int], refuse),
    Function::pure(
        "genSelfSignedCertWithKey",
        &[Type::Str, Type::Any, Type::Any, Type::Int, Type::Str],
        refuse,
    ),
    Function::pure("genSignedCert", &[Type::Str, Type::Any, Type::Any, Type::Int, Type::Any], refuse),
    Function::pure(
        "genSignedCertWithKey",
        &[Type::Str, Type::Any, Type::Any, Type::Int, Type::Any, Type::Str],
        refuse,
    ),
];

fn refuse(_: &Args) -> Outcome {
    Err("not supported here: make the key or certificate outside and pass it in as a parameter".to_owned())
}

/// Replaces `$NAME` and `${NAME}`.
fn expand(args: &Args, host: &mut dyn Host) -> Outcome {
    let mut out = String::new();
    let mut rest = args.text(0);
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        text_fits(out.len())?;
        let (name, next) = variable(after);
        match name {
            Some(name) => out.push_str(&host.env(name)?),
            None if next.len() == after.len() => out.push('$'),
            None => {}
        }
        rest = next;
    }
    out.push_str(rest);
    Ok(Value::from(out))
}

/// The name after a dollar, if it is one, and what follows.
fn variable(after: &str) -> (Option<&str>, &str) {
    if let Some(braced) = after.strip_prefix('{') {
        return match braced.split_once('}') {
            Some(("", rest)) => (None, rest),
            Some((name, rest)) => (Some(name), rest),
            None => (None, braced),
        };
    }
    if after.starts_with(|letter: char| "*#$@!?-0123456789".contains(letter)) {
        let (name, rest) = after.split_at(1);
        return (Some(name), rest);
    }
    let end =
        after.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric()).unwrap_or(after.len());
    let (name, rest) = after.split_at(end);
    (Some(name).filter(|name| !name.is_empty()), rest)
}
