//! Which refusals each endpoint can answer: the source of `docs/errors.md`, of the OpenAPI answers, and of the check in the
//! tests that nothing else is ever answered.

use std::collections::BTreeMap;

use mostik_wire::{Code, Problem};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, ObjectBuilder, OpenApi, Ref, RefOr, Response, Type,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// Refusals, in groups that several endpoints share.
pub type Codes = &'static [&'static [Code]];

/// An endpoint with its refusals, beside those that all endpoints share.
pub struct Endpoint {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As in the OpenAPI document.
    pub path: &'static str,
    /// Its own refusals.
    pub own: Codes,
    /// Whether it takes an access token.
    pub session: bool,
    /// Whether it takes an `Idempotency-Key`.
    pub keyed: bool,
}

/// What any endpoint may answer.
pub const EVERYWHERE: &[Code] = &[Code::NotFound, Code::Overloaded, Code::Internal];
/// What any endpoint with an access token may answer.
pub const WITH_SESSION: &[Code] = &[Code::Unauthorized, Code::SessionEnded, Code::AccountBlocked];
/// What any POST with an `Idempotency-Key` may answer.
pub const WITH_KEY: &[Code] =
    &[Code::MalformedRequest, Code::IdempotencyKeyMissing, Code::IdempotencyKeyReused, Code::RequestInFlight];

const fn open(method: &'static str, path: &'static str, own: Codes) -> Endpoint {
    Endpoint { method, path, own, session: false, keyed: false }
}

const fn read(path: &'static str, own: Codes) -> Endpoint {
    Endpoint { method: "GET", path, own, session: true, keyed: false }
}

const fn post(path: &'static str, own: Codes) -> Endpoint {
    Endpoint { method: "POST", path, own, session: true, keyed: true }
}

/// What an action of a linking meets.
const IN_STEP: &[Code] = &[Code::LinkingNotFound, Code::StaleVersion, Code::WrongStep];
/// What stands in the way of sending a code.
const SENDING: &[Code] = &[Code::ContactBlocked, Code::ResendTooEarly, Code::SendsUsedUp];
const NEW_CONTACT: &[Code] = &[Code::ContactsUsedUp, Code::NetworkContactsUsedUp, Code::CodesPaused];
/// What is wrong with a code that was typed.
const TYPED_CODE: &[Code] =
    &[Code::CodeWrong, Code::CodeSuperseded, Code::CodeExpired, Code::CodeTriesUsedUp, Code::ContactBlocked];
/// What is wrong with a password that was typed.
const TYPED_PASSWORD: &[Code] = &[Code::PasswordTooLong, Code::PasswordWrong, Code::PasswordBlocked];
/// What is wrong with a new password.
const NEW_PASSWORD: &[Code] = &[Code::PasswordTooShort, Code::PasswordTooLong, Code::PasswordTooCommon];
/// What is wrong with a contact.
const CONTACT: &[Code] = &[
    Code::PhoneMalformed,
    Code::PhoneLandline,
    Code::PhoneForeign,
    Code::PhoneExtension,
    Code::PhoneTooShort,
    Code::PhoneTooLong,
    Code::EmailMalformed,
    Code::EmailMixedAlphabets,
    Code::TwoNumbers,
    Code::TwoAddresses,
    Code::NumberAndAddress,
    Code::EmailNeedsUnder14,
];
/// What leads to a profile, or does something with a linked one.
const BLOCKED: &[Code] = &[Code::ProfileBlocked];
/// What is not a linked pupil of the account's.
const NOT_LINKED: &[Code] = &[Code::PupilNotYours, Code::NotLinked];
/// What is wrong with a launch's secret.
const LAUNCH: &[Code] = &[Code::LaunchUnknown, Code::LaunchExpired, Code::LaunchUsed];
/// What is wrong with a hand-off's secret.
const HAND_OFF: &[Code] = &[Code::HandOffUnknown, Code::HandOffExpired, Code::HandOffUsed];
/// What asks for a proof that the profile is the person's.
const PROVEN: Codes = &[NOT_LINKED, TYPED_PASSWORD, TYPED_CODE, BLOCKED];
/// The same, where a profile that is about to be deleted is left alone.
const PROVEN_AND_KEPT: Codes = &[NOT_LINKED, TYPED_PASSWORD, TYPED_CODE, BLOCKED, &[Code::DeletionPending]];
/// The same, where the link must not lose its last messenger.
const PROVEN_AND_NOT_LAST: Codes =
    &[NOT_LINKED, TYPED_PASSWORD, TYPED_CODE, BLOCKED, &[Code::DeletionPending, Code::LastMessenger]];

