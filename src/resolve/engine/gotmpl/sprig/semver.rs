//! Versions and what they are compared with.

use std::cmp::Ordering;
use std::rc::Rc;

use regex::Regex;
pub use semver::Version;
use semver::{BuildMetadata, Prerelease};

use crate::resolve::engine::gotmpl::function::{Args, Function, Type};
use crate::resolve::engine::gotmpl::value::Value;

const SS: &[Type] = &[Type::Str, Type::Str];
const A: &[Type] = &[Type::Any];
const INVALID: &str = "Invalid Semantic Version";

/// A version with parts that may be missing or wild.
const LENIENT: &str = r"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?";
const OPERATORS: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("semver", &[Type::Str], |args| {
        Ok(Value::Version(Rc::new((parse(args.text(0))?, args.text(0).to_owned()))))
    }),
    Function::pure("semverCompare", SS, |args| {
        let version = |text: &str| parse(text);
        let ranges = constraints(args.text(0))?;
        let version = version(args.text(1))?;
        Ok(Value::Bool(ranges.iter().any(|range| range.iter().all(|one| one.allows(&version)))))
    }),
];

/// Methods of a version.
pub const METHODS: &[Function] = &[
    Function::pure("Major", A, |args| Ok(Value::Uint64(own(args)?.0.major))),
    Function::pure("Minor", A, |args| Ok(Value::Uint64(own(args)?.0.minor))),
    Function::pure("Patch", A, |args| Ok(Value::Uint64(own(args)?.0.patch))),
    Function::pure("Prerelease", A, |args| Ok(Value::from(own(args)?.0.pre.as_str()))),
    Function::pure("Metadata", A, |args| Ok(Value::from(own(args)?.0.build.as_str()))),
    Function::pure("Original", A, |args| Ok(Value::from(own(args)?.1.as_str()))),
    Function::pure("String", A, |args| Ok(Value::from(own(args)?.0.to_string()))),
    Function::pure("Compare", &[Type::Any, Type::Any], |args| Ok(Value::Int(order(args)? as i64))),
    Function::pure("Equal", &[Type::Any, Type::Any], |args| Ok(Value::Bool(order(args)?.is_eq()))),
    Function::pure("LessThan", &[Type::Any, Type::Any], |args| Ok(Value::Bool(order(args)?.is_lt()))),
    Function::pure("GreaterThan", &[Type::Any, Type::Any], |args| Ok(Value::Bool(order(args)?.is_gt()))),
];

fn version(value: &Value) -> Result<Rc<(Version, String)>, String> {
    match value {
        Value::Version(version) => Ok(Rc::clone(version)),
        other => Err(format!("wrong type for value; expected *semver.Version; got {}", other.type_name())),
    }
}

fn own(args: &Args) -> Result<Rc<(Version, String)>, String> {
    version(args.any(0))
}

fn order(args: &Args) -> Result<Ordering, String> {
    Ok(own(args)?.0.cmp_precedence(&version(args.any(1))?.0))
}

fn pattern(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| error.to_string())
}

/// Reads a version; minor and patch may be missing, and a `v` may stand before it.
fn parse(text: &str) -> Result<Version, String> {
    let shape = pattern(&format!("^{}$", LENIENT.replace("[0-9|xX*]", "[0-9]")))?;
    let parts = shape.captures(text).ok_or(INVALID)?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str());
    let number = |index: usize| -> Result<u64, String> {
        let digits = part(index).trim_start_matches('.');
        if digits.is_empty() {
            return Ok(0);
        }
        digits.parse().map_err(|_| {
            format!(
                "Error parsing version segment: strconv.ParseUint: parsing {digits:?}: value out of range"
            )
        })
    };
    let pre = part(4).trim_start_matches('-');
    Ok(Version {
        major: number(1)?,
        minor: number(2)?,
        patch: number(3)?,
        pre: Prerelease::new(part(4).strip_prefix('-').unwrap_or(pre))
            .map_err(|_| "Version segment starts with 0".to_owned())?,
        build: BuildMetadata::new(part(5).trim_start_matches('+')).map_err(|_| INVALID.to_owned())?,
    })
}

/// One comparison.
#[derive(Debug)]
struct Constraint {
    operator: String,
    version: Version,
    /// Major, minor or patch is wild or missing.
    dirty: bool,
    minor_dirty: bool,
    patch_dirty: bool,
}

