//! Amounts in Kubernetes' notation: `500m`, `1.5`, `128Mi`.

/// The suffixes with what they multiply by, in billionths.
const SUFFIXES: [(&str, u128); 16] = [
    ("Ki", 1_000_000_000 << 10),
    ("Mi", 1_000_000_000 << 20),
    ("Gi", 1_000_000_000 << 30),
    ("Ti", 1_000_000_000 << 40),
    ("Pi", 1_000_000_000 << 50),
    ("Ei", 1_000_000_000 << 60),
    ("n", 1),
    ("u", 1_000),
    ("m", 1_000_000),
    ("k", 1_000_000_000_000),
    ("K", 1_000_000_000_000),
    ("M", 1_000_000_000_000_000),
    ("G", 1_000_000_000_000_000_000),
    ("T", 1_000_000_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000_000_000_000),
];

/// The amount in billionths, rounded up; `None` for what is not an amount.
///
/// ```
/// use sightread::model::quantity::nanos;
/// assert_eq!(nanos("500m"), Some(500_000_000));
/// assert_eq!(nanos("1.5Ki"), Some(1536 * 1_000_000_000));
/// assert_eq!(nanos("1x"), None);
/// ```
pub fn nanos(text: &str) -> Option<u128> {
    let suffix = SUFFIXES.iter().find(|(suffix, _)| text.ends_with(suffix));
    let (number, scale) = match suffix {
        Some((suffix, scale)) => (text.strip_suffix(suffix)?, *scale),
        None => (text, 1_000_000_000),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 18 {
        return None;
    }
    let below = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let rest = fraction.parse::<u128>().ok()?;
    // Whole and fraction apart, so that large suffixes leave room for the digits of a fraction.
    let whole = whole.parse::<u128>().ok()?.checked_mul(scale)?;
    let (times, left) = (scale / below, scale % below);
    let part = rest.checked_mul(times)?.checked_add(rest.checked_mul(left)?.div_ceil(below))?;
    whole.checked_add(part)
}
