//! The customers as points: on their two coordinates, on principal components, or in strips along one.

use maud::{Markup, html};

use super::figures::{count, number, percent};
use super::segments::class;
use super::svg::{Axis, Frame, Scale};
use super::words;
use crate::model::{Customers, Model};
use crate::personas::Language;
use crate::preparation::{Dimension, Steps};

/// The most customers that are shown.
pub const MOST_POINTS: usize = 2000;

/// The width and height of the picture.
const SIZE: (f64, f64) = (760.0, 520.0);
/// About how many numbers an axis has.
const TICKS: usize = 9;
/// The part of a strip's height that its marks take.
const STRIP: f64 = 0.7;
/// Outlines of the marks, so that colour is not all that tells segments apart.
const SHAPES: [&str; 5] = [
    "M-3.5,0a3.5,3.5 0 1,0 7,0a3.5,3.5 0 1,0 -7,0z",
    "M0,-4.4L4.2,3.2H-4.2z",
    "M-3.3,-3.3H3.3V3.3H-3.3z",
    "M0,-4.6L4.6,0L0,4.6L-4.6,0z",
    "M0,4.4L4.2,-3.2H-4.2z",
];

/// A point of the picture.
type Point = [f64; 2];

/// What the map shows across and upward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// Along the only coordinate, a strip for each segment.
    Strips,
    /// On both coordinates.
    Coordinates,
    /// On two principal components.
    Components,
}

/// The map of customers, or a sentence that says why there is none.
pub(super) fn map(model: &Model, customers: Option<&Customers>, language: Language) -> Markup {
    // Customers that are not the model's own have other columns.
    let found = customers.and_then(|customers| {
        let prepared = customers.coordinates(customers.spread(MOST_POINTS), model).ok()?;
        Some((customers, prepared))
    });
    let Some((customers, prepared)) = found else {
        return html! { p { (words::MAP_MISSING.say(language)) } };
    };
    let places: Vec<usize> =
        customers.spread(MOST_POINTS).map(|row| customers.labels[row] as usize).collect();
    let view = view(model);
    let points: Vec<Point> = (0..)
        .zip(prepared.iter().zip(&places))
        .map(|(row, (prepared, &place))| point(model, view, prepared, place, row))
        .collect();
    let centers: Vec<Point> = (0_u32..)
        .zip(&model.kmeans.cluster_centers)
        .map(|(strip, center)| {
            let prepared = model.scaler.inverse_transform_row(center);
            match view {
                View::Strips => [prepared.first().copied().unwrap_or(0.0), f64::from(strip)],
                _ => point(model, view, &prepared, 0, 0),
            }
        })
        .collect();
    let shown = count(points.len(), language);
    html! {
        figure {
            (picture(model, view, &points, &places, &centers, language))
            (legend(model, language))
            figcaption {
                (words::MAP_CAPTION.say(language)) " "
                @match view {
                    View::Strips => { (words::MAP_STRIPS.say(language)) " " },
                    View::Components => { (components(model, language)) " " },
                    View::Coordinates => {},
                }
                @if !is_as_given(model) && view != View::Components { (words::MAP_COMPARED.say(language)) " " }
                @if points.len() < customers.data.n_rows() {
                    (words::MAP_SAMPLE.with(language, &[
                        ("shown", &shown), ("total", &count(customers.data.n_rows(), language)),
                    ]))
                }
            }
        }
    }
}

fn view(model: &Model) -> View {
    match (&model.projection, model.scaler.n_features()) {
        (Some(_), _) => View::Components,
        (None, 1) => View::Strips,
        (None, _) => View::Coordinates,
    }
}

/// Where a customer stands, `row` being its place among those shown.
fn point(model: &Model, view: View, prepared: &[f64], segment: usize, row: usize) -> Point {
    let at = |coordinate: usize| prepared.get(coordinate).copied().unwrap_or(0.0);
    match (view, &model.projection) {
        (View::Components, Some(plane)) => {
            plane.transform_row(&model.scaler.transform_row(prepared))
        }
        (View::Strips, _) => {
            // Multiples of the golden ratio spread evenly, in any number.
            let spread = (row as f64 * 0.618_033_988_749_895).fract() - 0.5;
            [at(0), segment as f64 + spread * STRIP]
        }
        _ => [at(0), at(1)],
    }
}

