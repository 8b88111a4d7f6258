//! The template language against a table of results that Go's own `text/template` with Sprig produced.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use sightread::model::tree::Tree;
use sightread::resolve::engine::gotmpl::{Elem, Extra, Host, Record, Template, Type, Value};

#[derive(Deserialize)]
struct Table {
    data: BTreeMap<String, serde_json::Value>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    data: String,
    template: String,
    want: Option<String>,
    error: Option<String>,
}

/// Dice that count up, a clock that stands still, and an empty environment.
struct Still(u8);

impl Host for Still {
    fn dice(&mut self, count: usize) -> Vec<u8> {
        (0..count)
            .map(|_| {
                self.0 = self.0.wrapping_add(37);
                self.0
            })
            .collect()
    }

    fn env(&mut self, _: &str) -> Result<String, String> {
        Ok(String::new())
    }

    fn now(&self) -> i64 {
        1_700_000_000_000_000_000
    }

    fn extra(&mut self, _: &str, args: &[Value]) -> Result<Value, String> {
        let parts: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
        Ok(Value::from(format!("🔐💬{}💬🔐", parts.join("_"))))
    }
}

const EXTRAS: &[Extra] = &[Extra { name: "encodeSecretRef", params: &[Type::Str, Type::Str] }];

fn port(name: &str, port: i64, target: i64, protocol: &str) -> Value {
    let fields = [
        ("Name", "name", Value::from(name)),
        ("Port", "port", Value::Int(port)),
        ("TargetPort", "target_port", Value::Int(target)),
        ("Protocol", "protocol", Value::from(protocol)),
    ];
    Value::record("main.ServicePort", fields)
}

fn ports(ports: Vec<(&str, Value)>) -> Value {
    let Value::Record(zero) = port("", 0, 0, "") else { unreachable!("a port is a record") };
    let ports = ports.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Value::map_of(ports, Elem::Record(zero))
}

fn service(name: &str, ports: Value) -> Record {
    let fields = [("ServiceName", "ServiceName", Value::from(name)), ("Ports", "ports", ports)];
    Record::new("main.NetworkService", fields)
}

fn services() -> Value {
    let backend = ports(vec![("web", port("web", 80, 8080, "TCP")), ("8080", port("x", 8080, 8081, ""))]);
    let all = [("backend", service("backend-svc", backend)), ("w", service("w", ports(vec![])))];
    let all = all.into_iter().map(|(key, record)| (key.to_owned(), Value::Record(record.into()))).collect();
    let Value::Record(port) = port("", 0, 0, "") else { unreachable!("a port is a record") };
    Value::map_of(all, Elem::Record(service("", Value::nil_map_of(Elem::Record(port))).into()))
}

fn json(text: &str) -> Value {
    let tree = Tree::from(serde_json::from_str::<serde_json::Value>(text).expect("test data is JSON"));
    Value::try_from(&tree).expect("test data has no secrets")
}

