//! A model that follows an earlier one: segments that were there before keep their ids and names.

use std::collections::HashSet;

use super::{Model, Segment};
use crate::dataset::{Column, Dataset};
use crate::identity::{Evidence, Kind, Lineage, Match, SegmentLineage, Suggestion, Vanished};
use crate::kmeans::squared_distance;
use crate::personas::{Language, Level};
use crate::preparation::Steps;

impl Model {
    /// The least id that no segment of this model or an earlier one of its line has had.
    pub fn next_id(&self) -> usize {
        let beyond = self.segments.last().map_or(0, |segment| segment.cluster_id.saturating_add(1));
        self.lineage.as_ref().map_or(beyond, |lineage| lineage.next_id)
    }

    /// What these customers, each labelled with the place of a segment of another model, say of how its
    /// segments are related to those of this model. None where they do not tell any of this model's features.
    pub fn evidence(&self, data: &Dataset, labels: &[u32], n_segments: usize) -> Option<Evidence> {
        let columns: Vec<Option<&Column>> =
            (0..self.features.len()).map(|feature| self.told(feature, data)).collect();
        let dimensions = self.preparation.dimensions();
        let known: Vec<usize> = (0..dimensions.len())
            .filter(|&place| columns[dimensions[place].feature].is_some())
            .collect();
        if known.is_empty() {
            return None;
        }
        let of_known = |point: &Vec<f64>| known.iter().map(|&place| point[place]).collect();
        let earlier: Vec<Vec<f64>> = self.kmeans.cluster_centers.iter().map(of_known).collect();
        let mut counts = vec![vec![0_usize; n_segments]; earlier.len()];
        let mut sums = vec![(vec![0.0; known.len()], 0_usize); n_segments];
        let mut customer = vec![f64::NAN; self.features.len()];
        for (row, &label) in labels.iter().enumerate() {
            for ((cell, column), prepared) in
                customer.iter_mut().zip(&columns).zip(self.preparation.features())
            {
                *cell = column.map_or(f64::NAN, |column| prepared.steps.read(column, row));
            }
            let point: Vec<f64> = of_known(&self.point(&customer));
            if point.iter().any(|x| !x.is_finite()) {
                continue;
            }
            counts[nearest(&earlier, &point)][label as usize] += 1;
            let (sum, count) = &mut sums[label as usize];
            *count += 1;
            for (sum, x) in sum.iter_mut().zip(point) {
                *sum += x;
            }
        }
        let mean = |(sum, count): (Vec<f64>, usize)| -> Option<Vec<f64>> {
            (count > 0).then(|| sum.into_iter().map(|sum| sum / count as f64).collect())
        };
        Some(Evidence {
            known: known.len() as f64 / dimensions.len() as f64,
            earlier,
            found: sums.into_iter().map(mean).collect(),
            spread: self.spread(),
            counts: Some(counts),
        })
    }

    /// What another model's centres alone say of how its segments are related to those of this model. None where
    /// they have no coordinate in common.
    pub fn evidence_of_centers(&self, other: &Self) -> Option<Evidence> {
        let dimensions = self.preparation.dimensions();
        let theirs: Vec<String> =
            other.preparation.dimensions().iter().map(ToString::to_string).collect();
        let places: Vec<(usize, usize)> = (0..)
            .zip(&dimensions)
            .filter_map(|(own, one)| {
                let name = one.to_string();
                theirs.iter().position(|other| *other == name).map(|their| (own, their))
            })
            .collect();
        if places.is_empty() {
            return None;
        }
        let center = |segment: &Segment| -> Vec<f64> {
            let mut point = vec![0.0; dimensions.len()];
            for &(own, their) in &places {
                let value = segment.center[their];
                point[own] = match &self.preparation.features()[dimensions[own].feature].steps {
                    Steps::Numeric(numeric) => numeric.coordinate(value),
                    Steps::Categorical(_) => value,
                };
            }
            let point = self.scaler.transform_row(&point);
            places.iter().map(|&(own, _)| point[own]).collect()
        };
        let known = |center: &Vec<f64>| places.iter().map(|&(own, _)| center[own]).collect();
        Some(Evidence {
            known: places.len() as f64 / dimensions.len() as f64,
            earlier: self.kmeans.cluster_centers.iter().map(known).collect(),
            found: other.segments.iter().map(|segment| Some(center(segment))).collect(),
            spread: self.spread(),
            counts: None,
        })
    }

    /// How far customers are from their centres: the root of the mean squared distance.
    fn spread(&self) -> f64 {
        (self.kmeans.inertia / self.data.rows.max(1) as f64).sqrt()
    }

