//! Floating-point arithmetic. Sums and products are taken in decimal, so that `addf 0.1 0.2` is `0.3`.

use super::convert::float64;
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::value::Value;

const A: &[Type] = &[Type::Any];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("floor", A, |args| Ok(Value::Float(float64(args.any(0)).floor()))),
    Function::pure("ceil", A, |args| Ok(Value::Float(float64(args.any(0)).ceil()))),
    Function::many("round", &[Type::Any, Type::Int], Type::Float, |args| Ok(Value::Float(round(args)))),
    Function::many("maxf", A, Type::Any, |args| Ok(extreme(args, f64::max))),
    Function::many("minf", A, Type::Any, |args| Ok(extreme(args, f64::min))),
    Function::pure("add1f", A, |args| {
        fold(float64(args.any(0)), &[Value::Int(1)], Decimal::add, |a, b| a + b)
    }),
    Function::many("addf", &[], Type::Any, |args| fold(0.0, &args.0, Decimal::add, |a, b| a + b)),
    Function::many("subf", A, Type::Any, |args| {
        fold(float64(args.any(0)), args.from(1), Decimal::sub, |a, b| a - b)
    }),
    Function::many("mulf", A, Type::Any, |args| {
        fold(float64(args.any(0)), args.from(1), Decimal::mul, |a, b| a * b)
    }),
    Function::many("divf", A, Type::Any, divide),
];

fn extreme(args: &Args, choose: fn(f64, f64) -> f64) -> Value {
    let mut values = args.0.iter().map(float64);
    let first = values.next().unwrap_or(0.0);
    Value::Float(values.fold(first, |a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { choose(a, b) }))
}

fn round(args: &Args) -> f64 {
    let threshold = if args.from(2).is_empty() { 0.5 } else { args.float(2) };
    let places = i32::try_from(args.int(1).clamp(-400, 400)).unwrap_or(0);
    let power = 10.0_f64.powi(places);
    let digit = power * float64(args.any(0));
    let rounded = if digit.fract() >= threshold { digit.ceil() } else { digit.floor() };
    rounded / power
}

fn divide(args: &Args) -> Outcome {
    if args.from(1).iter().any(|value| float64(value) == 0.0) {
        return Err("decimal division by 0".to_owned());
    }
    fold(float64(args.any(0)), args.from(1), Decimal::div, |a, b| a / b)
}

/// Folds in decimal; numbers too long for that are folded in binary.
fn fold(
    start: f64,
    values: &[Value],
    exact: fn(Decimal, Decimal) -> Option<Decimal>,
    rough: fn(f64, f64) -> f64,
) -> Outcome {
    let numbers: Vec<f64> = values.iter().map(float64).collect();
    if !start.is_finite() || numbers.iter().any(|number| !number.is_finite()) {
        return Err("Cannot create a Decimal from a number that is not finite".to_owned());
    }
    let mut sum = Decimal::of(start);
    for number in &numbers {
        sum = sum.zip(Decimal::of(*number)).and_then(|(a, b)| exact(a, b));
    }
    let fallback = || numbers.iter().copied().fold(start, rough);
    Ok(Value::Float(sum.map_or_else(fallback, Decimal::float)))
}

/// `digits * 10^power`.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: i128,
    power: i32,
}

/// Places after the point that a division keeps.
const PRECISION: i32 = 16;

impl Decimal {
    fn of(number: f64) -> Option<Self> {
        let text = format!("{number:e}");
        let (mantissa, power) = text.split_once('e')?;
        let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = mantissa.replace('.', "").parse().ok()?;
        Some(Self { digits, power: power.parse::<i32>().ok()? - i32::try_from(places).ok()? })
    }

    fn float(self) -> f64 {
        format!("{}e{}", self.digits, self.power).parse().unwrap_or(f64::NAN)
    }

    /// The digits at a lower power.
    fn at(self, power: i32) -> Option<i128> {
        let shift = u32::try_from(self.power - power).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(shift)?)
    }

    fn add(self, other: Self) -> Option<Self> {
        let power = self.power.min(other.power);
        Some(Self { digits: self.at(power)?.checked_add(other.at(power)?)?, power })
    }

    fn sub(self, other: Self) -> Option<Self> {
        self.add(Self { digits: -other.digits, power: other.power })
    }

    fn mul(self, other: Self) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(other.digits)?, power: self.power + other.power })
    }

    /// Rounded half away from zero.
    fn div(self, other: Self) -> Option<Self> {
        let shift = PRECISION + self.power - other.power;
        let scale = |number: i128, by: i32| number.checked_mul(10_i128.checked_pow(u32::try_from(by).ok()?)?);
        let top = if shift > 0 { scale(self.digits, shift)? } else { self.digits };
        let bottom = if shift < 0 { scale(other.digits, -shift)? } else { other.digits };
        let quotient = top.checked_div(bottom)?;
        let twice = top.checked_rem(bottom)?.checked_abs()?.checked_mul(2)?;
        let up = if (top < 0) == (bottom < 0) { 1 } else { -1 };
        let digits = if twice >= bottom.checked_abs()? { quotient + up } else { quotient };
        Some(Self { digits, power: -PRECISION })
    }
}