fn provision() -> Value {
    let text = |text: &str| Value::from(text);
    let params = r#"{"host": "h.io", "port": 8080, "list": ["a", "b"], "nest": {"a": {"b": "deep"}},
        "bool": true, "f": 2.5, "big": 1000000.0}"#;
    let fields = [
        ("Guid", "Guid", text("11111111-2222")),
        ("Uid", "Uid", text("type.default#w.res")),
        ("Type", "Type", text("type")),
        ("Class", "Class", text("default")),
        ("Id", "Id", text("w.res")),
        ("Params", "Params", json(params)),
        ("Metadata", "Metadata", Value::nil_map()),
        ("Init", "Init", json(r#"{"k": "v"}"#)),
        ("State", "State", json("{}")),
        ("Shared", "Shared", json(r#"{"s": 1}"#)),
        ("SourceWorkload", "SourceWorkload", text("w")),
        ("WorkloadServices", "WorkloadServices", services()),
        ("Namespace", "Namespace", text("")),
    ];
    Value::pointer("main.Data", fields)
}

fn render(template: &str, data: &Value) -> Result<String, String> {
    let template = Template::parse_with("", template, EXTRAS).map_err(|error| error.to_string())?;
    template.render(data, &mut Still(0)).map_err(|error| error.to_string())
}

#[test]
fn every_row_is_as_in_go() {
    let table: Table = serde_json::from_str(include_str!("gotmpl/table.json")).unwrap();
    assert!(table.rows.len() >= 1000, "the table has only {} rows", table.rows.len());
    let mut wrong = Vec::new();
    for row in &table.rows {
        let data = match row.data.as_str() {
            "provision" => provision(),
            name => Value::try_from(&Tree::from(table.data[name].clone())).unwrap(),
        };
        let got = render(&row.template, &data);
        let want = row.want.clone().ok_or_else(|| row.error.clone().unwrap_or_default());
        if got != want {
            wrong.push(format!("{}\n    go:   {want:?}\n    here: {got:?}", row.template));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), table.rows.len(), wrong.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_text_never_panics(template in r#"(\{\{|\}\}|-| |\.|\$x|:=|=|"a"|`b`|'c'|1|2\.5|\(|\)|\||,|if|else|end|range|with|define|template|block|break|nil|true|[a-zA-Z.]{1,6}|printf|index|dict|list|slice|substr|trunc|é|\n|/\*|\*/){0,24}"#) {
        let _ = render(&template, &provision());
    }

    #[test]
    fn odd_calls_never_panic(
        name in prop::sample::select(names()),
        args in prop::collection::vec(
            prop::sample::select(vec!["1", "-1", "0", "9223372036854775807", "-9223372036854775808", "\"\"", "\"é,b\"", "\"%[3]*.*f%\"", ".Params",
                ".Params.list", ".Params.f", ".Metadata", ".WorkloadServices", "nil", "true", ".Params.missing", "now",
                "(semver \"1.2.3\")", "(list 1 nil)", "\"[a\"", "\"2006 _2 .999 Z07\"", "(add 0 3)", "1e308", "(until 3)"]),
            0..5,
        ),
    ) {
        let _ = render(&format!("{{{{ {name} {} }}}}", args.join(" ")), &provision());
    }
}

fn names() -> Vec<&'static str> {
    use sightread::resolve::engine::gotmpl::{builtin, sprig};
    sprig::TABLES.iter().copied().chain([builtin::TABLE]).flatten().map(|function| function.name).collect()
}

#[test]
fn limits_hold() {
    let endless = [
        r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#,
        "{{ range 9223372036854775807 }}{{ end }}",
        r#"{{ $x := "ab" }}{{ range 99 }}{{ $x = cat $x $x }}{{ end }}"#,
        "{{ $x := list 1 }}{{ range 99 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
        "{{ $x := list 1 }}{{ range 9999 }}{{ $x = list $x }}{{ end }}{{ $x }}",
        r#"{{ range 9999 }}{{ repeat 9999 "abcdefgh" }}{{ end }}"#,
        r#"{{ repeat 999999999 "abcdefgh" }}"#,
        "{{ until 999999999 }}",
        r#"{{ $d := dict }}{{ set $d "a" (list $d) }}"#,
        r#"{{ $x := repeat 9999999 "a" }}{{ replace "" $x $x }}"#,
        r#"{{ range 99 }}{{ bcrypt "a" }}{{ end }}"#,
    ];
    for template in endless {
        assert!(render(template, &provision()).is_err(), "{template} ended well");
    }
    let deep = format!("{}1{}", "{{ ".to_owned() + &"(".repeat(5000), ")".repeat(5000) + " }}");
    assert!(render(&deep, &provision()).is_err());
    let nested = "{{ if true }}".repeat(5000);
    assert!(render(&nested, &provision()).is_err());
}

#[test]
fn places_are_exact() {
    let text = "a: 1\nb: {{ .Params.host | upper }}{{ replace \"a\" \"b\" .Params.port }}";
    let error = Template::parse("f", text).unwrap().render(&provision(), &mut Still(0)).unwrap_err();
    assert_eq!((error.line, error.column), (2, Some(55)));
    assert_eq!(&text[error.range], ".Params.port");
    assert_eq!(&*error.message, "wrong type for value; expected string; got int");
}
