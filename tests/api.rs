//! The API's promises: what each resource answers, and what it answers to requests that are wrong.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
mod api;

use api::{Answer, get, mall, mall_state, post, send};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use segmenta::dataset::Source;
use segmenta::model::{Customers, Model};
use segmenta::server::{AppState, Settings, app};
use serde_json::{Value, json};

const CUSTOMER: &str = r#"{"age": 25, "annual_income": 50, "spending_score": 50}"#;

/// Checks that an answer is a problem of this status, and returns the kinds and places of its errors.
#[track_caller]
fn problem(answer: &Answer, status: u16) -> Vec<(String, String)> {
    let body = answer.json();
    assert_eq!(answer.status.as_u16(), status, "{body}");
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
    assert_eq!(body["status"], status);
    for member in ["type", "title", "detail"] {
        assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {body}");
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| (text(&error["type"]), text(error["loc"].as_array().unwrap().last().unwrap())))
        .collect()
}

mod predict {
    use super::*;

    async fn predicted(body: &str) -> Value {
        let answer = post(&mall(), "/predict", body.to_owned()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
        answer.json()
    }

    #[tokio::test]
    async fn answers_with_the_persona() {
        let body = predicted(CUSTOMER).await;
        assert_eq!(body["cluster_id"], 2);
        assert_eq!(body["persona"], "Standard");
        assert!(body["description"].as_str().unwrap().len() > 20);
        assert_eq!(body["model_version"].as_str().unwrap().len(), 12);
        // By hand, from scikit-learn's centre and scale.
        let (x, y): (f64, f64) = (
            (50.0 - 55.2962962962963) / 26.19897707926781,
            (50.0 - 49.51851851851852) / 25.7588819633151,
        );
        assert!((body["distance"].as_f64().unwrap() - x.hypot(y)).abs() < 1e-9);
        let confidence = body["confidence"].as_f64().unwrap();
        assert!((0.8..0.9).contains(&confidence), "{confidence}");
        assert_eq!(body["warnings"], json!([]));
        assert!(body.get("explain").is_none());
    }

    #[tokio::test]
    async fn takes_headers_short_names_whole_and_decimal_numbers() {
        for customer in [
            r#"{"Annual Income (k$)": 50, "Spending Score (1-100)": 50.0}"#,
            r#"{"annual_income": 5e1, "Spending Score (1-100)": 50}"#,
            r#"{"annual_income": 50, "spending_score": 50, "gender": "Female", "CustomerID": 7}"#,
            "\n {\"annual_income\" : 50 , \"spending_score\": 50.000 } \n",
        ] {
            assert_eq!(predicted(customer).await["persona"], "Standard", "{customer}");
        }
    }

    #[tokio::test]
    async fn knows_all_five_personas_in_both_languages() {
        for (income, score, id, english, indonesian) in [
            (20, 20, 0, "Sensible", "Hemat"),
            (20, 80, 1, "Careless", "Boros"),
            (55, 50, 2, "Standard", "Normal"),
            (90, 15, 3, "Saver", "Sultan Irit"),
            (90, 85, 4, "Target", "Sultan"),
        ] {
            let body = json!({"annual_income": income, "spending_score": score}).to_string();
            for (language, persona) in [("en", english), ("id", indonesian)] {
                let request = Request::post("/predict")
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::ACCEPT_LANGUAGE, language);
                let answer = send(&mall(), request.body(Body::from(body.clone())).unwrap()).await;
                let found = answer.json();
                assert_eq!(
                    (&found["cluster_id"], &found["persona"]),
                    (&json!(id), &json!(persona))
                );
                assert_eq!(answer.header(header::CONTENT_LANGUAGE), language);
            }
        }
    }

