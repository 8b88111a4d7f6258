//! The table of images that built-in provisioners use: `provisioners/images/images.yaml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::resolve::names;

/// The file, as it is.
const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/provisioners/images/images.yaml"));

/// Where the version stands in an image of the table.
const PLACE: &str = "{version}";

/// An image of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The reference, `{version}` in its tag.
    pub image: String,
    /// The version that is used unless another is asked for.
    pub version: String,
}

/// All images by name.
pub fn table() -> &'static BTreeMap<String, Image> {
    static READ: OnceLock<BTreeMap<String, Image>> = OnceLock::new();
    READ.get_or_init(|| TABLE.lines().filter_map(row).collect())
}

/// A line of the table, which is always written the same way: parsing it as YAML would take much longer.
fn row(line: &str) -> Option<(String, Image)> {
    let (name, rest) = line.strip_suffix("\"}")?.split_once(": {image: \"")?;
    let (image, version) = rest.split_once("\", version: \"")?;
    Some((name.to_owned(), Image { image: image.to_owned(), version: version.to_owned() }))
}

/// The reference of an image: by its name in the table, or as it is written where it carries a tag or a digest.
/// `None` when it has neither.
pub fn reference(name: &str, version: Option<&str>, registry: Option<&str>) -> Option<String> {
    let whole = match (table().get(name), version) {
        (Some(Image { image, version }), asked) => image.replace(PLACE, asked.unwrap_or(version)),
        (None, None) if is_pinned(name) => name.to_owned(),
        (None, _) => return None,
    };
    Some(names::mirrored(&whole, registry))
}

/// True when an image carries a tag or a digest.
fn is_pinned(image: &str) -> bool {
    image.contains('@') || image.rsplit('/').next().is_some_and(|last| last.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::{PLACE, TABLE, is_pinned, reference, table};
    use crate::diag::Report;
    use crate::model::tree::Tree;
    use crate::read::parse;

    #[test]
    fn the_table_is_what_a_yaml_parser_reads() {
        let mut report = Report::default();
        let source = report.sources.add("images.yaml", TABLE);
        let root = parse::yaml(source, &mut report).map(|root| root.tree()).unwrap_or_default();
        let row = |image: &str, version: &str| {
            Tree::from_pairs(
                [("image", image), ("version", version)].map(|(key, text)| (key, Tree::from(text))),
            )
        };
        let rows = table().iter().map(|(name, found)| (name.as_str(), row(&found.image, &found.version)));
        assert_eq!(Tree::from_pairs(rows), root);
    }

    #[test]
    fn every_row_is_pinned_and_says_its_version() {
        assert!(table().len() > 10);
        for (name, row) in table() {
            assert!(is_pinned(&row.image) && row.image.contains(PLACE), "{name}: {row:?}");
            assert!(!row.version.is_empty() && row.version != "latest", "{name}: {row:?}");
        }
    }

    #[test]
    fn an_image_is_found_by_name_or_carries_a_tag() {
        let table = [
            ("postgres", None, None, Some("postgres:17-alpine")),
            ("postgres", Some("16"), None, Some("postgres:16-alpine")),
            ("minio", Some("R1"), Some("mirror.local/hub"), Some("mirror.local/hub/minio/minio:R1")),
            ("example.com/queue:1.2", None, None, Some("example.com/queue:1.2")),
            ("queue@sha256:0", None, Some("mirror.local"), Some("mirror.local/queue@sha256:0")),
            ("host:5000/queue", None, None, None),
            ("queue", None, None, None),
            ("queue:1", Some("2"), None, None),
        ];
        for (name, version, registry, made) in table {
            assert_eq!(reference(name, version, registry).as_deref(), made, "{name}");
        }
    }
}
