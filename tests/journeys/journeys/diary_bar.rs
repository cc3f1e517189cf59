//! The diary's bar and the dialog behind the Sferum button.

use anyhow::Result;
use mostik_journeys::{driver::test_id, person::MISHA};
use serde_json::json;

use crate::begun;

/// Shows A2.
#[tokio::test]
async fn the_bar_holds_its_five_entries_and_the_state_follows_the_wizard() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    for words in ["Дневник", "Библиотека", "Портфолио", "Справка", "Сферум", "Не подключён"]
    {
        app.reads(words).await?;
    }
    for section in ["library", "portfolio", "help", "diary"] {
        app.press(&format!("nav-{section}")).await?;
        app.sees(&format!("[data-section='{section}']")).await?;
    }
    stand.begin(&app).await?;
    app.press("back-to-diary").await?;
    app.sferum_is("continue").await?;
    app.reads("Продолжить").await?;

    app.press("press-sferum").await?;
    app.shows("contact").await?;
    stand.give_number(&app, &MISHA).await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await?;
    let link = stand.to_max(&app).await?;
    app.press("back-to-diary").await?;
    app.sferum_is("awaiting_max").await?;
    app.reads("Ждём MAX").await?;

    app.press("press-sferum").await?;
    app.shows("max").await?;
    stand.finish_in_max(&app, &MISHA, &link).await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    app.reads("Подключён").await
}

/// Shows A3.
#[tokio::test]
async fn on_a_narrow_window_both_entries_are_at_hand_and_lead_to_the_same_place() -> Result<()> {
    let profile = |state: &str| format!("[data-testid='account-sferum-state'][data-state='{state}']");
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    for (width, height) in [(360, 640), (768, 1024)] {
        app.resize(width, height).await?;
        app.sees("nav.bottom [data-testid='nav-help']").await?;
        app.sferum_is("not_linked").await?;
    }
    app.resize(360, 640).await?;
    app.press("account").await?;
    app.reads("Профиль Сферум").await?;
    app.sees(&profile("not_linked")).await?;
    app.press("account-sferum").await?;
    app.press("begin").await?;
    app.shows("contact").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("continue").await?;
    app.press("account").await?;
    app.sees(&profile("continue")).await?;
    app.press("account-sferum").await?;
    app.shows("contact").await
}

/// Shows A2.
#[tokio::test]
async fn the_lessons_come_back_with_the_diary_also_when_it_answers_late() -> Result<()> {
    const LESSONS: &str = "[data-testid='lessons'], [data-testid='lessons-none']";
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.sees(LESSONS).await?;
    app.press("day-previous").await?;
    app.sees(LESSONS).await?;
    stand.begin(&app).await?;
    // Who is signed in is known before the lessons are.
    stand.phone.faults(json!({ "diary": { "delay_ms": 1500 } })).await?;
    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    app.sees(LESSONS).await.map(|_| ())
}

/// Shows A4.
#[tokio::test]
async fn the_dialog_says_what_linking_is_and_cancelling_changes_nothing() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("press-sferum").await?;
    for words in ["не подключён", "номер телефона", "создадим", "ВКонтакте не нужен", "prof.sferum.ru/support"]
    {
        app.reads(words).await?;
    }
    app.press("close-dialog").await?;
    app.sees_no(&test_id("begin")).await?;
    app.sferum_is("not_linked").await?;
    app.press("press-sferum").await?;
    app.press("begin").await?;
    app.shows("contact").await
}

/// Shows A2.
#[tokio::test]
async fn the_systems_own_back_leads_out_of_dialog_step_and_section() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("nav-library").await?;
    app.sees("[data-section='library']").await?;
    app.go_back().await?;
    app.sees("[data-section='diary']").await?;

    stand.begin(&app).await?;
    app.press("help").await?;
    app.sees(&test_id("help-dialog")).await?;
    app.go_back().await?;
    app.sees_no(&test_id("help-dialog")).await?;
    app.shows("contact").await?;
    app.go_back().await?;
    app.shows("diary").await?;
    app.sferum_is("continue").await
}
