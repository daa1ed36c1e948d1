//! The model file: JSON that people and programs can read, closed by a checksum.
//!
//! The last entry is `sha256`, the SHA-256 of every byte before the comma in front of it. A file that
//! was cut short, altered or written by a newer version is told apart from one that is none.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{ColumnSummary, ColumnValues, Model};
use crate::digest::sha256;
use crate::error::{Error, ModelFileProblem, Result};
use crate::identity::Lineage;
use crate::preparation::{Categorical, Preparation, PreparedFeature, Steps};
use crate::projection::Projection;
use crate::whole_file;

/// The newest format that this program reads, and the one that it writes.
pub const FORMAT_VERSION: u64 = 1;
const FORMAT: &str = "segmenta-model";
/// What stands between the content and the checksum, and behind the checksum.
const SEAL: (&str, &str) = (",\n  \"sha256\": \"", "\"\n}\n");

#[derive(Serialize)]
struct Content<'a> {
    format: &'static str,
    format_version: u64,
    #[serde(flatten)]
    model: &'a Model,
}

#[derive(Deserialize)]
struct Heading {
    format: String,
    format_version: u64,
}

impl Model {
    /// The text of the model file.
    pub fn to_json(&self) -> String {
        let content = Content { format: FORMAT, format_version: FORMAT_VERSION, model: self };
        // Only maps with keys that are no strings cannot be written, and there are none; every number
        // is finite, as training keeps out those that are not.
        let json = serde_json::to_string_pretty(&content).unwrap_or_default();
        let body = json.strip_suffix("\n}").unwrap_or(&json);
        let (before, behind) = SEAL;
        format!("{body}{before}{}{behind}", sha256(body.as_bytes()))
    }

    /// Reads the text of a model file; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::ModelFile`] with what is wrong with it.
    pub fn from_json(name: &str, bytes: &[u8]) -> Result<Self> {
        parse(bytes).map_err(|problem| Error::ModelFile { file: name.to_owned(), problem })
    }

    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] and [`Error::ModelFile`].
    pub fn open(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::from_json(&path.to_string_lossy(), &bytes)
    }

    /// Writes the model file, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn save(&self, path: &Path) -> Result<()> {
        whole_file::write(path, self.to_json().as_bytes())
    }

    /// Gives the model its time and its version: a digest of all that was learned, which the time
    /// and the file's name are no part of. A model that knows just what the one before it knew is that one.
    pub(super) fn stamp(&mut self, earlier: Option<&Self>) {
        self.version = self.digest();
        if let Some(earlier) = earlier {
            let lineage = std::mem::replace(&mut self.lineage, earlier.lineage.clone());
            let version = self.digest();
            if version == earlier.version {
                self.version = version;
            } else {
                self.lineage = lineage;
            }
        }
        let now = jiff::Timestamp::now();
        self.created_at = now.round(jiff::Unit::Second).unwrap_or(now).to_string();
    }

    fn digest(&mut self) -> String {
        let name = std::mem::take(&mut self.data.name);
        let former = [&mut self.version, &mut self.created_at].map(std::mem::take);
        let mut digest = sha256(self.to_json().as_bytes());
        digest.truncate(12);
        [self.version, self.created_at] = former;
        self.data.name = name;
        digest
    }
}

fn parse(bytes: &[u8]) -> std::result::Result<Model, ModelFileProblem> {
    use ModelFileProblem::{Altered, CutShort, Inconsistent, Newer, NotAModel};

    let ours = bytes.starts_with(format!("{{\n  \"format\": \"{FORMAT}\"").as_bytes());
    let heading: Heading = match serde_json::from_slice(bytes) {
        Ok(heading) => heading,
        Err(_) if bytes.is_empty() => return Err(CutShort),
        Err(error) if ours => {
            let ends = bytes.trim_ascii_end().ends_with(b"}");
            return Err(if error.is_eof() || !ends { CutShort } else { Altered });
        }
        Err(_) => return Err(NotAModel),
    };
    if heading.format != FORMAT {
        return Err(NotAModel);
    }
    if heading.format_version > FORMAT_VERSION {
        return Err(Newer { found: heading.format_version, known: FORMAT_VERSION });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Altered)?.trim_end();
    let (before, behind) = SEAL;
    let (body, digest) = text
        .strip_suffix(behind.trim_end())
        .and_then(|text| text.rsplit_once(before))
        .ok_or(Altered)?;
    if sha256(body.as_bytes()) != digest {
        return Err(Altered);
    }
    let mut model: Model =
        serde_json::from_str(text).map_err(|error| Inconsistent(error.to_string()))?;
    if model.preparation.features().is_empty() {
        // Written before there was any preparation.
        let names = model.features.iter().map(|feature| feature.name.clone());
        model.preparation = Preparation::plain(names);
    }
    model.check().map_err(Inconsistent)?;
    Ok(model)
}

