//! `GET /api/models/{version}/moves.csv`: the customers who move from one segment to another.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::super::error::{ApiError, Problem};
use super::super::language::Wanted;
use super::super::state::AppState;
use super::comparison::{Pair, With, with};
use super::fresh;
use crate::personas::Language;

/// Lists the customers who are in another segment of this model than of the one that answers: the file's
/// columns, then `From`, `From persona`, `To` and `To persona`.
#[utoipa::path(
    get,
    path = "/api/models/{version}/moves.csv",
    tag = "models",
    params(
        ("version" = String, Path, description = "The model's version"),
        With,
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    responses(
        (status = 200, description = "The customers", body = String, content_type = "text/csv"),
        (status = 404, description = "There is no such model", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A model is damaged, or cannot tell these customers", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The customers are not at hand, or the server keeps no models", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn moves(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    Path(version): Path<String>,
    query: Result<Query<With>, QueryRejection>,
) -> Result<Response, ApiError> {
    let with = with(query)?;
    let csv = state.work().run(move || write(&state, &version, with.as_deref(), language)).await?;
    let kind = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"moves.csv\""),
    ];
    Ok((fresh(language), kind, csv).into_response())
}

fn write(
    state: &AppState,
    version: &str,
    with: Option<&str>,
    language: Language,
) -> Result<Vec<u8>, ApiError> {
    let pair = Pair::read(state, version, with)?;
    let customers = pair.customers.as_ref().ok_or_else(ApiError::no_customers)?;
    let comparison = pair.compare();
    if comparison.moves.is_none() {
        let problem =
            "a feature of the other model is not among the columns of this model's customers";
        return Err(ApiError::Conflict(problem.to_owned()));
    }
    let mut csv = Vec::new();
    comparison.write_moves(customers, language, &mut csv).map_err(|error| {
        tracing::error!(%error, "a list of customers cannot be written");
        ApiError::Internal
    })?;
    Ok(csv)
}
