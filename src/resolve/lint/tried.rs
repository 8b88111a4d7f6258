//! Asks a provisioner for a resource with made-up params, several times, and has the results judged.

use crate::diag::codes::lint as codes;
use crate::diag::codes::resolve as said_by;
use crate::diag::{At, Diagnostic, Report};
use crate::model::text::Hidden;
use crate::model::tree::{Map, Tree};
use crate::resolve::Rules;
use crate::resolve::contract::Contract;
use crate::resolve::contract::params::{Format, Param, Type, ticked};
use crate::resolve::lint::result;
use crate::resolve::provisioner::{Body, Made, Provisioner};
use crate::resolve::shared::Shared;
use crate::resolve::trial::{self, Question, ask};
use crate::resolve::upstream::promises::Promises;
use crate::resolve::upstream::template::Template;
use crate::world::World;

/// What dice show differs from seed to seed: one upper-case letter may be missing from a short name.
const SEEDS: [&str; 4] = ["seed", "second", "third", "fourth"];

/// Functions that give another value each time.
const DRAWN: &[&str] = &[
    "randAlphaNum",
    "randAlpha",
    "randAscii",
    "randNumeric",
    "randInt",
    "randBytes",
    "shuffle",
    "uuidv4",
    "bcrypt",
    "htpasswd",
    "encryptAES",
    "genPrivateKey",
    "genCA",
    "genSelfSignedCert",
    "genSignedCert",
];

/// Tries a provisioner on one target.
pub fn tried(provisioner: &Provisioner, target: &str, world: &dyn World, report: &mut Report) {
    let trier = Trier { provisioner, target, world };
    match &provisioner.body {
        Body::Contract(contract) => trier.contract(contract, report),
        Body::Template(record) => trier.older(record, report),
        Body::Command(_) | Body::LocalEnv(_) => {}
    }
}

struct Trier<'a> {
    provisioner: &'a Provisioner,
    target: &'a str,
    world: &'a dyn World,
}