    /// The column of a feature, if most customers have a value in it that this model knows.
    pub(super) fn told<'a>(&self, feature: usize, data: &'a Dataset) -> Option<&'a Column> {
        let index = data.column_index(&self.features[feature].column).ok()?;
        let column = &data.columns()[index];
        let steps = &self.preparation.features()[feature].steps;
        let is_known = |row: &usize| {
            let value = steps.read(column, *row);
            let is_unknown = matches!(steps, Steps::Categorical(each) if each.is_unknown(value));
            !value.is_nan() && !is_unknown
        };
        let known = (0..column.n_rows()).filter(is_known).count();
        (2 * known > column.n_rows()).then_some(column)
    }

    /// Gives the segments that an earlier model had already the ids they had there, and their names too unless
    /// there are other personas to choose from now; others get ids that none had before. `labels` are the
    /// places of the customers' segments. A model whose customers do not tell enough of the earlier one's
    /// features stays as it is.
    pub(super) fn follow(&mut self, earlier: &Self, data: &Dataset, labels: &mut [u32]) {
        let with_names = earlier.persona_file() == self.persona_file();
        let evidence = earlier.evidence(data, labels, self.segments.len());
        let Some(evidence) = evidence.filter(Evidence::can_match) else { return };
        let matches = evidence.matches();
        let vanished = vanished(earlier, &matches);
        let mut next_id = earlier.next_id();
        for (segment, found) in self.segments.iter_mut().zip(&matches) {
            segment.cluster_id = if let Some(found) = found {
                earlier.segments[found.earlier].cluster_id
            } else {
                next_id += 1;
                next_id - 1
            };
        }
        let mut lineage: Vec<SegmentLineage> = self
            .segments
            .iter()
            .zip(&matches)
            .map(|(segment, found)| SegmentLineage {
                cluster_id: segment.cluster_id,
                kind: if found.is_some() { Kind::Kept } else { Kind::New },
                sureness: found.map(|found| found.sureness),
                previous_size: found.map(|found| earlier.segments[found.earlier].size),
                suggestion: found
                    .filter(|_| with_names)
                    .and_then(|found| self.suggestion(segment, earlier, found.earlier)),
            })
            .collect();
        if with_names {
            self.keep_names(earlier, &matches);
        }
        self.sort_segments(labels);
        lineage.sort_by_key(|segment| segment.cluster_id);
        self.lineage = Some(Lineage {
            previous: earlier.version.clone(),
            segments: lineage,
            vanished,
            next_id,
        });
    }

    /// The persona file that somebody gave, if anybody did.
    fn persona_file(&self) -> Option<&str> {
        self.settings.as_ref().and_then(|settings| settings.personas.as_deref())
    }

    /// What rules call a segment, if they call it otherwise than the one it was, and its levels or the features
    /// that it has levels in have changed.
    fn suggestion(&self, segment: &Segment, earlier: &Self, place: usize) -> Option<Suggestion> {
        let levels = |model: &Self, levels: &[Level]| -> Vec<(String, Level)> {
            let names = model.preparation.dimensions().into_iter().map(|one| one.to_string());
            names.zip(levels.iter().copied()).collect()
        };
        let was = &earlier.segments[place];
        let has_moved = levels(self, &segment.levels) != levels(earlier, &was.levels);
        let has_other_name = Language::ALL
            .into_iter()
            .any(|language| was.persona(language) != segment.persona(language));
        (has_moved && has_other_name).then(|| Suggestion {
            en: segment.persona(Language::English).to_owned(),
            id: segment.persona(Language::Indonesian).to_owned(),
        })
    }

    /// Gives segments the texts that they had. Where another segment came to be called the same, that one
    /// gets a number.
    fn keep_names(&mut self, earlier: &Self, matches: &[Option<Match>]) {
        for language in Language::ALL {
            let mut taken: HashSet<String> = matches
                .iter()
                .flatten()
                .map(|found| earlier.segments[found.earlier].persona(language).to_owned())
                .collect();
            for (segment, found) in self.segments.iter_mut().zip(matches) {
                if let Some(found) = found {
                    segment.set_texts(language, earlier.segments[found.earlier].texts(language));
                    continue;
                }
                let mut texts = segment.texts(language);
                let base = texts.persona.clone();
                let mut number = 2;
                while !taken.insert(texts.persona.clone()) {
                    texts.persona = format!("{base} {number}");
                    number += 1;
                }
                segment.set_texts(language, texts);
            }
        }
    }

    /// Puts segments, their centres and the labels in the order of the ids.
    fn sort_segments(&mut self, labels: &mut [u32]) {
        let mut order: Vec<usize> = (0..self.segments.len()).collect();
        order.sort_by_key(|&place| self.segments[place].cluster_id);
        let mut new_label = vec![0; order.len()];
        for (label, &former) in (0_u32..).zip(&order) {
            new_label[former] = label;
        }
        for label in labels {
            *label = new_label[*label as usize];
        }
        let centers = &self.kmeans.cluster_centers;
        self.kmeans.cluster_centers = order.iter().map(|&place| centers[place].clone()).collect();
        self.segments.sort_by_key(|segment| segment.cluster_id);
    }
}

fn nearest(centers: &[Vec<f64>], point: &[f64]) -> usize {
    let squares = centers.iter().map(|center| squared_distance(point, center));
    let nearest = squares.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    nearest.map_or(0, |(place, _)| place)
}

fn vanished(earlier: &Model, matches: &[Option<Match>]) -> Vec<Vanished> {
    let is_gone = |&(place, _): &(usize, &Segment)| {
        matches.iter().flatten().all(|found| found.earlier != place)
    };
    let gone = earlier.segments.iter().enumerate().filter(is_gone);
    gone.map(|(_, segment)| Vanished {
        cluster_id: segment.cluster_id,
        persona: segment.persona.clone(),
        size: segment.size,
    })
    .collect()
}
