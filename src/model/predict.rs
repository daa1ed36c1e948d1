//! Which segment a new customer belongs to.

use super::Model;
use crate::error::{Error, Result};
use crate::kmeans::squared_distance;
use crate::preparation::Steps;

/// How far from the average a coordinate may lie, in its scale: farther away, the distances to all centres
/// round to the same number.
const FARTHEST: f64 = 1e6;

/// The answer for one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The place in [`Model::segments`] of the one whose centre is nearest.
    pub segment: usize,
    /// The distance to that centre, in scaled coordinates: standard deviations, if nothing else was chosen.
    pub distance: f64,
    /// How clear the choice is, from 0 on the border to the runner-up to 1 at the centre:
    /// `1 - distance / distance to the runner-up`, the silhouette with centres in the place of groups
    /// (Hruschka, de Castro and Campello 2004, "simplified silhouette"). 1 with a single segment.
    pub confidence: f64,
}

impl Model {
    /// Finds the nearest segment. `customer` holds one number a feature, in the features' own units
    /// and order: NaN for one that is missing, and for a category its
    /// [code](crate::preparation::Categorical::code).
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] when there are more or fewer numbers than features, [`Error::ValueMissing`] when one
    /// is missing that nothing stands for, and [`Error::ValueTooLarge`] when a number is so large that the
    /// distances to all centres are the same.
    ///
    /// ```
    /// use segmenta::dataset::{Dataset, OnError, Source};
    /// use segmenta::model::{TrainOptions, train};
    ///
    /// let mall = Dataset::read(&Source::mall_customers(), OnError::Fail)?;
    /// let model = train(mall, &TrainOptions::new()?, |_| ())?.model;
    /// let prediction = model.predict(&[50.0, 50.0])?;
    /// assert_eq!(model.segments[prediction.segment].persona, "Standard");
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn predict(&self, customer: &[f64]) -> Result<Prediction> {
        self.predict_at(customer, &mut Vec::new())
    }

    /// As [`Model::predict`], which leaves the customer's scaled coordinates in `point`, whatever was there.
    pub(crate) fn predict_at(&self, customer: &[f64], point: &mut Vec<f64>) -> Result<Prediction> {
        self.comparable_point(customer, point)?;
        // Squares decide, as in training: two of them that differ may have the same root.
        let (mut first, mut least, mut second) = (0, f64::INFINITY, None::<f64>);
        for (cluster, center) in self.kmeans.cluster_centers.iter().enumerate() {
            let square = squared_distance(point, center);
            if cluster == 0 {
                least = square;
            } else if square < least {
                second = Some(least);
                (first, least) = (cluster, square);
            } else if second.is_none_or(|second| square < second) {
                second = Some(square);
            }
        }
        let distance = least.sqrt();
        let confidence = match second {
            None => 1.0,
            Some(second) if second > 0.0 => 1.0 - distance / second.sqrt(),
            Some(_) => 0.0,
        };
        Ok(Prediction { segment: first, distance, confidence })
    }

    /// The square of the distance to each segment's centre, in scaled coordinates.
    pub(super) fn squared_distances(&self, customer: &[f64]) -> Result<Vec<f64>> {
        let mut point = Vec::new();
        self.comparable_point(customer, &mut point)?;
        let centers = self.kmeans.cluster_centers.iter();
        Ok(centers.map(|center| squared_distance(&point, center)).collect())
    }

    /// The scaled coordinates of a customer that can be compared with the centres.
    fn comparable_point(&self, customer: &[f64], point: &mut Vec<f64>) -> Result<()> {
        if customer.len() != self.features.len() {
            return Err(Error::Shape {
                what: "numbers for the features",
                expected: self.features.len(),
                found: customer.len(),
            });
        }
        point.clear();
        self.preparation.transform_row_into(customer, point);
        let is_comparable = |(place, x): (usize, &f64)| {
            let (least, most) = self.reach(place);
            (least..=most).contains(x)
        };
        if let Some(place) = point.iter().enumerate().position(|at| !is_comparable(at)) {
            let feature = self.preparation.dimensions()[place].feature;
            let (name, value) = (self.features[feature].name.clone(), customer[feature]);
            return Err(if value.is_nan() {
                Error::ValueMissing { feature: name }
            } else {
                Error::ValueTooLarge { feature: name, value }
            });
        }
        self.scaler.scale_row(point);
        Ok(())
    }

    /// The least and the most that a number can be for its distances to be told apart, without rounding
    /// to be in doubt; none for a category.
    pub(crate) fn bounds(&self, feature: usize) -> Option<(f64, f64)> {
        let Steps::Numeric(numeric) = &self.preparation.features()[feature].steps else {
            return None;
        };
        if numeric.clip.is_some() {
            return Some((f64::MIN, f64::MAX));
        }
        let dimensions = self.preparation.dimensions();
        let place = dimensions.iter().position(|dimension| dimension.feature == feature)?;
        let (least, most) = self.reach(place);
        if !numeric.log1p {
            return Some((least, most));
        }
        // The logarithm of a bound may round to beyond it.
        let own = |x| (numeric.value(x) * (1.0 - 1e-9)).clamp(f64::MIN, f64::MAX);
        Some((own(least), own(most)))
    }

    /// Whether every customer that is not refused is at a finite distance from every segment. It is so in any
    /// model that was learned.
    pub(super) fn has_finite_distances(&self) -> bool {
        let places = 0..self.scaler.n_features();
        let is_bounded = |place| {
            let (least, most) = self.reach(place);
            least.is_finite() && most.is_finite()
        };
        let farthest: Vec<f64> =
            places.clone().map(|place| -FARTHEST * self.scaler.weight(place)).collect();
        let is_near = |center: &Vec<f64>| {
            let center: Vec<f64> = center.iter().map(|x| x.abs()).collect();
            squared_distance(&center, &farthest).is_finite()
        };
        places.into_iter().all(is_bounded) && self.kmeans.cluster_centers.iter().all(is_near)
    }

    /// The least and the most that a coordinate can be, before it is scaled.
    pub(crate) fn reach(&self, place: usize) -> (f64, f64) {
        let (mean, reach) = (self.scaler.mean[place], FARTHEST * self.scaler.scale[place]);
        (mean - reach, mean + reach)
    }
}
