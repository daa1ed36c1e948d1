//! Figures and helpers that several test files share.

pub mod mall;
