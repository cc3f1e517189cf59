//! All routes. Handlers and the OpenAPI document come from one list.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::FutureExt;
use mostik_wire::{Code, Problem};
use tokio::time::Instant;
use tracing::Instrument;
use utoipa::{OpenApi, openapi::OpenApi as Document};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    app_links,
    client::{self, Origin},
    contract, hand_offs, health, history, launches, linkings, max, me, metrics, oauth,
    post::LARGEST_BODY,
    profiles,
    refusal::Refusal,
    release, request_id, return_page, schedule, sessions, traces, vk,
};

/// Who answers, for the report that a person may copy for support; `/openapi.json` says the version as well.
const NAME: &str = concat!("mostik-service/", env!("CARGO_PKG_VERSION"));

#[derive(OpenApi)]
#[openapi(info(
    title = "Mostik linking service",
    description = "Links a pupil's diary account to a Sferum learning profile in MAX or VK Messenger. Times are UTC milliseconds; refusals are `application/problem+json` with a stable `code`."
))]
struct Api;

fn routes() -> OpenApiRouter<App> {
    linkings::routes::router(profiles::routes::router(OpenApiRouter::with_openapi(Api::openapi())))
        .routes(routes!(me::me))
        .routes(routes!(schedule::schedule))
        .routes(routes!(profiles::read::profile))
        .routes(routes!(history::security))
        .routes(routes!(sessions::end))
        .routes(routes!(linkings::create::create, linkings::all::all))
        .routes(routes!(linkings::events::all))
        .routes(routes!(linkings::read::read))
        .routes(routes!(linkings::events::events))
        .routes(routes!(launches::claim::claim))
        .routes(routes!(launches::accept::accept))
        .routes(routes!(launches::mini_app::enter))
        .routes(routes!(hand_offs::make::make))
        .routes(routes!(hand_offs::follow::follow))
        .routes(routes!(hand_offs::look::look))
        .routes(routes!(hand_offs::take::take))
        .routes(routes!(oauth::authorize::authorize))
        .routes(routes!(oauth::callback::callback))
        .routes(routes!(oauth::token::token))
        .routes(routes!(oauth::revoke::revoke))
        .routes(routes!(max::webhook::webhook))
        .routes(routes!(vk::callback::callback))
        .routes(routes!(vk::answer::answer))
        .routes(routes!(return_page::return_page))
        .routes(routes!(launches::landing_page::show, launches::landing_page::lead_on))
        .routes(routes!(hand_offs::page::show))
        .routes(routes!(launches::mini_app::mini_app))
        .routes(routes!(launches::mini_app::script))
        .routes(routes!(release::latest))
        .routes(routes!(app_links::android))
        .routes(routes!(app_links::apple))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
}

/// The OpenAPI document, as `GET /openapi.json` answers it.
#[must_use]
pub fn document() -> Document {
    let (_, mut api) = routes().split_for_parts();
    contract::complete(&mut api);
    api
}

/// The whole service.
pub fn router(app: App) -> Router {
    let (router, _) = routes().split_for_parts();
    let text: Arc<str> = serde_json::to_string(&document()).unwrap_or_default().into();
    let origin = Origin { trusted: Arc::new(app.live().config.proxy.clone()), tls: app.tls.is_some() };
    let openapi = move || async move { ([(header::CONTENT_TYPE, "application/json")], text.to_string()) };
    router
        .route("/openapi.json", get(openapi))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(DefaultBodyLimit::max(LARGEST_BODY.max(64 * 1024)))
        .layer(middleware::from_fn_with_state(origin, client::note))
        .layer(middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}

async fn nothing_here() -> Refusal {
    Refusal::new(Code::NotFound)
}

// A panic is one request's trouble, told as any other; no answer is kept by anyone on the way; and each request has an id, which its
// answer and its lines of the log bear.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request_id::new(&*app.entropy);
    let method = metrics::method_name(request.method());
    // Without a match it is no route's template either.
    let route = metrics::route(request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str));
    let begun = Instant::now();
    // Of the highest level, so that the id is there whichever lines the log is narrowed down to.
    let span = tracing::error_span!("request", id);
    let trace = traces::request(method, route, &id);
    let answered = async {
        let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => Refusal::internal(&"a handler panicked").into_response(),
        };
        // The path may bear ids: only the outcome is logged.
        tracing::debug!(method, route, status = response.status().as_u16(), "answered");
        response
    };
    let mut response = answered.instrument(trace.clone()).instrument(span).await;
    traces::answered(&trace, response.status().as_u16());
    let problem = response.extensions_mut().remove::<Problem>();
    let code = problem.as_ref().map(|problem| problem.code);
    app.metrics.answered(method, route, response.status(), code, begun.elapsed());
    if let Some(mut problem) = problem {
        problem.request_id = Some(id.clone());
        *response.body_mut() = serde_json::to_string(&problem).unwrap_or_default().into();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.insert(header::SERVER, HeaderValue::from_static(NAME));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(request_id::HEADER, id);
    }
    response
}
