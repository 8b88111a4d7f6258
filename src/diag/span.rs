//! Diagnostics: span.
