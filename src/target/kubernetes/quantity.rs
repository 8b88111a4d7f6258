//! Quantities such as `500m` and `1.5Gi`: text in, the form that Kubernetes prints out, and the value to compare.

/// A quantity in billionths, the finest that Kubernetes knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quantity {
    /// As Kubernetes prints it.
    pub(super) text: String,
    /// The value in billionths, rounded up.
    pub(super) nanos: u128,
}

/// Why a text is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The letters after the number mean nothing.
    Suffix,
    /// There is no number, or it is too large.
    Number,
}

const NANO: u128 = 1_000_000_000;
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// The digits of a quantity, before and after the point.
struct Pieces<'a> {
    whole: &'a str,
    fraction: &'a str,
}

/// Reads a quantity.
///
/// # Errors
/// When it has no number, a number too large to count, or an unknown suffix.
pub(super) fn parse(text: &str) -> Result<Quantity, Fault> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return Err(Fault::Number);
    }
    let pieces = Pieces { whole: whole.trim_start_matches('0'), fraction };
    if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return decimal(text, &pieces, *exponent).ok_or(Fault::Number);
    }
    let (_, bits) = BINARY.iter().find(|(name, _)| *name == suffix).ok_or(Fault::Suffix)?;
    binary(text, &pieces, *bits).ok_or(Fault::Number)
}

/// A quantity with a decimal suffix. What is already in a good form stays as it was written.
fn decimal(text: &str, pieces: &Pieces<'_>, exponent: i32) -> Option<Quantity> {
    let digits = format!("{}{}", pieces.whole, pieces.fraction);
    let places = i32::try_from(pieces.fraction.len()).ok()?;
    let nanos = scale(digits.parse().unwrap_or(0), exponent - places + 9)?;
    let good = (exponent - places) % 3 == 0
        && (exponent - places) >= -9
        && !pieces.whole.is_empty()
        && !digits.ends_with("000");
    let text = if good { text.to_owned() } else { print_decimal(nanos) };
    Some(Quantity { text, nanos })
}

/// A quantity with a binary suffix.
fn binary(text: &str, pieces: &Pieces<'_>, bits: u32) -> Option<Quantity> {
    let digits = format!("{}{}", pieces.whole, pieces.fraction).parse::<u128>().unwrap_or(0);
    let parts = digits.checked_mul(1 << bits)?.checked_mul(NANO)?;
    let nanos = parts.div_ceil(10_u128.checked_pow(u32::try_from(pieces.fraction.len()).ok()?)?);
    let good = pieces.fraction.is_empty() && digits % 8 != 0;
    let text = if good { text.to_owned() } else { print_binary(nanos) };
    Some(Quantity { text, nanos })
}

/// A number times a power of ten, rounded up.
fn scale(number: u128, power: i32) -> Option<u128> {
    let factor = 10_u128.checked_pow(power.unsigned_abs());
    match (power >= 0, factor) {
        (true, factor) => number.checked_mul(factor?),
        (false, Some(factor)) => Some(number.div_ceil(factor)),
        (false, None) => Some(u128::from(number > 0)),
    }
}

/// Without a fraction, under the largest suffix that keeps it whole.
fn print_decimal(nanos: u128) -> String {
    if nanos == 0 {
        return "0".to_owned();
    }
    let mut number = nanos;
    let mut last = "n";
    for (suffix, _) in DECIMAL.iter().skip(1) {
        if !number.is_multiple_of(1000) {
            break;
        }
        number /= 1000;
        last = suffix;
    }
    format!("{number}{last}")
}

/// The same in powers of 1024; small and broken amounts are printed as decimals.
fn print_binary(nanos: u128) -> String {
    let mut number = nanos / NANO;
    if !nanos.is_multiple_of(NANO) || number < 1024 {
        return print_decimal(nanos);
    }
    let mut last = "";
    for (suffix, _) in BINARY {
        if !number.is_multiple_of(1024) {
            break;
        }
        number /= 1024;
        last = suffix;
    }
    format!("{number}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_print_as_kubernetes_prints_them() {
        for (written, printed) in [
            ("250m", "250m"),
            ("1.500", "1.500"),
            ("1500M", "1500M"),
            ("007", "007"),
            ("100M", "100M"),
            ("125Mi", "125Mi"),
            ("0.5", "500m"),
            ("0.250", "250m"),
            ("0.500", "500m"),
            ("2000m", "2"),
            ("1000M", "1G"),
            ("1000000", "1M"),
            ("0.0001", "100u"),
            ("1.0001", "1000100u"),
            ("3.0", "3"),
            ("1024Ki", "1Mi"),
            ("1.5Gi", "1536Mi"),
            ("2048Mi", "2Gi"),
            ("1536Mi", "1536Mi"),
            ("0.5Ki", "512"),
            ("1.1Gi", "1181116006400m"),
            ("0.001Ki", "1024m"),
            ("0.00000000001", "1n"),
            ("0", "0"),
            ("0m", "0"),
            ("128Mi", "128Mi"),
            ("1", "1"),
            ("12E", "12E"),
        ] {
            assert_eq!(parse(written).map(|quantity| quantity.text), Ok(printed.to_owned()), "{written}");
        }
    }

    #[test]
    fn what_is_no_quantity_says_why() {
        for (written, fault) in
            [("1K", Fault::Suffix), ("1 Mi", Fault::Suffix), ("", Fault::Number), ("1.2.3", Fault::Number)]
        {
            assert_eq!(parse(written), Err(fault), "{written}");
        }
    }
}