/// Every endpoint.
pub const ENDPOINTS: &[Endpoint] = &[
    read("/v1/me", &[]),
    read(
        "/v1/pupils/{id}/schedule",
        &[&[Code::MalformedRequest, Code::PupilNotYours, Code::DiarySignInEnded, Code::DiaryUnavailable]],
    ),
    read("/v1/pupils/{id}/security", &[&[Code::PupilNotYours]]),
    post("/v1/sessions/end", &[]),
    read("/v1/pupils/{id}/profile", &[NOT_LINKED]),
    post("/v1/pupils/{id}/profile/code", &[NOT_LINKED, SENDING, BLOCKED]),
    post("/v1/pupils/{id}/profile/export", PROVEN),
    post("/v1/pupils/{id}/profile/unlink", PROVEN_AND_KEPT),
    post("/v1/pupils/{id}/profile/unlink-max", PROVEN_AND_NOT_LAST),
    post("/v1/pupils/{id}/profile/unlink-vk", PROVEN_AND_NOT_LAST),
    post("/v1/pupils/{id}/profile/deletion", PROVEN_AND_KEPT),
    post("/v1/pupils/{id}/profile/keep", &[NOT_LINKED]),
    read("/v1/linkings", &[]),
    read("/v1/events", &[]),
    open("POST", "/v1/launches/claim", &[&[Code::MalformedRequest], LAUNCH]),
    post("/v1/launches/accept", &[&[Code::PupilNotYours, Code::AlreadyLinked], LAUNCH, BLOCKED]),
    open("POST", "/v1/launches/mini-app", &[&[Code::MalformedRequest], LAUNCH]),
    post("/v1/hand-offs", &[&[Code::PupilNotYours, Code::TooManyRequests]]),
    read("/v1/hand-offs/{id}", &[&[Code::HandOffUnknown]]),
    open("POST", "/v1/hand-offs/look", &[&[Code::MalformedRequest], HAND_OFF]),
    post("/v1/hand-offs/take", &[&[Code::PupilNotYours, Code::HandOffHere], HAND_OFF]),
    post("/v1/linkings", &[&[Code::PupilNotYours, Code::AlreadyLinked]]),
    read("/v1/linkings/{id}", &[&[Code::LinkingNotFound]]),
    read("/v1/linkings/{id}/events", &[&[Code::LinkingNotFound]]),
    post("/v1/linkings/{id}/contact", &[IN_STEP, CONTACT, SENDING, NEW_CONTACT]),
    post("/v1/linkings/{id}/code", &[IN_STEP, TYPED_CODE, BLOCKED]),
    post("/v1/linkings/{id}/resend", &[IN_STEP, SENDING, &[Code::CodesPaused]]),
    post("/v1/linkings/{id}/confirm", &[IN_STEP, &[Code::OtherNameNotAccepted], BLOCKED]),
    post("/v1/linkings/{id}/password", &[IN_STEP, NEW_PASSWORD]),
    post(
        "/v1/linkings/{id}/details",
        &[
            IN_STEP,
            BLOCKED,
            &[Code::NeedsParent, Code::NameMalformed, Code::BirthDateWrong, Code::NotUnder14, Code::ConsentMissing],
        ],
    ),
    post("/v1/linkings/{id}/profile-sign-in", &[IN_STEP, TYPED_PASSWORD, BLOCKED]),
    post("/v1/linkings/{id}/recover", &[IN_STEP, SENDING, BLOCKED]),
    post("/v1/linkings/{id}/recovery", &[IN_STEP, NEW_PASSWORD, TYPED_CODE, BLOCKED]),
    post("/v1/linkings/{id}/skip-max", &[IN_STEP]),
    post("/v1/linkings/{id}/former", &[IN_STEP, SENDING]),
    post("/v1/linkings/{id}/max-proof", &[IN_STEP, &[Code::MaxUnavailable]]),
    post("/v1/linkings/{id}/max-number", &[IN_STEP, BLOCKED]),
    post("/v1/linkings/{id}/max-link", &[IN_STEP, &[Code::MaxUnavailable], BLOCKED]),
    post("/v1/linkings/{id}/vk", &[IN_STEP, BLOCKED]),
    post("/v1/linkings/{id}/cancel", &[IN_STEP]),
    open("GET", "/oauth/authorize", &[]),
    open("GET", "/diary/callback", &[]),
    open("POST", "/oauth/token", &[&[Code::AccountBlocked]]),
    open("POST", "/oauth/revoke", &[]),
    open("POST", "/max/webhook", &[&[Code::MalformedRequest]]),
    open("GET", "/vk/callback", &[]),
    open("POST", "/vk/answer", &[]),
    open("GET", "/return/{handle}", &[]),
    open("GET", "/open/{page}", &[]),
    open("POST", "/open/{page}", &[]),
    open("GET", "/continue/{token}", &[]),
    open("GET", "/app", &[]),
    open("GET", "/app.js", &[]),
    open("GET", "/app/latest", &[]),
    open("GET", "/.well-known/assetlinks.json", &[]),
    open("GET", "/.well-known/apple-app-site-association", &[]),
    open("GET", "/health/live", &[]),
    open("GET", "/health/ready", &[]),
];

