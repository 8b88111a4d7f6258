//! The table of kinds and their fields, as text in `schemas/kubernetes.txt`; a block is read when it is first asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::sync::{LazyLock, OnceLock};

use memchr::memchr_iter;
use regex::Regex;

const TEXT: &str = include_str!("../../../../schemas/kubernetes.txt");

/// There are about so many blocks.
const MANY: usize = 512;

static TABLE: LazyLock<Table> = LazyLock::new(Table::index);

/// Bounds of a number or a length.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    /// At least.
    pub(super) least: Option<i64>,
    /// At most.
    pub(super) most: Option<i64>,
}

impl Bounds {
    /// What is wrong with a number of these bounds.
    pub(super) fn fault(self, number: i64, what: &str) -> Option<String> {
        let Self { least, most } = self;
        let fine = least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most);
        if fine {
            return None;
        }
        Some(match (least, most) {
            (Some(least), Some(most)) => format!("must {what} from {least} to {most}"),
            (Some(least), None) => format!("must {what} {least} or more"),
            (None, Some(most)) => format!("must {what} {most} or less"),
            (None, None) => return None,
        })
    }

    /// `n..m`, either of them absent.
    fn parse(text: &str) -> Option<Self> {
        let (least, most) = text.split_once("..")?;
        let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        Some(Self { least: number(least)?, most: number(most)? })
    }
}