impl Model {
    /// Whether the parts fit together, so that prediction never meets a missing number.
    fn check(&self) -> std::result::Result<(), String> {
        let n_features = self.features.len();
        let n_dimensions = self.preparation.dimensions().len();
        let n_clusters = self.kmeans.n_clusters;
        let counts = [
            ("preparation", self.preparation.features().len(), n_features),
            ("scaler.mean_", self.scaler.mean.len(), n_dimensions),
            ("scaler.scale_", self.scaler.scale.len(), n_dimensions),
            ("kmeans.cluster_centers_", self.kmeans.cluster_centers.len(), n_clusters),
            ("segments", self.segments.len(), n_clusters),
        ];
        for (what, found, expected) in counts {
            if found != expected {
                return Err(format!("{what} has {found} entries where {expected} are needed"));
            }
        }
        if n_features == 0 || n_clusters == 0 {
            return Err("there are no features or no clusters".to_owned());
        }
        let numbers_fit =
            self.kmeans.cluster_centers.iter().all(|center| center.len() == n_dimensions)
                && self.segments.iter().all(|segment| segment.center.len() == n_dimensions)
                && self.scaler.scale.iter().all(|&scale| scale > 0.0)
                && [0, n_dimensions].contains(&self.scaler.weight.len())
                && self.scaler.weight.iter().all(|&weight| weight > 0.0);
        if !numbers_fit {
            return Err("a centre, a scale or a weight does not fit the features".to_owned());
        }
        if !self.has_finite_distances() {
            return Err("a centre, a mean, a scale or a weight is too large to measure distances"
                .to_owned());
        }
        let kinds_fit = |(feature, prepared): (&ColumnSummary, &PreparedFeature)| match &prepared
            .steps
        {
            Steps::Numeric(_) => feature.numeric().is_some(),
            Steps::Categorical(Categorical { categories, missing, .. }) => {
                let value = missing.value();
                matches!(&feature.values, ColumnValues::Categorical { values } if values == categories)
                    && value.is_none_or(|value| categories.contains(value))
            }
        };
        if !self.features.iter().zip(self.preparation.features()).all(kinds_fit) {
            return Err("a feature does not hold what its preparation needs".to_owned());
        }
        let plane_fits = |plane: &Projection| {
            let mut parts = plane.components.iter().chain([&plane.mean]);
            parts.all(|part| part.len() == n_dimensions)
        };
        if !self.projection.as_ref().is_none_or(plane_fits) {
            return Err("the projection does not fit the features".to_owned());
        }
        if self.segments.iter().any(|segment| segment.levels.len() != n_dimensions) {
            return Err("a segment's levels do not fit the features".to_owned());
        }
        if !self.segments.is_sorted_by(|one, next| one.cluster_id < next.cluster_id) {
            return Err("the segments are out of order".to_owned());
        }
        if u32::try_from(self.next_id()).is_err() {
            return Err("the id of a segment is too large".to_owned());
        }
        if !self.lineage.as_ref().is_none_or(|lineage| self.comes_from(lineage)) {
            return Err("the lineage is that of other segments".to_owned());
        }
        if !is_version(&self.version) {
            return Err(format!("{:?} is no version", self.version));
        }
        Ok(())
    }
}

impl Model {
    fn comes_from(&self, lineage: &Lineage) -> bool {
        let own = self.segments.iter().map(|segment| segment.cluster_id);
        let told = lineage.segments.iter().map(|segment| segment.cluster_id);
        let vanished = lineage.vanished.iter().map(|segment| segment.cluster_id);
        own.clone().eq(told)
            && own.chain(vanished).all(|id| id < lineage.next_id)
            && is_version(&lineage.previous)
    }
}

/// Whether a text is a version as [`Model::stamp`] gives them. It names a folder, so nothing else may
/// pass.
pub(super) fn is_version(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
