//! `GET /api/uploads/{id}/inspection`: what is in a file, and what may serve as a feature.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::unknown;
use crate::dataset::{Dataset, OnError, Source};
use crate::features::inspect::{ColumnReport, inspect as inspect_columns};
use crate::server::error::{ApiError, Problem};
use crate::server::state::AppState;

/// What is in a file.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct InspectionResponse {
    /// The file's name.
    name: String,
    /// The number of rows.
    rows: usize,
    /// How it is written: "CSV with commas, decimal point, UTF-8".
    read_as: Vec<String>,
    /// For each column its `name` and header (`column`), `kind`, `unit`, share of `missing` cells, number of
    /// `distinct` values, range, mean and skew of its `numbers`, whether it `is_proposed` as a feature, and why
    /// (`reason`).
    #[schema(value_type = Vec<Object>)]
    columns: Vec<ColumnReport>,
    /// The number of rows that cannot be split into the header's columns.
    unreadable_rows: usize,
    /// The first of them, each in a sentence.
    unreadable: Vec<String>,
}

/// Sentences on rows that cannot be read.
const MOST_SENTENCES: usize = 20;

/// Describes the columns of an upload.
#[utoipa::path(
    get,
    path = "/api/uploads/{id}/inspection",
    tag = "models",
    params(("id" = String, Path, description = "The upload's id")),
    responses(
        (status = 200, description = "What is in it", body = InspectionResponse),
        (status = 404, description = "There is no such upload", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is no table that can be read", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn inspect(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<InspectionResponse>, ApiError> {
    let workshop = state.workshop()?;
    let uploads = workshop.uploads.clone();
    let pool = workshop.pool.clone();
    let inspection = state.work().run(move || {
        let (_, file) = uploads.find(&id).ok_or_else(|| unknown(&id))?;
        pool.install(|| {
            let source = Source::open(&file).map_err(ApiError::of_upload)?;
            let data = Dataset::read(&source, OnError::Skip).map_err(ApiError::of_upload)?;
            Ok(describe(&data))
        })
    });
    inspection.await.map(Json)
}

fn describe(data: &Dataset) -> InspectionResponse {
    InspectionResponse {
        name: data.name().to_owned(),
        rows: data.n_rows(),
        read_as: data.detected().iter().map(ToString::to_string).collect(),
        columns: inspect_columns(data),
        unreadable_rows: data.skipped().len(),
        unreadable: data.skipped().iter().take(MOST_SENTENCES).map(ToString::to_string).collect(),
    }
}
