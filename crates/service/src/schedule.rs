//! `GET /v1/pupils/{id}/schedule?date=YYYY-MM-DD`: a day's lessons, from the diary.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use mostik_wire::{Code, Lesson, Schedule};
use time::Date;

use crate::{
    app::App,
    dates,
    diary::{self, DiaryLesson},
    refusal::Refusal,
    session::Session,
};

/// The lessons of one day.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/pupils/{id}/schedule", tag = "diary",
    params(("id" = String, Path, description = "The pupil's id"), ("date" = String, Query, description = "`YYYY-MM-DD`, Moscow")),
    responses((status = 200, body = Schedule)), security(("access_token" = [])))]
pub async fn schedule(
    State(app): State<App>,
    session: Session,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Schedule>, Refusal> {
    let query = query.unwrap_or_default();
    let text =
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "date").map(|(_, v)| v.into_owned());
    let date = text.as_deref().and_then(dates::date);
    let (Some(text), Some(date)) = (text, date) else {
        return Err(Refusal::new(Code::MalformedRequest).detail("date: YYYY-MM-DD is expected"));
    };
    let student: Option<String> = sqlx::query_scalar(
        "SELECT u.diary_student FROM pupils u JOIN account_pupils a ON a.pupil_id = u.id
         WHERE u.id = $1 AND a.account_id = $2",
    )
    .bind(&id)
    .bind(&session.account)
    .fetch_optional(app.db.read())
    .await?;
    let student = student.ok_or_else(|| Refusal::new(Code::PupilNotYours))?;
    let days = diary::schedule(&app, &session.account, &student, &text).await?.payload;
    let lessons = days.into_iter().filter(|d| d.date == text).flat_map(|d| d.lessons);
    let mut lessons: Vec<Lesson> = lessons.filter_map(|l| lesson(date, l)).collect();
    lessons.sort_by_key(|l| (l.begins_at, l.ends_at));
    Ok(Json(Schedule { date: text, lessons }))
}

// A lesson without readable times has no place in a day.
fn lesson(date: Date, l: DiaryLesson) -> Option<Lesson> {
    Some(Lesson {
        begins_at: dates::moscow(date, &l.begin_time)?,
        ends_at: dates::moscow(date, &l.end_time)?,
        subject: l.subject_name.or(l.lesson_name).unwrap_or_default(),
        room: l.room,
        homework: l.homework,
        mark: l.evaluation.as_ref().and_then(diary::text),
        remote: l.lesson_type.as_deref() == Some("REMOTE"),
    })
}