    #[tokio::test]
    async fn explains_itself() {
        let answer = post(&mall(), "/predict?explain=true", CUSTOMER).await;
        let body = answer.json();
        let explain = &body["explain"];
        let distances = explain["distances"].as_array().unwrap();
        assert_eq!(distances.len(), 5);
        assert_eq!(distances[0]["persona"], "Standard");
        assert_eq!(distances[1], explain["runner_up"]);
        let distance = |place: usize| distances[place]["distance"].as_f64().unwrap();
        assert!((1..5).all(|place| distance(place) >= distance(place - 1)));
        let confidence = body["confidence"].as_f64().unwrap();
        assert!((confidence - (1.0 - distance(0) / distance(1))).abs() < 1e-12);
        let contributions = explain["contributions"].as_array().unwrap();
        let toward: f64 = contributions.iter().map(|c| c["toward_segment"].as_f64().unwrap()).sum();
        assert!((toward - (distance(1).powi(2) - distance(0).powi(2))).abs() < 1e-9);
    }

    #[tokio::test]
    async fn the_change_it_names_switches_and_a_smaller_one_does_not() {
        let switch =
            post(&mall(), "/predict?explain=true", CUSTOMER).await.json()["explain"]["switch"]
                .clone();
        let feature = switch["feature"].as_str().unwrap();
        let (from, to) = (switch["from"].as_f64().unwrap(), switch["to"].as_f64().unwrap());
        for (value, expected) in
            [(to, &switch["cluster_id"]), (from + 0.999 * (to - from), &json!(2))]
        {
            let mut customer = json!({"annual_income": 50, "spending_score": 50});
            customer[feature] = json!(value);
            assert_eq!(&predicted(&customer.to_string()).await["cluster_id"], expected);
        }
    }

