//! Diagnostics: json.
