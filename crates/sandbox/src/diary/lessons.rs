//! The schedule: `schedule/short`, one lesson, and the event calendar.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{caller, problem};
use super::family::contingent_guid;
use crate::calendar::Date;
use crate::shared::Shared;
use crate::timetable::{self, Change, Lesson};
use crate::world::{Account, Person};

/// As many dates as a client may ask for at once.
const MOST_DATES: usize = 62;

#[derive(Deserialize)]
pub(super) struct Short {
    student_id: Option<i64>,
    dates: Option<String>,
}

/// `GET /api/family/web/v1/schedule/short?student_id=&dates=2026-11-23,2026-11-24`.
pub(super) async fn short(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(asked): Query<Short>,
) -> Response {
    let pupil = match pupil(&shared, &headers, asked.student_id) {
        Ok(pupil) => pupil,
        Err(refusal) => return *refusal,
    };
    let dates: Option<Vec<_>> = asked.dates.unwrap_or_default().split(',').map(Date::parse).collect();
    let Some(dates) = dates.filter(|dates| dates.len() <= MOST_DATES) else {
        return problem(StatusCode::BAD_REQUEST, "ValidationException", "dates: даты через запятую, ГГГГ-ММ-ДД");
    };
    let class = pupil.class.as_deref().unwrap_or_default();
    let now = shared.clock.now();
    let payload: Vec<_> = dates
        .into_iter()
        .map(|date| {
            let lessons: Vec<_> = timetable::lessons(&shared.world, class, date, now)
                .iter()
                .filter(|lesson| lesson.change != Some(Change::Cancelled))
                .map(brief)
                .collect();
            json!({ "date": date.to_string(), "lessons": lessons })
        })
        .collect();
    axum::Json(json!({ "payload": payload })).into_response()
}

#[derive(Deserialize)]
pub(super) struct Item {
    student_id: Option<i64>,
}

/// `GET /api/family/web/v1/lesson_schedule_items/{id}?student_id&type=OO`.
pub(super) async fn item(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Item>,
) -> Response {
    let pupil = match pupil(&shared, &headers, asked.student_id) {
        Ok(pupil) => pupil,
        Err(refusal) => return *refusal,
    };
    let class = pupil.class.as_deref().unwrap_or_default();
    let found = id.parse().ok().and_then(|id| timetable::lesson(&shared.world, class, id, shared.clock.now()));
    let Some(lesson) = found else {
        return problem(StatusCode::NOT_FOUND, "NotFoundException", "Урок не найден");
    };
    let (last_name, first_name, middle_name) = lesson.teacher;
    axum::Json(json!({
        "id": lesson.id,
        "date": lesson.date.to_string(),
        "begin_time": lesson.begin_time(),
        "end_time": lesson.end_time(),
        "subject_id": lesson.subject_id,
        "subject_name": lesson.subject,
        "lesson_type": kind(&lesson),
        "lesson_education_type": "OO",
        "is_virtual": lesson.remote,
        "room_number": (!lesson.remote).then_some(&lesson.room),
        "teacher": { "last_name": last_name, "first_name": first_name, "middle_name": middle_name },
        "lesson_homeworks": lesson.homework.iter().map(|text| json!({ "homework_id": lesson.id, "homework": text })).collect::<Vec<_>>(),
        "marks": lesson.mark.iter().map(|mark| json!({ "id": lesson.id, "value": mark.to_string(), "weight": 1 })).collect::<Vec<_>>(),
        "remote_lesson": lesson.remote.then(|| json!({
            "link_to_join": join_link(&shared, &lesson),
            "link_to_record": null,
            "record_preview": null,
        })),
    }))
    .into_response()
}

#[derive(Deserialize)]
pub(super) struct Events {
    person_ids: Option<String>,
    begin_date: Option<String>,
    end_date: Option<String>,
}

