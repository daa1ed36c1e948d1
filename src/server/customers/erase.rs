//! `DELETE /api/customers/{id}`: a customer leaves all that is kept.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE};
use serde::Serialize;
use utoipa::ToSchema;

use crate::erasure::{Outcome, erased_rows, remains};
use crate::model::store::{Kept, Place};
use crate::server::error::{ApiError, Problem};
use crate::server::language::Wanted;
use crate::server::state::AppState;

/// What was erased, and what remains.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct ErasedResponse {
    /// The rows erased from the data of models.
    models: Vec<ErasedFromModel>,
    /// The rows erased from uploads.
    uploads: Vec<ErasedFromUpload>,
    /// What the server cannot erase, or need not, in sentences.
    remains: Vec<String>,
}

/// Rows erased from the data that a model was learned from.
#[derive(Debug, Serialize, ToSchema)]
struct ErasedFromModel {
    version: String,
    rows: usize,
}

/// Rows erased from an upload.
#[derive(Debug, Serialize, ToSchema)]
struct ErasedFromUpload {
    id: String,
    rows: usize,
}

/// Erases a customer from the data of all models and from all uploads, and says what remains. The models themselves
/// do not change: they hold no row.
#[utoipa::path(
    delete,
    path = "/api/customers/{id}",
    tag = "operation",
    params(
        ("id" = String, Path, description = "What stands in the column that tells customers apart"),
        ("Accept-Language" = Option<String>, Header, description = "`id` for Indonesian, English otherwise"),
    ),
    responses(
        (status = 200, description = "The customer is erased", body = ErasedResponse),
        (status = 404, description = "No data have such a customer", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A training uses such data, or no column of any data tells customers apart", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no data folder", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::server) async fn erase(
    State(state): State<AppState>,
    Wanted(language): Wanted,
    Path(id): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], Json<ErasedResponse>), ApiError> {
    state.store()?;
    let places = state.work().run({
        let state = state.clone();
        move || state.erase(&id)
    });
    let places = places.await?;
    let mut response =
        ErasedResponse { models: vec![], uploads: vec![], remains: remains(&places, language) };
    for (kept, rows) in erased_rows(&places) {
        match kept {
            Kept::Model(version) => {
                response.models.push(ErasedFromModel { version: version.clone(), rows });
            }
            Kept::Upload(id) => response.uploads.push(ErasedFromUpload { id: id.clone(), rows }),
        }
    }
    Ok(([(CONTENT_LANGUAGE, language.tag()), (CACHE_CONTROL, "no-store")], Json(response)))
}

/// What the client hears where nothing can be erased.
pub(in crate::server) fn refusal(places: &[Place]) -> Option<ApiError> {
    let outcome = Outcome::of(places);
    let problem = outcome.problem()?.to_owned();
    Some(match outcome {
        Outcome::NoColumn => ApiError::Conflict(problem),
        _ => ApiError::Unknown(problem),
    })
}
