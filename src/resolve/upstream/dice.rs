//! Dice that fall the same way each time: what template functions call random is drawn from the seed, the resource,
//! the section and the number of the draw.

use sha2::{Digest, Sha256};

/// A source of bytes.
#[derive(Debug, Clone)]
pub struct Seeded {
    key: [u8; 32],
    drawn: u64,
    rest: Vec<u8>,
}

impl Seeded {
    /// Dice for one section of one resource.
    pub fn new(seed: &str, uid: &str, section: &str) -> Self {
        let mut hash = Sha256::new();
        for part in ["go-template", seed, uid, section] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self { key: hash.finalize().into(), drawn: 0, rest: Vec::new() }
    }

    /// Fills a buffer.
    pub fn fill(&mut self, into: &mut [u8]) {
        for byte in into {
            if self.rest.is_empty() {
                let mut hash = Sha256::new();
                hash.update(self.key);
                hash.update(self.drawn.to_be_bytes());
                self.drawn += 1;
                self.rest = hash.finalize().to_vec();
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }
}
