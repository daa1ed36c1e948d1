//! Two models side by side: which segments they share, and which customers move between them.

use std::borrow::Cow;
use std::io::Write;

use serde_json::{Map, Value, json};

use super::customers::{ADDED, columns, customer};
use super::{Customers, Model};
use crate::dataset::Dataset;
use crate::identity::{Evidence, Kind, Match};
use crate::personas::Language;
use crate::spreadsheet::harmless;

/// The columns that lists of customers who move have behind the file's own.
const MOVED: [&str; 4] = ["From", "From persona", "To", "To persona"];

/// A model that is in use beside one that may take its place.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The model in use.
    pub live: &'a Model,
    /// The other one.
    pub candidate: &'a Model,
    /// All segments of both: those of the model in use in their order, then the new ones.
    pub segments: Vec<Compared>,
    /// Where customers are in both, if they are known and the model in use can tell.
    pub moves: Option<Moves>,
}

/// A segment in two models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Its place in the model in use; none for a new one.
    pub live: Option<usize>,
    /// Its place in the candidate; none for one that vanishes.
    pub candidate: Option<usize>,
    /// How sure it is that both are the same, from 0 to 1; none where there is but one.
    pub sureness: Option<f64>,
}

/// The candidate's customers in the segments of both models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves {
    /// The place of each customer's segment in the model in use; none for one that it cannot tell.
    pub labels: Vec<Option<u32>>,
    /// How many customers are in each segment of the model in use (row) and of the candidate (column).
    pub counts: Vec<Vec<usize>>,
    /// How many of them are in another segment than before.
    pub moved: usize,
}

impl Compared {
    /// What becomes of the segment: `kept`, `new` or `vanished`.
    pub fn kind(&self) -> &'static str {
        match (self.live, self.candidate) {
            (Some(_), Some(_)) => "kept",
            (None, _) => "new",
            (Some(_), None) => "vanished",
        }
    }
}

impl<'a> Comparison<'a> {
    /// Compares a model with the one in use, on the customers that it was learned from where they are at hand.
    pub fn of(live: &'a Model, candidate: &'a Model, customers: Option<&Customers>) -> Self {
        let matches = matches(live, candidate, customers);
        let kept = (0..live.segments.len()).map(|place| {
            let found = (0..).zip(&matches).find_map(|(candidate, found)| {
                found
                    .filter(|found| found.earlier == place)
                    .map(|found| (candidate, found.sureness))
            });
            Compared {
                live: Some(place),
                candidate: found.map(|(candidate, _)| candidate),
                sureness: found.map(|(_, sureness)| sureness),
            }
        });
        let new = (0..).zip(&matches).filter(|(_, found)| found.is_none());
        let new =
            new.map(|(place, _)| Compared { live: None, candidate: Some(place), sureness: None });
        let segments = kept.chain(new).collect();
        let moves = customers.and_then(|customers| moves(live, candidate, customers, &matches));
        Self { live, candidate, segments, moves }
    }

    /// Features that only the candidate has, only the model in use, and both: by their headers.
    pub fn features(&self) -> [Vec<&str>; 3] {
        let headers = |model: &'a Model| -> Vec<&'a str> {
            model.features.iter().map(|feature| feature.column.as_str()).collect()
        };
        let (live, candidate) = (headers(self.live), headers(self.candidate));
        let (common, added): (Vec<&str>, Vec<&str>) =
            candidate.into_iter().partition(|header| live.contains(header));
        let removed = live.into_iter().filter(|header| !common.contains(header)).collect();
        [added, removed, common]
    }

    /// The comparison as the API tells it.
    pub fn to_json(&self, language: Language) -> Value {
        let side = |model: &Model, place: usize| {
            let segment = &model.segments[place];
            json!({
                "cluster_id": segment.cluster_id,
                "persona": segment.persona(language),
                "size": segment.size,
                "share": segment.share,
                "center": segment.center,
            })
        };
        let segment = |one: &Compared| {
            json!({
                "live": one.live.map(|place| side(self.live, place)),
                "candidate": one.candidate.map(|place| side(self.candidate, place)),
                "kind": one.kind(),
                "sureness": one.sureness,
            })
        };
        let ids = |model: &Model| -> Vec<usize> {
            model.segments.iter().map(|segment| segment.cluster_id).collect()
        };
        let quality = |model: &Model| {
            let mut quality = json!(model.quality);
            quality["n_clusters"] = json!(model.kmeans.n_clusters);
            quality["inertia"] = json!(model.kmeans.inertia);
            quality["rows"] = json!(model.data.rows);
            quality
        };
        let [added, removed, common] = self.features();
        json!({
            "live": self.live.version,
            "candidate": self.candidate.version,
            "segments": self.segments.iter().map(segment).collect::<Vec<Value>>(),
            "moves": self.moves.as_ref().map(|moves| json!({
                "rows": ids(self.live),
                "columns": ids(self.candidate),
                "counts": moves.counts,
            })),
            "customers": self.moves.as_ref().map(Moves::customers),
            "moved": self.moves.as_ref().map(|moves| moves.moved),
            "quality": { "live": quality(self.live), "candidate": quality(self.candidate) },
            "features": { "added": added, "removed": removed, "common": common },
        })
    }