    #[tokio::test]
    async fn a_score_outside_the_training_range_is_answered_and_remarked() {
        let body = predicted(r#"{"annual_income": 50, "spending_score": 101}"#).await;
        let warning = &body["warnings"][0];
        assert_eq!(warning["type"], "out_of_range");
        assert_eq!(warning["loc"], json!(["body", "spending_score"]));
        assert!(
            warning["msg"]
                .as_str()
                .unwrap()
                .starts_with("101 lies outside the training data's range, 1 to 99")
        );
        assert_eq!(warning["ctx"], json!({"value": 101.0, "min": 1.0, "max": 99.0}));
    }

    #[tokio::test]
    async fn names_what_is_wrong_with_a_field() {
        let field = |value: &str| format!(r#"{{"annual_income": {value}, "spending_score": 50}}"#);
        let income = "annual_income";
        for (body, expected) in [
            (r#"{"spending_score": 50}"#.to_owned(), vec![("missing", income)]),
            ("{}".to_owned(), vec![("missing", income), ("missing", "spending_score")]),
            (field("\"50\""), vec![("number_type", income)]),
            (field("null"), vec![("number_type", income)]),
            (field("true"), vec![("number_type", income)]),
            (field("[50]"), vec![("number_type", income)]),
            (field("{\"value\": 50}"), vec![("number_type", income)]),
            (
                field(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
                vec![("number_type", income)],
            ),
            (field("1e400"), vec![("number_finite", income)]),
            (field("-1e400"), vec![("number_finite", income)]),
            (field("1e300"), vec![("too_large", income)]),
            (field("1e9"), vec![("too_large", income)]),
            (field("-1"), vec![("below_minimum", income)]),
            (field("50, \"anual_income\": 50"), vec![("unknown_field", "anual_income")]),
            (field("50, \"annual_income\": 60"), vec![("duplicate_field", income)]),
            (
                field("50, \"Annual Income (k$)\": 60"),
                vec![("duplicate_field", "Annual Income (k$)")],
            ),
            (field("50, \"age\": \"young\""), vec![("number_type", "age")]),
            (field("50, \"age\": -3"), vec![("below_minimum", "age")]),
            (field("50, \"gender\": 1"), vec![("string_type", "gender")]),
            ("[50, 50]".to_owned(), vec![("object_type", "body")]),
            ("50".to_owned(), vec![("object_type", "body")]),
            ("null".to_owned(), vec![("object_type", "body")]),
        ] {
            let answer = post(&mall(), "/predict", body.clone()).await;
            let found = problem(&answer, 422);
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(kind, field)| (kind.to_owned(), field.to_owned()))
                .collect();
            assert_eq!(found, expected, "{}", &body[..body.len().min(200)]);
            assert!(answer.body.len() < 2_000, "the answer repeats the request");
        }
    }

    #[tokio::test]
    async fn lists_twenty_mistakes_and_counts_the_others() {
        let fields: Vec<String> = (0..1000).map(|i| format!("\"field {i}\": 1")).collect();
        let answer = post(&mall(), "/predict", format!("{{{}}}", fields.join(", "))).await;
        assert_eq!(problem(&answer, 422).len(), 20);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.ends_with("(and 1001 more)"), "{detail}");
    }

    #[tokio::test]
    async fn takes_older_and_other_spellings_of_a_column() {
        for name in ["Gender", "gender", "Genre", "GENDER"] {
            let body =
                format!(r#"{{"annual_income": 50, "spending_score": 50, "{name}": "Male"}}"#);
            predicted(&body).await;
        }
    }

    #[tokio::test]
    async fn names_what_is_wrong_with_a_body() {
        for body in [
            &b""[..],
            b"{",
            b"{\"annual_income\": NaN, \"spending_score\": 50}",
            b"{\"annual_income\": Infinity, \"spending_score\": 50}",
            b"{\"annual_income\": 50, \"spending_score\": 50",
            b"{\"annual_income\": 50, \"spending_score\": 50}}",
            b"{annual_income: 50}",
            b"\xff\xfe{\"annual_income\": 50}",
            b"{\"annual_income\": 50, \"spending_score\": 50, \"gender\": \"\xc3\x28\"}",
        ] {
            let answer = post(&mall(), "/predict", Bytes::from_static(body)).await;
            assert_eq!(problem(&answer, 400), [], "{body:?}");
        }
        let nest = "[".repeat(500_000);
        problem(&post(&mall(), "/predict", nest).await, 400);
    }

    #[tokio::test]
    async fn refuses_other_types_methods_and_queries() {
        for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let request = Request::post("/predict").header(header::CONTENT_TYPE, kind);
            let answer = send(&mall(), request.body(Body::from(CUSTOMER)).unwrap()).await;
            problem(&answer, 415);
        }
        let answer =
            send(&mall(), Request::post("/predict").body(Body::from(CUSTOMER)).unwrap()).await;
        problem(&answer, 415);
        let answer = get(&mall(), "/predict").await;
        problem(&answer, 405);
        assert_eq!(answer.header(header::ALLOW), "POST");
        let answer = post(&mall(), "/predict?explain=maybe", CUSTOMER).await;
        assert_eq!(problem(&answer, 422), [("bool_type".to_owned(), "explain".to_owned())]);
    }

    #[tokio::test]
    async fn refuses_50_megabytes_announced_or_not() {
        let announced = Request::post("/predict")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, 50_000_000)
            .body(Body::from_stream(never_read()))
            .unwrap();
        problem(&send(&mall(), announced).await, 413);
        let chunk = Bytes::from(vec![b' '; 1_000_000]);
        let chunks = (0..50).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
        let unannounced = Body::from_stream(futures_util::stream::iter(chunks));
        problem(&post(&mall(), "/predict", unannounced).await, 413);
    }

    /// A body that fails the test when somebody reads it.
    fn never_read()
    -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
        futures_util::stream::poll_fn(|_| panic!("the body was read"))
    }

    #[tokio::test]
    async fn says_that_a_body_was_cut_short() {
        let chunks = [
            Ok(Bytes::from_static(b"{\"annual_income\":")),
            Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "cut")),
        ];
        let body = Body::from_stream(futures_util::stream::iter(chunks));
        problem(&post(&mall(), "/predict", body).await, 400);
    }

    #[tokio::test(start_paused = true)]
    async fn ends_a_request_that_takes_too_long() {
        let body =
            Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        problem(&post(&mall(), "/predict", body).await, 408);
    }
}

mod stats {
    use super::*;

