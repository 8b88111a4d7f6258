//! Any Score file with any provisioner file goes through both targets and both kinds of door without a panic, and what
//! is written does not depend on the run. Parts are parted by `===` lines: the Score file, a provisioner file, a second
//! Score file.

use std::collections::BTreeMap;

use sightread::cli::{self, Screen};
use sightread::world::memory::Memory;

fn run(world: &Memory, line: &str) -> (u8, Vec<u8>) {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = cli::run(&words, world, &mut Screen { out: &mut out, err: &mut err, colours: false });
    assert!(exit.code() == 0 || !err.is_empty() || !out.is_empty(), "`{line}` fails without a word");
    (exit.code(), out)
}

/// Hands a text to the reader.
///
/// # Panics
/// When what must hold does not.
pub(crate) fn hold(text: &str) {
    let mut parts = text.split("\n===\n");
    let mut world = Memory::default();
    let seed = ("SIGHTREAD_SEED".to_owned(), "0123456789abcdef0123456789abcdef".to_owned());
    world.set_variables(BTreeMap::from([seed]));
    let (mut names, mut own) = (String::new(), "");
    for (n, name) in ["score.yaml", "own.provisioners.yaml", "second.yaml"].into_iter().enumerate() {
        let Some(part) = parts.next() else { break };
        world.put(name, part, 0o644);
        if n == 1 {
            own = " --provisioners own.provisioners.yaml";
        } else {
            names = format!("{names} {name}");
        }
    }
    run(&world, &format!("sightread check{own}{names}"));
    for target in ["compose", "kubernetes"] {
        let line = format!("sightread generate -t {target} -o -{own}{names}");
        assert_eq!(run(&world, &line), run(&world, &line));
    }
    for tool in ["score-compose", "score-k8s"] {
        let own = own.replace(" --", " --no-sample --");
        run(&world, &format!("{tool} init{own}"));
        run(&world, &format!("{tool} generate{names}"));
    }
}
