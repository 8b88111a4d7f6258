//! Dates. The local zone is UTC, so that the same input gives the same output everywhere.

use crate::resolve::engine::gotmpl::dates::duration::{self, coarse, round_seconds};
use crate::resolve::engine::gotmpl::dates::layout::format;
use crate::resolve::engine::gotmpl::dates::parse::parse;
use crate::resolve::engine::gotmpl::dates::time::Time;
use crate::resolve::engine::gotmpl::function::{Args, Function, Host, Outcome, Type};
use crate::resolve::engine::gotmpl::number::integer;
use crate::resolve::engine::gotmpl::value::Value;

const A: &[Type] = &[Type::Any];
const SS: &[Type] = &[Type::Str, Type::Str];
const SA: &[Type] = &[Type::Str, Type::Any];
const SAS: &[Type] = &[Type::Str, Type::Any, Type::Str];
const ST: &[Type] = &[Type::Str, Type::Time];
const T: &[Type] = &[Type::Time];
const HTML: &str = "2006-01-02";

/// The table of these functions.
pub const TABLE: &[Function] = &[
    Function::host("now", &[], |_, host| Ok(Value::Time(Time::unix_nanos(host.now())))),
    Function::host("date", SA, |args, host| dated(args.text(0), args.any(1), "Local", host)),
    Function::host("date_in_zone", SAS, |args, host| dated(args.text(0), args.any(1), args.text(2), host)),
    Function::host("dateInZone", SAS, |args, host| dated(args.text(0), args.any(1), args.text(2), host)),
    Function::host("htmlDate", A, |args, host| dated(HTML, args.any(0), "Local", host)),
    Function::host("htmlDateInZone", &[Type::Any, Type::Str], |args, host| {
        dated(HTML, args.any(0), args.text(1), host)
    }),
    Function::host("ago", A, |args, host| {
        let now = Time::unix_nanos(host.now());
        Ok(Value::from(duration::show(round_seconds(now.since(moment(args.any(0), host))))))
    }),
    Function::pure("date_modify", ST, |args| Ok(modify(args).unwrap_or_else(|_| args.any(1).clone()))),
    Function::pure("dateModify", ST, |args| Ok(modify(args).unwrap_or_else(|_| args.any(1).clone()))),
    Function::pure("must_date_modify", ST, modify),
    Function::pure("mustDateModify", ST, modify),
    Function::pure("duration", A, |args| {
        let seconds = match args.any(0) {
            Value::Str(text) => integer(text, 10).unwrap_or(0),
            Value::Int64(number) => *number,
            _ => 0,
        };
        Ok(Value::from(duration::show(seconds.wrapping_mul(1_000_000_000))))
    }),
    Function::host("durationRound", A, |args, host| {
        Ok(Value::from(coarse(match args.any(0) {
            Value::Str(text) => duration::parse(text).unwrap_or(0),
            Value::Int64(number) => *number,
            Value::Time(time) => Time::unix_nanos(host.now()).since(*time),
            _ => 0,
        })))
    }),
    Function::pure("toDate", SS, |args| {
        Ok(Value::Time(parse(args.text(0), args.text(1)).unwrap_or(Time::ZERO)))
    }),
    Function::pure("mustToDate", SS, |args| parse(args.text(0), args.text(1)).map(Value::Time)),
    Function::pure("unixEpoch", T, |args| Ok(Value::from(time(args).seconds.to_string()))),
];

/// Methods of a time.
pub const METHODS: &[Function] = &[
    Function::pure("Format", &[Type::Time, Type::Str], |args| {
        Ok(Value::from(format(time(args), args.text(1))))
    }),
    Function::pure("String", T, |args| Ok(Value::from(time(args).shown()))),
    Function::pure("UTC", T, |args| Ok(Value::Time(time(args).utc()))),
    Function::pure("Unix", T, |args| Ok(Value::Int64(time(args).seconds))),
    Function::pure("Nanosecond", T, |args| Ok(Value::Int(i64::from(time(args).nanos)))),
    Function::pure("Year", T, |args| Ok(Value::Int(time(args).civil().year))),
    Function::pure("Day", T, |args| Ok(Value::Int(i64::from(time(args).civil().day)))),
    Function::pure("YearDay", T, |args| Ok(Value::Int(i64::from(time(args).civil().yearday)))),
    Function::pure("Hour", T, |args| Ok(Value::Int(i64::from(time(args).civil().hour)))),
    Function::pure("Minute", T, |args| Ok(Value::Int(i64::from(time(args).civil().minute)))),
    Function::pure("Second", T, |args| Ok(Value::Int(i64::from(time(args).civil().second)))),
    Function::pure("IsZero", T, |args| Ok(Value::Bool(time(args).utc() == Time::ZERO))),
];

fn time(args: &Args) -> Time {
    args.0
        .iter()
        .find_map(|arg| if let Value::Time(time) = arg { Some(*time) } else { None })
        .unwrap_or(Time::ZERO)
}

/// The moment a value stands for; now, where it stands for none.
fn moment(value: &Value, host: &dyn Host) -> Time {
    match value {
        Value::Time(time) => *time,
        Value::Int(seconds) | Value::Int64(seconds) => Time::unix(*seconds),
        _ => Time::unix_nanos(host.now()),
    }
}

fn dated(layout: &str, value: &Value, zone: &str, host: &dyn Host) -> Outcome {
    if !matches!(zone, "" | "UTC" | "Local") {
        return Err(format!("time zone {zone:?} is not known here, only UTC is"));
    }
    Ok(Value::from(format(moment(value, host).utc(), layout)))
}

fn modify(args: &Args) -> Outcome {
    Ok(Value::Time(time(args).plus(duration::parse(args.text(0))?)))
}
