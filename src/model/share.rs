//! Work on many things at once: as many threads as the machine has, results in the order of the things.

use std::num::NonZero;
use std::thread;

/// Fewer things than this are not worth a thread.
const FEW: usize = 64;

/// Does the same to every piece of a list, on several threads where there is much to do. A piece is a stretch of the
/// list, and the results come in the order of the pieces; how many pieces there are depends on the machine.
pub fn pieces<T: Send, U: Send>(items: Vec<T>, work: impl Fn(Vec<T>) -> U + Sync) -> Vec<U> {
    let threads = if items.len() < FEW { 1 } else { thread::available_parallelism().map_or(1, NonZero::get) };
    if threads < 2 {
        return vec![work(items)];
    }
    let size = items.len().div_ceil(threads.min(items.len() / (FEW / 2)));
    let mut rest = items.into_iter();
    let mut cut = Vec::new();
    while rest.len() > 0 {
        cut.push(rest.by_ref().take(size).collect::<Vec<T>>());
    }
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = cut.into_iter().map(|piece| scope.spawn(move || work(piece))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn results_come_in_order() {
        for many in [0, 1, 63, 64, 65, 1000] {
            let made = pieces((0..many).collect(), |piece: Vec<usize>| piece);
            assert_eq!(made.concat(), (0..many).collect::<Vec<_>>());
        }
    }
}
