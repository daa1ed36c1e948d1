//! Lloyd's algorithm (Lloyd 1982, "Least squares quantization in PCM"): assign every point to its
//! nearest centre, move every centre to the mean of its points, until no assignment changes.
//!
//! This is the one loop that runs over every [`Engine`].

use std::cmp::Ordering;

use super::cancel::Cancel;
use super::centroids::{Centroids, squared_distance};
use super::engine::Engine;
use super::kernel;
use super::points::Sample;
use super::totals::Totals;
use crate::error::Result;

/// Where a run ended.
#[derive(Debug)]
pub(super) struct End<E: Engine> {
    pub(super) centers: Centroids,
    /// The totals of the clusters around these centres.
    pub(super) totals: Totals,
    pub(super) n_iter: usize,
    /// What the engine keeps of the last step.
    pub(super) run: E::Run,
}

/// When a run ends, if its assignments do not settle first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lloyd {
    /// After so many steps.
    pub(super) max_iter: usize,
    /// When the centres move by no more than this, in squared units of the points.
    pub(super) tol: f64,
}

impl Lloyd {
    /// Runs from the given centres.
    ///
    /// The totals are those of the centres returned, also where `max_iter` or `tol` ended the
    /// run before the assignments settled.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Cancelled`].
    pub(super) fn run<E: Engine>(
        self,
        engine: &E,
        start: Centroids,
        cancel: &Cancel,
    ) -> Result<End<E>> {
        let mut centers = start;
        let mut moved = centers.clone();
        let mut totals = Totals::zero(centers.len(), centers.n_features());
        let mut run = engine.begin(centers.len());
        let mut n_iter = 0;
        loop {
            let settled = engine.step(&mut run, &centers, &mut totals, cancel);
            cancel.check()?;
            cancel.count_step();
            n_iter += 1;
            if settled {
                break;
            }
            relocate_empty_clusters(engine.sample(), &centers, &mut totals, cancel);
            move_to_means(&mut moved, &totals);
            let shift = squared_distance(centers.coordinates(), moved.coordinates());
            std::mem::swap(&mut centers, &mut moved);
            if n_iter == self.max_iter || shift <= self.tol {
                engine.step(&mut run, &centers, &mut totals, cancel);
                break;
            }
        }
        cancel.check()?;
        Ok(End { centers, totals, n_iter, run })
    }
}

/// Moves the centres to where a step leads. A cluster that is still empty, because its only point was
/// given to another empty one, goes to where the largest cluster is, as in scikit-learn.
pub(super) fn move_to_means(centers: &mut Centroids, totals: &Totals) {
    let heaviest =
        |a: &usize, b: &usize| totals.weights[*a].total_cmp(&totals.weights[*b]).then(b.cmp(a));
    let largest = (0..totals.weights.len()).max_by(heaviest).unwrap_or(0);
    for cluster in 0..centers.len() {
        let source = if totals.weights[cluster] == 0.0 { largest } else { cluster };
        let weight = totals.weights[source];
        for (coordinate, sum) in centers.get_mut(cluster).iter_mut().zip(totals.sum(source)) {
            *coordinate = sum / weight;
        }
    }
}

