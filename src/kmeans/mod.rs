//! K-Means: the clusters that leave the smallest sum of squared distances (WCSS, `inertia_` in
//! scikit-learn) between customers and their centres.
//!
//! Parameters are checked in `params`; from there on the computation cannot be asked for nonsense. The
//! data are prepared (`prepare`, `merge`) and given to the engine that passes over them fastest
//! (`algorithm`, `engine`). A start is seeded by `init`, run by `lloyd` and carried on by `search`;
//! `fit` puts them together.

mod algorithm;
mod cancel;
mod centroids;
mod clustering;
mod engine;
mod fit;
mod flat;
mod init;
mod kernel;
mod lloyd;
mod members;
mod merge;
mod params;
pub(crate) mod passes;
mod points;
mod prepare;
mod screen;
mod search;
mod sketch;
mod solve;
mod totals;
mod tree;

pub use crate::simd::Vectors;
pub use cancel::Cancel;
pub use centroids::squared_distance;
pub use clustering::{Clustering, Optimum};
pub(crate) use members::Members;
pub use members::{check_and_predict, predict};
pub use params::{Algorithm, KMeans, KMeansParams};
pub use points::{Points, Sample};

/// Points in feature space, one a cluster.
pub type Centers = Vec<Vec<f64>>;
