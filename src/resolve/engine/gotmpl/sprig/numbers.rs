//! Conversions to numbers, and whole-number arithmetic in 64 bits that wraps as Go's does.

use super::convert::{float64, int, text};
use crate::resolve::engine::gotmpl::function::{Args, Function, Outcome, Type};
use crate::resolve::engine::gotmpl::limits::items_fit;
use crate::resolve::engine::gotmpl::number::integer;
use crate::resolve::engine::gotmpl::value::{Elem, Value};

const A: &[Type] = &[Type::Any];
const AA: &[Type] = &[Type::Any, Type::Any];

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::pure("atoi", &[Type::Str], |args| Ok(Value::Int(whole(args.text(0))))),
    Function::pure("int", A, |args| Ok(Value::Int(int(args.any(0))))),
    Function::pure("int64", A, |args| Ok(Value::Int64(int(args.any(0))))),
    Function::pure("float64", A, |args| Ok(Value::Float(float64(args.any(0))))),
    Function::pure("toDecimal", A, |args| Ok(Value::Int64(integer(&text(args.any(0))?, 8).unwrap_or(0)))),
    Function::pure("add1", A, |args| Ok(Value::Int64(int(args.any(0)).wrapping_add(1)))),
    Function::many("add", &[], Type::Any, |args| Ok(fold(0, &args.0, i64::wrapping_add))),
    Function::pure("sub", AA, |args| Ok(Value::Int64(int(args.any(0)).wrapping_sub(int(args.any(1)))))),
    Function::pure("div", AA, |args| divide(args, i64::wrapping_div)),
    Function::pure("mod", AA, |args| divide(args, i64::wrapping_rem)),
    Function::many("mul", A, Type::Any, |args| Ok(fold(int(args.any(0)), args.from(1), i64::wrapping_mul))),
    Function::many("max", A, Type::Any, |args| Ok(fold(int(args.any(0)), args.from(1), i64::max))),
    Function::many("biggest", A, Type::Any, |args| Ok(fold(int(args.any(0)), args.from(1), i64::max))),
    Function::many("min", A, Type::Any, |args| Ok(fold(int(args.any(0)), args.from(1), i64::min))),
    Function::pure("until", &[Type::Int], |args| {
        let count = args.int(0);
        steps(0, count, if count < 0 { -1 } else { 1 }).map(ints)
    }),
    Function::pure("untilStep", &[Type::Int, Type::Int, Type::Int], |args| {
        steps(args.int(0), args.int(1), args.int(2)).map(ints)
    }),
    Function::many("seq", &[], Type::Int, seq),
];

/// A whole number in decimal; one that does not fit is the nearest that does.
fn whole(text: &str) -> i64 {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit());
    let nearest = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    integer(text, 10).unwrap_or(if number { nearest } else { 0 })
}

fn fold(start: i64, values: &[Value], join: fn(i64, i64) -> i64) -> Value {
    Value::Int64(values.iter().map(int).fold(start, join))
}

fn divide(args: &Args, divide: fn(i64, i64) -> i64) -> Outcome {
    match int(args.any(1)) {
        0 => Err("runtime error: integer divide by zero".to_owned()),
        divisor => Ok(Value::Int64(divide(int(args.any(0)), divisor))),
    }
}

fn steps(start: i64, end: i64, by: i64) -> Result<Vec<i64>, String> {
    let down = end < start;
    if (down && by >= 0) || (!down && by <= 0) {
        return Ok(Vec::new());
    }
    items_fit(usize::try_from(start.abs_diff(end) / by.unsigned_abs()).unwrap_or(usize::MAX))?;
    let numbers = std::iter::successors(Some(start), |number| number.checked_add(by));
    Ok(numbers.take_while(|number| if down { *number > end } else { *number < end }).collect())
}

fn ints(numbers: Vec<i64>) -> Value {
    Value::list_of(numbers.into_iter().map(Value::Int).collect(), Elem::Int)
}

fn seq(args: &Args) -> Outcome {
    let (start, step, end, beyond) = match args.0.len() {
        1 => {
            let step = if args.int(0) < 1 { -1 } else { 1 };
            (1, step, args.int(0), step)
        }
        2 => {
            let step = if args.int(1) < args.int(0) { -1 } else { 1 };
            (args.int(0), step, args.int(1), step)
        }
        3 => {
            let down = args.int(2) < args.int(0);
            if down && args.int(1) > 0 {
                return Ok(Value::from(""));
            }
            (args.int(0), args.int(1), args.int(2), if down { -1 } else { 1 })
        }
        _ => return Ok(Value::from("")),
    };
    let numbers = steps(start, end.saturating_add(beyond), step)?;
    Ok(Value::from(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")))
}
