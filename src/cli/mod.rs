//! The porch: argv in, exit code out.
