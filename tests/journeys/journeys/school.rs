//! The diary around the bridge: lessons, the week, class chats.

use anyhow::{Context, Result, bail};
use mostik_journeys::{App, Mode, Stand, driver::test_id, person::MISHA};

use crate::{
    begun,
    linked_before::{also_signed_in, unlink},
};

/// Goes on to a day with a remote lesson that is still to come: every weekday of this world has one.
pub async fn to_a_remote_lesson(app: &App) -> Result<String> {
    for _ in 0..3 {
        let before = day(app).await?;
        app.press("day-next").await?;
        app.sees(&format!("[data-testid='day-title']:not([data-date='{before}'])")).await?;
        app.sees("[data-testid='lessons'], [data-testid='lessons-none']").await?;
        if app.has(&test_id("lesson-sferum")).await? {
            return day(app).await;
        }
    }
    bail!("three days without a remote lesson")
}

/// The day that is shown.
pub async fn day(app: &App) -> Result<String> {
    app.sees(&test_id("day-title")).await?.attr("data-date").await?.context("the page bears no date")
}

async fn link_from_contact(stand: &mut Stand, app: &App) -> Result<()> {
    stand.give_number(app, &MISHA).await?;
    stand.give_code(app, &MISHA).await?;
    app.shows("profile").await?;
    let link = stand.to_max(app).await?;
    stand.finish_in_max(app, &MISHA, &link).await
}

/// Shows A20, A2.
#[tokio::test]
async fn a_lesson_and_a_chat_lead_into_connecting_and_open_in_max_once_it_is_done() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.sees(&test_id("class-chats")).await?;
    app.reads("Откроются, когда подключите Сферум").await?;
    let shown = to_a_remote_lesson(&app).await?;
    app.reads("Откроется, когда подключите Сферум").await?;
    // Straight into connecting, and back to the same day.
    app.press("lesson-sferum").await?;
    app.shows("contact").await?;
    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    assert_eq!(day(&app).await?, shown);
    app.press("open-chat").await?;
    app.shows("contact").await?;
    link_from_contact(&mut stand, &app).await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    assert_eq!(day(&app).await?, shown);

    app.reads("Подключиться").await?;
    app.press("lesson-sferum").await?;
    let lesson = stand.home.opened_page().await?;
    assert!(lesson.contains("/max/sferum/call?lesson="), "{lesson}");
    stand.browser().await?.visit(&lesson, "h1").await?;
    app.press("open-chat").await?;
    let chat = stand.home.opened_page().await?;
    assert!(chat.contains("/max/join/"), "{chat}");
    Ok(())
}

/// Shows A20.
#[tokio::test]
async fn a_link_that_is_gone_closes_lessons_and_chats_and_says_so() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_linked(&app, &MISHA).await?;
    app.press("back-to-diary").await?;
    app.reads("Открыть чат").await?;
    let (_home, other) = also_signed_in(&mut stand).await?;
    unlink(&stand, &other, 2).await?;
    app.sferum_is("not_linked").await?;
    app.reads("Откроются, когда подключите Сферум").await
}

/// Shows A2, B11.
#[tokio::test]
async fn the_week_is_read_without_a_network_and_after_a_restart_and_says_how_old_it_is() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("mode-week").await?;
    app.sees(&test_id("week")).await?;
    app.reads("Понедельник").await?;
    for changed in ["отменён", "замена", "дистанционно"] {
        app.reads(changed).await?;
    }
    stand.proxy.set(Mode::Refuse);
    app.kill();
    let app = stand.app().await?;
    app.warns("offline").await?;
    app.sees(&test_id("schedule-age")).await?;
    app.press("mode-week").await?;
    app.sees(&test_id("week")).await?;
    app.reads("Пятница").await?;
    // What is not kept is said to be missing, and why.
    app.press("day-next").await?;
    app.sees(&test_id("lessons-unknown")).await?;
    stand.proxy.set(Mode::Pass);
    app.sees_no("[data-strip='offline']").await?;
    app.press("day-previous").await?;
    app.sees_no(&test_id("schedule-age")).await
}
