//! Secret values from a seed, and the marker that carries a secret through a template.
