//! The diary's side: tokens for a code, the family profile, the short schedule. Shapes are read leniently, because they
//! are another's; what cannot be read at all is «unavailable».

use mostik_store::family::{self, Student};
use mostik_wire::{Code, Gender, Millis};
use reqwest::{StatusCode, header::RETRY_AFTER};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tracing::Instrument;
use url::Url;

use crate::{
    app::App,
    clock::{MINUTE, SECOND},
    metrics::{CallOutcome, Provider},
    refusal::Refusal,
    traces, upstream,
};

/// Why the diary gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum DiaryFault {
    /// It no longer accepts the sign-in.
    #[error("the diary refused the sign-in")]
    Refused,
    /// It does not answer, or not with what its contract says.
    #[error("the diary is unavailable: {what}")]
    Unavailable {
        /// For the log; without anything of a person's.
        what: String,
        /// Seconds after which it wants to be asked again.
        retry_after: Option<i64>,
    },
}

impl DiaryFault {
    /// The refusal for a client.
    #[must_use]
    pub fn refusal(&self, now: Millis) -> Refusal {
        match self {
            Self::Refused => Refusal::new(Code::DiarySignInEnded),
            Self::Unavailable { what, retry_after } => {
                tracing::warn!(%what, "the diary is unavailable");
                let refusal = Refusal::new(Code::DiaryUnavailable);
                match retry_after {
                    Some(seconds) => refusal.retry_at(now.plus(seconds * SECOND), now),
                    None => refusal,
                }
            }
        }
    }
}

fn unavailable(what: impl Into<String>) -> DiaryFault {
    DiaryFault::Unavailable { what: what.into(), retry_after: None }
}

/// The diary's tokens, as stored (sealed).
#[derive(Serialize, Deserialize)]
pub struct DiaryTokens {
    access: String,
    refresh: Option<String>,
    expires_at: i64,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: Option<i64>,
}

/// `GET /web/v1/profile`
#[derive(Deserialize)]
pub struct Family {
    /// Who signed in.
    pub profile: Person,
    /// Whose diaries that opens.
    #[serde(default)]
    pub children: Vec<Person>,
}

/// A person in the diary.
#[derive(Deserialize)]
pub struct Person {
    /// The id within the school's register; what the schedule is asked by.
    pub id: serde_json::Value,
    /// The id of the account.
    #[serde(default)]
    pub user_id: serde_json::Value,
    /// First name; some have none.
    #[serde(default, deserialize_with = "or_empty")]
    pub first_name: String,
    /// Surname; some have none.
    #[serde(default, deserialize_with = "or_empty")]
    pub last_name: String,
    /// Patronymic; some have none.
    #[serde(default)]
    pub middle_name: Option<String>,
    /// `YYYY-MM-DD`
    pub birth_date: Option<String>,
    /// A word or a number: its values are documented nowhere.
    #[serde(default, alias = "gender", alias = "gender_id")]
    pub sex: serde_json::Value,
    /// `student`, `parent`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The class, of children only.
    pub class_name: Option<String>,
    /// The school, of children only.
    pub school: Option<School>,
    /// The id in the city's register, of children only; what the calendar is asked by.
    #[serde(default)]
    pub contingent_guid: Option<String>,
}

/// A school.
#[derive(Deserialize)]
pub struct School {
    /// What people call it.
    pub short_name: Option<String>,
    /// In full.
    pub name: Option<String>,
}

/// `GET /web/v1/schedule/short`
#[derive(Deserialize)]
pub struct ShortSchedule {
    /// One entry a day.
    pub payload: Vec<Day>,
}

/// A day's lessons.
#[derive(Deserialize)]
pub struct Day {
    /// `YYYY-MM-DD`
    pub date: String,
    /// The lessons.
    #[serde(default)]
    pub lessons: Vec<DiaryLesson>,
}

/// A lesson, as the diary writes it.
#[derive(Deserialize)]
#[expect(missing_docs, reason = "the diary's own names")]
pub struct DiaryLesson {
    pub schedule_item_id: Option<serde_json::Value>,
    pub begin_time: String,
    pub end_time: String,
    pub subject_name: Option<String>,
    pub lesson_name: Option<String>,
    pub lesson_type: Option<String>,
    pub evaluation: Option<serde_json::Value>,
}

/// `GET /v1/api/events` of the calendar.
#[derive(Deserialize)]
struct Calendar {
    #[serde(default)]
    response: Vec<Event>,
}

/// A lesson in the calendar: what the short schedule leaves out.
#[derive(Deserialize)]
#[expect(missing_docs, reason = "the diary's own names")]
pub struct Event {
    pub id: Option<serde_json::Value>,
    /// RFC 3339.
    pub start_at: String,
    pub finish_at: String,
    pub subject_name: Option<String>,
    pub lesson_type: Option<String>,
    pub room_number: Option<serde_json::Value>,
    pub link_to_join: Option<String>,
    pub conference_link: Option<String>,
    #[serde(default)]
    pub cancelled: Option<bool>,
    #[serde(default)]
    pub replaced: Option<bool>,
    pub homework: Option<Homework>,
    #[serde(default)]
    pub marks: Option<Vec<Mark>>,
}

