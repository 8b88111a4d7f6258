//! The template language of our own provisioners: minijinja, strict, with fuel.
