//! Rows answered while they come: what has come is scored side by side, and nothing more is read before the
//! client has taken the answers.

use std::collections::VecDeque;
use std::io;

use axum::body::Bytes;
use encoding_rs::Decoder;
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt};
use rayon::prelude::*;

use super::arriving::Arriving;
use super::cells::Cells;
use super::objects::Objects;
use super::split::{Block, Splitter};
use crate::server::error::FieldError;
use crate::server::state::Seen;

/// Rows that one thread scores at a time.
const TOGETHER: usize = 512;
/// The bytes that their answers seldom exceed.
const ROOM: usize = TOGETHER * 128;

/// Answers rows of one form.
pub(super) enum Scorer {
    Objects(Objects),
    Cells(Cells),
}

impl Scorer {
    fn answer(&self, block: &Block, from: usize, out: &mut Vec<u8>) {
        let to = (from + TOGETHER).min(block.n_rows());
        let mut seen = Seen::default();
        let served = match self {
            Self::Objects(objects) => {
                objects.answer((from..to).map(|row| block.row(row)), &mut seen, out);
                &objects.served
            }
            Self::Cells(cells) => {
                cells.answer(block.rows(from..to), &mut seen, out);
                &cells.served
            }
        };
        served.record(&seen);
    }

    fn refuse(&self, problem: FieldError, out: &mut Vec<u8>) {
        match self {
            Self::Objects(objects) => objects.refuse(problem, out),
            Self::Cells(cells) => cells.refuse(problem, out),
        }
    }

    fn answer_all(&self, blocks: Vec<Block>) -> Vec<Bytes> {
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        for mut block in blocks {
            let places: Vec<usize> = (0..block.n_rows()).step_by(TOGETHER).collect();
            pieces.par_extend(places.into_par_iter().map(|from| {
                let mut out = Vec::with_capacity(ROOM);
                self.answer(&block, from, &mut out);
                out
            }));
            if let Some(problem) = block.problem.take() {
                let mut out = Vec::new();
                self.refuse(problem, &mut out);
                pieces.push(out);
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces.into_iter().map(Bytes::from).collect()
    }

    fn is_array(&self) -> bool {
        matches!(self, Self::Objects(Objects { is_array: true, .. }))
    }
}

/// Rows on their way from the body to the answer.
pub(super) struct Work {
    pub(super) scorer: Scorer,
    pub(super) splitter: Splitter,
    /// Makes the body UTF-8, where it is not.
    pub(super) decoder: Option<Decoder>,
    /// The header of a table, which is no row.
    pub(super) has_header: bool,
}

impl Work {
    fn push(&mut self, bytes: &[u8]) -> Vec<Bytes> {
        let blocks = match &mut self.decoder {
            None => self.splitter.push(bytes),
            Some(decoder) => self.splitter.push(decode(decoder, bytes).as_bytes()),
        };
        self.answer(blocks)
    }

    fn answer(&mut self, mut blocks: Vec<Block>) -> Vec<Bytes> {
        if self.has_header
            && let Some(block) = blocks.first_mut()
        {
            block.drop_first();
            self.has_header = false;
        }
        self.scorer.answer_all(blocks)
    }
}

/// The next piece of a text as UTF-8.
pub(super) fn decode(decoder: &mut Decoder, bytes: &[u8]) -> String {
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(4 * bytes.len());
    let mut text = String::with_capacity(room);
    let _ = decoder.decode_to_string(bytes, &mut text, false);
    text
}

/// An answer that is on its way.
struct Answering {
    /// None once the work has failed.
    work: Option<Work>,
    arriving: Arriving,
    /// What has come of the body and waits to be answered.
    taken: Vec<u8>,
    waiting: VecDeque<Bytes>,
    has_begun: bool,
    is_over: bool,
}

/// The answers, piece by piece. `taken` is what was read of the body already.
pub(super) fn answers(
    work: Work,
    arriving: Arriving,
    taken: Vec<u8>,
) -> impl Stream<Item = io::Result<Bytes>> {
    let mut waiting = VecDeque::new();
    if let Scorer::Cells(cells) = &work.scorer {
        waiting.push_back(cells.header().into());
    }
    let work = Some(work);
    let answering = Answering { work, arriving, taken, waiting, has_begun: false, is_over: false };
    // Compression asks once more behind the end.
    unfold(answering, |mut answering| async {
        let piece = answering.next().await?;
        Some((piece, answering))
    })
    .fuse()
}

impl Answering {
    /// The next piece; none at the end.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(piece) = self.waiting.pop_front() {
                return Some(Ok(piece));
            }
            if self.is_over {
                return None;
            }
            if let Err(error) = self.work_on().await {
                // The answer cannot be told from a whole one but by its broken end.
                tracing::error!(%error, "rows of a batch could not be answered");
                self.is_over = true;
                return Some(Err(io::Error::other(error)));
            }
        }
    }

    async fn work_on(&mut self) -> Result<(), tokio::task::JoinError> {
        let more = if self.taken.is_empty() {
            self.arriving.read(&mut self.taken).await
        } else {
            Ok(true)
        };
        let Some(mut work) = self.work.take() else {
            self.is_over = true;
            return Ok(());
        };
        self.is_over = !matches!(more, Ok(true));
        let taken = std::mem::take(&mut self.taken);
        let (work, pieces) = tokio::task::spawn_blocking(move || {
            let pieces = match more {
                Ok(true) => work.push(&taken),
                Ok(false) => {
                    let rest = work.splitter.end();
                    work.answer(rest)
                }
                Err(ended) => {
                    let rest = work.splitter.break_off(ended.into());
                    work.answer(rest)
                }
            };
            (work, pieces)
        })
        .await?;
        let is_array = work.scorer.is_array();
        self.work = Some(work);
        self.waiting.extend(pieces);
        if is_array {
            self.put_brackets();
        }
        Ok(())
    }

    /// Opens an array in the place of the comma before its first element, and closes it.
    fn put_brackets(&mut self) {
        if !self.has_begun
            && let Some(first) = self.waiting.front_mut()
        {
            *first = [b"[", &first[1..]].concat().into();
            self.has_begun = true;
        }
        if self.is_over {
            let end = if self.has_begun { "\n]\n" } else { "[]\n" };
            self.waiting.push_back(Bytes::from_static(end.as_bytes()));
        }
    }
}