    #[tokio::test]
    async fn lists_every_customer_with_its_segment() {
        let body = get(&mall(), "/stats").await.json();
        assert_eq!(
            (&body["total"], &body["shown"], &body["truncated"]),
            (&json!(200), &json!(200), &json!(false))
        );
        let data = body["data"].as_array().unwrap();
        assert_eq!(data.len(), 200);
        assert_eq!(
            serde_json::to_string(&data[0]).unwrap(),
            r#"{"CustomerID":1,"Gender":"Male","Age":19,"Annual Income (k$)":15,"Spending Score (1-100)":39,"Cluster":0,"Persona":"Sensible"}"#
        );
    }

    #[tokio::test]
    async fn is_capped_and_says_so() {
        let app = app(mall_state(Settings { stats_rows: 50, ..Settings::default() }));
        let body = get(&app, "/stats").await.json();
        assert_eq!(
            (&body["total"], &body["shown"], &body["truncated"]),
            (&json!(200), &json!(50), &json!(true))
        );
        assert_eq!(body["data"].as_array().unwrap().len(), 50);
    }

    #[tokio::test]
    async fn says_when_the_customers_are_not_at_hand() {
        let state = mall_state(Settings::default());
        let app = app(AppState::new(Model::clone(&state.model()), None, Settings::default()));
        problem(&get(&app, "/stats").await, 503);
        assert_eq!(post(&app, "/predict", CUSTOMER).await.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn is_not_sent_again_to_who_has_it() {
        for path in ["/stats", "/api/model", "/openapi.json"] {
            let first = get(&mall(), path).await;
            let etag = first.header(header::ETAG).to_owned();
            let again = Request::get(path).header(header::IF_NONE_MATCH, &etag);
            let again = send(&mall(), again.body(Body::empty()).unwrap()).await;
            assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
            let other = Request::get(path).header(header::IF_NONE_MATCH, "\"other\"");
            let other = send(&mall(), other.body(Body::empty()).unwrap()).await;
            assert_eq!((other.status, other.body == first.body), (StatusCode::OK, true), "{path}");
        }
    }

    #[tokio::test]
    async fn is_compressed_for_who_wants_it() {
        for encoding in ["gzip", "br"] {
            let request = Request::get("/stats").header(header::ACCEPT_ENCODING, encoding);
            let answer = send(&mall(), request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.header(header::CONTENT_ENCODING), encoding);
            assert!(answer.body.len() < 5_000);
        }
        assert_eq!(get(&mall(), "/stats").await.header(header::CONTENT_ENCODING), "");
    }

    #[tokio::test]
    async fn speaks_indonesian() {
        let request =
            Request::get("/stats").header(header::ACCEPT_LANGUAGE, "id-ID,id;q=0.9,en;q=0.8");
        let answer = send(&mall(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.json()["data"][0]["Persona"], "Hemat");
        assert!(
            answer.headers.get_all(header::VARY).iter().any(|value| value == "accept-language")
        );
    }
}

#[tokio::test]
async fn the_model_is_described() {
    let body = get(&mall(), "/api/model").await.json();
    assert_eq!(body["features"], json!(["annual_income", "spending_score"]));
    assert_eq!(body["n_clusters"], 5);
    assert_eq!(body["elbow"]["n_clusters"], 5);
    assert_eq!(body["elbow"]["by_k"].as_array().unwrap().len(), 10);
    let sizes: Vec<&Value> =
        body["segments"].as_array().unwrap().iter().map(|s| &s["size"]).collect();
    assert_eq!(sizes, [23, 22, 81, 35, 39].map(Value::from).iter().collect::<Vec<_>>());
    assert_eq!(body["segments"][0]["levels"], json!(["low", "low"]));
    assert_eq!(body["columns"][0]["unit"], "k$");
}

#[tokio::test]
async fn the_root_is_a_sign_of_life_for_programs() {
    let request = Request::get("/").header(header::ACCEPT, "application/json");
    let answer = send(&mall(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.json()["status"], "alive");
}

#[cfg(feature = "ui")]
#[tokio::test]
async fn the_root_is_the_page_for_people() {
    let answer = get(&mall(), "/").await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
    let page = String::from_utf8(answer.body).unwrap();
    let script = page
        .split("src=\"")
        .find_map(|rest| rest.split('"').next().filter(|path| path.contains("/assets/")));
    let script = script.unwrap().trim_start_matches('.');
    let answer = get(&mall(), script).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
}

#[cfg(feature = "api-docs")]
#[tokio::test]
async fn the_api_browser_needs_no_other_server() {
    let page = get(&mall(), "/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    let html = String::from_utf8(page.body).unwrap();
    assert!(!html.contains("//cdn") && !html.contains("https://"), "{html}");
    let start = get(&mall(), "/docs/swagger-initializer.js").await;
    assert!(String::from_utf8(start.body).unwrap().contains("/openapi.json"));
}

#[tokio::test]
async fn the_description_names_the_models_features() {
    let body = get(&mall(), "/openapi.json").await.json();
    let customer = &body["components"]["schemas"]["PredictRequest"];
    assert_eq!(customer["required"], json!(["annual_income", "spending_score"]));
    assert_eq!(customer["properties"]["annual_income"]["minimum"], 0.0);
    for path in
        ["/", "/predict", "/stats", "/api/model", "/api/models", "/healthz", "/readyz", "/metrics"]
    {
        assert!(body["paths"].get(path).is_some(), "{path}");
    }
}

#[tokio::test]
async fn health_and_readiness() {
    let state = mall_state(Settings::default());
    let app = app(state.clone());
    assert_eq!(get(&app, "/healthz").await.json(), json!({"status": "alive"}));
    assert_eq!(get(&app, "/readyz").await.json(), json!({"status": "ready"}));
    state.stop_being_ready();
    problem(&get(&app, "/readyz").await, 503);
    assert_eq!(get(&app, "/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_and_predictions_are_counted() {
    let app = mall();
    post(&app, "/predict", CUSTOMER).await;
    post(&app, "/predict", "{").await;
    get(&app, "/no/such/thing").await;
    let text = String::from_utf8(get(&app, "/metrics").await.body).unwrap();
    for line in [
        "segmenta_http_requests_total{method=\"POST\",route=\"/predict\",status=\"200\"} 1",
        "segmenta_http_requests_total{method=\"POST\",route=\"/predict\",status=\"400\"} 1",
        "segmenta_http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} 1",
        "segmenta_predictions_total{cluster_id=\"2\",persona=\"Standard\"} 1",
        "segmenta_predictions_total{cluster_id=\"0\",persona=\"Sensible\"} 0",
        "segmenta_model_customers 200",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn unknown_paths_are_problems_and_long_ones_are_cut() {
    problem(&get(&mall(), "/nowhere").await, 404);
    problem(&get(&mall(), "/assets/nothing.js").await, 404);
    problem(&get(&mall(), "/assets/../Cargo.toml").await, 404);
    problem(&get(&mall(), "/docs/nothing.js").await, 404);
    problem(&get(&mall(), "/docs/%ff").await, if cfg!(feature = "api-docs") { 400 } else { 404 });
    let answer = get(&mall(), &format!("/{}", "a".repeat(5_000))).await;
    problem(&answer, 404);
    assert!(answer.body.len() < 500);
}

#[tokio::test]
async fn every_answer_is_protected() {
    for path in ["/", "/stats", "/nowhere", "/docs/"] {
        let answer = get(&mall(), path).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(header::X_FRAME_OPTIONS), "DENY");
    }
}

async fn asked_from(app: &Router, origin: &str) -> Answer {
    let request = Request::get("/stats").header(header::ORIGIN, origin);
    send(app, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn other_origins_are_let_in_only_by_name() {
    let allow = header::ACCESS_CONTROL_ALLOW_ORIGIN;
    let shop = "https://shop.example";
    assert_eq!(asked_from(&mall(), shop).await.header(&allow), "");
    let cors_origins = vec![shop.parse().unwrap()];
    let open = app(mall_state(Settings { cors_origins, ..Settings::default() }));
    assert_eq!(asked_from(&open, shop).await.header(&allow), shop);
    assert_eq!(asked_from(&open, "https://other.example").await.header(&allow), "");
}

mod another_model {
    use super::*;
    use segmenta::dataset::{Dataset, OnError, Source};
    use segmenta::model::{NClusters, TrainOptions, train};

    /// A model of other customers with other features.
    fn shop() -> Model {
        let rows: Vec<String> = (0..40).map(|i| format!("{},{}\n", i % 20, i / 20 * 50)).collect();
        let source = Source::new("shop.csv", format!("visits,baskets\n{}", rows.concat()));
        let data = Dataset::read(&source, OnError::Fail).unwrap();
        let options =
            TrainOptions { n_clusters: NClusters::Fixed(2), ..TrainOptions::new().unwrap() };
        train(data, &options, |_| ()).unwrap().model
    }

    #[tokio::test]
    async fn answers_everywhere_once_it_is_put_to_use() {
        let state = mall_state(Settings::default());
        let app = app(state.clone());
        let version = state.model().version.clone();
        let before = get(&app, "/openapi.json").await.json().to_string();
        assert!(before.contains("Annual Income (k$)"));
        state.put_to_use(shop(), None);
        assert_ne!(state.model().version, version);
        problem(&post(&app, "/predict", CUSTOMER).await, 422);
        let answer = post(&app, "/predict", r#"{"visits": 3, "baskets": 50}"#).await.json();
        assert_eq!(answer["model_version"], state.model().version);
        assert_eq!(get(&app, "/api/model").await.json()["data"]["name"], "shop.csv");
        let after = get(&app, "/openapi.json").await.json().to_string();
        assert!(after.contains("baskets") && !after.contains("Annual Income (k$)"));
        let metrics = String::from_utf8(get(&app, "/metrics").await.body).unwrap();
        assert!(
            metrics.contains(&format!("model_info{{version=\"{}\"}} 1", state.model().version))
        );
        assert!(!metrics.contains(&version), "{metrics}");
        assert!(metrics.contains("segmenta_model_customers 40"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn never_answers_by_halves() {
        let state = mall_state(Settings::default());
        let (mall, shop) = (Model::clone(&state.model()), shop());
        let asking: Vec<_> = (0..3)
            .map(|_| {
                let (app, mall) = (app(state.clone()), mall.version.clone());
                tokio::spawn(async move {
                    for _ in 0..300 {
                        let answer = post(&app, "/predict", CUSTOMER).await;
                        match answer.status.as_u16() {
                            200 => assert_eq!(answer.json()["model_version"], mall),
                            // The other model knows none of the fields, and names all of its own.
                            status => {
                                assert_eq!(status, 422);
                                let body = answer.json().to_string();
                                assert!(body.contains("visits") && body.contains("baskets"));
                            }
                        }
                    }
                })
            })
            .collect();
        for round in 0..200 {
            let model = if round % 2 == 0 { &shop } else { &mall };
            state.put_to_use(model.clone(), None);
            tokio::task::yield_now().await;
        }
        for asked in asking {
            asked.await.unwrap();
        }
    }
}

/// Segments that go by the ids of an earlier model, of which some are gone.
mod ids_with_gaps {
    use super::*;

    const IDS: [usize; 5] = [1, 3, 7, 8, 20];

    fn gaps() -> Router {
        let mut model = Model::clone(&mall_state(Settings::default()).model());
        for (segment, id) in model.segments.iter_mut().zip(IDS) {
            segment.cluster_id = id;
        }
        let model = Model::from_json("gaps.json", model.to_json().as_bytes()).unwrap();
        let customers = Customers::assign(&model, &Source::mall_customers()).unwrap();
        app(AppState::new(model, Some(&customers), Settings::default()))
    }

    /// An answer in which segments go by these ids rather than by 0 to 4.
    fn renamed(value: Value) -> Value {
        match value {
            Value::Array(list) => list.into_iter().map(renamed).collect(),
            Value::Object(fields) => {
                let field = |(name, value): (String, Value)| {
                    let is_id = ["cluster_id", "Cluster"].contains(&name.as_str());
                    let place = value.as_u64().filter(|_| is_id);
                    let value = place.map_or_else(
                        || renamed(value),
                        |place| json!(IDS[usize::try_from(place).unwrap()]),
                    );
                    (name, value)
                };
                Value::Object(fields.into_iter().map(field).collect())
            }
            other => other,
        }
    }

    #[tokio::test]
    async fn change_nothing_but_the_ids() {
        let (gaps, mall) = (gaps(), mall());
        for path in ["/stats", "/api/model"] {
            assert_eq!(get(&gaps, path).await.json(), renamed(get(&mall, path).await.json()));
        }
        for (income, score) in [(20, 20), (20, 80), (50, 50), (90, 20), (90, 80), (70, 30)] {
            let customer = json!({"annual_income": income, "spending_score": score}).to_string();
            let path = "/predict?explain=true";
            let found = post(&gaps, path, customer.clone()).await.json();
            assert_eq!(found, renamed(post(&mall, path, customer).await.json()));
        }
        let text = String::from_utf8(get(&gaps, "/metrics").await.body).unwrap();
        let line = "segmenta_predictions_total{cluster_id=\"20\",persona=\"Target\"} 1";
        assert!(text.contains(line), "{text}");
    }
}

mod view {
    use super::*;

    #[tokio::test]
    async fn shows_every_customer_where_they_are_few() {
        let answer = get(&mall(), "/api/view?x=annual_income&y=spending_score").await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let body = answer.json();
        assert_eq!((&body["total"], &body["in_view"]), (&json!(200), &json!(200)));
        assert_eq!((&body["is_complete"], &body["x"]), (&json!(true), &json!([15.0, 137.0])));
        let points = body["points"].as_array().unwrap();
        let of = |id: u64| points.iter().filter(|point| point[2] == id).count();
        assert_eq!([0, 1, 2, 3, 4].map(of), [23, 22, 81, 35, 39]);
        assert!(points.contains(&json!([15.0, 39.0, 0])));
    }

    #[tokio::test]
    async fn shows_what_is_in_the_window() {
        let path = "/api/view?x=annual_income&y=spending_score&x_min=100&y_max=50&hide=4";
        let body = get(&mall(), path).await.json();
        let points = body["points"].as_array().unwrap();
        assert_eq!(body["in_view"].as_u64().unwrap(), points.len() as u64);
        assert!(!points.is_empty());
        for point in points {
            assert!(point[0].as_f64().unwrap() >= 100.0 && point[1].as_f64().unwrap() <= 50.0);
            assert_ne!(point[2], 4);
        }
    }

    #[tokio::test]
    async fn refuses_what_cannot_be_meant() {
        for (query, field) in [
            ("", "x"),
            ("x=annual_income", "x"),
            ("x=age&y=age&columns=0", "columns"),
            ("x=age&y=age&rows=201", "rows"),
            ("x=age&y=age&x_min=NaN", "x_min"),
            ("x=age&y=age&x_min=a", "x"),
        ] {
            let answer = get(&mall(), &format!("/api/view?{query}")).await;
            assert_eq!(problem(&answer, 422)[0].1, field, "{query}: {}", answer.json());
        }
        for query in ["x=annual_income&y=gender", "x=colour&y=age", "x=&y=age&hide=9"] {
            problem(&get(&mall(), &format!("/api/view?{query}")).await, 404);
        }
        let [there, back] = ["y_min=20&y_max=30", "y_min=30&y_max=20&hide=9,x"];
        let seen =
            async |query| get(&mall(), &format!("/api/view?x=age&y=age&{query}")).await.json();
        assert_eq!(seen(there).await, seen(back).await);
        let bare = AppState::new(
            Model::clone(&mall_state(Settings::default()).model()),
            None,
            Settings::default(),
        );
        problem(&get(&app(bare), "/api/view?x=age&y=age").await, 503);
    }
}
