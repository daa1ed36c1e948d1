//! Who may do what over the API: tokens, roles, signing in, and pages of other sites.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/api.rs"]
#[allow(dead_code)]
mod api;

use std::time::Duration;

use api::{Answer, mall_state, send};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use segmenta::access::{NewToken, Role, TokenFile};
use segmenta::model::store::Store;
use segmenta::server::{Settings, app};
use serde_json::{Value, json};
use tempfile::TempDir;

const CUSTOMER: &str = r#"{"annual_income": 50, "spending_score": 50}"#;

/// A server whose folder has a token of each role.
struct Server {
    folder: TempDir,
    app: Router,
    /// By role: predict, read, admin.
    tokens: [String; 3],
}

fn make(folder: &TempDir, name: &str, role: Role) -> (String, String) {
    let new = NewToken { name: name.to_owned(), role, lifetime: None };
    let (token, text) = TokenFile::of(&Store::new(folder.path())).create(&new).unwrap();
    (token.id, text)
}

fn serve(folder: &TempDir, settings: Settings) -> Router {
    app(mall_state(settings).with_store(Store::new(folder.path())).unwrap())
}

fn server() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let tokens = Role::ALL.map(|role| make(&folder, role.name(), role).1);
    let app = serve(&folder, Settings::default());
    Server { folder, app, tokens }
}