fn picture(
    model: &Model,
    view: View,
    points: &[Point],
    places: &[usize],
    centers: &[Point],
    language: Language,
) -> Markup {
    let range = |axis: usize| {
        let all = points.iter().chain(centers).map(|point| point[axis]).filter(|x| x.is_finite());
        let (low, high) = all
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let room = (high - low) * 0.03;
        (low - room, high + room)
    };
    let x = Scale::new(range(0), Frame::across(SIZE));
    let y = match view {
        View::Strips => strips(centers.len()),
        _ => Scale::new(range(1), Frame::upward(SIZE)),
    };
    let across = axis(model, view, 0, &x, language);
    let upward = axis(model, view, 1, &y, language);
    let description = words::MAP_DESCRIPTION.with(
        language,
        &[("shown", &count(points.len(), language)), ("x", &across.title), ("y", &upward.title)],
    );
    let content = html! {
        @for segment in 0..centers.len() {
            g class={ "marks " (class(segment)) } {
                @for (point, _) in points.iter().zip(places).filter(|(_, place)| **place == segment) {
                    use href={ "#mark-" (shape(segment)) } x=(x.at(point[0])) y=(y.at(point[1])) {}
                }
            }
        }
        @for (segment, center) in centers.iter().enumerate() {
            circle class={ "center " (class(segment)) } cx=(x.at(center[0])) cy=(y.at(center[1])) r="9" {}
        }
    };
    let frame = Frame {
        id: "map",
        size: SIZE,
        title: words::MAP.say(language).to_owned(),
        description,
        x: across,
        y: upward,
    };
    html! { (shapes()) (frame.around(&content)) }
}

/// The strips from top to bottom.
fn strips(n_segments: usize) -> Scale {
    let (bottom, top) = Frame::upward(SIZE);
    Scale::new((-0.5, n_segments as f64 - 0.5), (top, bottom))
}

/// The shape of the segment at this place: beyond the tenth hue the shapes have moved on by one, so that no
/// two of the first fifty segments share both.
fn shape(place: usize) -> usize {
    (place + place / 10) % SHAPES.len()
}

/// The shapes, to be used by their names.
fn shapes() -> Markup {
    html! {
        svg class="shapes" aria-hidden="true" width="0" height="0" { defs {
            @for (name, path) in SHAPES.iter().enumerate() { path id={ "mark-" (name) } d=(path) {} }
        } }
    }
}

fn legend(model: &Model, language: Language) -> Markup {
    html! {
        ul class="legend" {
            @for (place, segment) in model.segments.iter().enumerate() {
                li {
                    svg class="key" viewBox="-6 -6 12 12" width="14" height="14" aria-hidden="true" {
                        g class={ "marks " (class(place)) } { use href={ "#mark-" (shape(place)) } {} }
                    }
                    (segment.persona(language))
                }
            }
        }
    }
}

/// An axis of the map: ticks at values of the column's own unit, wherever these lie.
fn axis(model: &Model, view: View, axis: usize, scale: &Scale, language: Language) -> Axis {
    if view == View::Components {
        let shares = model.projection.as_ref().map(|plane| plane.explained_variance_ratio);
        let share = percent(shares.map_or(0.0, |shares| shares[axis]), language);
        let places = [("number", &*(axis + 1).to_string()), ("share", &*share)];
        let ticks = scale.ticks(TICKS).into_iter().map(|x| (scale.at(x), number(x, language)));
        return Axis { ticks: ticks.collect(), title: words::COMPONENT.with(language, &places) };
    }
    if view == View::Strips && axis == 1 {
        let ids = model.segments.iter().enumerate();
        let ticks =
            ids.map(|(place, segment)| (scale.at(place as f64), segment.cluster_id.to_string()));
        return Axis { ticks: ticks.collect(), title: words::SEGMENT.say(language).to_owned() };
    }
    let dimensions = model.preparation.dimensions();
    let Some(dimension) = dimensions.get(axis) else {
        return Axis { ticks: Vec::new(), title: String::new() };
    };
    let ticks = match &model.preparation.features()[dimension.feature].steps {
        Steps::Numeric(numeric) if numeric.log1p => powers_of_ten(scale),
        _ => scale.ticks(TICKS).into_iter().map(|x| (x, x)).collect(),
    };
    let ticks = ticks.into_iter().map(|(x, own)| (scale.at(x), number(own, language)));
    Axis { ticks: ticks.collect(), title: title(model, dimension) }
}

/// 0 and powers of ten on a logarithmic scale, each with the coordinate that it has there.
fn powers_of_ten(scale: &Scale) -> Vec<(f64, f64)> {
    let powers = std::iter::once(0.0).chain((0..=15).map(|power| 10_f64.powi(power)));
    powers.map(|own| (own.ln_1p(), own)).filter(|(x, _)| scale.holds(*x)).collect()
}

fn title(model: &Model, dimension: &Dimension) -> String {
    let column = &model.features[dimension.feature].column;
    dimension.value.map_or_else(|| column.clone(), |value| format!("{column} = {value}"))
}

fn components(model: &Model, language: Language) -> String {
    let shares = model.projection.as_ref().map(|plane| plane.explained_variance_ratio);
    let both: f64 = shares.iter().flatten().sum();
    words::MAP_COMPONENTS.with(language, &[("share", &percent(both, language))])
}

/// Whether customers stand where their own numbers say.
fn is_as_given(model: &Model) -> bool {
    model.preparation.features().iter().all(|feature| match &feature.steps {
        Steps::Numeric(numeric) => {
            numeric.clip.is_none() && !numeric.log1p && numeric.missing.value().is_none()
        }
        Steps::Categorical(_) => true,
    })
}
