//! Which segment a new customer belongs to.

use super::Model;
use crate::error::{Error, Result};
use crate::kmeans::kernel::squared_distance;

/// The answer for one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The segment whose centre is nearest.
    pub cluster_id: usize,
    /// The distance to that centre, in standard deviations.
    pub distance: f64,
    /// How clear the choice is, from 0 on the border to the runner-up to 1 at the centre:
    /// `1 - distance / distance to the runner-up`, the silhouette with centres in the place of groups
    /// (Hruschka, de Castro and Campello 2004, "simplified silhouette"). 1 with a single segment.
    pub confidence: f64,
}

impl Model {
    /// Finds the nearest segment. `customer` holds one number a feature, in the features' own units
    /// and order.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] when there are more or fewer numbers than features, and
    /// [`Error::ValueTooLarge`] when a number is not finite or so large that distances overflow.
    ///
    /// ```
    /// use segmenta::dataset::{Dataset, OnError, Source};
    /// use segmenta::model::{TrainOptions, train};
    ///
    /// let mall = Dataset::read(&Source::mall_customers(), OnError::Fail)?;
    /// let model = train(mall, &TrainOptions::new()?, |_| ())?.model;
    /// let prediction = model.predict(&[50.0, 50.0])?;
    /// assert_eq!(model.segments[prediction.cluster_id].persona, "Standard");
    /// # Ok::<(), segmenta::Error>(())
    /// ```
    pub fn predict(&self, customer: &[f64]) -> Result<Prediction> {
        let distances = self.distances(customer)?;
        let (mut first, mut second) = (0, None::<f64>);
        for (cluster, &distance) in distances.iter().enumerate().skip(1) {
            if distance < distances[first] {
                second = Some(distances[first]);
                first = cluster;
            } else if second.is_none_or(|second| distance < second) {
                second = Some(distance);
            }
        }
        let distance = distances[first];
        let confidence = match second {
            None => 1.0,
            Some(second) if second > 0.0 => 1.0 - distance / second,
            Some(_) => 0.0,
        };
        Ok(Prediction { cluster_id: first, distance, confidence })
    }

    /// The distance to each segment's centre, in standard deviations.
    ///
    /// # Errors
    ///
    /// As [`Model::predict`].
    pub fn distances(&self, customer: &[f64]) -> Result<Vec<f64>> {
        if customer.len() != self.features.len() {
            return Err(Error::Shape {
                what: "numbers for the features",
                expected: self.features.len(),
                found: customer.len(),
            });
        }
        let point = self.scaler.transform_row(customer);
        let distances: Vec<f64> = self
            .kmeans
            .cluster_centers
            .iter()
            .map(|center| squared_distance(&point, center).sqrt())
            .collect();
        if distances.iter().all(|distance| distance.is_finite()) {
            return Ok(distances);
        }
        let magnitude = |&index: &usize| point[index].abs();
        let largest =
            (0..customer.len()).max_by(|a, b| magnitude(a).total_cmp(&magnitude(b))).unwrap_or(0);
        Err(Error::ValueTooLarge {
            feature: self.features[largest].name.clone(),
            value: customer[largest],
        })
    }
}
