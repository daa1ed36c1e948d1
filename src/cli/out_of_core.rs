//! Learning from files that memory does not hold: when, and what is told meanwhile.

use std::path::PathBuf;
use std::sync::Mutex;

use clap::Args;
use indicatif::{HumanBytes, ProgressBar};
use segmenta::dataset::{Table, files};
use segmenta::memory::{Memory, Needed};
use segmenta::model::{
    Journal, MAX_PASSES, Progress, Stage, Streamed, TrainOptions, train_out_of_core,
};

use super::output::note;
use super::values;
use super::{progress, report};

/// How much memory learning may take, and how many passes it may take where that is too little.
#[derive(Debug, Args)]
pub struct MemoryArgs {
    /// The most memory that customers may take, such as 2GiB: files that need more are read again and again
    /// instead, a part at a time, in some 200 MB whatever their size [default: what is free]
    #[arg(long, env = "SEGMENTA_MEMORY_LIMIT", value_name = "SIZE", value_parser = values::size)]
    memory_limit: Option<u64>,
    /// The most passes over such files that refine the chosen segments, after four for the elbow
    #[arg(long, env = "SEGMENTA_MAX_PASSES", value_name = "N", default_value_t = MAX_PASSES)]
    max_passes: usize,
    /// Write down in this file what each pass gave, and go on behind the last one that is in it: after an
    /// interruption, give the same command again. It is removed at the end
    #[arg(long, env = "SEGMENTA_RESUME", value_name = "FILE")]
    resume: Option<PathBuf>,
}

impl MemoryArgs {
    /// Whether files are to be read in passes, as they need more memory than they may take.
    ///
    /// # Errors
    ///
    /// As [`files::expand`].
    pub fn is_exceeded_by(&self, paths: &[PathBuf]) -> anyhow::Result<bool> {
        let files = files::expand(paths)?;
        Ok(self.is_exceeded(Needed::to_learn_from(files.iter().map(PathBuf::as_path))))
    }

    /// The same of files that need so much.
    pub fn is_exceeded(&self, needed: Needed) -> bool {
        let needed = needed.likely;
        let Some(limit) = self.memory_limit.or_else(|| Memory::of_this_machine().free()) else {
            return false;
        };
        if needed > limit {
            note(format_args!(
                "in memory this would take about {}, and it may take {}: reading the files pass by pass instead \
                 (--ignore-memory takes the customers into memory anyway)",
                HumanBytes(needed),
                HumanBytes(limit),
            ));
        }
        needed > limit
    }

    /// Learns from a table in passes; for the elbow alone no pass refines what is chosen.
    ///
    /// # Errors
    ///
    /// As [`train_out_of_core`].
    pub fn train(
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