impl Trier<'_> {
    fn rules(&self, seed: &str) -> Rules {
        Rules { seed: Some(Hidden::new(seed)), promises: Promises::Told, ..trial::rules(self.target) }
    }

    /// Asks, and takes what is said about it out of the report.
    fn ask(&self, question: &Question, seed: &str, report: &mut Report) -> (Option<Made>, Vec<Diagnostic>) {
        let before = std::mem::take(&mut report.diagnostics);
        let made = ask(self.provisioner, question, &self.rules(seed), self.world, report).ok();
        let mut said: Vec<Diagnostic> =
            std::mem::replace(&mut report.diagnostics, before).into_iter().collect();
        for one in &mut said {
            // The resource is made up; its place is nowhere.
            one.others.clear();
        }
        (made, said)
    }

    /// With the params that must be given, and with all of them.
    fn contract(&self, contract: &Contract, report: &mut Report) {
        let mut refused = Vec::new();
        for all in [false, true] {
            let given = contract.params.iter().filter(|(_, param)| all || param.required);
            let params = given.filter_map(|(name, param)| Some((name.clone(), made_up(param)?)));
            let question = Question { params: Tree::Map(params.collect::<Map>()), ..Question::default() };
            let (made, said) = self.ask(&question, "seed", report);
            let about_params = [
                &said_by::BAD_PARAM,
                &said_by::MISSING_PARAM,
                &said_by::UNKNOWN_PARAM,
                &said_by::PROVISIONER_REFUSED,
            ];
            if let Some(why) = said.iter().find(|one| about_params.contains(&one.code)) {
                refused.push(why.message.clone());
                continue;
            }
            for one in said {
                report.push(one);
            }
            if let Some(made) = made {
                result::judge(self.provisioner, self.target, &made, report);
            }
        }
        if let [why, _] = refused.as_slice() {
            report.push(self.untried(why));
        }
    }

    /// With all the params that are announced, as far as their names tell what they mean.
    fn older(&self, record: &Template, report: &mut Report) {
        let names = record.listed.params.clone().unwrap_or_default();
        let with = |port: &Tree| {
            let params = names.iter().map(|name| (name.clone(), guessed(name, port)));
            Question { params: Tree::Map(params.collect::<Map>()), ..Question::default() }
        };
        let attempts = [with(&"http".into()), with(&80.into()), with(&"80".into()), Question::default()];
        let mut refused = String::new();
        for question in attempts {
            let (made, said) = self.ask(&question, "seed", report);
            let Some(made) = made else {
                let first = said.first().map(|one| one.message.clone()).unwrap_or_default();
                refused = if refused.is_empty() { first } else { refused };
                continue;
            };
            for one in said {
                report.push(one);
            }
            result::judge(self.provisioner, self.target, &made, report);
            self.again(&question, &made, report);
            self.elsewhere(&names, &question, report);
            return;
        }
        report.push(self.untried(&refused));
    }

    /// Once more with what was remembered, but with other dice: the same must come out. And from the start with yet
    /// other dice, to see more names.
    fn again(&self, question: &Question, first: &Made, report: &mut Report) {
        let mut shared = Shared::new(question.shared.clone());
        shared.keep(&first.shared);
        let next = Question { state: first.state.clone(), shared: shared.into_tree(), ..question.clone() };
        for seed in SEEDS.iter().skip(1) {
            if let (Some(other), _) = self.ask(question, seed, report) {
                result::judge(self.provisioner, self.target, &other, report);
            }
        }
        let (Some(second), _) = self.ask(&next, "second", report) else { return };
        let drawn = self.drawn();
        let outputs = (first.outputs != second.outputs).then_some("outputs");
        let sections = first.sections.iter().filter(|(name, tree)| second.sections.get(*name) != Some(*tree));
        for section in outputs.into_iter().chain(sections.map(|(name, _)| name.as_str())) {
            let said = format!("`{section}` of `{}` is another each time", self.provisioner.uri);
            let at = At::key(self.provisioner.doc, self.provisioner.path.then(section));
            let said = Diagnostic::new(&codes::NOT_REPEATABLE, said, at);
            report.push(if drawn.is_empty() {
                said
            } else {
                said.note(format!("it calls {}, and does not keep what comes out", ticked(&drawn)))
            });
        }
    }

    /// The functions that draw something, as far as the record calls them.
    fn drawn(&self) -> Vec<&'static str> {
        let Body::Template(record) = &self.provisioner.body else { return Vec::new() };
        let calls = |name: &str| {
            let word = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == name);
            record.texts.iter().any(|(_, text)| word(text))
        };
        DRAWN.iter().copied().filter(|name| calls(name)).collect()
    }

    /// A port that does not exist must not be answered with a number that means nothing.
    fn elsewhere(&self, names: &[String], question: &Question, report: &mut Report) {
        if !names.iter().any(|name| name == "port") {
            return;
        }
        let mut params = question.params.as_map().cloned().unwrap_or_default();
        params.insert("port".to_owned(), "no-such-port".into());
        let question = Question { params: Tree::Map(params), ..question.clone() };
        if let (Some(made), _) = self.ask(&question, "seed", report) {
            let when = " for a port that does not exist";
            result::ports_of_outputs(self.provisioner, self.target, &made.outputs, when, report);
        }
    }

    fn untried(&self, why: &str) -> Diagnostic {
        let said = format!("`{}` could not be tried with made-up params", self.provisioner.uri);
        let at = At::key(self.provisioner.doc, self.provisioner.path.then("type"));
        Diagnostic::new(&codes::NOT_TRIED, said, at).note(why)
    }
}

/// A value that a param takes, where one is found.
fn made_up(param: &Param) -> Option<Tree> {
    if let Some(value) = param.default.clone().or_else(|| param.allowed.first().cloned()) {
        return Some(value);
    }
    match param.format {
        Some(Format::Workload) => return Some("web".into()),
        Some(Format::Port) => return Some("http".into()),
        Some(Format::File) => return Some("file.yaml".into()),
        None => {}
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounds are small numbers")]
    let least = param.minimum.map_or(1, |minimum| minimum.ceil() as i64);
    let texts = [
        "example",
        "/",
        "/example",
        "1",
        "1Gi",
        "web",
        "1.2.3",
        "v1.2.3",
        "512m",
        "example.com",
        "http",
        "a@example.com",
        "EXAMPLE",
    ];
    let candidates = texts.into_iter().map(Tree::from).chain([
        Tree::Int(least),
        Tree::Bool(true),
        Tree::map(),
        Tree::List(Vec::new()),
    ]);
    let exact = |value: &Tree| param.types.is_empty() || param.types.iter().any(|kind| fits(*kind, value));
    candidates.into_iter().filter(exact).find(|value| param.judge(value).is_ok())
}

fn fits(kind: Type, value: &Tree) -> bool {
    kind.accept(value).as_ref() == Some(value)
}

/// A value for a param of which only the name is known.
fn guessed(name: &str, port: &Tree) -> Tree {
    match name {
        "workload" => "web".into(),
        "port" => port.clone(),
        "host" => "web.example.com".into(),
        "path" => "/".into(),
        _ => "1".into(),
    }
}
