//! `printf`: reads the format and hands each directive with its value to [`super::format`].

use super::format::{Spec, bad_verb, format};
use super::limits::{Walk, text_fits};
use super::value::Value;

/// Wider than this is refused, as in Go.
const WIDEST: i64 = 9_999_999;

struct Printer<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    args: &'a [Value],
    next: usize,
    reordered: bool,
    good_index: bool,
    out: String,
}

/// Formats values.
///
/// # Errors
/// When the text grows too long or a value is too deep.
pub fn printf(text: &str, args: &[Value]) -> Result<String, String> {
    let mut printer = Printer {
        letters: text.chars().peekable(),
        args,
        next: 0,
        reordered: false,
        good_index: true,
        out: String::new(),
    };
    while let Some(letter) = printer.letters.next() {
        text_fits(printer.out.len())?;
        if letter == '%' {
            printer.directive()?;
        } else {
            printer.out.push(letter);
        }
    }
    printer.extra()?;
    Ok(printer.out)
}

impl Printer<'_> {
    fn directive(&mut self) -> Result<(), String> {
        let mut spec = Spec::default();
        self.good_index = true;
        self.flags(&mut spec);
        self.index();
        if self.letters.next_if_eq(&'*').is_some() {
            match self.star() {
                Some(width) => {
                    spec.minus |= width < 0;
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.out.push_str("%!(BADWIDTH)"),
            }
        } else {
            spec.width = self.digits();
        }
        if self.letters.next_if_eq(&'.').is_some() {
            self.index();
            if self.letters.next_if_eq(&'*').is_some() {
                spec.precision = self.star().and_then(|precision| usize::try_from(precision).ok());
                if spec.precision.is_none() {
                    self.out.push_str("%!(BADPREC)");
                }
            } else {
                spec.precision = Some(self.digits().unwrap_or(0));
            }
        }
        self.index();
        self.verb(&spec)
    }

    fn flags(&mut self, spec: &mut Spec) {
        while let Some(flag) = self.letters.next_if(|letter| "+-# 0".contains(*letter)) {
            match flag {
                '+' => spec.plus = true,
                '-' => spec.minus = true,
                '#' => spec.sharp = true,
                ' ' => spec.space = true,
                _ => spec.zero = true,
            }
        }
    }

    fn digits(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.letters.peek().and_then(|letter| letter.to_digit(10)) {
            self.letters.next();
            let grown = i64::from(digit) + 10 * number.unwrap_or(0);
            number = Some(grown.min(WIDEST));
        }
        number.and_then(|number| usize::try_from(number).ok())
    }

    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next);
        self.next += 1;
        match arg {
            Some(Value::Int(number) | Value::Int64(number)) if number.abs() <= WIDEST => Some(*number),
            _ => None,
        }
    }

    /// `[n]`: the argument to use next.
    fn index(&mut self) {
        if self.letters.next_if_eq(&'[').is_none() {
            return;
        }
        self.reordered = true;
        let number = self.digits();
        let closed = self.letters.next_if_eq(&']').is_some();
        match number {
            Some(number) if closed && (1..=self.args.len()).contains(&number) => self.next = number - 1,
            _ => {
                // What is no number is skipped up to its bracket.
                let rest: String = self.letters.clone().collect();
                if let Some((inside, _)) = rest.split_once(']').filter(|_| !closed) {
                    self.letters.by_ref().take(inside.chars().count() + 1).for_each(drop);
                }
                self.good_index = false;
            }
        }
    }

    fn verb(&mut self, spec: &Spec) -> Result<(), String> {
        let Some(verb) = self.letters.next() else {
            self.out.push_str("%!(NOVERB)");
            return Ok(());
        };
        let mut spec = spec.clone();
        if verb == 'v' {
            spec.named = std::mem::take(&mut spec.plus);
        }
        if verb == '%' {
            self.out.push('%');
        } else if !self.good_index {
            self.complain(verb, "BADINDEX");
        } else if let Some(value) = self.args.get(self.next) {
            self.next += 1;
            match (verb, value) {
                ('T', _) => self.out.push_str(&spec.pad(&value.type_name())),
                ('v', Value::Missing | Value::Nil) => self.out.push_str(&spec.pad("<nil>")),
                (_, Value::Missing | Value::Nil) => self.complain(verb, "<nil>"),
                _ if verb == 'p' => bad_verb(&mut self.out, verb, value)?,
                _ => format(&mut self.out, &spec, verb, value, &mut Walk::default())?,
            }
        } else {
            self.complain(verb, "MISSING");
        }
        Ok(())
    }

    fn complain(&mut self, verb: char, what: &str) {
        self.out.extend(["%!", &verb.to_string(), "(", what, ")"]);
    }

    /// Values that no directive used.
    fn extra(&mut self) -> Result<(), String> {
        let unused = self.args.get(self.next..).unwrap_or_default();
        if self.reordered || unused.is_empty() {
            return Ok(());
        }
        self.out.push_str("%!(EXTRA ");
        for (index, value) in unused.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            if value.is_nothing() {
                self.out.push_str("<nil>");
            } else {
                self.out.push_str(&value.type_name());
                self.out.push('=');
                self.out.push_str(&super::show::shown(value)?);
            }
        }
        self.out.push(')');
        Ok(())
    }
}
