//! The segments: how large they are, where their centres lie, who is in them and what to do for them.

use maud::{Markup, html};

use super::figures::{count, difference, number, percent};
use super::words;
use crate::model::{CategoricalProfile, Model, NumericProfile, Segment, Share};
use crate::personas::Language;

/// The hues that segments have; those beyond begin again.
const HUES: usize = 10;
/// The values of a column that are listed, the most frequent ones.
const VALUES: usize = 5;
/// The standard deviations at which a bar of a difference ends.
const FARTHEST: f64 = 2.0;

/// The class of the segment at this place in the list.
pub(super) fn class(place: usize) -> String {
    format!("s{}", place % HUES)
}

/// All segments in a picture and a table.
pub(super) fn overview(model: &Model, language: Language) -> Markup {
    let dimensions = model.preparation.dimensions();
    let header = |place: usize| {
        let column = &model.features[dimensions[place].feature].column;
        dimensions[place]
            .value
            .map_or_else(|| column.clone(), |value| format!("{column} = {value}"))
    };
    let center = |segment: &Segment, place: usize| match dimensions[place].value {
        None => number(segment.center[place], language),
        Some(_) => percent(segment.center[place], language),
    };
    html! {
        figure { (sizes(model, language)) figcaption { (words::SIZES.say(language)) } }
        div class="wide" { table {
            caption { (words::OVERVIEW_CAPTION.say(language)) }
            thead { tr {
                th scope="col" { (words::ID.say(language)) }
                th scope="col" { (words::SEGMENT.say(language)) }
                th scope="col" class="n" { (words::SIZE.say(language)) }
                th scope="col" class="n" { (words::SHARE.say(language)) }
                @for place in 0..dimensions.len() { th scope="col" class="n" { (header(place)) } }
            } }
            tbody { @for (place, segment) in model.segments.iter().enumerate() { tr {
                td { (segment.cluster_id) }
                th scope="row" { (swatch(place)) (segment.persona(language)) }
                td class="n" { (count(segment.size, language)) }
                td class="n" { (percent(segment.share, language)) }
                @for at in 0..dimensions.len() { td class="n" { (center(segment, at)) } }
            } } }
        } }
    }
}

/// The mark of a segment's colour; its name stands beside it.
pub(super) fn swatch(place: usize) -> Markup {
    html! { span class={ "swatch " (class(place)) } aria-hidden="true" {} }
}

/// The shares of the segments as bars.
fn sizes(model: &Model, language: Language) -> Markup {
    const ROW: f64 = 30.0;
    const WIDTH: f64 = 760.0;
    const BARS: (f64, f64) = (220.0, 680.0);
    let largest = model.segments.iter().map(|segment| segment.share).fold(0.0, f64::max);
    let length = |share: f64| (BARS.1 - BARS.0) * share / if largest > 0.0 { largest } else { 1.0 };
    let list: Vec<String> = model
        .segments
        .iter()
        .map(|segment| {
            format!("{} {}", segment.persona(language), percent(segment.share, language))
        })
        .collect();
    let description = words::SIZES_DESCRIPTION.with(language, &[("list", &list.join("; "))]);
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (ROW * model.segments.len() as f64 + 4.0) } role="img"
            aria-labelledby="sizes-title sizes-description" {
            title id="sizes-title" { (words::SIZES.say(language)) }
            desc id="sizes-description" { (description) }
            @for (place, segment) in model.segments.iter().enumerate() {
                @let top = ROW * place as f64 + 4.0;
                text x=(BARS.0 - 10.0) y=(top + 16.0) text-anchor="end" { (shortened(segment.persona(language))) }
                rect class=(class(place)) x=(BARS.0) y=(top) rx="3"
                    width=(format!("{:.1}", length(segment.share))) height=(ROW - 8.0) {}
                text x=(format!("{:.1}", BARS.0 + length(segment.share) + 8.0)) y=(top + 16.0) {
                    (percent(segment.share, language))
                }
            }
        }
    }
}