/// What may stand under a key.
#[derive(Debug)]
pub(super) enum Type {
    /// Anything.
    Any,
    /// Text.
    Text(Bounds),
    /// True or false.
    Flag,
    /// An integer; 32 bits where `small`.
    Int { small: bool, bounds: Bounds },
    /// A number.
    Number,
    /// An amount such as `500m`.
    Quantity(Bounds),
    /// An integer or text.
    IntOrText,
    /// A point in time.
    Time,
    /// Base64.
    Bytes,
    /// A word of a rule in [`super::words`].
    Word(&'static str),
    /// One of these texts.
    OneOf(Vec<&'static str>),
    /// Text of a pattern.
    Pattern(&'static str, OnceLock<Option<Regex>>, Bounds),
    /// A list of items that differ in some keys; `*` is the whole item.
    List(Box<Type>, Vec<&'static str>, Bounds),
    /// A map: the rule of its keys, and its values.
    Map(Option<&'static str>, Box<Type>),
    /// A map of the fields of a block.
    Record(&'static str),
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    /// True where it must be there.
    pub(super) required: bool,
    /// What it holds.
    pub(super) holds: Type,
}

/// A rule about several fields of a block.
#[derive(Debug)]
pub(super) enum Rule {
    /// Exactly one of these.
    One(Vec<&'static str>),
    /// One of these, or none.
    AtMostOne(Vec<&'static str>),
    /// The first field says which of the others is there: its value, and their name.
    Chosen(&'static str, Vec<(&'static str, &'static str)>),
}

/// A block.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Its fields.
    pub(super) fields: BTreeMap<&'static str, Field>,
    /// Its rules.
    pub(super) rules: Vec<Rule>,
}

struct Table {
    /// `apiVersion` and `kind` to the name of a block; `None` for a kind without one.
    kinds: BTreeMap<(&'static str, &'static str), Option<&'static str>>,
    /// Blocks in the order of their names, which stand on their first lines.
    blocks: Vec<&'static str>,
    /// What was read of the blocks, in the same order: of most nothing.
    records: Vec<OnceLock<Box<Record>>>,
    /// The blocks that describe whole objects.
    objects: BTreeSet<&'static str>,
}

impl Table {
    fn index() -> Self {
        let mut texts = blocks();
        let kinds: Vec<_> = texts.next().unwrap_or_default().lines().filter_map(listed).collect();
        let mut blocks = Vec::with_capacity(MANY);
        blocks.extend(texts.filter(|block| block.contains('\n')));
        blocks.sort_unstable();
        let records = iter::repeat_with(OnceLock::new).take(blocks.len()).collect();
        let objects = kinds.iter().filter_map(|(_, name)| *name).collect();
        Self { kinds: kinds.into_iter().collect(), blocks, records, objects }
    }
}

/// The blocks of the text, which empty lines part; the first lists the kinds.
fn blocks() -> impl Iterator<Item = &'static str> {
    let ends = memchr_iter(b'\n', TEXT.as_bytes()).filter(|end| TEXT.as_bytes().get(end + 1) == Some(&b'\n'));
    let mut start = 0;
    ends.chain([TEXT.len()]).map(move |end| {
        let block = TEXT.get(start..end).unwrap_or_default();
        start = end + 2;
        block
    })
}

/// A version and a kind, and the name of its block where it has one.
type Listed = ((&'static str, &'static str), Option<&'static str>);

/// A line of the list of kinds.
fn listed(line: &'static str) -> Option<Listed> {
    let (word, rest) = line.split_once(' ')?;
    let (version, rest) = rest.split_once(' ')?;
    let (kind, name) = rest.split_once(' ').unwrap_or((rest, rest));
    match word {
        "kind" => Some(((version, kind), Some(name))),
        "other" => Some(((version, kind), None)),
        _ => None,
    }
}

/// What the table knows of a kind.
pub(super) enum Known {
    /// The block that describes it.
    Block(&'static str),
    /// It exists, and no block describes it.
    Undescribed,
    /// Its group is one of Kubernetes' own and has no such kind. What has: versions of this kind, kinds of this version.
    Nothing { versions: Vec<&'static str>, kinds: Vec<&'static str> },
    /// It belongs to somebody else.
    Foreign,
}

/// Looks a kind up.
pub(super) fn kind(version: &str, kind: &str) -> Known {
    let table: &BTreeMap<(&str, &str), Option<&'static str>> = &TABLE.kinds;
    if let Some(known) = table.get(&(version, kind)) {
        return known.map_or(Known::Undescribed, Known::Block);
    }
    let table = &TABLE.kinds;
    let kinds: Vec<&str> = table.keys().filter(|(v, _)| *v == version).map(|(_, kind)| *kind).collect();
    let group =
        |version: &str| version.rsplit_once('/').map(|(group, _)| group.to_owned()).unwrap_or_default();
    let own = group(version);
    let versions: Vec<&str> = table
        .keys()
        .filter(|(v, k)| *k == kind && (group(v) == own || matches!(own.as_str(), "" | "extensions")))
        .map(|(version, _)| *version)
        .collect();
    // Without a group it is Kubernetes' own, as whoever else must name one.
    let core = own.is_empty();
    if !core && kinds.is_empty() && versions.is_empty() {
        Known::Foreign
    } else {
        Known::Nothing { versions, kinds }
    }
}

/// True when a block describes a whole object, which then says its kind.
pub(super) fn is_object(block: &str) -> bool {
    TABLE.objects.contains(block)
}

/// A block by its name.
pub(super) fn record(name: &str) -> Option<&'static Record> {
    // A name is less than the block that begins with it, and greater than any before that one.
    let at = TABLE.blocks.partition_point(|block| *block < name);
    let (found, text) = parted(TABLE.blocks.get(at)?);
    let record = TABLE.records.get(at).filter(|_| found == name)?;
    Some(record.get_or_init(|| Box::new(read(text))))
}

/// The name of a block, and its text.
fn parted(block: &'static str) -> (&'static str, &'static str) {
    block.split_once('\n').unwrap_or((block, ""))
}

fn read(text: &'static str) -> Record {
    let mut record = Record::default();
    for line in text.lines().filter_map(|line| line.strip_prefix(' ')) {
        let Some((name, rest)) = line.split_once(' ') else { continue };
        let fields = || rest.split(' ').collect();
        match name.strip_prefix('?') {
            Some(chooser) => {
                let pairs = rest.split(' ').filter_map(|pair| pair.split_once(':')).collect();
                record.rules.push(Rule::Chosen(chooser, pairs));
            }
            None if name == "=1" => record.rules.push(Rule::One(fields())),
            None if name == "<1" => record.rules.push(Rule::AtMostOne(fields())),
            None => {
                let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
                record.fields.insert(name, Field { required, holds: holds(rest) });
            }
        }
    }
    record
}

/// Cuts a type from what follows it.
fn cut(text: &'static str) -> (&'static str, &'static str) {
    let close = match text.chars().next() {
        Some('/') => text.rfind('/'),
        Some('[') => text.rfind(']'),
        Some('{') => text.rfind('}'),
        _ => text.find(' ').map(|at| at - 1),
    };
    close.and_then(|at| text.split_at_checked(at + 1)).unwrap_or((text, ""))
}

fn holds(text: &'static str) -> Type {
    let (head, rest) = cut(text);
    let bounds = if rest.is_empty() { None } else { rest.split(' ').find_map(Bounds::parse) };
    let bounds = bounds.unwrap_or_default();
    if let Some(inner) = head.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        let (_, keys) = cut(inner);
        let keys = keys.split(' ').filter(|key| !key.is_empty() && !key.contains("..")).collect();
        return Type::List(Box::new(holds(inner)), keys, bounds);
    }
    if let Some(inner) = head.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
        let keyed = inner.split_once(':').filter(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase()));
        let (key, value) = keyed.map_or((None, inner), |(key, value)| (Some(key), value));
        return Type::Map(key, Box::new(holds(value)));
    }
    if let Some(pattern) = head.strip_prefix('/').and_then(|inner| inner.strip_suffix('/')) {
        return Type::Pattern(pattern, OnceLock::new(), bounds);
    }
    if let Some(words) = head.strip_prefix('=') {
        return Type::OneOf(words.split(',').collect());
    }
    match head {
        "any" => Type::Any,
        "text" => Type::Text(bounds),
        "flag" => Type::Flag,
        "int" => Type::Int { small: true, bounds },
        "long" => Type::Int { small: false, bounds },
        "number" => Type::Number,
        "quantity" => Type::Quantity(bounds),
        "intstr" => Type::IntOrText,
        "time" => Type::Time,
        "bytes" => Type::Bytes,
        name if name.starts_with(|c: char| c.is_ascii_uppercase()) => Type::Record(name),
        rule => Type::Word(rule),
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, Type, parted, record};

    /// Every name that the table uses is there.
    #[test]
    fn the_table_holds_together() {
        fn walk(block: &str, kind: &Type) {
            match kind {
                Type::Record(name) => assert!(record(name).is_some(), "{block} names {name}"),
                Type::List(inner, ..) | Type::Map(_, inner) => walk(block, inner),
                Type::Pattern(pattern, ..) => {
                    assert!(regex::Regex::new(pattern).is_ok(), "{block}: {pattern}");
                }
                _ => {}
            }
        }
        assert!(TABLE.kinds.len() > 60 && TABLE.blocks.len() > 250);
        for name in TABLE.kinds.values().flatten() {
            assert!(record(name).is_some(), "{name}");
        }
        for (name, _) in TABLE.blocks.iter().map(|block| parted(block)) {
            let block = record(name).expect("it is there");
            assert!(!block.fields.is_empty(), "{name} has no fields");
            block.fields.values().for_each(|field| walk(name, &field.holds));
        }
    }
}
