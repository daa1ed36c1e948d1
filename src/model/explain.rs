//! Why a customer is where it is, and what would change it.

use super::{Model, Prediction};
use crate::error::Result;
use crate::kmeans::squared_distance;
use crate::preparation::Steps;

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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentDistance {
    /// The segment's place in the model.
    pub segment: usize,
    /// The distance in scaled coordinates.
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
    /// Its value now, as in the customer: NaN where it is missing.
    pub from: f64,
    /// The value just beyond the border, or the other category's code.
    pub to: f64,
    /// The place of the segment on the other side.
    pub segment: usize,
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
            .map(|(segment, square)| SegmentDistance { segment, distance: square.sqrt() })
            .collect();
        let point = self.point(customer);
        let own = distances[0].segment;
        let contributions = distances
            .get(1)
            .map(|runner_up| self.contributions(&point, own, runner_up.segment))
            .unwrap_or_default();
        let switch = self.smallest_switch(customer, &point, own);
        Ok(Explanation { distances, contributions, switch })
    }

    fn contributions(&self, point: &[f64], own: usize, runner_up: usize) -> Vec<Contribution> {
        let centers = &self.kmeans.cluster_centers;
        let mut toward = vec![0.0; self.features.len()];
        for (place, dimension) in self.preparation.dimensions().iter().enumerate() {
            toward[dimension.feature] +=
                farther(point[place], centers[own][place], centers[runner_up][place]);
        }
        let total: f64 = toward.iter().map(|value: &f64| value.abs()).sum();
        (0..)
            .zip(toward)
            .map(|(feature, toward_segment)| Contribution {
                feature,
                toward_segment,
                share: if total > 0.0 { toward_segment.abs() / total } else { 0.0 },
            })
            .collect()
    }

    /// A segment's cell is convex, and along one coordinate the difference of two squared distances is
    /// linear: where the line leaves the cell is the nearest of its crossings with the borders to all
    /// other segments. Of all numbers in both directions, and of all other categories, the least move of
    /// the point that no column forbids wins.
    fn smallest_switch(&self, customer: &[f64], point: &[f64], own: usize) -> Option<Switch> {
        let mut moves = Vec::new();
        for (place, dimension) in self.preparation.dimensions().iter().enumerate() {
            let feature = dimension.feature;
            match &self.preparation.features()[feature].steps {
                Steps::Numeric(_) => {
                    for direction in [-1.0, 1.0] {
                        let first = (0..self.segments.len())
                            .filter(|&other| other != own)
                            .filter_map(|other| self.crossing(point, own, other, place, direction))
                            .min_by(f64::total_cmp);
                        moves.extend(
                            first.map(|reach| (reach, feature, Step::By(place, direction))),
                        );
                    }
                }
                Steps::Categorical(categorical) => {
                    let code = categorical.code(dimension.value);
                    if code != customer[feature] {
                        let reach = self.distance_moved(customer, point, feature, code);
                        moves.push((reach, feature, Step::To(code)));
                    }
                }
            }
        }
        moves.sort_by(|a, b| a.0.total_cmp(&b.0));
        moves.into_iter().find_map(|(reach, feature, step)| match step {
            Step::By(place, direction) => {
                self.step_over(customer, point, own, (feature, place), direction * reach)
            }
            Step::To(code) => self.switch_to(customer, own, feature, code),
        })
    }

    /// How far the point moves when a feature of the customer changes.
    fn distance_moved(&self, customer: &[f64], point: &[f64], feature: usize, code: f64) -> f64 {
        let mut moved = customer.to_vec();
        moved[feature] = code;
        squared_distance(&self.point(&moved), point).sqrt()
    }

    /// The switch that another value of a feature brings, if it brings one.
    fn switch_to(&self, customer: &[f64], own: usize, feature: usize, to: f64) -> Option<Switch> {
        let mut moved = customer.to_vec();
        moved[feature] = to;
        let Prediction { segment, .. } = self.predict(&moved).ok()?;
        (segment != own).then(|| Switch { feature, from: customer[feature], to, segment })
    }

    /// How far to go along a coordinate until another segment is as near as the customer's own.
    fn crossing(
        &self,
        point: &[f64],
        own: usize,
        other: usize,
        place: usize,
        direction: f64,
    ) -> Option<f64> {
        let centers = &self.kmeans.cluster_centers;
        let slope = 2.0 * direction * (centers[other][place] - centers[own][place]);
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
        point: &[f64],
        own: usize,
        (feature, place): (usize, usize),
        reach: f64,
    ) -> Option<Switch> {
        let summary = self.features[feature].numeric();
        // On the border itself rounding decides; a billionth of the scale further it does not, unless the
        // numbers are so large that they need a longer step.
        for step in [1e-9, 1e-6, 1e-3] {
            let to =
                self.number_at(customer, point, (feature, place), reach + reach.signum() * step)?;
            if summary.is_some_and(|summary| summary.is_below_minimum(to)) || !to.is_finite() {
                return None;
            }
            if let Some(switch) = self.switch_to(customer, own, feature, to) {
                return Some(switch);
            }
        }
        None
    }

    /// The number that lies so far from a customer's along its coordinate.
    fn number_at(
        &self,
        customer: &[f64],
        point: &[f64],
        (feature, place): (usize, usize),
        reach: f64,
    ) -> Option<f64> {
        let Steps::Numeric(numeric) = &self.preparation.features()[feature].steps else {
            return None;
        };
        let reach = reach / self.scaler.weight(place) * self.scaler.scale[place];
        if numeric.log1p || customer[feature].is_nan() || numeric.clip.is_some() {
            let here = self.scaler.inverse_transform_row(point)[place];
            return Some(numeric.value(here + reach));
        }
        // So a number that is taken as it is keeps all its digits.
        Some(customer[feature] + reach)
    }
}

/// A change of one feature.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Along a coordinate, in a direction.
    By(usize, f64),
    /// To another category.
    To(f64),
}

/// How much farther `x` is from `other` than from `own`, in squares; written so that large numbers do
/// not cancel.
fn farther(x: f64, own: f64, other: f64) -> f64 {
    (own - other) * (2.0 * x - own - other)
}
