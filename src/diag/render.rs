//! Diagnostics: render.
