//! The comparison of the latest predictions with training.

use serde::Serialize;

use super::bins::Bin;
use super::psi::{DRIFTED, SHIFTING, noise, psi};
use super::reference::{Aspect, Reference, Subject};
use super::window::Counts;

/// Below so many predictions there is no verdict: who comes first need not be like who comes later.
pub const LEAST: usize = 500;

/// How far the latest customers are from those of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There are too few predictions to tell.
    TooFew,
    /// What differs may be chance, or is little.
    Steady,
    /// Some figure has changed: have an eye on it.
    Shifting,
    /// Some figure is another one now: time to train anew.
    Drifted,
}

/// One figure of the latest predictions beside training.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The figure.
    pub subject: Subject,
    /// The population stability index; none before the first prediction.
    pub psi: Option<f64>,
    /// What the index may be by chance alone.
    pub noise: f64,
    /// What this figure says of its own.
    pub verdict: Verdict,
    /// Its bins: what they hold, the share of training customers, and that of predictions. Those in which nobody
    /// is on either side are left out.
    pub bins: Vec<(Bin, f64, f64)>,
    /// The median in training and of the predictions, of distances only.
    pub median: Option<Median>,
}

/// Medians of a figure that is a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Median {
    /// Of training customers.
    pub expected: f64,
    /// Of the predictions, as far as their bins tell: within its bin, it is taken to lie in proportion. None where
    /// the bin has no end, or nothing was predicted.
    pub observed: Option<f64>,
}

/// The latest predictions beside training.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The predictions looked at.
    pub n: usize,
    /// The worst that a figure says.
    pub verdict: Verdict,
    /// Figure by figure: the segments, and where training customers are at hand the features and distances.
    pub compared: Vec<Compared>,
}

impl Report {
    /// Compares what a window counted with the reference whose bins it counted.
    pub fn new(reference: &Reference, counts: &Counts) -> Self {
        let aspects = reference.aspects();
        let looks = aspects.len();
        let pairs = aspects.iter().zip(&counts.by_figure);
        let compared: Vec<Compared> =
            pairs.map(|(aspect, observed)| compare(aspect, observed, counts.n, looks)).collect();
        let verdict = compared.iter().map(|compared| compared.verdict).max();
        Self { n: counts.n, verdict: verdict.unwrap_or(Verdict::TooFew), compared }
    }

    /// What is known of a figure.
    pub fn of(&self, subject: Subject) -> Option<&Compared> {
        self.compared.iter().find(|compared| compared.subject == subject)
    }
}

fn compare(aspect: &Aspect, observed: &[u64], n: usize, looks: usize) -> Compared {
    let expected = &aspect.expected;
    let index = psi(expected, observed);
    let noise = noise(expected, observed, looks);
    let verdict = match index {
        Some(_) if n < LEAST => Verdict::TooFew,
        None => Verdict::TooFew,
        // Chance may have added as much to a difference that is below the threshold.
        Some(index) if index > DRIFTED + noise => Verdict::Drifted,
        Some(index) if index > SHIFTING + noise => Verdict::Shifting,
        Some(_) => Verdict::Steady,
    };
    let share = |counts: &[u64], place: usize| {
        let total = counts.iter().sum::<u64>().max(1);
        counts.get(place).map_or(0.0, |&count| count as f64 / total as f64)
    };
    let is_used = |&place: &usize| {
        matches!(aspect.subject, Subject::Segments)
            || expected[place] + observed.get(place).copied().unwrap_or(0) > 0
    };
    let bin = |place| (aspect.bins.hold(place), share(expected, place), share(observed, place));
    let bins: Vec<(Bin, f64, f64)> = (0..expected.len()).filter(is_used).map(bin).collect();
    let median =
        aspect.median.map(|expected| Median { expected, observed: observed_median(&bins) });
    Compared { subject: aspect.subject, psi: index, noise, verdict, bins, median }
}

/// The median by bins of distances, which begin at 0.
fn observed_median(bins: &[(Bin, f64, f64)]) -> Option<f64> {
    let mut below = 0.0;
    for &(bin, _, share) in bins {
        if share > 0.0 && below + share >= 0.5 {
            let Bin::Numbers { above, up_to: Some(up_to) } = bin else { return None };
            let above = above.unwrap_or(0.0);
            return Some(above + (up_to - above) * (0.5 - below) / share);
        }
        below += share;
    }
    None
}
