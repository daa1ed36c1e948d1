//! Swaps: the rows of a cluster that is missed little go to the clusters next to them, and another cluster
//! falls into two halves (Fränti and Kivijärvi 2000, "Randomised local search algorithm for the
//! clustering problem"; Kaukoranta, Fränti and Nevalainen 1998, "Iterative split-and-merge algorithm for
//! VQ codebook generation"). Moves follow, in the neighbourhood only.

use super::offer::Nearest;
use super::partition::{Cluster, Outlook, Partition};
use crate::kmeans::init::Random;
use crate::simd::with_widest;

/// By what factor a swap makes its two clusters less promising; without it the same one would be tried for
/// ever. A cluster that a change has concerned is judged anew.
const PENALTY: f64 = 1.2;

impl Partition {
    /// Judges all clusters.
    pub(super) fn estimate_all(&mut self, rng: &mut Random) {
        for cluster in 0..self.clusters.len() {
            self.estimate(cluster, rng);
        }
    }

    /// Swaps until too many in a row have brought nothing. False if the search must end.
    pub(super) fn swap_until(&mut self, n_swaps: usize, rng: &mut Random) -> bool {
        let mut failed = 0;
        while failed < n_swaps && self.may_fall() && !self.is_over() {
            let (dissolved, halved) = self.most_promising();
            self.outlooks[dissolved].loss *= PENALTY;
            self.outlooks[halved].gain /= PENALTY;
            let pays = self.swap(dissolved, halved, rng);
            self.conclude(pays, rng);
            failed = if pays { 0 } else { failed + 1 };
        }
        !self.is_over()
    }

    /// Whether the sum can be any lower. One that is beyond all numbers cannot be compared.
    fn may_fall(&self) -> bool {
        let inertia = self.inertia();
        inertia > 0.0 && inertia.is_finite()
    }

    /// Keeps a change that pays, and judges the clusters it has concerned; takes another back.
    pub(super) fn conclude(&mut self, pays: bool, rng: &mut Random) {
        if !pays {
            return self.revert();
        }
        for place in 0..self.touched.len() {
            self.estimate(self.touched[place], rng);
        }
    }

    fn estimate(&mut self, cluster: usize, rng: &mut Random) {
        let loss = self.find_others(cluster) - self.clusters[cluster].measures.error;
        let gain = self.halve(cluster, rng);
        self.outlooks[cluster] = Outlook { loss, gain };
    }

    /// The cluster that costs least to dissolve, and of the others the one that gains most by being
    /// halved.
    fn most_promising(&self) -> (usize, usize) {
        let (mut dissolved, mut least) = (0, f64::INFINITY);
        for (cluster, outlook) in self.outlooks.iter().enumerate() {
            if outlook.loss < least {
                (dissolved, least) = (cluster, outlook.loss);
            }
        }
        let (mut halved, mut most) = (usize::from(dissolved == 0), -1.0);
        for (cluster, outlook) in self.outlooks.iter().enumerate() {
            if outlook.gain > most && cluster != dissolved {
                (halved, most) = (cluster, outlook.gain);
            }
        }
        (dissolved, halved)
    }

    /// Gives the rows of a cluster to the nearest others, and it half of the rows that `halved` has then.
    fn swap(&mut self, dissolved: usize, halved: usize, rng: &mut Random) -> bool {
        self.begin();
        self.find_others(dissolved);
        self.touch(dissolved);
        self.touch(halved);
        self.dissolve(dissolved);
        self.measure_touched();
        if self.halve(halved, rng) == 0.0 {
            return false;
        }
        self.part(halved, dissolved);
        self.pays()
    }

    /// Finds each row of a measured cluster the nearest centre but its own, among [`Room::near`], and gives
    /// the weighted sum of the squared distances.
    ///
    /// [`Room::near`]: super::partition::Room::near
    fn find_others(&mut self, from: usize) -> f64 {
        let mut apart = std::mem::take(&mut self.room.apart);
        apart.clear();
        apart.extend((0..self.clusters.len()).map(|other| self.apart(from, other)));
        apart[from] = f64::INFINITY;
        // A row at distance r from its centre is at most r and the distance of the nearest other centre
        // from that one; a centre farther away than both and r again is farther from the row.
        let least = apart.iter().fold(f64::INFINITY, |least, &square| least.min(square));
        let farthest = 2.0 * self.clusters[from].measures.reach.sqrt() + least.sqrt();
        let bound = (farthest * farthest).max(least);
        let is_near = |&other: &usize| apart[other] <= bound && other != from;
        self.room.near.clear();
        self.room.near.extend((0..apart.len()).filter(is_near));
        self.room.apart = apart;
        self.copy_near_centers();
        let Cluster { rows, .. } = &self.clusters[from];
        self.work += (rows.len() * self.room.near.len()) as u64;
        let (centers, places) = (&self.room.centers, &mut self.room.nearest);
        with_widest(Nearest { rows, centers, places })
    }

    /// Gives the rows of a touched cluster to the others that were found.
    fn dissolve(&mut self, cluster: usize) {
        let width = self.room.row.len();
        self.clusters[cluster].rows.clear(width);
        for row in 0..self.saved[cluster].rows.len() {
            let places = self.room.nearest.as_flattened();
            let to = self.room.near[places[row] as usize];
            self.touch(to);
            self.saved[cluster].rows.read(row, &mut self.room.row);
            self.clusters[to].rows.push(&self.room.row);
        }
    }

    /// Moves the half of a cluster that was found into an empty one.
    fn part(&mut self, cluster: usize, into: usize) {
        self.touch(cluster);
        self.touch(into);
        if let Ok([one, other]) = self.clusters.get_disjoint_mut([cluster, into]) {
            one.rows.part(&self.room.half, &mut other.rows);
        }
        self.measure(cluster);
        self.measure(into);
    }
}
