//! What a route asks for.

use axum::http::Method;

use crate::access::Role;

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// For everybody.
    Nothing,
    Predict,
    Read,
    Admin,
}

impl Need {
    /// What a request to a route needs. A route that nobody thought of is for those who may do everything.
    pub(super) fn of(method: &Method, route: Option<&str>) -> Self {
        // What is no route is a file of the page, or nothing.
        let Some(route) = route else { return Self::Nothing };
        let is_read = method.is_safe();
        match route {
            "/healthz" | "/readyz" | "/" | "/api/session" => Self::Nothing,
            _ if *method == Method::OPTIONS => Self::Nothing,
            // The browser for the API is files; what they show is the description.
            _ if is_read && route.starts_with("/docs") => Self::Nothing,
            "/predict" | "/predict/batch" => Self::Predict,
            "/api/model" | "/openapi.json" if is_read => Self::Predict,
            "/api/audit" => Self::Admin,
            "/stats" | "/metrics" if is_read => Self::Read,
            _ if is_read && route.starts_with("/api/") => Self::Read,
            _ => Self::Admin,
        }
    }

    pub(super) fn is_met_by(self, role: Role) -> bool {
        self == Self::Nothing || role >= self.role()
    }

    /// The least role that will do.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Nothing | Self::Predict => Role::Predict,
            Self::Read => Role::Read,
            Self::Admin => Role::Admin,
        }
    }
}