/// `GET /api/eventcalendar/v1/api/events?person_ids&begin_date&end_date&expand`.
pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(asked): Query<Events>,
) -> Response {
    // The calendar knows people by the register's id, not by the school's.
    let person = asked.person_ids.as_deref().unwrap_or_default();
    let known = shared.world.accounts.iter().find(|account| contingent_guid(&shared.world, account) == person);
    let pupil = match pupil(&shared, &headers, known.map(|account| account.person.id)) {
        Ok(pupil) => pupil,
        Err(refusal) => return *refusal,
    };
    let date = |text: Option<&str>| text.and_then(Date::parse);
    let (Some(begin), Some(end)) = (date(asked.begin_date.as_deref()), date(asked.end_date.as_deref())) else {
        return problem(StatusCode::BAD_REQUEST, "ValidationException", "begin_date, end_date: ГГГГ-ММ-ДД");
    };
    let days = std::iter::successors(Some(begin), |date| Some(date.next())).take_while(|date| *date <= end);
    let class = pupil.class.as_deref().unwrap_or_default();
    let now = shared.clock.now();
    let response: Vec<_> = days
        .take(MOST_DATES)
        .flat_map(|date| timetable::lessons(&shared.world, class, date, now))
        .map(|lesson| event(&shared, &lesson, &pupil.person))
        .collect();
    axum::Json(json!({ "total_count": response.len(), "response": response, "errors": null })).into_response()
}

fn brief(lesson: &Lesson) -> Value {
    json!({
        "lesson_id": lesson.id,
        "begin_time": lesson.begin_time(),
        "end_time": lesson.end_time(),
        "bell_id": lesson.number,
        "subject_name": lesson.subject,
        "lesson_type": kind(lesson),
        "group_id": lesson.subject_id,
        "group_name": lesson.subject,
        "lesson_education_type": "OO",
        "evaluation": lesson.mark.map(|mark| mark.to_string()),
        "absence_reason_id": null,
        "subject_id": lesson.subject_id,
        "lesson_name": null,
        "schedule_item_id": lesson.id,
        "is_virtual": lesson.remote,
    })
}

fn event(shared: &Shared, lesson: &Lesson, person: &Person) -> Value {
    let link = lesson.remote.then(|| join_link(shared, lesson));
    json!({
        "id": lesson.id,
        "author_id": person.id.to_string(),
        "source": "PLAN",
        "start_at": format!("{}T{}:00+03:00", lesson.date, lesson.begin_time()),
        "finish_at": format!("{}T{}:00+03:00", lesson.date, lesson.end_time()),
        "subject_id": lesson.subject_id,
        "subject_name": lesson.subject,
        "room_number": (!lesson.remote).then_some(&lesson.room),
        "lesson_type": kind(lesson),
        "conference_link": link,
        "link_to_join": link,
        "cancelled": lesson.change == Some(Change::Cancelled),
        "replaced": lesson.change == Some(Change::Replaced),
        "homework": { "descriptions": lesson.homework.iter().collect::<Vec<_>>() },
        "marks": lesson.mark.iter().map(|mark| json!({ "id": lesson.id, "value": mark.to_string(), "weight": 1 })).collect::<Vec<_>>(),
    })
}

fn kind(lesson: &Lesson) -> &'static str {
    if lesson.remote { "REMOTE" } else { "NORMAL" }
}

/// Leads to the page that stands in for Sferum.
fn join_link(shared: &Shared, lesson: &Lesson) -> String {
    format!("{}/max/sferum/call?lesson={}", shared.phone_base(), lesson.id)
}

/// The pupil who is asked about, if the caller may ask.
fn pupil<'a>(shared: &'a Shared, headers: &HeaderMap, id: Option<i64>) -> Result<&'a Account, Box<Response>> {
    let (account, _) = caller(shared, headers)?;
    let id = id.ok_or_else(|| {
        Box::new(problem(StatusCode::BAD_REQUEST, "ValidationException", "student_id: укажите номер ученика"))
    })?;
    let pupils = shared.world.pupils_of(account);
    pupils
        .into_iter()
        .find(|pupil| pupil.person.id == id)
        .ok_or_else(|| Box::new(problem(StatusCode::FORBIDDEN, "AccessDeniedException", "Этот дневник вам недоступен")))
}