    /// Writes the customers who move as CSV: the file's columns, then from which segment to which. Texts that a
    /// spreadsheet would take for formulas stand behind an apostrophe.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write_moves(
        &self,
        customers: &Customers,
        language: Language,
        writer: impl Write,
    ) -> csv::Result<()> {
        let mut writer = csv::Writer::from_writer(writer);
        let headers = customers.data.columns().iter().map(|column| harmless(column.header()));
        writer.write_record(headers.map(Cow::into_owned).chain(MOVED.map(str::to_owned)))?;
        let Some(moves) = &self.moves else { return Ok(writer.flush()?) };
        for (row, (&from, &to)) in moves.labels.iter().zip(&customers.labels).enumerate() {
            let (Some(from), to) = (from.map(|from| from as usize), to as usize) else { continue };
            if self.segments.iter().any(|s| s.live == Some(from) && s.candidate == Some(to)) {
                continue;
            }
            let mut cells: Map<String, Value> = customers.row(row, self.candidate, language);
            cells.retain(|header, _| !ADDED.contains(&header.as_str()));
            let cells = cells.values().map(|cell| match cell {
                Value::Null => String::new(),
                Value::String(text) => harmless(text).into_owned(),
                other => other.to_string(),
            });
            let ends = [(self.live, from), (self.candidate, to)].map(|(model, place)| {
                let segment = &model.segments[place];
                [segment.cluster_id.to_string(), harmless(segment.persona(language)).into_owned()]
            });
            writer.write_record(cells.chain(ends.into_iter().flatten()))?;
        }
        Ok(writer.flush()?)
    }
}

impl Moves {
    /// How many customers both models can tell.
    pub fn customers(&self) -> usize {
        self.labels.iter().flatten().count()
    }
}

/// The segment in use that each of the candidate's is. Where one of the models follows the other, it was decided
/// then.
fn matches(live: &Model, candidate: &Model, customers: Option<&Customers>) -> Vec<Option<Match>> {
    let lineage_of = |model: &Model, other: &Model| {
        model.lineage.clone().filter(|lineage| lineage.previous == other.version)
    };
    let is_same = live.version == candidate.version;
    let follows = lineage_of(candidate, live).or_else(|| lineage_of(live, candidate));
    if is_same || follows.is_some() {
        let kept = |segment: &super::Segment| {
            let earlier = live.place(segment.cluster_id)?;
            let Some(lineage) = &follows else { return Some(Match { earlier, sureness: 1.0 }) };
            let told = lineage.segments.iter().find(|one| one.cluster_id == segment.cluster_id)?;
            let sureness = told.sureness.filter(|_| told.kind == Kind::Kept)?;
            Some(Match { earlier, sureness })
        };
        return candidate.segments.iter().map(kept).collect();
    }
    let evidence = match customers {
        Some(Customers { data, labels }) => live.evidence(data, labels, candidate.segments.len()),
        None => live.evidence_of_centers(candidate),
    };
    let none = || vec![None; candidate.segments.len()];
    evidence.filter(Evidence::can_match).as_ref().map_or_else(none, Evidence::matches)
}

fn moves(
    live: &Model,
    candidate: &Model,
    customers: &Customers,
    matches: &[Option<Match>],
) -> Option<Moves> {
    let labels = labels(live, &customers.data)?;
    let mut counts = vec![vec![0; candidate.segments.len()]; live.segments.len()];
    let mut moved = 0;
    for (from, &to) in labels.iter().zip(&customers.labels) {
        let (Some(from), to) = (from.map(|from| from as usize), to as usize) else { continue };
        counts[from][to] += 1;
        moved += usize::from(matches[to].is_none_or(|found| found.earlier != from));
    }
    Some(Moves { labels, counts, moved })
}

/// The segments of other customers than a model's own; none where a column that it needs is not among
/// theirs, or holds something else.
fn labels(model: &Model, data: &Dataset) -> Option<Vec<Option<u32>>> {
    let is_told = (0..model.features.len()).all(|feature| model.told(feature, data).is_some());
    let columns = columns(model, data).ok().filter(|_| is_told)?;
    let label = |row| {
        let found = model.predict(&customer(model, data, &columns, row)).ok()?;
        u32::try_from(found.segment).ok()
    };
    Some((0..data.n_rows()).map(label).collect())
}
