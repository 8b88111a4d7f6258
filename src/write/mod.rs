//! Room 4: patches, checks and prints what was lowered, and spends the result.

pub mod check;
pub mod commit;
pub mod compare;
pub mod emit;
pub mod format;
pub mod inputs;
pub mod kyaml;
pub mod lines;
pub mod objects;
pub mod order;
pub mod patch;
pub mod scalar;
pub mod semantic;
pub mod stale;
pub mod state;
pub mod tell;
pub mod yaml;