/// A name as far as there is room for it in a picture; the table has all of it.
fn shortened(name: &str) -> String {
    const MOST: usize = 26;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    name.chars().take(MOST - 1).chain(['…']).collect()
}

/// Every segment by itself.
pub(super) fn personas(model: &Model, language: Language) -> Markup {
    html! { @for (place, segment) in model.segments.iter().enumerate() {
        article {
            h3 { (swatch(place)) (segment.persona(language)) }
            p class="size" { (words::SIZE_OF.with(language, &[
                ("count", &count(segment.size, language)), ("share", &percent(segment.share, language)),
            ])) }
            p { (segment.description(language)) }
            p { strong { (words::ACTION.say(language)) } " " (segment.action(language)) }
            @if !segment.profile.numeric.is_empty() {
                (numbers(segment, &segment.profile.numeric, language))
            }
            @if !segment.profile.categorical.is_empty() {
                (values(segment, &segment.profile.categorical, language))
            }
        }
    } }
}

fn numbers(segment: &Segment, profiles: &[NumericProfile], language: Language) -> Markup {
    html! {
        div class="wide" { table {
            caption { (words::NUMBERS_CAPTION.with(language, &[("persona", segment.persona(language))])) }
            thead { tr {
                th scope="col" { (words::COLUMN.say(language)) }
                th scope="col" class="n" { (words::AVERAGE.say(language)) }
                th scope="col" class="n" { (words::EVERYBODY.say(language)) }
                th scope="col" colspan="2" { (words::DIFFERENCE.say(language)) }
            } }
            tbody { @for profile in profiles { tr {
                th scope="row" { (profile.column) }
                td class="n" { (number(profile.mean, language)) }
                td class="n" { (number(profile.average, language)) }
                td class="n" { (difference(profile.difference, language)) }
                td { (bar(profile.difference)) }
            } } }
        } }
    }
}

/// A difference as a bar to the left or right of the middle; the number stands beside it.
fn bar(difference: f64) -> Markup {
    let length = (difference.abs() / FARTHEST).min(1.0) * 58.0;
    let start = if difference < 0.0 { 60.0 - length } else { 60.0 };
    html! {
        svg class="bar" viewBox="0 0 120 12" width="120" height="12" aria-hidden="true" {
            rect x=(format!("{start:.1}")) y="2" width=(format!("{length:.1}")) height="8" {}
            line x1="60" x2="60" y1="0" y2="12" {}
        }
    }
}

fn values(segment: &Segment, profiles: &[CategoricalProfile], language: Language) -> Markup {
    html! {
        div class="wide" { table {
            caption { (words::SHARES_CAPTION.with(language, &[("persona", segment.persona(language))])) }
            thead { tr {
                th scope="col" { (words::COLUMN.say(language)) }
                th scope="col" { (words::VALUE.say(language)) }
                th scope="col" class="n" { (words::SHARE.say(language)) }
                th scope="col" class="n" { (words::EVERYBODY.say(language)) }
            } }
            @for profile in profiles {
                @let (listed, others) = most_frequent(&profile.shares);
                tbody {
                    @for (row, share) in listed.iter().enumerate() { tr {
                        @if row == 0 {
                            th scope="rowgroup" rowspan=(listed.len() + usize::from(others > 0)) { (profile.column) }
                        }
                        td { (share.value) }
                        td class="n" { (percent(share.share, language)) }
                        td class="n" { (percent(share.average, language)) }
                    } }
                    @if others > 0 { tr { td colspan="3" {
                        (words::MORE.with(language, &[("count", &count(others, language))]))
                    } } }
                }
            }
        } }
    }
}

/// The values that most customers of a segment have, and how many others there are.
fn most_frequent(shares: &[Share]) -> (Vec<&Share>, usize) {
    let mut listed: Vec<&Share> = shares.iter().collect();
    listed.sort_by(|a, b| b.share.total_cmp(&a.share));
    let others = listed.len().saturating_sub(VALUES);
    listed.truncate(VALUES);
    (listed, others)
}
