//! Moves of one row at a time (Hartigan 1975, "Clustering Algorithms").
//!
//! A row moves if that lowers the sum, the centres following. Every end of these moves is one of Lloyd's
//! steps too, but not the reverse, and far fewer ends are left (Telgarsky and Vattani 2010,
//! "Hartigan's method: k-means clustering without Voronoi").
//!
//! Two centres far enough apart cannot exchange rows (Elkan 2003, "Using the triangle inequality to
//! accelerate k-means"), and a centre that has not changed since a cluster last looked at it has nothing
//! new to offer.

use super::LEAST_GAIN;
use super::offer::Offer;
use super::partition::{Cluster, Partition};
use crate::kmeans::centroids::squared_distance;
use crate::simd::with_widest;

/// Sweeps end by themselves, as each move lowers the sum; rounding must not be able to prevent it.
const MAX_SWEEPS: usize = 300;

/// A change is given up when this many sweeps as good as its last would not make it pay. Sweeps bring less
/// and less.
const PATIENCE: f64 = 4.0;

/// A change is not settled at all if it adds more than this share to the sums of the clusters concerned.
const HOPELESS: f64 = 0.25;

impl Partition {
    /// Moves rows until no move lowers the sum.
    pub(super) fn settle(&mut self) {
        self.begin_with_all();
        for _ in 0..MAX_SWEEPS {
            if self.is_over() || self.sweep() == 0.0 {
                break;
            }
        }
        self.measure_touched();
    }

    /// Settles the neighbourhood of a change, whose clusters are measured. False once it is clear that the
    /// sum will not fall.
    pub(super) fn pays(&mut self) -> bool {
        let concerned: f64 = self.touched.iter().map(|&i| self.saved[i].measures.error).sum();
        let mut change = self.change();
        if change > HOPELESS * concerned {
            return false;
        }
        for _ in 0..MAX_SWEEPS {
            let gain = self.sweep();
            change -= gain;
            if gain == 0.0 || self.is_over() {
                break;
            }
            if change > PATIENCE * gain {
                return false;
            }
        }
        self.measure_touched();
        self.change() < -LEAST_GAIN * self.inertia()
    }

    /// Offers each row the centres that have changed since it last looked. Returns what the moves gained.
    fn sweep(&mut self) -> f64 {
        let mut gain = 0.0;
        for from in 0..self.clusters.len() {
            if self.clusters[from].rows.len() > 1 && self.look_around(from) {
                gain += self.leave(from);
            }
        }
        gain
    }

    /// Finds the centres that rows of a cluster might change to. False if there are none.
    fn look_around(&mut self, from: usize) -> bool {
        let last = self.looked[from];
        self.looked[from] = self.clock;
        self.clock += 1;
        let is_changed = self.clusters[from].version > last;
        if is_changed {
            self.measure(from);
        }
        let clusters = &self.clusters;
        let home = &clusters[from];
        let near = &mut self.room.near;
        near.clear();
        let is_near = |&to: &usize| to != from && home.may_lose_to(&clusters[to]);
        if is_changed {
            near.extend((0..clusters.len()).filter(is_near));
        } else {
            let is_news = |&to: &usize| clusters[to].version > last;
            near.extend(self.touched.iter().copied().filter(is_news).filter(is_near));
        }
        !near.is_empty()
    }

    /// Lets the rows of a cluster go to near ones where that lowers the sum.
    fn leave(&mut self, from: usize) -> f64 {
        self.copy_near_centers();
        let Cluster { rows, center: home, .. } = &self.clusters[from];
        self.work += (rows.len() * self.room.near.len()) as u64;
        let mut leaving = std::mem::take(&mut self.room.leaving);
        leaving.clear();
        with_widest(Offer { rows, home, others: &self.room.centers, leaving: &mut leaving });
        // From the last row on, so that those that take the place of one that left have had their turn.
        let gain = leaving.iter().rev().map(|&(row, near)| self.move_row(row, from, near)).sum();
        self.room.leaving = leaving;
        gain
    }

    /// Moves a row if that still lowers the sum: the rows before it have moved centres.
    fn move_row(&mut self, row: usize, from: usize, near: usize) -> f64 {
        let to = self.room.near[near];
        self.read(from, row);
        let (home, other) = (&self.clusters[from], &self.clusters[to]);
        let Some((&weight, place)) = self.room.row.split_last() else {
            return 0.0;
        };
        let left = home.weight() - weight;
        if home.rows.len() < 2 || left <= 0.0 {
            return 0.0;
        }
        let saved = squared_distance(place, home.place()) * home.weight() / left;
        let joined = other.weight() + weight;
        let paid = squared_distance(place, other.place()) * other.weight() / joined;
        if paid >= saved * (1.0 - LEAST_GAIN) {
            return 0.0;
        }
        self.touch(from);
        self.touch(to);
        self.transfer(row, from, to);
        (saved - paid) * weight
    }
}

impl Cluster {
    /// Whether a row might be better off in another cluster. One at distance r from its centre is at least
    /// the distance of the centres less r from the other, which must not be more than q times r, where q² is
    /// what leaving and joining are counted at. (1 + q)² is at most 2 (1 + q²), and hardly less as q is
    /// near 1.
    fn may_lose_to(&self, other: &Self) -> bool {
        let heaviest = self.measures.heaviest;
        let left = self.weight() - heaviest;
        let bound = other.weight() * left + self.weight() * (other.weight() + heaviest);
        let apart = squared_distance(self.place(), other.place());
        apart * other.weight() * left < 2.0 * self.measures.reach * bound
    }
}