/// What was set for a lesson.
#[derive(Deserialize)]
pub struct Homework {
    /// A text for each task.
    #[serde(default)]
    pub descriptions: Vec<String>,
}

/// A mark.
#[derive(Deserialize)]
pub struct Mark {
    /// A number or a word.
    pub value: serde_json::Value,
}

/// A text; an empty one where there is `null`.
///
/// # Errors
/// When it is neither.
pub fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A text or a number as a text; nothing of anything else.
#[must_use]
pub fn text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(s) if !s.trim().is_empty() => Some(s.clone()),
        serde_json::Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// The gender behind what the diary writes: words of two languages or their first letters. A number is not read, because 1
/// is male in one register (ISO 5218) and female in another (VK); what is not known is asked of the person.
#[must_use]
pub fn gender(sex: &serde_json::Value) -> Option<Gender> {
    match text(sex)?.trim().to_lowercase().as_str() {
        "male" | "m" | "м" | "муж" | "муж." | "мужской" | "мальчик" => Some(Gender::Male),
        "female" | "f" | "ж" | "жен" | "жен." | "женский" | "девочка" => Some(Gender::Female),
        _ => None,
    }
}

// What each of the diary's two sides answers with when it no longer knows the person. (401 at the token address means
// that it does not know us: nothing that a person can mend.)
const REFUSED_GRANT: &[StatusCode] = &[StatusCode::BAD_REQUEST];
const REFUSED_TOKEN: &[StatusCode] = &[StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];

async fn answer<T: DeserializeOwned>(
    app: &App,
    refused: &[StatusCode],
    request: reqwest::RequestBuilder,
) -> Result<T, DiaryFault> {
    let call = traces::call(Provider::Diary);
    let answer = ask(app, refused, request).instrument(call.clone()).await;
    let outcome = match &answer {
        Ok(_) => CallOutcome::Ok,
        Err(DiaryFault::Refused) => CallOutcome::Refused,
        Err(DiaryFault::Unavailable { .. }) => CallOutcome::Failed,
    };
    app.metrics.called(Provider::Diary, outcome);
    traces::called(&call, outcome);
    answer
}

async fn ask<T: DeserializeOwned>(
    app: &App,
    refused: &[StatusCode],
    request: reqwest::RequestBuilder,
) -> Result<T, DiaryFault> {
    let response = request.send().await.map_err(|e| unavailable(e.without_url().to_string()))?;
    let status = response.status();
    if !status.is_success() {
        if refused.contains(&status) {
            return Err(DiaryFault::Refused);
        }
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
        return Err(DiaryFault::Unavailable { what: format!("status {status}"), retry_after });
    }
    upstream::json(app, response).await.map_err(unavailable)
}

async fn tokens(app: &App, form: &[(&str, &str)]) -> Result<DiaryTokens, DiaryFault> {
    let live = app.live();
    let diary = &live.config.diary;
    let request = app
        .http
        .post(diary.token_url.clone())
        .basic_auth(&diary.client_id, Some(&diary.client_secret))
        .header("accept", "application/json")
        .form(form);
    let given: TokenAnswer = answer(app, REFUSED_GRANT, request).await?;
    Ok(DiaryTokens {
        access: given.access_token,
        refresh: given.refresh_token,
        expires_at: app.now().0 + given.expires_in.unwrap_or(300).clamp(0, 86_400) * SECOND,
    })
}

/// Exchanges the code of a sign-in.
///
/// # Errors
/// When the diary refuses it or does not answer.
pub async fn exchange(app: &App, code: &str, redirect_uri: &str, verifier: &str) -> Result<DiaryTokens, DiaryFault> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier),
    ];
    tokens(app, &form).await
}

/// Who signed in, and whose diaries that opens.
///
/// # Errors
/// When the diary refuses or does not answer.
pub async fn family(app: &App, tokens: &DiaryTokens) -> Result<Family, DiaryFault> {
    answer(app, REFUSED_TOKEN, get(app, tokens, "web/v1/profile", &[])).await
}

fn get(app: &App, tokens: &DiaryTokens, path: &str, query: &[(&str, &str)]) -> reqwest::RequestBuilder {
    get_from(app, tokens, &app.live().config.diary.api_url, path, query)
}

fn get_from(
    app: &App,
    tokens: &DiaryTokens,
    base: &Url,
    path: &str,
    query: &[(&str, &str)],
) -> reqwest::RequestBuilder {
    let base = base.as_str().trim_end_matches('/');
    app.http
        .get(format!("{base}/{path}"))
        .query(query)
        .bearer_auth(&tokens.access)
        .header("x-mes-subsystem", "familyweb")
        .header("accept", "application/json")
}

