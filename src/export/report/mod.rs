//! A report on a model: one HTML file to read, print and pass on. It loads nothing and runs nothing.
//!
//! `map`, `elbow` and `segments` make its parts; `words` is what they say, `figures` how numbers are written,
//! `svg` what charts share. Every text of the data is escaped by the templates.

mod elbow;
mod figures;
mod map;
mod segments;
mod svg;
mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::words::Text;
use crate::model::{Customers, Model};
use crate::personas::Language;

pub use map::MOST_POINTS;

/// Neither scripts nor anything from elsewhere, whatever the page's texts hold.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The report as an HTML page, with at most [`MOST_POINTS`] customers as points on a map where they are at
/// hand. It names no customer, but the points show the features of single ones.
pub fn report(model: &Model, customers: Option<&Customers>, language: Language) -> String {
    let title = words::TITLE.with(language, &[("data", &model.data.name)]);
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "Segmenta " (env!("CARGO_PKG_VERSION")) };
                title { (title) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                (heading(model, &title, language))
                main {
                    (section("segments", words::OVERVIEW.say(language), &segments::overview(model, language)))
                    (section("map", words::MAP.say(language), &map::map(model, customers, language)))
                    (section("personas", words::PERSONAS.say(language), &segments::personas(model, language)))
                    (section("elbow", &elbow::title(model, language), &elbow::elbow(model, language)))
                    (section("quality", words::QUALITY.say(language), &elbow::quality(model, language)))
                    (section("preparation", words::PREPARATION.say(language), &preparation(model, language)))
                    (section("reading", words::READING.say(language), &reading(language)))
                }
                footer { p {
                    (words::FOOT.with(language, &[
                        ("version", &model.version), ("program", env!("CARGO_PKG_VERSION")),
                    ]))
                } }
            }
        }
    };
    without_controls(page.into_string())
}

/// HTML knows no control characters, which names may hold, but for those between lines and words.
fn without_controls(mut page: String) -> String {
    page.retain(|sign| !sign.is_control() || matches!(sign, '\n' | '\t'));
    page
}

fn heading(model: &Model, title: &str, language: Language) -> Markup {
    let features: Vec<&str> =
        model.features.iter().map(|feature| feature.column.as_str()).collect();
    let rows = figures::count(model.data.rows, language);
    let skipped = figures::count(model.data.skipped_rows, language);
    let date = model.created_at.split('T').next().unwrap_or_default();
    let learned_from = words::LEARNED_FROM.with(
        language,
        &[
            ("rows", &rows),
            ("data", &model.data.name),
            ("features", &features.join(", ")),
            ("date", date),
        ],
    );
    let largest = model.segments.iter().max_by_key(|segment| segment.size);
    html! {
        header {
            h1 { (title) }
            p { (learned_from) }
            @if model.data.skipped_rows > 0 {
                p { (words::SKIPPED.with(language, &[("count", &skipped)])) }
            }
            dl class="cards" {
                (card(words::CUSTOMERS, &rows, language))
                (card(words::SEGMENTS, &figures::count(model.segments.len(), language), language))
                (card(words::FEATURES, &figures::count(model.features.len(), language), language))
                @if let Some(largest) = largest {
                    (card(words::LARGEST, largest.persona(language), language))
                }
            }
        }
    }
}

fn card(name: Text, value: &str, language: Language) -> Markup {
    html! { div { dt { (name.say(language)) } dd { (value) } } }
}

fn section(id: &str, title: &str, content: &Markup) -> Markup {
    let heading = format!("{id}-heading");
    html! {
        section id=(id) aria-labelledby=(heading) {
            h2 id=(heading) { (title) }
            (content)
        }
    }
}

fn preparation(model: &Model, language: Language) -> Markup {
    html! {
        p { (words::PREPARATION_INTRO.say(language)) }
        ul { @for sentence in model.preparation_in_words(language) { li { (sentence) } } }
    }
}

fn reading(language: Language) -> Markup {
    let paragraphs = [
        words::READING_SEGMENT,
        words::READING_PERSONA,
        words::READING_DIFFERENCE,
        words::READING_CAUSE,
    ];
    html! { @for paragraph in paragraphs { p { (paragraph.say(language)) } } }
}
