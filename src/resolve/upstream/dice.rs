//! Dice that fall the same way each time: what template functions call random is drawn from the seed, the resource,
//! the section and the number of the draw.

use sha2::{Digest, Sha256};

/// A source of bytes.
#[derive(Debug, Clone)]
pub struct Seeded<'a> {
    /// The seed, the resource and the section.
    of: [&'a str; 3],
    /// What follows from them, once something is drawn: most sections draw nothing.
    key: Option<[u8; 32]>,
    drawn: u64,
    rest: Vec<u8>,
}

impl<'a> Seeded<'a> {
    /// Dice for one section of one resource.
    pub const fn new(seed: &'a str, uid: &'a str, section: &'a str) -> Self {
        Self { of: [seed, uid, section], key: None, drawn: 0, rest: Vec::new() }
    }

    /// Fills a buffer.
    pub fn fill(&mut self, into: &mut [u8]) {
        let key = *self.key.get_or_insert_with(|| key(self.of));
        for byte in into {
            if self.rest.is_empty() {
                let mut hash = Sha256::new();
                hash.update(key);
                hash.update(self.drawn.to_be_bytes());
                self.drawn += 1;
                self.rest = hash.finalize().to_vec();
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }
}

fn key(of: [&str; 3]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in ["go-template"].into_iter().chain(of) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}