/// What the diary says of some days.
pub struct Lessons {
    /// The lessons that take place.
    pub days: Vec<Day>,
    /// What the calendar adds: empty when it does not answer, for that is no reason to show no schedule.
    pub events: Vec<Event>,
}

/// The lessons of one pupil on some dates, which are in order; with the account's stored tokens, renewed where that is needed.
///
/// # Errors
/// As [`Refusal`], ready for the client.
pub async fn lessons(app: &App, account: &str, student: &Student, dates: &[String]) -> Result<Lessons, Refusal> {
    let mut tokens = stored_tokens(app, account).await?;
    if tokens.expires_at - MINUTE / 2 < app.now().0 {
        tokens = renew(app, account, &tokens.access).await?;
    }
    let mut asked = ask_for_lessons(app, &tokens, student, dates).await;
    if matches!(asked, Err(DiaryFault::Refused)) {
        // Tokens can end before their time: once more with new ones.
        tokens = renew(app, account, &tokens.access).await?;
        asked = ask_for_lessons(app, &tokens, student, dates).await;
    }
    asked.map_err(|e| e.refusal(app.now()))
}

async fn ask_for_lessons(
    app: &App,
    tokens: &DiaryTokens,
    student: &Student,
    dates: &[String],
) -> Result<Lessons, DiaryFault> {
    let listed = dates.join(",");
    let query = [("student_id", student.diary_student.as_str()), ("dates", &listed)];
    let schedule = answer::<ShortSchedule>(app, REFUSED_TOKEN, get(app, tokens, "web/v1/schedule/short", &query));
    let (schedule, events) = tokio::join!(schedule, events(app, tokens, student, dates));
    let events = events.unwrap_or_else(|fault| {
        tracing::debug!(%fault, "the calendar gives nothing");
        Vec::new()
    });
    Ok(Lessons { days: schedule?.payload, events })
}

async fn events(
    app: &App,
    tokens: &DiaryTokens,
    student: &Student,
    dates: &[String],
) -> Result<Vec<Event>, DiaryFault> {
    let (Some(person), Some(first), Some(last)) = (&student.diary_person, dates.first(), dates.last()) else {
        return Ok(Vec::new());
    };
    let query =
        [("person_ids", person.as_str()), ("begin_date", first), ("end_date", last), ("expand", "homework,marks")];
    let live = app.live();
    let asked = get_from(app, tokens, &live.config.diary.calendar_url, "v1/api/events", &query);
    Ok(answer::<Calendar>(app, REFUSED_TOKEN, asked).await?.response)
}

async fn stored_tokens(app: &App, account: &str) -> Result<DiaryTokens, Refusal> {
    let sealed = family::diary_tokens(&mut *app.store.reader().await?, account).await?;
    let text = app.live().keys.open(&sealed.ok_or_else(|| Refusal::new(Code::DiarySignInEnded))?)?;
    serde_json::from_str(&text).map_err(|e| Refusal::internal(&e))
}

async fn renew(app: &App, account: &str, spent: &str) -> Result<DiaryTokens, Refusal> {
    let _one_at_a_time = app.diary_renewal.lock().await;
    let present = stored_tokens(app, account).await?;
    // Another request may have renewed them while this one waited.
    if present.access != spent {
        return Ok(present);
    }
    let refresh = present.refresh.as_deref().ok_or_else(|| Refusal::new(Code::DiarySignInEnded))?;
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let mut renewed = tokens(app, &form).await.map_err(|e| e.refusal(app.now()))?;
    renewed.refresh = renewed.refresh.or(present.refresh);
    let mut tx = app.store.write().await?;
    family::keep_diary_tokens(&mut tx, account, &seal_tokens(app, &renewed)?).await?;
    tx.commit().await?;
    Ok(renewed)
}

/// The tokens as they are stored.
///
/// # Errors
/// Never in practice: the tokens are plain texts.
pub fn seal_tokens(app: &App, tokens: &DiaryTokens) -> Result<String, Refusal> {
    let text = serde_json::to_string(tokens).map_err(|e| Refusal::internal(&e))?;
    Ok(app.live().keys.seal(&*app.entropy, &text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gender_is_read_from_words_and_never_guessed() {
        for (sex, read) in [
            (serde_json::json!(null), None),
            (serde_json::json!(1), None),
            (serde_json::json!(""), None),
            (serde_json::json!("MALE"), Some(Gender::Male)),
            (serde_json::json!(" Ж "), Some(Gender::Female)),
            (serde_json::json!("женский"), Some(Gender::Female)),
        ] {
            assert_eq!(gender(&sex), read, "{sex}");
        }
    }
}
