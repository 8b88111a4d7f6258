//! The grammar of `${…}`: text in, literal pieces and references out.
