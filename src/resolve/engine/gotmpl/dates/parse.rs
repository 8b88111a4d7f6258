//! Reads a time by a layout.

use super::layout::{Part, split};
use super::time::{Civil, DAYS, MONTHS, Time, days_in};
use crate::resolve::engine::gotmpl::quote::quote;

/// The forms of a YAML timestamp.
const FORMS: [&str; 4] = [
    "2006-1-2T15:4:5.999999999Z07:00",
    "2006-1-2t15:4:5.999999999Z07:00",
    "2006-1-2 15:4:5.999999999",
    "2006-1-2",
];

/// The moment that a YAML timestamp names.
pub fn timestamp(text: &str) -> Option<Time> {
    FORMS.iter().find_map(|form| parse(form, text).ok())
}

struct Reader<'v> {
    rest: &'v str,
    civil: Civil,
    nanos: u32,
    offset: i32,
    afternoon: Option<bool>,
    yearday: Option<u32>,
}

/// Reads a time by a layout; without a zone it is in UTC.
///
/// # Errors
/// When the text does not follow the layout, in Go's words.
pub fn parse(layout: &str, text: &str) -> Result<Time, String> {
    let mut reader = Reader {
        rest: text,
        civil: Civil { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, weekday: 0, yearday: 0 },
        nanos: 0,
        offset: 0,
        afternoon: None,
        yearday: None,
    };
    let whole = format!("parsing time {} as {}", quote(text), quote(layout));
    let cannot =
        |rest: &str, as_what: &str| format!("{whole}: cannot parse {} as {}", quote(rest), quote(as_what));
    let mut layout_rest = layout;
    loop {
        let (before, part, after) = split(layout_rest);
        let Some(rest) = reader.skip(before) else { return Err(cannot(reader.rest, before)) };
        reader.rest = rest;
        let Some((part, spelling)) = part else {
            if !reader.rest.is_empty() {
                return Err(format!("parsing time {}: extra text: {}", quote(text), quote(reader.rest)));
            }
            break;
        };
        let start = reader.rest;
        if reader.part(part, after).is_none() {
            return Err(cannot(start, spelling));
        }
        if let Some(what) = reader.out_of_range() {
            return Err(format!("parsing time {}: {what} out of range", quote(text)));
        }
        layout_rest = after;
    }
    reader.finish().ok_or_else(|| format!("parsing time {}: day out of range", quote(text)))
}

