//! How the training customers divide over bins.

use super::bins::Bins;
use super::window::Window;
use crate::error::Result;
use crate::model::{Customers, Model};
use crate::preparation::Steps;

/// The most training customers that are looked at, spread evenly over all: beyond them the shares of bins hardly
/// become truer.
pub const MOST_ROWS: usize = 100_000;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Which segment customers belong to.
    Segments,
    /// A feature, by its place in the model.
    Feature(usize),
    /// The distance to the segment's centre.
    Distance,
}

/// How the training customers divide over the bins of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Aspect {
    /// The figure.
    pub subject: Subject,
    /// Its bins.
    pub bins: Bins,
    /// The training customers in each bin.
    pub expected: Vec<u64>,
    /// The median of the training customers, of distances only.
    pub median: Option<f64>,
}

/// How the training customers divide over the bins of all figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reference {
    aspects: Vec<Aspect>,
}

impl Reference {
    /// Counts the customers that a model was learned from. A model holds no more of them than the segments' sizes
    /// and some quantiles, which do not tell how many customers share a value, so without the customers only
    /// segments are compared.
    ///
    /// # Errors
    ///
    /// As [`Customers::features`] and [`Model::predict`], if these are not the model's customers.
    pub fn new(model: &Model, customers: Option<&Customers>) -> Result<Self> {
        let mut aspects = vec![Aspect {
            subject: Subject::Segments,
            bins: Bins::Places { n: model.segments.len() },
            expected: model.segments.iter().map(|segment| segment.size as u64).collect(),
            median: None,
        }];
        if let Some(customers) = customers {
            let rows = customers.features(customers.spread(MOST_ROWS), model)?;
            for (place, prepared) in model.preparation.features().iter().enumerate() {
                let values = || rows.iter().map(|row| row[place]);
                let bins = match &prepared.steps {
                    Steps::Numeric(_) => Bins::of_numbers(values()),
                    Steps::Categorical(categorical) => {
                        Bins::Categories { known: categorical.categories.len() }
                    }
                };
                aspects.push(Aspect::count(Subject::Feature(place), bins, values()));
            }
            let distance = |row: &Vec<f64>| Ok(model.predict(row)?.distance);
            let mut distances = rows.iter().map(distance).collect::<Result<Vec<f64>>>()?;
            let bins = Bins::of_numbers(distances.iter().copied());
            let mut distance = Aspect::count(Subject::Distance, bins, distances.iter().copied());
            distances.sort_unstable_by(f64::total_cmp);
            distance.median = distances.get(distances.len() / 2).copied();
            aspects.push(distance);
        }
        Ok(Self { aspects })
    }

    /// The figures, in the order in which a window holds their bins.
    pub fn aspects(&self) -> &[Aspect] {
        &self.aspects
    }

    /// An empty window for the latest `most` predictions.
    pub fn window(&self, most: usize) -> Window {
        Window::new(self.aspects.iter().map(|aspect| aspect.bins.len()), most)
    }

    /// Appends the bins of one prediction: of the customer's features, the place of its segment, and the distance
    /// to the centre.
    pub fn bins(&self, customer: &[f64], segment: usize, distance: f64, to: &mut Vec<u16>) {
        to.extend(self.aspects.iter().map(|aspect| {
            aspect.bins.bin(match aspect.subject {
                Subject::Segments => segment as f64,
                Subject::Feature(place) => customer.get(place).copied().unwrap_or(f64::NAN),
                Subject::Distance => distance,
            })
        }));
    }
}

impl Aspect {
    fn count(subject: Subject, bins: Bins, values: impl Iterator<Item = f64>) -> Self {
        let mut expected = vec![0; bins.len()];
        for value in values {
            expected[usize::from(bins.bin(value))] += 1;
        }
        Self { subject, bins, expected, median: None }
    }
}