/// Alternatives, each of comparisons that must all hold.
fn constraints(text: &str) -> Result<Vec<Vec<Constraint>>, String> {
    let range = pattern(&format!(r"\s*({LENIENT})\s+-\s+({LENIENT})\s*"))?;
    let text = range.replace_all(text, ">= ${1}, <= ${7} ");
    let one = format!(r"\s*(?:{OPERATORS})\s*(?:{LENIENT})\s*");
    let valid = pattern(&format!(r"^(?:{one})(?:(?:\s+|,\s*)(?:{OPERATORS})\s*(?:{LENIENT})\s*)*$"))?;
    let each = pattern(&format!(r"(?:{OPERATORS})\s*(?:{LENIENT})"))?;
    let alternative = |text: &str| {
        if !valid.is_match(text) {
            return Err(format!("improper constraint: {text}"));
        }
        each.find_iter(text).map(|found| constraint(found.as_str())).collect()
    };
    text.split("||").map(alternative).collect()
}

fn constraint(text: &str) -> Result<Constraint, String> {
    let shape = pattern(&format!(r"^\s*({OPERATORS})\s*{LENIENT}\s*$"))?;
    let parts = shape.captures(text).ok_or_else(|| format!("improper constraint: {text}"))?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str());
    let open = |index: usize| matches!(part(index).trim_start_matches('.'), "" | "x" | "X" | "*");
    let (major, minor, patch) = (open(2), open(3), open(4));
    let spelled = match (major, minor, patch) {
        (true, _, _) => format!("0.0.0{}", part(5)),
        (false, true, _) => format!("{}.0.0{}", part(2), part(5)),
        (false, false, true) => format!("{}{}.0{}", part(2), part(3), part(5)),
        (false, false, false) => format!("{}{}{}{}{}", part(2), part(3), part(4), part(5), part(6)),
    };
    Ok(Constraint {
        operator: part(1).to_owned(),
        version: parse(&spelled).map_err(|_| "constraint Parser Error".to_owned())?,
        dirty: major || minor || patch,
        minor_dirty: !major && minor,
        patch_dirty: !major && !minor && patch,
    })
}

impl Constraint {
    fn allows(&self, version: &Version) -> bool {
        let Self { operator, version: own, dirty, minor_dirty, patch_dirty: _ } = self;
        if (*dirty || operator != "!=") && own.pre.is_empty() && !version.pre.is_empty() {
            return false;
        }
        let order = version.cmp_precedence(own);
        match operator.as_str() {
            "" | "=" if *dirty => self.tilde(version),
            "" | "=" => order.is_eq(),
            "!=" => self.differs(version),
            ">" if *dirty => self.above(version),
            ">" => order.is_gt(),
            "<" => order.is_lt(),
            ">=" | "=>" => order.is_ge(),
            "<=" | "=<" if *dirty => {
                version.major < own.major
                    || version.major == own.major && (version.minor <= own.minor || *minor_dirty)
            }
            "<=" | "=<" => order.is_le(),
            "~" | "~>" => self.tilde(version),
            _ => self.caret(version),
        }
    }

    fn differs(&self, version: &Version) -> bool {
        let Self { operator: _, version: own, dirty, minor_dirty, patch_dirty } = self;
        if *dirty {
            if own.major != version.major || (own.minor != version.minor && !minor_dirty) {
                return true;
            }
            if *minor_dirty {
                return false;
            }
            if own.patch != version.patch && !patch_dirty {
                return true;
            }
            if *patch_dirty {
                return own.pre != version.pre;
            }
        }
        !version.cmp_precedence(own).is_eq()
    }

    fn above(&self, version: &Version) -> bool {
        match version.major.cmp(&self.version.major) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal if self.minor_dirty => false,
            Ordering::Equal if self.patch_dirty => version.minor > self.version.minor,
            Ordering::Equal => version.cmp_precedence(&self.version).is_gt(),
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.cmp_precedence(own).is_lt() {
            return false;
        }
        if (own.major, own.minor, own.patch) == (0, 0, 0) && !self.minor_dirty && !self.patch_dirty {
            return true;
        }
        version.major == own.major && (version.minor == own.minor || self.minor_dirty)
    }

    fn caret(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.cmp_precedence(own).is_lt() {
            return false;
        }
        if own.major > 0 || self.minor_dirty {
            return version.major == own.major;
        }
        if version.major > 0 {
            return false;
        }
        if own.minor > 0 || self.patch_dirty {
            return version.minor == own.minor;
        }
        version.minor == 0 && own.patch == version.patch
    }
}
