//! The least that an axum server can do with a prediction's request: parse its JSON and answer with a small
//! one. `benches/serving/` puts the whole of Segmenta beside it.
//!
//!     bare_route PORT

use axum::routing::post;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Deserialize)]
struct Customer {
    annual_income: f64,
    spending_score: f64,
}

#[derive(Serialize)]
struct Answer {
    cluster_id: usize,
    persona: &'static str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("give a port")?.parse()?;
    // As `segmenta serve` has it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let listener = listener.tap_io(|stream| {
            // A connection that is gone already shows later.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, Router::new().route("/predict", post(predict))).await
    })?;
    Ok(())
}

async fn predict(Json(customer): Json<Customer>) -> Json<Answer> {
    let is_high = customer.annual_income + customer.spending_score > 100.0;
    Json(Answer { cluster_id: usize::from(is_high), persona: "Standard" })
}