/// Gives each empty cluster one of the rows farthest from their centres, and takes it from the cluster
/// it was in: scikit-learn's `_relocate_empty_clusters_dense`.
fn relocate_empty_clusters(
    sample: Sample,
    centers: &Centroids,
    totals: &mut Totals,
    cancel: &Cancel,
) {
    if !totals.has_empty_cluster() {
        return;
    }
    let n_rows = sample.points.n_rows();
    let mut labels = vec![0; n_rows];
    kernel::label(sample, centers, &mut labels, cancel);
    let mut point = vec![0.0; centers.n_features()];
    let mut by_distance = Vec::new();
    for (row, &label) in labels.iter().enumerate() {
        sample.points.read(row, &mut point);
        let distance = squared_distance(&point, centers.get(label as usize));
        if distance > 0.0 {
            by_distance.push((distance, row));
        }
    }
    // Of rows equally far away, those of lower coordinates first: equal rows stand together then, whether
    // they were merged or not.
    by_distance.sort_by(|a, b| {
        let by_place = || -> Ordering {
            let (a, b) = (sample.points.row(a.1), sample.points.row(b.1));
            // Adding 0.0 makes -0.0 and 0.0, which are equal, the same.
            let coordinates = a.iter().zip(&b).map(|(a, b)| (a + 0.0).total_cmp(&(b + 0.0)));
            coordinates.fold(Ordering::Equal, Ordering::then)
        };
        b.0.total_cmp(&a.0).then_with(by_place)
    });
    let far = by_distance.into_iter().flat_map(|(_, row)| {
        let (copies, weight) = sample.copies_of(row);
        std::iter::repeat_n((row, weight), copies)
    });
    let empty: Vec<usize> =
        (0..centers.len()).filter(|&cluster| totals.weights[cluster] == 0.0).collect();
    for (cluster, (row, weight)) in empty.into_iter().zip(far) {
        sample.points.read(row, &mut point);
        let former = labels[row] as usize;
        for (sum, x) in totals.sum_mut(former).iter_mut().zip(&point) {
            *sum -= weight * x;
        }
        totals.weights[former] -= weight;
        for (sum, x) in totals.sum_mut(cluster).iter_mut().zip(&point) {
            *sum = weight * x;
        }
        totals.weights[cluster] = weight;
    }
}

#[cfg(test)]
mod tests {
    use super::super::engine::Plain;
    use super::*;
    use crate::features::Matrix;

    /// Centres, weights, WCSS and steps.
    fn lloyd(column: &[f64], start: &[f64], max_iter: usize) -> (Vec<f64>, Vec<f64>, f64, usize) {
        let matrix = Matrix::from_columns(vec![column.to_vec()]).unwrap();
        let start: Vec<Vec<f64>> = start.iter().map(|&x| vec![x]).collect();
        let start = Centroids::from_centers(&start, 1);
        let engine = Plain::new((&matrix).into());
        let cancel = Cancel::default();
        let end = Lloyd { max_iter, tol: 0.0 }.run(&engine, start, &cancel).unwrap();
        let inertia = engine.inertia(&end.run, &end.centers, &cancel);
        (end.centers.coordinates().to_vec(), end.totals.weights, inertia, end.n_iter)
    }

    #[test]
    fn an_empty_cluster_takes_the_farthest_point() {
        // The third centre is nearest to nothing; 100 is the point farthest from its own.
        let data = [0.0, 1.0, 10.0, 11.0, 100.0];
        let (centers, weights, inertia, _) = lloyd(&data, &[0.0, 10.0, -500.0], 300);
        assert_eq!(weights, [2.0, 2.0, 1.0]);
        assert_eq!(centers, [0.5, 10.5, 100.0]);
        assert!((inertia - 1.0).abs() < 1e-12);
    }

    #[test]
    fn several_empty_clusters_are_repaired_at_once() {
        let (_, weights, inertia, _) =
            lloyd(&[0.0, 10.0, 20.0, 30.0], &[0.0, 900.0, 901.0, 902.0], 300);
        assert_eq!(weights, [1.0; 4]);
        assert!(inertia.abs() < 1e-12);
    }

    #[test]
    fn totals_belong_to_the_centres_when_max_iter_ends_the_run() {
        let (_, weights, _, n_iter) = lloyd(&[0.0, 1.0, 2.0, 3.0, 50.0, 51.0], &[0.0, 1.0], 1);
        assert_eq!(n_iter, 1);
        // The first step moves the centres to 0 and 21.4.
        assert_eq!(weights, [4.0, 2.0]);
    }

    #[test]
    fn iterations_count_the_step_that_changes_nothing() {
        assert_eq!(lloyd(&[0.0, 1.0, 10.0, 11.0], &[0.0, 10.0], 300).3, 2);
    }
}
