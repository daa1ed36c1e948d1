//! Rows in clusters, and changes to them that can be taken back.

use rand::RngExt;

use super::measure::{Halve, Measure, Measures};
use super::rows::{Lanes, Rows};
use crate::kmeans::cancel::Cancel;
use crate::kmeans::centroids::{Centroids, squared_distance};
use crate::kmeans::init::Random;
use crate::kmeans::kernel;
use crate::kmeans::points::Sample;
use crate::simd::{DOUBLES, with_widest};

/// Rows a cluster is halved towards, of which the best counts. With more it would be the same half each
/// time, and a swap tried again should be another swap.
const DIRECTIONS: usize = 6;

/// A search may take as long as so many of Lloyd's steps.
const STEPS: u64 = 30;

/// Comparisons of rows with centres that a search may always take: less than a millisecond.
const FEW_COMPARISONS: u64 = 1_000_000;

/// Rows and their centre.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    pub(super) rows: Rows,
    /// Its coordinates, and the weight of the rows.
    pub(super) center: Vec<f64>,
    pub(super) measures: Measures,
    /// Whether centre and measures are those of the rows. If not, the centre is so but for rounding.
    is_measured: bool,
    /// When the rows last changed. The same number means the same rows.
    pub(super) version: u64,
}

impl Cluster {
    /// The coordinates of the centre.
    pub(super) fn place(&self) -> &[f64] {
        &self.center[..self.center.len() - 1]
    }

    /// The weight of all rows.
    pub(super) fn weight(&self) -> f64 {
        self.center[self.center.len() - 1]
    }

    fn copy_from(&mut self, other: &Self) {
        self.rows.copy_from(&other.rows);
        self.center.clone_from(&other.center);
        (self.measures, self.is_measured) = (other.measures, other.is_measured);
        self.version = other.version;
    }

    /// Moves the centre to where it belongs once a row has come, or gone with its weight negative.
    fn follow(&mut self, row: &[f64], weight: f64) {
        if let Some((total, place)) = self.center.split_last_mut() {
            *total += weight;
            let share = weight / *total;
            for (mean, x) in place.iter_mut().zip(row) {
                *mean += (x - *mean) * share;
            }
        }
    }
}

/// What a swap of a cluster would bring, as far as can be told without trying.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outlook {
    /// What the sum rises by when its rows go to their second nearest centres.
    pub(super) loss: f64,
    /// What halving it lowers the sum by.
    pub(super) gain: f64,
}

/// Room for what is worked out and then forgotten, so that memory is asked for only once.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// A row, or a centre: its coordinates and its weight.
    pub(super) row: Vec<f64>,
    /// The numbers of the clusters that some rows look at.
    pub(super) near: Vec<usize>,
    /// Their centres, one after another.
    pub(super) centers: Vec<f64>,
    /// Squared distances of all centres from one.
    pub(super) apart: Vec<f64>,
    /// Rows that had better leave, each with the place in `near` of where to.
    pub(super) leaving: Vec<(usize, usize)>,
    /// For each row the place in `near` of the nearest centre, in groups of eight.
    pub(super) nearest: Vec<[u32; DOUBLES]>,
    /// The weights of the rows in half of a cluster, 0 for those in the other half.
    pub(super) half: Vec<Lanes>,
    trial: Vec<Lanes>,
    /// Keys of the rows of two clusters.
    pub(super) line: Vec<u64>,
    /// From one centre to the other, the mean of the rows of both, and the sums of their distances from it.
    pub(super) direction: Vec<f64>,
    pub(super) mean: Vec<f64>,
    pub(super) moments: Vec<f64>,
    labels: Vec<u32>,
}

/// All rows in their clusters.
#[derive(Debug, Default)]
pub(super) struct Partition {
    pub(super) clusters: Vec<Cluster>,
    /// The clusters in `touched` as they were when the change in progress began.
    pub(super) saved: Vec<Cluster>,
    /// The clusters that it has changed.
    pub(super) touched: Vec<usize>,
    /// When the rows of each cluster last looked at other centres.
    pub(super) looked: Vec<u64>,
    /// Goes on with each change and each look.
    pub(super) clock: u64,
    /// When the change in progress began.
    begun: u64,
    pub(super) outlooks: Vec<Outlook>,
    /// The versions of each two clusters between which no better boundary was found.
    pub(super) tried: Vec<[u64; 2]>,
    pub(super) room: Room,
    /// Comparisons of rows with centres so far, and how many there may be.
    pub(super) work: u64,
    most_work: u64,
    cancel: Cancel,
}

