//! No template, however odd, makes the engine panic, hang or eat the machine; one that renders, renders so again.

use sightread::resolve::engine::gotmpl::{Host, Template, Value};

/// Dice that count, a clock that stands still, and an empty environment.
struct Still(u8);

impl Host for Still {
    fn dice(&mut self, count: usize) -> Vec<u8> {
        let next = std::iter::repeat_with(|| {
            self.0 = self.0.wrapping_add(37);
            self.0
        });
        next.take(count).collect()
    }

    fn env(&mut self, _: &str) -> Result<String, String> {
        Ok(String::new())
    }

    fn now(&self) -> i64 {
        1_700_000_000_000_000_000
    }
}

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    let Ok(template) = Template::parse("fuzz", text) else { return };
    let list =
        Value::map([("list".to_owned(), Value::from("a,b,c")), ("n".to_owned(), Value::Int(3))].into());
    let data = Value::map([("name".to_owned(), Value::from("web")), ("in".to_owned(), list)].into());
    let render = || template.render(&data, &mut Still(0)).map_err(|error| error.to_string());
    assert_eq!(render(), render());
}
