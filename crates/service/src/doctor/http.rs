//! What a party answers over HTTP; of its words only names of the standard are told on.

use std::{error::Error as _, iter};

use mostik_wire::Millis;
use reqwest::{RequestBuilder, StatusCode, header};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

use super::{clocks::Reading, finding::Finding};
use crate::clock::Clock;

/// What is read of an answer.
const LARGEST: usize = 64 * 1024;

/// An answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Null where it is no JSON.
    pub(super) json: Value,
    /// Where it sends a browser.
    pub(super) location: Option<Url>,
    pub(super) date: Option<Reading>,
}

impl Answer {
    /// The `error` of OAuth, in the body or on the way back to us, if it is a name as the standard has them.
    pub(super) fn error(&self) -> Option<String> {
        let in_location =
            || self.location.as_ref()?.query_pairs().find(|(name, _)| name == "error").map(|(_, e)| e.into());
        let named = self.json["error"].as_str().map(str::to_owned).or_else(in_location)?;
        let is_name = named.len() <= 40 && named.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        Some(if is_name { named } else { "an error of its own".into() })
    }
}

/// Asks a party and judges its answer; what keeps it from answering is a finding. With it comes what time it has, if it says so.
pub(super) async fn look(
    check: &str,
    of: &'static str,
    clock: &dyn Clock,
    request: RequestBuilder,
    judge: impl FnOnce(&Answer) -> Finding,
) -> (Finding, Option<Reading>) {
    match ask(check, of, clock, request).await {
        Ok(answer) => (judge(&answer), answer.date),
        Err(finding) => (finding, None),
    }
}

/// The findings of several looks, and the times that came with them.
pub(super) fn apart(looks: [(Finding, Option<Reading>); 4]) -> (Vec<Finding>, Vec<Reading>) {
    let (findings, dates): (_, Vec<_>) = looks.into_iter().unzip();
    (findings, dates.into_iter().flatten().collect())
}

async fn ask(check: &str, of: &'static str, clock: &dyn Clock, request: RequestBuilder) -> Result<Answer, Finding> {
    let mut response = request.send().await.map_err(|error| unreachable(check, &error.without_url()))?;
    let ours = clock.now();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let date = header(header::DATE)
        .and_then(|text| OffsetDateTime::parse(&text.replace("GMT", "+0000"), &Rfc2822).ok())
        .map(|date| Reading { of, theirs: Millis(date.unix_timestamp() * 1_000), ours });
    let location = header(header::LOCATION).and_then(|to| response.url().join(to).ok());
    let status = response.status();
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await
        && body.len() < LARGEST
    {
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, json: serde_json::from_slice(&body).unwrap_or_default(), location, date })
}

/// An answer that is not the party's own: of a proxy, or of one that is unwell.
pub(super) fn unexpected(check: &str, answer: &Answer) -> Finding {
    let found = format!("answers with status {}, which is not how this address answers", answer.status.as_u16());
    let next = if answer.status.is_server_error() {
        "Try again in some minutes; if it stays so, ask its operator"
    } else {
        "Compare the address with its documents, and see whether a proxy answers in its place"
    };
    Finding::wrong(check, found, next)
}

fn unreachable(check: &str, error: &reqwest::Error) -> Finding {
    let causes: Vec<String> =
        iter::successors(error.source(), |cause: &&(dyn std::error::Error + 'static)| (**cause).source())
            .map(ToString::to_string)
            .collect();
    let cause = causes.last().cloned().unwrap_or_else(|| error.to_string());
    if causes.iter().any(|cause| cause.contains("certificate")) {
        let found = format!("its certificate is not to be trusted: {cause}");
        let next =
            "See that the address is right and this machine's clock too, and install the authority that it comes from";
        return Finding::wrong(check, found, next);
    }
    let found = if error.is_timeout() { "no answer in time".into() } else { format!("it cannot be reached: {cause}") };
    Finding::wrong(check, found, "See to the address, DNS and the firewall; where a proxy is needed, set HTTPS_PROXY")
}
