//! Why a customer is where it is, and what would change it.

use serde::Serialize;

use super::{Model, Prediction};
use crate::error::Result;

/// The reasons behind one prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The distance to every segment, nearest first.
    pub distances: Vec<SegmentDistance>,
    /// What each feature has to do with it, in the model's order; empty with a single segment.
    pub contributions: Vec<Contribution>,
    /// The smallest change of one feature that leads to another segment, if any does.
    pub switch: Option<Switch>,
}

/// How far a customer is from a segment's centre.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SegmentDistance {
    /// The segment.
    pub cluster_id: usize,
    /// The distance in standard deviations.
    pub distance: f64,
}

/// What one feature adds to the choice of the segment over the runner-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The feature's place in the model.
    pub feature: usize,
    /// How much nearer it puts the customer to its segment than to the runner-up, in squared standard
    /// deviations. Negative when it speaks for the runner-up. All of them add up to the difference of
    /// the two squared distances.
    pub toward_segment: f64,
    /// Its part in the sum of all features' magnitudes, from 0 to 1.
    pub share: f64,
}

/// A change of one feature that leads to another segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Switch {
    /// The feature's place in the model.
    pub feature: usize,
    /// Its value now.
    pub from: f64,
    /// The value just beyond the border.
    pub to: f64,
    /// The segment on the other side.
    pub cluster_id: usize,
}

impl Model {
    /// Explains the prediction for a customer, given as for [`Model::predict`].
    ///
    /// # Errors
    ///
    /// As [`Model::predict`].
    pub fn explain(&self, customer: &[f64]) -> Result<Explanation> {
        // Squares decide, as in the prediction: two of them that differ may have the same root.
        let mut squares: Vec<(usize, f64)> =
            self.squared_distances(customer)?.into_iter().enumerate().collect();
        squares.sort_by(|a, b| a.1.total_cmp(&b.1));
        let distances: Vec<SegmentDistance> = squares
            .into_iter()
            .map(|(cluster_id, square)| SegmentDistance { cluster_id, distance: square.sqrt() })
            .collect();
        let point = self.scaler.transform_row(customer);
        let own = distances[0].cluster_id;
        let contributions = distances
            .get(1)
            .map(|runner_up| self.contributions(&point, own, runner_up.cluster_id))
            .unwrap_or_default();
        let switch = self.smallest_switch(customer, &point, own);
        Ok(Explanation { distances, contributions, switch })
    }

    fn contributions(&self, point: &[f64], own: usize, runner_up: usize) -> Vec<Contribution> {
        let centers = &self.kmeans.cluster_centers;
        let toward: Vec<f64> = point
            .iter()
            .zip(centers[own].iter().zip(&centers[runner_up]))
            .map(|(x, (own, other))| farther(*x, *own, *other))
            .collect();
        let total: f64 = toward.iter().map(|value| value.abs()).sum();
        (0..)
            .zip(toward)
            .map(|(feature, toward_segment)| Contribution {
                feature,
                toward_segment,
                share: if total > 0.0 { toward_segment.abs() / total } else { 0.0 },
            })
            .collect()
    }

    /// A segment's cell is convex, and along one feature the difference of two squared distances is
    /// linear: where the line leaves the cell is the nearest of its crossings with the borders to all
    /// other segments. Of all features and both directions, the least move in standard deviations
    /// that no column forbids wins.
    fn smallest_switch(&self, customer: &[f64], point: &[f64], own: usize) -> Option<Switch> {
        let mut crossings = Vec::new();
        for feature in 0..point.len() {
            for direction in [-1.0, 1.0] {
                let first = (0..self.segments.len())
                    .filter(|&other| other != own)
                    .filter_map(|other| self.crossing(point, own, other, feature, direction))
                    .min_by(f64::total_cmp);
                crossings.extend(first.map(|reach| (reach, feature, direction)));
            }
        }
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        crossings.into_iter().find_map(|(reach, feature, direction)| {
            self.step_over(customer, own, feature, direction * reach)
        })
    }

    /// How far to go along a feature until another segment is as near as the customer's own.
    fn crossing(
        &self,
        point: &[f64],
        own: usize,
        other: usize,
        feature: usize,
        direction: f64,
    ) -> Option<f64> {
        let centers = &self.kmeans.cluster_centers;
        let slope = 2.0 * direction * (centers[other][feature] - centers[own][feature]);
        if slope <= 0.0 {
            return None;
        }
        let gap: f64 = point
            .iter()
            .zip(centers[own].iter().zip(&centers[other]))
            .map(|(x, (own, other))| farther(*x, *own, *other))
            .sum();
        Some(gap.max(0.0) / slope)
    }

    /// The value just beyond the border, unless it is one that the column cannot have.
    fn step_over(
        &self,
        customer: &[f64],
        own: usize,
        feature: usize,
        reach: f64,
    ) -> Option<Switch> {
        let scale = self.scaler.scale[feature];
        let summary = self.features[feature].numeric();
        let mut moved = customer.to_vec();
        // On the border itself rounding decides; a billionth of a standard deviation further it does
        // not, unless the numbers are so large that they need a longer step.
        for step in [1e-9, 1e-6, 1e-3] {
            moved[feature] = customer[feature] + (reach + reach.signum() * step) * scale;
            if summary.is_some_and(|summary| summary.is_below_minimum(moved[feature])) {
                return None;
            }
            // A border that far away is none that a customer could cross.
            let Ok(Prediction { cluster_id, .. }) = self.predict(&moved) else { return None };
            if cluster_id != own {
                let (from, to) = (customer[feature], moved[feature]);
                return Some(Switch { feature, from, to, cluster_id });
            }
        }
        None
    }
}

/// How much farther `x` is from `other` than from `own`, in squares; written so that large numbers do
/// not cancel.
fn farther(x: f64, own: f64, other: f64) -> f64 {
    (own - other) * (2.0 * x - own - other)
}
