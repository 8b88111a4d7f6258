//! How long a whole run takes, process start included: `cargo bench`.
//! Folders of N workloads with four resources each are made afresh in a temporary folder.

#![expect(clippy::disallowed_methods, reason = "a benchmark starts the real program on the real disk")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

const SIGHTREAD: &str = env!("CARGO_BIN_EXE_sightread");

/// A Score file with four resources; `@` is its number.
const SCORE: &str = include_str!("workload.yaml");

/// Writes `count` Score files into a folder and returns their names.
fn workloads(folder: &Path, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let name = format!("workload-{number}.yaml");
            fs::write(folder.join(&name), SCORE.replace('@', &number.to_string()))
                .expect("the temporary folder is writable");
            name
        })
        .collect()
}

fn run(folder: &Path, args: &[&str], files: &[String]) {
    let status = Command::new(SIGHTREAD)
        .current_dir(folder)
        .env("SIGHTREAD_SEED", "a seed that is only used by benchmarks")
        .args(args)
        .args(files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success(), "{args:?} failed");
}

fn whole_runs(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut group = criterion.benchmark_group("process");
    group.sample_size(20);
    group.bench_function("version", |bench| bench.iter(|| run(folder.path(), &["--version"], &[])));
    for count in [1, 10, 100, 1000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = workloads(folder.path(), count);
        for target in ["compose", "kubernetes"] {
            let args = ["generate", "-t", target, "-o", "out.yaml"];
            group.bench_function(format!("{target}/{count}"), |bench| {
                bench.iter(|| run(folder.path(), &args, &files));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, whole_runs);
criterion_main!(benches);
