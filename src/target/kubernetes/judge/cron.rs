//! The schedule of a `CronJob`: five fields, or a word such as `@daily`.

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WORDS: &[&str] = &["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// A field: what it is called, its bounds, its names and the number of the first of them.
struct Field {
    called: &'static str,
    from: u32,
    to: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { called: "minute", from: 0, to: 59, names: &[] },
    Field { called: "hour", from: 0, to: 23, names: &[] },
    Field { called: "day", from: 1, to: 31, names: &[] },
    Field { called: "month", from: 1, to: 12, names: MONTHS },
    Field { called: "weekday", from: 0, to: 6, names: DAYS },
];

/// What is wrong with a schedule.
pub(super) fn fault(text: &str) -> Option<String> {
    if text.starts_with('@') {
        let every = text.strip_prefix("@every ").is_some_and(|length| !length.trim().is_empty());
        let fine = every || WORDS.contains(&text);
        return (!fine).then(|| format!("is no schedule: nothing is called `{text}`"));
    }
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Some("may not name a time zone; write it to `timeZone`".to_owned());
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() != FIELDS.len() {
        return Some(format!("is no schedule: it has {} fields, not five", words.len()));
    }
    let wrong =
        words.iter().zip(&FIELDS).find(|(word, field)| !word.split(',').all(|part| fits(part, field)));
    wrong.map(|(word, field)| {
        format!("is no schedule: `{word}` is no {} from {} to {}", field.called, field.from, field.to)
    })
}

/// `*`, `n`, `n-m`, each with `/step` if any.
fn fits(part: &str, field: &Field) -> bool {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let step_fits = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0));
    let number = |text: &str| {
        let named = field.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let named = named.and_then(|index| u32::try_from(index).ok()).map(|index| index + field.from);
        let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        named
            .or_else(|| if digits { text.parse().ok() } else { None })
            .filter(|number| (field.from..=field.to).contains(number))
    };
    let range_fits = match range.split_once('-') {
        _ if matches!(range, "*" | "?") => true,
        None => number(range).is_some(),
        Some((low, high)) => matches!((number(low), number(high)), (Some(low), Some(high)) if low <= high),
    };
    step_fits && range_fits
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn schedules() {
        for text in
            ["* * * * *", "*/5 0-6 1,15 jan-mar MON", "0 0 ? * 0", "@daily", "@every 5m", "5/15 * * * *"]
        {
            assert_eq!(fault(text), None, "{text}");
        }
        for text in
            ["", "* * * *", "60 * * * *", "* * 0 * *", "* * * * 8", "a * * * *", "*/0 * * * *", "@never"]
        {
            assert!(fault(text).is_some(), "{text}");
        }
    }
}