impl<'v> Reader<'v> {
    /// The rest after fixed text; blanks in the layout stand for any number of them.
    fn skip(&self, fixed: &str) -> Option<&'v str> {
        let mut rest = self.rest;
        let mut fixed = fixed;
        while let Some(letter) = fixed.chars().next() {
            if letter == ' ' {
                if !rest.is_empty() && !rest.starts_with(' ') {
                    return None;
                }
                fixed = fixed.trim_start_matches(' ');
                rest = rest.trim_start_matches(' ');
            } else {
                rest = rest.strip_prefix(letter)?;
                fixed = fixed.get(letter.len_utf8()..)?;
            }
        }
        Some(rest)
    }

    fn out_of_range(&self) -> Option<&'static str> {
        let Civil { year: _, month, day: _, hour, minute, second, weekday: _, yearday: _ } = self.civil;
        match () {
            () if month == 0 || month > 12 => Some("month"),
            () if hour > 23 => Some("hour"),
            () if minute > 59 => Some("minute"),
            () if second > 59 => Some("second"),
            () => None,
        }
    }

    /// A number of digits, at least and at most so many.
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        digits.parse().ok()
    }

    fn name(&mut self, names: &[&str], short: bool) -> Option<u32> {
        for (index, name) in (0_u32..).zip(names) {
            let name = if short { name.get(..3).unwrap_or(name) } else { name };
            let start = self.rest.get(..name.len()).unwrap_or_default();
            if start.eq_ignore_ascii_case(name) {
                self.rest = self.rest.get(name.len()..)?;
                return Some(index);
            }
        }
        None
    }

    fn part(&mut self, part: Part, after: &str) -> Option<()> {
        match part {
            Part::LongMonth => self.civil.month = self.name(&MONTHS, false)? + 1,
            Part::Month => self.civil.month = self.name(&MONTHS, true)? + 1,
            Part::NumMonth => self.civil.month = self.number(1, 2)?,
            Part::ZeroMonth => self.civil.month = self.number(2, 2)?,
            Part::LongDay => drop(self.name(&DAYS, false)?),
            Part::WeekDay => drop(self.name(&DAYS, true)?),
            Part::Day => self.civil.day = self.number(1, 2)?,
            Part::UnderDay => {
                self.rest = self.rest.strip_prefix(' ').unwrap_or(self.rest);
                self.civil.day = self.number(1, 2)?;
            }
            Part::ZeroDay => self.civil.day = self.number(2, 2)?,
            Part::UnderYearDay | Part::ZeroYearDay => {
                self.rest = self.rest.trim_start_matches(' ');
                self.yearday = Some(self.number(1, 3)?);
            }
            Part::Hour => self.civil.hour = self.number(1, 2)?,
            Part::Hour12 => self.civil.hour = self.number(1, 2).filter(|hour| *hour <= 12)?,
            Part::ZeroHour12 => self.civil.hour = self.number(2, 2).filter(|hour| *hour <= 12)?,
            Part::Minute => self.civil.minute = self.number(1, 2)?,
            Part::ZeroMinute => self.civil.minute = self.number(2, 2)?,
            Part::Second | Part::ZeroSecond => {
                self.civil.second = self.number(if part == Part::Second { 1 } else { 2 }, 2)?;
                self.stray_fraction(after);
            }
            Part::LongYear => self.civil.year = i64::from(self.number(4, 4)?),
            Part::Year => {
                let year = i64::from(self.number(2, 2)?);
                self.civil.year = if year >= 69 { 1900 + year } else { 2000 + year };
            }
            Part::Pm | Part::LowPm => self.half(part == Part::Pm)?,
            Part::Zone => self.zone()?,
            Part::Offset(z, colons, parts) => self.offset(z, colons, parts)?,
            Part::Fraction(digits, trim, _) => self.fraction(digits, trim)?,
        }
        Some(())
    }

    /// A fraction may follow the seconds even where the layout has none.
    fn stray_fraction(&mut self, after: &str) {
        let wanted = matches!(split(after), ("", Some((Part::Fraction(..), _)), _));
        let digits = self.rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if !wanted && self.rest.starts_with(['.', ',']) && digits > 0 {
            let _ = self.fraction(digits, false);
        }
    }

    fn fraction(&mut self, digits: usize, trim: bool) -> Option<()> {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else { return trim.then_some(()) };
        let found = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count = if trim { found } else { digits };
        if found < count || count == 0 {
            return trim.then_some(());
        }
        let (text, rest) = rest.split_at(count);
        let padded: String = text.chars().chain("000000000".chars()).take(9).collect();
        self.nanos = padded.parse().ok()?;
        self.rest = rest;
        Some(())
    }

    fn half(&mut self, upper: bool) -> Option<()> {
        let (am, pm) = if upper { ("AM", "PM") } else { ("am", "pm") };
        let (rest, afternoon) = match self.rest.strip_prefix(pm) {
            Some(rest) => (rest, true),
            None => (self.rest.strip_prefix(am)?, false),
        };
        self.rest = rest;
        self.afternoon = Some(afternoon);
        Some(())
    }

    /// A zone by its name, of which only UTC has a known offset.
    fn zone(&mut self) -> Option<()> {
        let length = self.rest.bytes().take_while(u8::is_ascii_uppercase).count();
        if !(3..=5).contains(&length) {
            return None;
        }
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    fn offset(&mut self, z: bool, colons: bool, parts: u8) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix('Z').filter(|_| z) {
            self.rest = rest;
            return Some(());
        }
        let negative = self.rest.starts_with('-');
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let mut seconds = 0;
        for unit in [3600, 60, 1].iter().take(usize::from(parts)) {
            if colons && *unit != 3600 {
                self.rest = self.rest.strip_prefix(':')?;
            }
            seconds += i32::try_from(self.number(2, 2)?).ok()? * unit;
        }
        self.offset = if negative { -seconds } else { seconds };
        Some(())
    }

    fn finish(mut self) -> Option<Time> {
        match self.afternoon {
            Some(true) if self.civil.hour < 12 => self.civil.hour += 12,
            Some(false) if self.civil.hour == 12 => self.civil.hour = 0,
            _ => {}
        }
        if let Some(mut day) = self.yearday {
            let mut month = 1;
            while month <= 12 && day > days_in(self.civil.year, month) {
                day -= days_in(self.civil.year, month);
                month += 1;
            }
            (self.civil.month, self.civil.day) = (month, day);
        }
        let (year, month, day) = (self.civil.year, self.civil.month, self.civil.day);
        if month > 12 || day == 0 || day > days_in(year, month) {
            return None;
        }
        Some(Time::of(&self.civil, self.nanos, self.offset))
    }
}
