//! Learning from files that memory does not hold: when, and what is told meanwhile.

use std::path::PathBuf;
use std::sync::Mutex;

use clap::Args;
use indicatif::{HumanBytes, ProgressBar};
use segmenta::dataset::{Table, files};
use segmenta::memory::{Memory, Needed};
use segmenta::model::{
    DrawnRows, Journal, MAX_PASSES, Progress, Stage, Streamed, TrainOptions, draw,
    train_out_of_core,
};

use super::output::note;
use super::values;
use super::{progress, report};

/// How much memory customers may take.
#[derive(Debug, Args)]
pub struct LimitArgs {
    /// The most memory that customers may take, such as 2GiB: files that need more are read a part at a time
    /// instead, as often as is needed, in some 200 MB whatever their size [default: what is free]
    #[arg(long, env = "SEGMENTA_MEMORY_LIMIT", value_name = "SIZE", value_parser = values::size)]
    memory_limit: Option<u64>,
}

/// How much memory learning may take, and how many passes it may take where that is too little.
#[derive(Debug, Args)]
pub struct MemoryArgs {
    #[command(flatten)]
    pub limit: LimitArgs,
    /// The most passes over such files that refine the chosen segments, after four for the elbow
    #[arg(long, env = "SEGMENTA_MAX_PASSES", value_name = "N", default_value_t = MAX_PASSES)]
    max_passes: usize,
    /// Write down in this file what each pass gave, and go on behind the last one that is in it: after an
    /// interruption, give the same command again. It is removed at the end
    #[arg(long, env = "SEGMENTA_RESUME", value_name = "FILE")]
    resume: Option<PathBuf>,
}

/// What is done with a table that memory does not hold.
pub trait OverTable {
    /// What comes of it.
    type Output;

    /// What is done in the place of what needs memory, in words.
    const INSTEAD: &'static str;

    /// Does it.
    fn over(self, table: &impl Table) -> anyhow::Result<Self::Output>;
}

/// To learn from it in passes. They refine what is chosen if `refines` says so.
#[derive(Debug)]
pub struct Learning<'a> {
    pub memory: &'a MemoryArgs,
    pub options: &'a TrainOptions,
    pub refines: bool,
}

impl OverTable for Learning<'_> {
    type Output = Streamed;

    const INSTEAD: &'static str = "reading the files pass by pass";

    fn over(self, table: &impl Table) -> anyhow::Result<Streamed> {
        self.memory.train(table, self.options, self.refines)
    }
}

/// To draw some rows, and to count all.
#[derive(Debug)]
pub struct Drawing<'a>(pub &'a TrainOptions);

impl OverTable for Drawing<'_> {
    type Output = DrawnRows;

    const INSTEAD: &'static str = "looking at some rows that are drawn of all";

    fn over(self, table: &impl Table) -> anyhow::Result<DrawnRows> {
        let bar = Bar::default();
        let drawn = draw(table, self.0, &bar);
        bar.clear();
        let drawn = drawn?;
        report::note_detected(&drawn.data);
        Ok(drawn)
    }
}

impl LimitArgs {
    /// Whether files need more memory than they may take. What is done `instead` is said then.
    ///
    /// # Errors
    ///
    /// As [`files::expand`].
    pub fn is_exceeded_by(&self, paths: &[PathBuf], instead: &str) -> anyhow::Result<bool> {
        let files = files::expand(paths)?;
        Ok(self.is_exceeded(Needed::to_learn_from(files.iter().map(PathBuf::as_path)), instead))
    }

    /// The same of files that need so much.
    pub fn is_exceeded(&self, needed: Needed, instead: &str) -> bool {
        let needed = needed.likely;
        let Some(limit) = self.memory_limit.or_else(|| Memory::of_this_machine().free()) else {
            return false;
        };
        if needed > limit {
            note(format_args!(
                "in memory this would take about {}, and it may take {}: {instead} instead \
                 (--ignore-memory takes the customers into memory anyway)",
                HumanBytes(needed),
                HumanBytes(limit),
            ));
        }
        needed > limit
    }
}

impl MemoryArgs {
    /// Learns from a table in passes; for the elbow alone no pass refines what is chosen.
    ///
    /// # Errors
    ///
    /// As [`train_out_of_core`].
    fn train(
        &self,
        table: &impl Table,
        options: &TrainOptions,
        refines: bool,
    ) -> anyhow::Result<Streamed> {
        let journal = match &self.resume {
            None => Journal::default(),
            Some(path) => Journal::of_training(path, table, options)?,
        };
        let bar = Bar::default();
        let max_passes = if refines { self.max_passes } else { 0 };
        let streamed = train_out_of_core(table, options, max_passes, journal, &bar);
        bar.clear();
        let streamed = streamed?;
        report::note_detected(&streamed.sample);
        Ok(streamed)
    }
}

/// The bar of the pass that is under way.
#[derive(Default)]
struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn put(&self, bar: Option<ProgressBar>) {
        let mut shown = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(former) = std::mem::replace(&mut *shown, bar) {
            former.finish_and_clear();
        }
    }

    fn clear(&self) {
        self.put(None);
    }
}

impl Progress for Bar {
    fn begin(&self, pass: usize, stage: Stage, n_rows: Option<u64>) {
        let what = match stage {
            Stage::Survey => "drawing a sample",
            Stage::Coreset => "moments and coreset",
            Stage::Sweep => "a step for every k",
            Stage::Refine => "a step for the chosen k",
        };
        self.put(Some(progress::pass(format!("Pass {pass}: {what}"), n_rows)));
    }

    fn read(&self, rows: u64) {
        if let Some(bar) = &*self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            bar.inc(rows);
        }
    }

    fn found(&self, n_clusters: usize, k_max: usize) {
        let bar = progress::sweep(k_max);
        bar.set_position(n_clusters as u64);
        self.put(Some(bar));
    }
}
