//! `GET /v1/pupils/{id}/schedule?date=YYYY-MM-DD`: a week's lessons, from the diary.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use mostik_store::family;
use mostik_wire::{Code, Lesson, LessonChange, LessonId, Millis, Schedule, SchoolDay};
use time::{Date, Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    app::App,
    config, dates,
    diary::{self, DiaryLesson, Event},
    refusal::Refusal,
    session::Session,
};

/// The lessons of the week that the date lies in.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/pupils/{id}/schedule", tag = "diary",
    params(("id" = String, Path, description = "The pupil's id"), ("date" = String, Query, pattern = "^\\d{4}-\\d{2}-\\d{2}$", description = "`YYYY-MM-DD`, Moscow: any day of the week")),
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
    let week = text
        .as_deref()
        .and_then(dates::date)
        .and_then(week_of)
        .ok_or_else(|| Refusal::new(Code::MalformedRequest).detail("date: YYYY-MM-DD is expected"))?;
    let student = family::student(&mut *app.store.reader().await?, &session.account, &id).await?;
    let student = student.ok_or_else(|| Refusal::new(Code::PupilNotYours))?;
    let texts: Vec<String> = week.iter().map(Date::to_string).collect();
    let told = diary::lessons(&app, &session.account, &student, &texts).await?;
    Ok(Json(Schedule { days: merge(&week, told) }))
}

/// Monday to Sunday.
fn week_of(date: Date) -> Option<[Date; 7]> {
    let monday = date.checked_sub(Duration::days(i64::from(date.weekday().number_days_from_monday())))?;
    let mut week = [monday; 7];
    for (day, at) in week.iter_mut().zip(0..) {
        *day = monday.checked_add(Duration::days(at))?;
    }
    Some(week)
}

// The short schedule leaves cancelled lessons out, and what is known of the others is in the calendar.
fn merge(week: &[Date; 7], told: diary::Lessons) -> Vec<SchoolDay> {
    let mut events = told.events;
    let mut days: Vec<SchoolDay> =
        week.iter().map(|date| SchoolDay { date: date.to_string(), lessons: Vec::new() }).collect();
    for day in told.days {
        let Some(place) = week.iter().position(|date| date.to_string() == day.date) else { continue };
        for (nth, planned) in (1..).zip(day.lessons) {
            let id = planned.schedule_item_id.as_ref().and_then(diary::text);
            let id = LessonId(id.unwrap_or_else(|| format!("{}.{nth}", day.date)));
            let Some(mut lesson) = lesson(week[place], id, planned) else { continue };
            if let Some(at) = events.iter().position(|event| tells_of(event, &lesson)) {
                fill_in(&mut lesson, events.swap_remove(at));
            }
            days[place].lessons.push(lesson);
        }
    }
    for event in events.into_iter().filter(|event| event.cancelled == Some(true)) {
        let Some(lesson) = cancelled(event) else { continue };
        let date = dates::today(lesson.begins_at);
        if let Some(day) = days.iter_mut().find(|day| day.date == date) {
            day.lessons.push(lesson);
        }
    }
    for day in &mut days {
        day.lessons.sort_by_key(|l| (l.begins_at, l.ends_at));
    }
    days
}

// A lesson without readable times has no place in a day.
fn lesson(date: Date, id: LessonId, l: DiaryLesson) -> Option<Lesson> {
    Some(Lesson {
        id,
        begins_at: dates::moscow(date, &l.begin_time)?,
        ends_at: dates::moscow(date, &l.end_time)?,
        subject: l.subject_name.or(l.lesson_name).unwrap_or_default(),
        room: None,
        homework: None,
        mark: l.evaluation.as_ref().and_then(diary::text),
        change: None,
        remote: is_remote(l.lesson_type.as_deref()),
        join_url: None,
    })
}

fn is_remote(lesson_type: Option<&str>) -> bool {
    lesson_type == Some("REMOTE")
}

/// A moment of the calendar.
fn moment(text: &str) -> Option<Millis> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(|at| Millis(at.unix_timestamp() * 1000))
}

// The two sides of the diary share ids; where they do not, time and subject tell.
fn tells_of(event: &Event, lesson: &Lesson) -> bool {
    let same_id = event.id.as_ref().and_then(diary::text).is_some_and(|id| id == lesson.id.0);
    let same_place = || {
        moment(&event.start_at) == Some(lesson.begins_at)
            && event.subject_name.as_deref().is_some_and(|name| name == lesson.subject)
    };
    same_id || same_place()
}

fn fill_in(lesson: &mut Lesson, event: Event) {
    lesson.room = event.room_number.as_ref().and_then(diary::text);
    lesson.homework = event.homework.map(|h| h.descriptions.join("; ")).filter(|text| !text.trim().is_empty());
    let marks: Vec<String> = event.marks.iter().flatten().filter_map(|m| diary::text(&m.value)).collect();
    if !marks.is_empty() {
        lesson.mark = Some(marks.join(", "));
    }
    lesson.change = match (event.cancelled, event.replaced) {
        (Some(true), _) => Some(LessonChange::Cancelled),
        (_, Some(true)) => Some(LessonChange::Replaced),
        _ => None,
    };
    lesson.remote |= is_remote(event.lesson_type.as_deref());
    // What is opened comes from another party: only what may be opened at all.
    let link = event.link_to_join.or(event.conference_link);
    lesson.join_url = link.filter(|link| lesson.remote && config::is_safe(link));
}

fn cancelled(event: Event) -> Option<Lesson> {
    let mut lesson = Lesson {
        id: LessonId(event.id.as_ref().and_then(diary::text)?),
        begins_at: moment(&event.start_at)?,
        ends_at: moment(&event.finish_at)?,
        subject: event.subject_name.clone().unwrap_or_default(),
        room: None,
        homework: None,
        mark: None,
        change: None,
        remote: false,
        join_url: None,
    };
    fill_in(&mut lesson, event);
    lesson.join_url = None;
    Some(lesson)
}
