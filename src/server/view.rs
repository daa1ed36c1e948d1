//! `GET /api/view`: the customers that a window of the map shows, however many there are.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::{ApiError, FieldError, Problem};
use super::state::{AppState, Served};
use crate::error::list;
use crate::scatter::{Dot, Range, Scatter, View, Window};

/// The most customers that are told one by one.
const MOST_DOTS: usize = 5000;
/// The most cells beside or above each other.
const MOST_CELLS: usize = 200;
/// The most counts of an answer, of all segments together.
const MOST_COUNTS: usize = 400_000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ViewQuery {
    /// The horizontal axis: the short name of a column of numbers, or `:component-1` or `:component-2`.
    x: String,
    /// The vertical axis, likewise.
    y: String,
    /// Where the window begins and ends; where nothing is said it goes as far as the customers do.
    x_min: Option<f32>,
    x_max: Option<f32>,
    y_min: Option<f32>,
    y_max: Option<f32>,
    /// The number of cells beside each other.
    #[param(minimum = 1, maximum = 200)]
    columns: Option<usize>,
    /// The number of cells above each other.
    #[param(minimum = 1, maximum = 200)]
    rows: Option<usize>,
    /// Ids of segments that are not to be seen, between commas. Those that there are not hide nothing.
    hide: Option<String>,
}

/// What is seen in a window of the map.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ViewResponse {
    /// The model that answers.
    model_version: String,
    /// The number of customers.
    total: usize,
    /// The number of customers in the window.
    in_view: u64,
    /// The window: where it begins and ends on each axis.
    x: [f32; 2],
    y: [f32; 2],
    /// Whether `points` are all customers in the window. If not, they are a sample in which small segments are
    /// seen, and the segments' `cells` tell how many customers there are where.
    is_complete: bool,
    /// Customers: where they lie on both axes, and the id of their segment.
    #[schema(value_type = Vec<[f32; 3]>)]
    points: Vec<(f32, f32, usize)>,
    /// The number of cells beside and above each other.
    columns: usize,
    rows: usize,
    /// The segments in the window.
    segments: Vec<SegmentView>,
}

/// A segment in a window.
#[derive(Debug, Serialize, ToSchema)]
struct SegmentView {
    cluster_id: usize,
    /// The number of its customers in the window.
    in_view: u64,
    /// Cells in which it has customers, and how many: counted from the lower left, row by row.
    cells: Vec<(u32, u32)>,
}

/// Shows the customers in a window of the map: all of them if they are few, else how many there are in each cell and a
/// sample. Meant for maps of any size, as `/stats` lists so many customers only.
#[utoipa::path(
    get,
    path = "/api/view",
    tag = "segments",
    params(ViewQuery),
    responses(
        (status = 200, description = "What is seen", body = ViewResponse),
        (status = 404, description = "There is no such axis", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The window is no window", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The customers are not at hand", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn view(
    State(state): State<AppState>,
    query: Result<Query<ViewQuery>, QueryRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<ViewResponse>), ApiError> {
    let Query(query) = query.map_err(|rejection| {
        let problem =
            format!("{}; x and y are needed, the rest are numbers", rejection.body_text());
        ApiError::invalid(FieldError::query("x", "value_error", problem))
    })?;
    let served = state.served();
    let scatter = served.scatter.clone().ok_or_else(ApiError::no_customers)?;
    let answer = state.work().run(move || {
        let window = query.window(&served, &scatter)?;
        let (columns, rows) = (window.columns, window.rows);
        let view = scatter.look(&window).ok_or_else(|| unknown_axis(&window, &scatter))?;
        Ok(ViewResponse::new(view, &served, scatter.n_rows(), columns, rows))
    });
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer.await?)))
}

impl ViewQuery {
    fn window(&self, served: &Served, scatter: &Scatter) -> Result<Window<'_>, ApiError> {
        let segments = &served.model.segments;
        let mut hidden = Vec::new();
        for id in self.hide.iter().flat_map(|hide| hide.split(',')).filter(|id| !id.is_empty()) {
            let place = segments.iter().position(|segment| segment.cluster_id.to_string() == id);
            hidden.extend(place);
        }
        let size = |name, cells: Option<usize>, usual| match cells.unwrap_or(usual) {
            cells @ 1..=MOST_CELLS => Ok(cells),
            _ => Err(refuse(name, "from 1 to 200 cells are possible")),
        };
        let (columns, rows) = (size("columns", self.columns, 120)?, size("rows", self.rows, 80)?);
        if columns * rows * segments.len() > MOST_COUNTS {
            return Err(refuse("columns", "too many cells for so many segments; ask for fewer"));
        }
        let whole = |name: &str| {
            let axis = scatter.axes().find(|(axis, _)| *axis == name);
            axis.and_then(|(_, range)| range)
        };
        Ok(Window {
            x: &self.x,
            y: &self.y,
            x_range: range("x_min", self.x_min, self.x_max, whole(&self.x))?,
            y_range: range("y_min", self.y_min, self.y_max, whole(&self.y))?,
            columns,
            rows,
            hidden,
            most_dots: MOST_DOTS,
        })
    }
}

impl ViewResponse {
    fn new(view: View, served: &Served, total: usize, columns: usize, rows: usize) -> Self {
        let id = |place: usize| served.model.segments.get(place).map_or(place, |s| s.cluster_id);
        let in_view: u64 = view.in_view.iter().sum();
        let is_complete = view.dots.len() as u64 == in_view;
        let mut cells = view.cells;
        let segments = (0..)
            .zip(&view.in_view)
            .filter(|(_, in_view)| **in_view > 0)
            .map(|(place, &in_view)| {
                let own = cells.iter_mut().find(|cells| cells.segment == place);
                let cells = own.map_or_else(Vec::new, |own| std::mem::take(&mut own.counts));
                SegmentView { cluster_id: id(place), in_view, cells }
            })
            .collect();
        let point = |dot: &Dot| (dot.x, dot.y, id(dot.segment));
        Self {
            model_version: served.model.version.clone(),
            total,
            in_view,
            x: [view.x_range.min, view.x_range.max],
            y: [view.y_range.min, view.y_range.max],
            is_complete,
            points: view.dots.iter().map(point).collect(),
            columns,
            rows,
            segments,
        }
    }
}

/// A part of an axis. An end that is not given is that of all customers.
fn range(
    name: &str,
    min: Option<f32>,
    max: Option<f32>,
    whole: Option<Range>,
) -> Result<Option<Range>, ApiError> {
    let Some(whole) = whole.filter(|_| min.is_some() || max.is_some()) else { return Ok(None) };
    let ends = [min.unwrap_or(whole.min), max.unwrap_or(whole.max)];
    if ends.iter().all(|end| end.is_finite()) {
        // A window has no direction.
        Ok(Some(Range { min: ends[0].min(ends[1]), max: ends[0].max(ends[1]) }))
    } else {
        Err(refuse(name, "a number is needed"))
    }
}

fn unknown_axis(window: &Window<'_>, scatter: &Scatter) -> ApiError {
    let known: Vec<&str> =
        scatter.axes().filter(|(_, range)| range.is_some()).map(|(name, _)| name).collect();
    let field = if known.contains(&window.x) { "y" } else { "x" };
    ApiError::Unknown(format!("{field}: there is no such axis; there are {}", list(known)))
}

fn refuse(name: &str, problem: impl Into<String>) -> ApiError {
    ApiError::invalid(FieldError::query(name, "value_error", problem))
}