/// Codes of the contract that nothing answers yet.
pub const RESERVED: &[Code] = &[
    // A mailbox that does not exist shows in the delivery of the code's letter.
    Code::EmailUnknown,
];

impl Endpoint {
    /// All refusals of the endpoint.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        let mut codes = EVERYWHERE.to_vec();
        codes.extend(self.own.iter().copied().flatten());
        codes.extend(self.session.then_some(WITH_SESSION).into_iter().flatten());
        codes.extend(self.keyed.then_some(WITH_KEY).into_iter().flatten());
        codes.retain(|c| !RESERVED.contains(c));
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

/// The stable name of a code.
#[must_use]
pub fn name(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `docs/errors.md`.
#[must_use]
pub fn errors_md() -> String {
    let mut out = String::from(
        "# Refusals\n\n<!-- Written by the tests of crates/service (UPDATE_DOCS=1); do not edit. -->\n\n\
         Every refusal of the service is an `application/problem+json` body with a stable `code`. Meanings are in\n\
         `crates/wire/src/code.rs`, the mapping of endpoints in `crates/service/src/contract.rs`.\n\n\
         | Code | Status | Title | Answered by |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let by = if RESERVED.contains(&code) {
            "nothing yet: reserved".to_owned()
        } else if EVERYWHERE.contains(&code) {
            "any endpoint".to_owned()
        } else {
            let with_session = WITH_SESSION.contains(&code);
            let others = ENDPOINTS.iter().filter(|e| e.codes().contains(&code) && !(with_session && e.session));
            let with_session = with_session.then(|| "any endpoint with an access token".to_owned());
            let others = others.map(|e| format!("`{} {}`", e.method, e.path));
            with_session.into_iter().chain(others).collect::<Vec<_>>().join("<br>")
        };
        out += &format!("| `{}` | {} | {} | {by} |\n", name(code), code.status(), code.title());
    }
    out
}

/// Adds every endpoint's refusals, the shared schema and the way of signing in to the document that the handlers gave.
pub fn complete(api: &mut OpenApi) {
    let components = api.components.get_or_insert_default();
    components.schemas.insert("Problem".into(), Problem::schema());
    let mut schemas = Vec::new();
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.security_schemes.insert("access_token".into(), RefOr::T(SecurityScheme::Http(bearer)));
    for endpoint in ENDPOINTS {
        let Some(operation) = api.paths.paths.get_mut(endpoint.path).and_then(|item| operation(item, endpoint.method))
        else {
            continue;
        };
        // Handlers' «# Errors» sections speak to readers of the code.
        let spoken = operation.description.take().unwrap_or_default();
        operation.description =
            spoken.split("# Errors").next().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        for parameter in operation.parameters.iter_mut().flatten() {
            let RefOr::T(parameter) = parameter else { continue };
            if parameter.name != "Idempotency-Key" {
                continue;
            }
            let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(16)).max_length(Some(64));
            parameter.schema = Some(key.pattern(Some("^[A-Za-z0-9_-]+$")).into());
        }
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response
                && response.description.is_empty()
            {
                response.description = "The answer".into();
            }
        }
        let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for code in endpoint.codes() {
            by_status.entry(code.status()).or_default().push(format!("`{}`", name(code)));
        }
        for (status, names) in by_status {
            let entry = operation.responses.responses.entry(status.to_string());
            let present = entry.or_insert_with(|| RefOr::T(Response::default()));
            let RefOr::T(response) = present else { continue };
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let mut description = names.join(", ");
            if !response.description.is_empty() {
                description = format!("{}; or {description}", response.description);
            }
            response.description = description;
            response.content.insert("application/problem+json".into(), RefOr::T(problem));
        }
    }
}

fn operation<'a>(item: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    if method == "GET" { item.get.as_mut() } else { item.post.as_mut() }
}
