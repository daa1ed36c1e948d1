//! How many segments there should be, and how good these are.

use maud::{Markup, html};

use super::figures::{decimals, number};
use super::svg::{Axis, Frame, Scale};
use super::words::{self, Text};
use crate::elbow::{Elbow, ElbowPoint, Grouping, Method};
use crate::model::Model;
use crate::personas::Language;

/// The width and height of the charts.
const SIZE: (f64, f64) = (480.0, 280.0);

/// The heading of the part.
pub(super) fn title(model: &Model, language: Language) -> String {
    match model.kmeans.n_clusters {
        1 => words::ELBOW_ONE.say(language).to_owned(),
        k => words::ELBOW.with(language, &[("k", &k.to_string())]),
    }
}

/// The curves, what they advise, and their figures.
pub(super) fn elbow(model: &Model, language: Language) -> Markup {
    let elbow = &model.elbow;
    let k = model.kmeans.n_clusters;
    let silhouettes = |point: &ElbowPoint| point.quality.silhouette;
    html! {
        @for sentence in sentences(model, language) { p { (sentence) } }
        div class="charts" {
            (chart("wcss", words::WCSS, elbow, k, |point| Some(point.wcss), language))
            (chart("silhouette", words::SILHOUETTE, elbow, k, silhouettes, language))
        }
        (table(elbow, k, language))
    }
}

/// What decided the number of segments, and what speaks for others.
fn sentences(model: &Model, language: Language) -> Vec<String> {
    let elbow = &model.elbow;
    let k = elbow.n_clusters.to_string();
    let reason = match elbow.method {
        Method::Elbow => words::BY_ELBOW,
        Method::Silhouette if elbow.advice.elbow.is_some() => words::BY_GROUPS,
        Method::Silhouette => words::BY_SILHOUETTE,
        Method::Single => words::BY_NOTHING,
    };
    let mut sentences = vec![reason.with(language, &[("k", &k)])];
    if model.kmeans.n_clusters != elbow.n_clusters {
        let chosen = model.kmeans.n_clusters.to_string();
        sentences.push(words::FORCED.with(language, &[("k", &chosen)]));
    }
    let criteria = [
        ("Silhouette", elbow.advice.silhouette),
        ("Calinski-Harabasz", elbow.advice.calinski_harabasz),
        ("Davies-Bouldin", elbow.advice.davies_bouldin),
        (words::STABILITY.say(language), elbow.advice.stability),
    ];
    for (name, best) in criteria {
        if let Some(best) = best.filter(|&best| best != elbow.n_clusters) {
            let places = [("name", name), ("k", &best.to_string())];
            sentences.push(words::PREFERS.with(language, &places));
        }
    }
    if elbow.evidence.is_some() {
        let grouping = match elbow.grouping {
            Grouping::Natural => words::NATURAL,
            Grouping::None => words::NOT_NATURAL,
        };
        sentences.push(grouping.say(language).to_owned());
    }
    sentences
}

/// A figure for each number of segments, as a line; nothing where there are fewer than two.
fn chart(
    id: &'static str,
    name: Text,
    elbow: &Elbow,
    k: usize,
    figure: impl Fn(&ElbowPoint) -> Option<f64>,
    language: Language,
) -> Markup {
    let points: Vec<(f64, f64)> =
        elbow.by_k.iter().filter_map(|point| figure(point).map(|y| (point.k as f64, y))).collect();
    if points.len() < 2 {
        return html! {};
    }
    let least = points.iter().map(|point| point.1).fold(0.0, f64::min);
    let most = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let x = Scale::new((points[0].0, points[points.len() - 1].0), Frame::across(SIZE));
    let y = Scale::new((least, most), Frame::upward(SIZE));
    let path: Vec<String> =
        points.iter().map(|(k, v)| format!("{},{}", x.at(*k), y.at(*v))).collect();
    let what = name.say(language);
    let marked = points.iter().find(|point| point.0 == k as f64);
    let content = html! {
        polyline class="line" points=(path.join(" ")) {}
        @for (k, v) in &points { circle class="dot" cx=(x.at(*k)) cy=(y.at(*v)) r="4" {} }
        @if let Some((k, v)) = marked { circle class="chosen" cx=(x.at(*k)) cy=(y.at(*v)) r="9" {} }
    };
    let frame = Frame {
        id,
        size: SIZE,
        title: what.to_owned(),
        description: words::LINE_DESCRIPTION
            .with(language, &[("what", what), ("k", &k.to_string())]),
        x: Axis {
            ticks: points.iter().map(|(k, _)| (x.at(*k), k.to_string())).collect(),
            title: words::K.say(language).to_owned(),
        },
        y: Axis {
            ticks: y.ticks(5).into_iter().map(|v| (y.at(v), number(v, language))).collect(),
            title: what.to_owned(),
        },
    };
    html! { figure { (frame.around(&content)) figcaption { (what) } } }
}

fn table(elbow: &Elbow, k: usize, language: Language) -> Markup {
    let index = |value: Option<f64>, places| {
        value.map_or("\u{2013}".to_owned(), |value| decimals(value, places, language))
    };
    html! {
        div class="wide" { table {
            caption { (words::ELBOW_CAPTION.say(language)) }
            thead { tr {
                @for name in ["k", "WCSS", "Silhouette", "Calinski-Harabasz", "Davies-Bouldin", words::STABILITY.say(language)] {
                    th scope="col" class="n" { (name) }
                }
                th scope="col" { }
            } }
            tbody { @for point in &elbow.by_k { tr class=[(point.k == k).then_some("marked")] {
                th scope="row" class="n" { (point.k) }
                td class="n" { (decimals(point.wcss, 1, language)) }
                td class="n" { (index(point.quality.silhouette, 3)) }
                td class="n" { (index(point.quality.calinski_harabasz, 1)) }
                td class="n" { (index(point.quality.davies_bouldin, 3)) }
                td class="n" { (index(point.stability, 3)) }
                td {
                    @if point.k == elbow.n_clusters { (words::ADVISED.say(language)) }
                    @if point.k == elbow.n_clusters && point.k == k { ", " }
                    @if point.k == k { (words::USED.say(language)) }
                }
            } } }
        } }
    }
}

/// The indices of the model's own segments.
pub(super) fn quality(model: &Model, language: Language) -> Markup {
    let quality = &model.quality;
    let measures = [
        ("Silhouette", quality.silhouette, 3, words::SILHOUETTE_MEANING),
        ("Calinski-Harabasz", quality.calinski_harabasz, 1, words::CALINSKI_HARABASZ_MEANING),
        ("Davies-Bouldin", quality.davies_bouldin, 3, words::DAVIES_BOULDIN_MEANING),
        ("WCSS", Some(model.kmeans.inertia), 1, words::WCSS_MEANING),
    ];
    html! {
        div class="wide" { table {
            caption { (words::QUALITY_CAPTION.say(language)) }
            thead { tr {
                th scope="col" { (words::MEASURE.say(language)) }
                th scope="col" class="n" { (words::VALUE.say(language)) }
                th scope="col" { (words::MEANING.say(language)) }
            } }
            tbody { @for (name, value, places, meaning) in measures { tr {
                th scope="row" { (name) }
                td class="n" { (value.map_or("\u{2013}".to_owned(), |value| decimals(value, places, language))) }
                td { (meaning.say(language)) }
            } } }
        } }
    }
}
