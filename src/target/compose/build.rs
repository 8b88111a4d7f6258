//! An image or what to build it from.

use crate::diag::codes::target as codes;
use crate::diag::{At, Diagnostic};
use crate::model::path::Path;
use crate::model::tree::Tree;
use crate::target::compose::draft::Draft;
use crate::target::compose::options::{BareImage, Dollars, Sections};
use crate::target::compose::workload::Spot;
use crate::target::compose::{long, shape, spell};

/// The image as Compose is to read it.
pub(super) fn image(image: &str, dollars: Dollars) -> String {
    match dollars {
        Dollars::Plain => spell::plain(image),
        // compat(score-compose): an image may hold variables for Compose.
        Dollars::Compose => image.to_owned(),
    }
}

/// What the container is built from, where it is built.
pub(super) fn of(draft: &mut Draft<'_>, spot: &Spot<'_>, image: &str) -> Option<Tree> {
    let output = draft.layout.output.as_str();
    if let Some(asked) = spot.workload.builds.get(spot.name) {
        let asked = rebase(asked, output);
        return Some(checked(draft, spot, asked));
    }
    if image != "." {
        return None;
    }
    if draft.options.bare_image == BareImage::Refuse {
        let said = Diagnostic::new(
            &codes::IMAGE_NEEDED,
            format!("container `{}` has no image", spot.name),
            spot.at(["image"]),
        )
        .note("`image: .` leaves the image to the command line")
        .help(format!("add `--image IMAGE` or `--build {}=FOLDER`", spot.name));
        draft.say(said);
        return None;
    }
    let file = spot.workload.file.as_deref().unwrap_or_default();
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(Tree::from_pairs([("context", Tree::from(spell::plain(&relative(output, folder))))]))
}

/// A build that Compose takes.
fn checked(draft: &mut Draft<'_>, spot: &Spot<'_>, asked: Tree) -> Tree {
    let (long, mut oddities) = (draft.options.sections == Sections::Long, Vec::new());
    let path = Path::of(["build"]);
    let made = if long {
        long::spelled(asked, &shape::BUILD, &path, &mut oddities)
    } else {
        long::unknown(&asked, &shape::BUILD, &path, &mut oddities);
        asked
    };
    for oddity in oddities {
        let at = At::Named(format!("--build {}", spot.name));
        draft.say(long::complaint(oddity, long, |code, words, _| Diagnostic::new(code, words, at.clone())));
    }
    made
}

/// A build whose context is said from the output's folder.
fn rebase(asked: &Tree, output: &str) -> Tree {
    let local = |context: &str| !context.contains("://") && !context.starts_with("git@");
    match asked {
        Tree::Map(object) if !output.is_empty() => {
            let mut object = object.clone();
            if let Some(Tree::Str(context)) =
                object.get_mut("context").filter(|c| c.as_str().is_some_and(local))
            {
                *context = relative(output, context);
            }
            Tree::Map(object)
        }
        other => other.clone(),
    }
}

/// A path as it is said from another folder; both are relative to the current one, or absolute.
pub(super) fn relative(from: &str, to: &str) -> String {
    fn parts(path: &str) -> impl Iterator<Item = &str> {
        path.split('/').filter(|part| !matches!(*part, "" | "."))
    }
    if from.is_empty() && !to.is_empty() || to.starts_with('/') != from.starts_with('/') && !from.is_empty() {
        return to.to_owned();
    }
    let same = parts(from).zip(parts(to)).take_while(|(a, b)| a == b && *a != "..").count();
    let up = parts(from).skip(same).map(|_| "..");
    let steps: Vec<&str> = up.chain(parts(to).skip(same)).collect();
    match steps.first() {
        None => ".".to_owned(),
        Some(&"..") => steps.join("/"),
        Some(_) => format!("./{}", steps.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_from_another_folder() {
        for (from, to, expected) in [
            ("", "", "."),
            ("", "app", "app"),
            ("out", "", ".."),
            ("out", "app", "../app"),
            ("out/deep", "out/app", "../app"),
            ("app", "app", "."),
            ("app", "./app/src", "./src"),
            ("out", "/abs", "/abs"),
            ("/a/b", "/a/c", "../c"),
        ] {
            assert_eq!(relative(from, to), expected, "{from} → {to}");
        }
    }
}
