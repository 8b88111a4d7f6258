//! The uris of records, taken apart as the Go tools take them apart: `template:` alone is one, `cmd://a b` is none.

/// A uri in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uri {
    /// What stands before the first colon, in small letters.
    pub scheme: String,
    /// The host without its port; empty where nothing follows `//`, or no `//` is there.
    pub host: String,
    /// What follows the host, with the slash that it begins with; empty where there is no `//`.
    pub path: String,
    /// Whether somebody's name stands before the host.
    pub user: bool,
    /// Whether a port follows the host.
    pub port: bool,
    /// Whether a query follows the path.
    pub query: bool,
}

/// Takes a uri apart.
///
/// # Errors
/// A reason that completes "the uri `…` ".
pub fn parse(text: &str) -> Result<Uri, &'static str> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err("holds a control character");
    }
    let (bare, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (scheme, rest) = bare.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).ok_or(NO_SCHEME)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.strip_prefix("//").map_or_else(
        || ("", if rest.starts_with('/') { rest } else { "" }),
        |rest| rest.split_at(rest.find('/').unwrap_or(rest.len())),
    );
    if !is_escaped(path) || !is_escaped(fragment) {
        return Err("holds a `%` that two hexadecimal digits do not follow");
    }
    let (user, place) =
        authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
    let (host, port) = if place.starts_with('[') {
        let end = place.rfind(']').ok_or("has a `[` in its host and no `]`")?;
        place.split_at(end + 1)
    } else {
        place.split_at(place.rfind(':').unwrap_or(place.len()))
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    if (port.is_empty() != digits.is_empty() && port != ":")
        || !digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err("has a port that is no number");
    }
    if !host.chars().all(|letter| !letter.is_ascii() || in_host(letter)) {
        return Err("has a host that holds a character which none can hold");
    }
    if !user.is_none_or(|user| is_escaped(user) && user.chars().all(in_user)) {
        return Err("has a character before its `@` that cannot be there");
    }
    Ok(Uri {
        scheme: scheme.to_lowercase(),
        host: host.to_owned(),
        path: path.to_owned(),
        user: user.is_some(),
        port: !digits.is_empty(),
        query: query.split('&').any(|pair| !pair.is_empty()),
    })
}

const NO_SCHEME: &str = "has no scheme such as `template://` or `cmd://`";

fn is_scheme(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
}

fn is_escaped(text: &str) -> bool {
    let hex = |digits: &str| {
        let mut two = digits.chars().take(2).filter(char::is_ascii_hexdigit);
        two.next().is_some() && two.next().is_some()
    };
    text.split('%').skip(1).all(hex)
}

fn in_host(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"".contains(letter)
}

fn in_user(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn uris_are_read_as_go_reads_them() {
        let rows = [
            ("template://x", "template x  "),
            ("template:", "template   "),
            ("template:x", "template   "),
            ("TEMPLATE:/a/b", "template  /a/b "),
            ("template:///a/b?x=1#f", "template  /a/b query"),
            ("cmd://echo?", "cmd echo  "),
            ("cmd://echo#part", "cmd echo  "),
            ("cmd://~/bin/my-tool", "cmd ~ /bin/my-tool "),
            ("cmd://u@h:80/x", "cmd h /x user port"),
            ("cmd://h:/x", "cmd h /x "),
            ("cmd://h\u{e9}", "cmd h\u{e9}  "),
            ("cmd://[::1]:8", "cmd [::1]  port"),
            ("", "has no scheme such as `template://` or `cmd://`"),
            ("abc", "has no scheme such as `template://` or `cmd://`"),
            ("://x", "has no scheme such as `template://` or `cmd://`"),
            ("1a://x", "has no scheme such as `template://` or `cmd://`"),
            ("cmd://a b", "has a host that holds a character which none can hold"),
            ("cmd://a%41", "has a host that holds a character which none can hold"),
            ("cmd://a:bc", "has a port that is no number"),
            ("cmd://[::1", "has a `[` in its host and no `]`"),
            ("cmd://a/%4", "holds a `%` that two hexadecimal digits do not follow"),
            ("cmd://a b@h", "has a character before its `@` that cannot be there"),
            ("cmd://a\tb", "holds a control character"),
        ];
        for (text, wanted) in rows {
            let read = parse(text).map_or_else(str::to_owned, |uri| {
                let marks = [(uri.user, "user"), (uri.port, "port"), (uri.query, "query")];
                let marks: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
                format!("{} {} {} {}", uri.scheme, uri.host, uri.path, marks.join(" "))
            });
            assert_eq!(read, wanted, "{text}");
        }
    }
}