impl Partition {
    /// Gives every row to the nearest centre. Rows of no weight are left out.
    pub(super) fn assign(&mut self, sample: Sample, start: &Centroids, cancel: &Cancel) {
        let (n_rows, n_clusters) = (sample.points.n_rows(), start.len());
        let width = start.n_features() + 1;
        self.work = 0;
        self.most_work = (STEPS * n_rows as u64 * n_clusters as u64).max(FEW_COMPARISONS);
        self.cancel = cancel.clone();
        self.clock += 1;
        self.looked.resize(n_clusters, 0);
        self.outlooks.resize(n_clusters, Outlook::default());
        self.tried.clear();
        self.tried.resize(n_clusters * (n_clusters - 1) / 2, [0; 2]);
        self.room.row.resize(width, 0.0);
        self.saved.resize_with(n_clusters, Cluster::default);
        self.clusters.resize_with(n_clusters, Cluster::default);
        for (cluster, center) in self.clusters.iter_mut().zip(start.iter()) {
            cluster.rows.clear(width);
            cluster.center.clear();
            cluster.center.extend_from_slice(center);
            cluster.center.push(0.0);
            cluster.is_measured = false;
            cluster.version = self.clock;
        }
        let Room { row, labels, .. } = &mut self.room;
        labels.resize(n_rows, 0);
        kernel::label(sample, start, labels, cancel);
        for (index, &label) in labels.iter().enumerate() {
            row[width - 1] = sample.weight_of(index);
            if row[width - 1] > 0.0 {
                sample.points.read(index, &mut row[..width - 1]);
                self.clusters[label as usize].rows.push(row);
            }
        }
        for cluster in 0..n_clusters {
            self.measure(cluster);
        }
    }

    /// The centres.
    pub(super) fn centers(&self) -> Centroids {
        let mut centers = Centroids::none(self.room.row.len() - 1);
        for cluster in &self.clusters {
            centers.push(cluster.place());
        }
        centers
    }

    /// The sum of all clusters' errors.
    pub(super) fn inertia(&self) -> f64 {
        self.clusters.iter().map(|cluster| cluster.measures.error).sum()
    }

    /// Whether the search must end where it is.
    pub(super) fn is_over(&self) -> bool {
        self.work >= self.most_work || self.cancel.is_cancelled()
    }

    /// Begins a change. All that changes a cluster has to touch it first.
    pub(super) fn begin(&mut self) {
        self.touched.clear();
        self.looked.fill(self.clock);
        self.clock += 1;
        self.begun = self.clock;
    }

    /// Begins a change to all clusters that is never taken back.
    pub(super) fn begin_with_all(&mut self) {
        self.begin();
        self.touched.extend(0..self.clusters.len());
        for cluster in &mut self.clusters {
            cluster.version = self.clock;
        }
    }

    /// Notes that a cluster is about to change, and saves what it was when the change began.
    pub(super) fn touch(&mut self, index: usize) {
        let cluster = &mut self.clusters[index];
        if cluster.version < self.begun {
            self.saved[index].copy_from(cluster);
            self.touched.push(index);
        }
        // The clock goes on with each look, so what a cluster has not seen is later than its look.
        cluster.version = self.clock;
        cluster.is_measured = false;
    }

    /// Takes the change back.
    pub(super) fn revert(&mut self) {
        for &index in &self.touched {
            std::mem::swap(&mut self.clusters[index], &mut self.saved[index]);
        }
    }

    /// What the change has done to the sum; negative if it fell.
    pub(super) fn change(&self) -> f64 {
        let error = |clusters: &[Cluster], index: usize| clusters[index].measures.error;
        self.touched
            .iter()
            .map(|&index| error(&self.clusters, index) - error(&self.saved, index))
            .sum()
    }

    /// Brings centre and measures of a cluster up to its rows.
    pub(super) fn measure(&mut self, index: usize) {
        let Cluster { rows, center, measures, is_measured, .. } = &mut self.clusters[index];
        if *is_measured {
            return;
        }
        *is_measured = true;
        self.work += rows.len() as u64;
        if rows.len() > 0 {
            *measures = with_widest(Measure { rows, center });
        } else {
            *measures = Measures::default();
            center[rows.width() - 1] = 0.0;
        }
    }

    /// Brings all clusters that the change has touched up to their rows.
    pub(super) fn measure_touched(&mut self) {
        for place in 0..self.touched.len() {
            self.measure(self.touched[place]);
        }
    }

    /// Reads a row into [`Room::row`].
    pub(super) fn read(&mut self, cluster: usize, row: usize) {
        self.clusters[cluster].rows.read(row, &mut self.room.row);
    }

    /// Moves a row, which is in [`Room::row`], from one cluster to another. Both are touched, and their
    /// centres follow.
    pub(super) fn transfer(&mut self, index: usize, from: usize, to: usize) {
        let row = &self.room.row;
        let weight = row[row.len() - 1];
        self.clusters[from].rows.remove(index);
        self.clusters[from].follow(row, -weight);
        self.clusters[to].rows.push(row);
        self.clusters[to].follow(row, weight);
    }

    /// Copies the centres of the clusters in [`Room::near`] to [`Room::centers`].
    pub(super) fn copy_near_centers(&mut self) {
        self.room.centers.clear();
        for &near in &self.room.near {
            self.room.centers.extend_from_slice(&self.clusters[near].center);
        }
    }

    /// The squared distance between two centres.
    pub(super) fn apart(&self, a: usize, b: usize) -> f64 {
        squared_distance(self.clusters[a].place(), self.clusters[b].place())
    }

    /// The most that halving a cluster would lower the sum by, of some halves. [`Room::half`] is the best of
    /// them. 0 if it has none.
    pub(super) fn halve(&mut self, index: usize, rng: &mut Random) -> f64 {
        let Cluster { rows, center, .. } = &self.clusters[index];
        if rows.len() < 2 {
            return 0.0;
        }
        let towards: [usize; DIRECTIONS] = std::array::from_fn(|_| rng.random_range(0..rows.len()));
        self.work += (DIRECTIONS * rows.len()) as u64;
        let Room { half, trial, .. } = &mut self.room;
        with_widest(Halve { rows, center, towards: &towards, half, trial })
    }
}