/// A request with some headers, and JSON where it has a body.
async fn ask(
    app: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
        request = request.header(header::CONTENT_LENGTH, body.len());
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(app, request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn with_token(app: &Router, method: Method, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    ask(app, method, path, &[("authorization", &bearer)], "").await
}

async fn status(app: &Router, token: &str) -> StatusCode {
    with_token(app, Method::GET, "/stats", token).await.status
}

/// What every route needs; a new one has to be added here, and needs `admin` until somebody has thought of it.
const NEEDS: [(&str, &str, Option<Role>); 37] = [
    ("get", "/", None),
    ("get", "/healthz", None),
    ("get", "/readyz", None),
    ("get", "/api/session", None),
    ("post", "/api/session", None),
    ("delete", "/api/session", None),
    ("post", "/predict", Some(Role::Predict)),
    ("post", "/predict/batch", Some(Role::Predict)),
    ("get", "/api/model", Some(Role::Predict)),
    ("get", "/stats", Some(Role::Read)),
    ("get", "/metrics", Some(Role::Read)),
    ("get", "/api/customers", Some(Role::Read)),
    ("get", "/api/projection", Some(Role::Read)),
    ("get", "/api/view", Some(Role::Read)),
    ("get", "/api/models", Some(Role::Read)),
    ("get", "/api/models/{version}", Some(Role::Read)),
    ("get", "/api/models/{version}/comparison", Some(Role::Read)),
    ("get", "/api/models/{version}/moves.csv", Some(Role::Read)),
    ("get", "/api/models/{version}/export", Some(Role::Read)),
    ("get", "/api/uploads", Some(Role::Read)),
    ("get", "/api/uploads/{id}", Some(Role::Read)),
    ("get", "/api/uploads/{id}/inspection", Some(Role::Read)),
    ("get", "/api/jobs", Some(Role::Read)),
    ("get", "/api/jobs/{id}", Some(Role::Read)),
    ("get", "/api/jobs/{id}/events", Some(Role::Read)),
    ("get", "/api/audit", Some(Role::Admin)),
    ("delete", "/api/models/{version}", Some(Role::Admin)),
    ("post", "/api/models/{version}/activate", Some(Role::Admin)),
    ("post", "/api/models/rollback", Some(Role::Admin)),
    ("patch", "/api/models/{version}/segments/{cluster_id}", Some(Role::Admin)),
    ("post", "/api/uploads", Some(Role::Admin)),
    ("delete", "/api/uploads/{id}", Some(Role::Admin)),
    ("post", "/api/jobs", Some(Role::Admin)),
    ("delete", "/api/jobs/{id}", Some(Role::Admin)),
    // Not of the API, and so not in its description.
    ("get", "/openapi.json", None),
    ("get", "/docs/", None),
    ("get", "/docs/index.css", None),
];

#[tokio::test]
async fn every_route_needs_its_role() {
    let Server { app, tokens, .. } = server();
    let description = with_token(&app, Method::GET, "/openapi.json", &tokens[0]).await.json();
    let mut described = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            assert!(
                NEEDS.iter().any(|(known, route, _)| known == method && route == path),
                "{method} {path}: what does it need?"
            );
            described += 1;
        }
    }
    assert_eq!(described, NEEDS.len() - 3);
    for (method, route, needed) in NEEDS {
        let path = route
            .replace("{version}", "000000000000")
            .replace("{id}", "0")
            .replace("{cluster_id}", "0");
        let method: Method = method.to_uppercase().parse().unwrap();
        for role in Role::ALL {
            let token = &tokens[role as usize];
            let status = with_token(&app, method.clone(), &path, token).await.status;
            let is_refused = status == StatusCode::FORBIDDEN;
            assert_eq!(
                is_refused,
                needed.is_some_and(|needed| role < needed),
                "{role} {method} {path}"
            );
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
        let stranger = ask(&app, method.clone(), &path, &[], "").await;
        let is_refused = stranger.status == StatusCode::UNAUTHORIZED;
        assert_eq!(is_refused, needed.is_some(), "{method} {path}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_needed() {
    let Server { app, tokens, .. } = server();
    let stranger = ask(&app, Method::GET, "/stats", &[], "").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stranger.header("www-authenticate"), "Bearer");
    assert_eq!(stranger.header("content-type"), "application/problem+json");
    assert!(stranger.json()["detail"].as_str().unwrap().contains("Authorization: Bearer"));
    let predict = with_token(&app, Method::GET, "/stats", &tokens[0]).await;
    assert_eq!(predict.status, StatusCode::FORBIDDEN);
    let detail = "this needs a token of the role read; the role of this one is predict";
    assert_eq!(predict.json()["detail"], detail);
    // A body that nobody reads ends the connection.
    let sent = ask(&app, Method::POST, "/predict", &[], CUSTOMER).await;
    assert_eq!((sent.status, sent.header("connection")), (StatusCode::UNAUTHORIZED, "close"));
    let answered = [("authorization", &*format!("bearer {}", tokens[0]))];
    assert_eq!(
        ask(&app, Method::POST, "/predict", &answered, CUSTOMER).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn nothing_but_the_whole_token_will_do() {
    let Server { app, folder, tokens } = server();
    let token = &tokens[2];
    assert_eq!(status(&app, token).await, StatusCode::OK);
    let other = make(&folder, "other", Role::Admin).1;
    // The id of one and the secret of another.
    let mixed = format!("{}{}", &token[..17], &other[17..]);
    let last = if token.ends_with('0') { '1' } else { '0' };
    let changed = format!("{}{last}", &token[..token.len() - 1]);
    for wrong in [&mixed, &changed, &token[..token.len() - 1], "", "sgm_000000000000_0"] {
        assert_eq!(status(&app, wrong).await, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    let basic = ask(&app, Method::GET, "/stats", &[("authorization", "Basic YTpi")], "").await;
    assert_eq!(basic.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn revoking_takes_effect_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::of(&Store::new(folder.path()));
    let app = serve(&folder, Settings::default());
    assert_eq!(status(&app, "").await, StatusCode::OK);
    let (id, token) = make(&folder, "only", Role::Admin);
    let session =
        |answer: &Answer| answer.header("set-cookie").split(';').next().unwrap().to_owned();
    // Longer than anybody goes by what the file was.
    let moment = Duration::from_millis(2_100);
    tokio::time::sleep(moment).await;
    assert_eq!(ask(&app, Method::GET, "/stats", &[], "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&app, &token).await, StatusCode::OK);
    let body = json!({ "token": token }).to_string();
    let cookie = session(&ask(&app, Method::POST, "/api/session", &[], &body).await);
    let by_cookie = ask(&app, Method::GET, "/stats", &[("cookie", &cookie)], "").await;
    assert_eq!(by_cookie.status, StatusCode::OK);
    file.revoke(&id).unwrap();
    tokio::time::sleep(moment).await;
    let answer = with_token(&app, Method::GET, "/stats", &token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["detail"], "the token was revoked");
    let by_cookie = ask(&app, Method::GET, "/stats", &[("cookie", &cookie)], "").await;
    assert_eq!(by_cookie.status, StatusCode::UNAUTHORIZED);
    // The last one was revoked, and that opens nothing.
    assert_eq!(ask(&app, Method::GET, "/stats", &[], "").await.status, StatusCode::UNAUTHORIZED);
    // Nor does the end of the file.
    std::fs::remove_file(file.path()).unwrap();
    tokio::time::sleep(moment).await;
    let shut = ask(&app, Method::GET, "/stats", &[], "").await;
    assert_eq!(shut.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ask(&app, Method::GET, "/healthz", &[], "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_damaged_list_of_tokens_opens_nothing() {
    let Server { folder, tokens, .. } = server();
    let path = folder.path().join("tokens.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    for damaged in ["", "{}", "[]", &whole[..whole.len() / 2], &whole.replace("admin", "god")] {
        std::fs::write(&path, damaged).unwrap();
        let app = serve(&folder, Settings::default());
        let status = status(&app, &tokens[2]).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{damaged}");
    }
    // A list without tokens is not the same as no list.
    std::fs::write(&path, r#"{"format":"segmenta-tokens","version":1,"tokens":[]}"#).unwrap();
    let app = serve(&folder, Settings::default());
    assert_eq!(status(&app, &tokens[2]).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn too_many_wrong_tokens_are_not_looked_at() {
    let Server { app, tokens, .. } = server();
    let wrong = format!("sgm_{:012}_{:064}", 0, 0);
    for _ in 0..10 {
        assert_eq!(status(&app, &wrong).await, StatusCode::UNAUTHORIZED);
    }
    let answer = with_token(&app, Method::GET, "/stats", &wrong).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=7).contains(&wait), "{wait}");
    let body = json!({ "token": wrong }).to_string();
    let signing_in = ask(&app, Method::POST, "/api/session", &[], &body).await;
    assert_eq!(signing_in.status, StatusCode::TOO_MANY_REQUESTS);
    // Others behind the same address go on.
    assert_eq!(status(&app, &tokens[2]).await, StatusCode::OK);
}

#[tokio::test]
async fn somebody_signs_in_and_out() {
    let Server { app, tokens, .. } = server();
    let sign_in = |token: &str| {
        let body = json!({ "token": token }).to_string();
        let app = app.clone();
        async move { ask(&app, Method::POST, "/api/session", &[], &body).await }
    };
    let nobody = json!({ "is_needed": true, "name": null, "role": null });
    assert_eq!(ask(&app, Method::GET, "/api/session", &[], "").await.json(), nobody);
    assert_eq!(sign_in("nonsense").await.status, StatusCode::UNAUTHORIZED);
    let answer = sign_in(&tokens[1]).await;
    assert_eq!(answer.json(), json!({ "is_needed": true, "name": "read", "role": "read" }));
    let cookie = answer.header("set-cookie").to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "HttpOnly; SameSite=Strict; Path=/; Max-Age=43200");
    assert!(!pair.contains(&tokens[1][20..]), "the cookie holds no token");
    let cookie = [("cookie", &*format!("other=1; {pair}"))];
    let get = |path| ask(&app, Method::GET, path, &cookie, "");
    assert_eq!(get("/stats").await.status, StatusCode::OK);
    assert_eq!(get("/api/session").await.json()["name"], "read");
    assert_eq!(get("/api/audit").await.status, StatusCode::FORBIDDEN);
    // A wrong token is not made good by a cookie.
    let both = [cookie[0], ("authorization", "Bearer x")];
    let answer = ask(&app, Method::GET, "/stats", &both, "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let out = ask(&app, Method::DELETE, "/api/session", &cookie, "").await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").starts_with("segmenta_session=; "), "{:?}", out.headers);
    assert_eq!(get("/stats").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_signs_in_where_no_token_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let app = serve(&folder, Settings::default());
    let nobody = json!({ "is_needed": false, "name": null, "role": null });
    assert_eq!(ask(&app, Method::GET, "/api/session", &[], "").await.json(), nobody);
    let answer = ask(&app, Method::POST, "/api/session", &[], r#"{"token": "x"}"#).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_foreign_name_is_refused_where_no_token_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let open = serve(&folder, Settings::default());
    let call = |app: &Router, host: &'static str| {
        let app = app.clone();
        async move { ask(&app, Method::GET, "/stats", &[("host", host)], "").await }
    };
    assert_eq!(call(&open, "localhost:8000").await.status, StatusCode::OK);
    let refused = call(&open, "evil.example").await;
    assert_eq!(refused.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(refused.json()["detail"].as_str().unwrap().contains("--allowed-host"));
    let allowed_hosts = vec!["crm.example".to_owned()];
    let named = serve(&folder, Settings { allowed_hosts, ..Settings::default() });
    assert_eq!(call(&named, "crm.example").await.status, StatusCode::OK);
    let Server { app, tokens, .. } = server();
    assert_eq!(call(&app, "evil.example").await.status, StatusCode::UNAUTHORIZED);
    let headers = [("host", "evil.example"), ("authorization", &*format!("Bearer {}", tokens[1]))];
    assert_eq!(ask(&app, Method::GET, "/stats", &headers, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = "https://shop.example";
    let cors_origins = vec![shop.parse().unwrap()];
    let app = serve(&folder, Settings { cors_origins, ..Settings::default() });
    let post =
        |headers: &'static [(&str, &str)]| ask(&app, Method::POST, "/predict", headers, CUSTOMER);
    let evil = post(&[("host", "localhost"), ("origin", "https://evil.example")]).await;
    assert_eq!(evil.status, StatusCode::FORBIDDEN);
    assert!(evil.json()["detail"].as_str().unwrap().contains("another site"));
    assert_eq!(post(&[("sec-fetch-site", "cross-site")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(post(&[]).await.status, StatusCode::OK);
    assert_eq!(
        post(&[("host", "localhost:8000"), ("origin", "http://localhost:8000")]).await.status,
        StatusCode::OK
    );
    let allowed =
        post(&[("origin", "https://shop.example"), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!(allowed.status, StatusCode::OK);
    assert_eq!(allowed.header("access-control-allow-origin"), shop);
}

#[tokio::test]
async fn a_preflight_needs_no_token() {
    let folder = tempfile::tempdir().unwrap();
    make(&folder, "a", Role::Predict);
    let shop = "https://shop.example";
    let app = serve(
        &folder,
        Settings { cors_origins: vec![shop.parse().unwrap()], ..Settings::default() },
    );
    let preflight = [
        ("origin", shop),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let answer = ask(&app, Method::OPTIONS, "/predict", &preflight, "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("access-control-allow-headers").contains("authorization"));
    // The page of the shop can read why it is refused.
    let refused = ask(&app, Method::POST, "/predict", &[("origin", shop)], CUSTOMER).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.header("access-control-allow-origin"), shop);
}

#[tokio::test]
async fn who_changed_what_is_written_down() {
    let Server { app, tokens, folder } = server();
    let admin = format!("Bearer {}", tokens[2]);
    let upload = Request::post("/api/uploads?name=a.csv")
        .header(header::CONTENT_TYPE, "text/csv")
        .header(header::AUTHORIZATION, &admin)
        .body(Body::from("a,b\n1,2\n"))
        .unwrap();
    let id = send(&app, upload).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/uploads/{id}");
    let gone = with_token(&app, Method::DELETE, &path, &tokens[2]).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    // What was refused is no change.
    with_token(&app, Method::DELETE, &path, &tokens[1]).await;
    with_token(&app, Method::DELETE, &path, &tokens[2]).await;
    let audit = with_token(&app, Method::GET, "/api/audit", &tokens[2]).await.json();
    let entries: Vec<&Value> = audit["entries"].as_array().unwrap().iter().collect();
    let token = &tokens[2][4..16];
    let who = json!({ "via": "token", "token": token, "name": "admin", "address": "127.0.0.1" });
    assert_eq!(entries.len(), 2, "{audit}");
    assert_eq!(
        (&entries[0]["action"], &entries[0]["upload"]),
        (&"upload_removed".into(), &id.into())
    );
    assert_eq!((&entries[1]["action"], &entries[1]["file"]), (&"uploaded".into(), &"a.csv".into()));
    assert!(entries.iter().all(|entry| entry["who"] == who), "{audit}");
    let limited = with_token(&app, Method::GET, "/api/audit?limit=1", &tokens[2]).await.json();
    assert_eq!(limited["entries"][0], *entries[0]);
    for wrong in ["0", "1001", "x"] {
        let path = format!("/api/audit?limit={wrong}");
        let answer = with_token(&app, Method::GET, &path, &tokens[2]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let log = std::fs::read_to_string(folder.path().join("audit.log")).unwrap();
    assert_eq!(log.lines().count(), 2);
    assert!(!log.contains(&tokens[2][17..]));
}

#[cfg(unix)]
#[tokio::test]
async fn a_change_is_not_undone_where_it_cannot_be_written_down() {
    let Server { app, tokens, folder } = server();
    std::fs::create_dir(folder.path().join("audit.log")).unwrap();
    let upload = Request::post("/api/uploads?name=a.csv")
        .header(header::CONTENT_TYPE, "text/csv")
        .header(header::AUTHORIZATION, format!("Bearer {}", tokens[2]))
        .body(Body::from("a,b\n1,2\n"))
        .unwrap();
    assert_eq!(send(&app, upload).await.status, StatusCode::CREATED);
}
