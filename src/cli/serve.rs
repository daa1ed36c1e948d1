//! `segmenta serve`: learn when there is nothing yet, then answer.
