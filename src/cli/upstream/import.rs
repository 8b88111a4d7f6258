//! Provisioner files from elsewhere in, files of the state folder out. The newest comes first.

use std::path::Path;

use anyhow::Context;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::cli::upstream::{Call, Trouble};
use crate::diag::{Failed, Report};
use crate::read::parse;
use crate::resolve::upstream::record;
use crate::world::Fetched;

const END: &str = ".provisioners.yaml";

/// Fetches provisioners and keeps them in the state folder.
pub(super) fn import(call: &mut Call<'_, '_>, address: &str, number: usize) -> Result<(), Trouble> {
    let fetched = call
        .world
        .fetch(address)
        .map_err(|error| format!("failed to load provisioner {number}: {error:#}"))?;
    for file in fetched {
        call.info(format!("Read {} bytes from {}", file.bytes.len(), file.name));
        keep(call, address, &file)?;
    }
    Ok(())
}

fn keep(call: &mut Call<'_, '_>, address: &str, file: &Fetched) -> Result<(), Trouble> {
    let text = String::from_utf8(file.bytes.clone())
        .map_err(|_| format!("failed to save provisioner from {address}: it is not UTF-8"))?;
    if judge(call, address, &text).is_err() {
        let more = call.report.diagnostics.last().map(|said| said.message.clone()).unwrap_or_default();
        return Err(
            format!("failed to save provisioner from {address}: invalid provisioners file: {more}").into()
        );
    }
    let names = call.world.list(Path::new(call.tool.folder)).context("the state folder cannot be read")?;
    let hash = hash(&file.name);
    let older: Vec<&String> = names.iter().filter(|name| name.ends_with(&format!(".{hash}{END}"))).collect();
    let name = format!("{}.{hash}{END}", prefix(call.world.now(), &names));
    let path = call.tool.path(&name);
    let content = format!("# Downloaded from {address} at {}\n{text}", moment(call.world.now()));
    call.world
        .replace(Path::new(&path), content.as_bytes(), 0o600)
        .context("the provisioner cannot be kept")?;
    call.info(format!("Wrote provisioner from '{address}' to {path}"));
    for name in older {
        call.world
            .remove(Path::new(&call.tool.path(name)))
            .context("the older provisioner cannot be removed")?;
    }
    Ok(())
}

fn judge(call: &mut Call<'_, '_>, address: &str, text: &str) -> Result<(), Failed> {
    let report: &mut Report = &mut call.report;
    let source = report.sources.add(address, text);
    let node = parse::first(source, report)?;
    let doc = report.sources.reserve();
    report.sources.keep(doc, std::sync::Arc::new(node.clone()));
    let Some(list) = node.as_list() else {
        let at = crate::diag::At::value(doc, crate::model::path::Path::default());
        let said = "a provisioner file is a list of records";
        return Err(report.fail(crate::diag::Diagnostic::new(
            &crate::diag::codes::resolve::BAD_RECORD,
            said,
            at,
        )));
    };
    let whose = record::Whose { target: call.tool.target, mixed: false, origin: &record::origin(text) };
    record::records(doc, list, &whose, report).map(|_| ())
}

/// The part of a name that stays when an address is imported again.
fn hash(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or_default())
}

/// The part of a name that sorts it: newer before older, and all of them after names that begin with a digit and before
/// the defaults.
// compat(score-compose, score-k8s): theirs is base64 of a falling number, which begins with `Z` and does not sort as it
// is meant to. Ours begins with `Z0` and is hexadecimal, so that it sorts before all of theirs and among its own.
fn prefix(now: u64, names: &[String]) -> String {
    let ours = names.iter().filter_map(|name| {
        let digits = name.strip_prefix("Z0")?.split('.').next()?;
        (digits.len() == 16).then(|| u64::from_str_radix(digits, 16).ok())?
    });
    let falling = (u64::MAX >> 1).saturating_sub(now);
    let least = ours.min().map_or(falling, |least| falling.min(least.saturating_sub(1)));
    format!("Z0{least:016x}")
}

/// A moment as `2026-01-31T12:00:00Z`.
fn moment(nanoseconds: u64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days since 1970 to a date of the Gregorian calendar, years counted from March.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_upstreams_and_sort_newest_first() {
        assert_eq!(hash("/srv/p/a.txt"), "VfjwCWYK5Kf1dtD4dAlqwA");
        let mut names =
            vec!["10-mine.provisioners.yaml".to_owned(), "zz-default.provisioners.yaml".to_owned()];
        names.push("ZxYK6IIvqcs.JRM9UAx1n0M-FWwa4RNPKA.provisioners.yaml".to_owned());
        let first = prefix(1_790_000_000_000_000_000, &names);
        names.push(format!("{first}.a.provisioners.yaml"));
        let second = prefix(1_790_000_000_000_000_000, &names);
        names.push(format!("{second}.b.provisioners.yaml"));
        let third = prefix(1_890_000_000_000_000_000, &names);
        assert!(third < second && second < first, "{first} {second} {third}");
        names.push(format!("{third}.c.provisioners.yaml"));
        let clock_went_back = prefix(0, &names);
        assert!(clock_went_back < third, "{clock_went_back} {third}");
        assert!(first.as_str() < "ZA" && first.as_str() > "10", "{first}");
    }

    #[test]
    fn moments_are_dates() {
        let rows = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
        ];
        for (seconds, wanted) in rows {
            assert_eq!(moment(seconds * 1_000_000_000), wanted);
        }
    }
}
