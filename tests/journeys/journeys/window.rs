//! A window that stays white, and a page whose process dies.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mostik_journeys::{
    App, Mode, Stand,
    driver::test_id,
    person::{ANYA, MISHA},
    stand::PASSWORD,
    undriven::UndrivenApp,
};

use crate::{
    at_code, at_contact, at_details, at_password, begun,
    school::{day, to_a_remote_lesson},
    security::open_security,
};

/// So long a window may be without its page.
const BEARABLE: Duration = Duration::from_secs(2);

/// The page dies and is there again in time. When a neighbour on this machine was in the way, the better of two counts.
async fn lose_page(app: &mut App) -> Result<()> {
    let mut took = app.lose_page().await?;
    if took > BEARABLE {
        took = took.min(app.lose_page().await?);
    }
    println!("the page was there again after {} ms", took.as_millis());
    ensure!(took <= BEARABLE, "the window was without its page for {took:?}");
    Ok(())
}

/// The report for support, from a step of the wizard.
async fn report(app: &App) -> Result<String> {
    app.press("help").await?;
    app.press("make-report").await?;
    text_of_report(app).await
}

async fn text_of_report(app: &App) -> Result<String> {
    app.sees(&test_id("report-text")).await?.prop("textContent").await?.context("the report is empty")
}

/// How many colours a picture has: an empty window has one.
fn colours(picture: &image::RgbImage) -> usize {
    picture.pixels().map(|dot| dot.0).collect::<std::collections::BTreeSet<_>>().len()
}

/// Shows B20.
#[tokio::test]
async fn a_page_that_dies_in_the_wizard_is_there_again_with_what_was_typed() -> Result<()> {
    let (stand, mut app) = at_contact(&MISHA).await?;
    app.type_into("contact-input", "8 900 000").await?;
    lose_page(&mut app).await?;
    app.shows("contact").await?;
    assert_eq!(app.value_of("contact-input").await?, "8 900 000");
    stand.give_number(&app, &MISHA).await?;
    let report = report(&app).await?;
    assert!(report.contains("Окно показано заново, раз: "), "{report}");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn half_a_code_is_not_lost_and_no_code_is_sent_twice_when_the_page_dies() -> Result<()> {
    let (stand, mut app) = at_code(&MISHA).await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    app.type_into("code-input", &code[..4]).await?;
    lose_page(&mut app).await?;
    app.shows("code").await?;
    assert_eq!(app.value_of("code-input").await?, code[..4]);
    // Where the focus was, the rest is typed.
    app.type_keys(code[4..].to_owned()).await?;
    app.shows("profile").await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "another SMS was sent");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn details_that_were_filled_in_are_kept_when_the_page_dies() -> Result<()> {
    let (_stand, mut app) = at_details(&ANYA).await?;
    app.type_into("first-name", "Аня").await?;
    app.press("consent").await?;
    ensure!(app.sees(&test_id("consent")).await?.is_selected().await?, "the tick is not set");
    lose_page(&mut app).await?;
    app.shows("details").await?;
    assert_eq!(app.value_of("first-name").await?, "Аня");
    ensure!(app.sees(&test_id("consent")).await?.is_selected().await?, "the tick is gone");
    app.type_into("first-name", ANYA.first_name).await?;
    app.press("submit-details").await?;
    app.shows("max").await
}

/// Shows B20.
#[tokio::test]
async fn a_password_that_was_not_sent_is_all_that_is_lost() -> Result<()> {
    let (stand, mut app) = at_password(&ANYA).await?;
    app.type_into("password-input", PASSWORD).await?;
    lose_page(&mut app).await?;
    app.shows("password").await?;
    assert_eq!(app.value_of("password-input").await?, "");
    stand.give_password(&app, PASSWORD).await
}

/// Shows B20.
#[tokio::test]
async fn a_page_that_dies_in_a_dialog_shows_the_dialog_again_with_half_a_code() -> Result<()> {
    let (mut stand, mut app) = begun().await?;
    stand.to_linked(&app, &MISHA).await?;
    app.press("back-to-diary").await?;
    open_security(&app).await?;
    app.press("unlink").await?;
    app.press("send-owner-code").await?;
    let code = stand.phone.code(&MISHA, 2).await?;
    app.type_into("owner-code", &code[..3]).await?;
    lose_page(&mut app).await?;
    app.sees(&test_id("proof")).await?;
    assert_eq!(app.value_of("owner-code").await?, code[..3]);
    app.type_into("owner-code", &code).await?;
    app.press("proof-do").await?;
    app.sees("[data-testid='link-state'][data-linked='false']").await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 2, "another SMS was sent");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn a_page_that_dies_during_a_call_shows_the_same_day_and_the_call_goes_on() -> Result<()> {
    let (mut stand, mut app) = begun().await?;
    stand.to_linked(&app, &MISHA).await?;
    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    let shown = to_a_remote_lesson(&app).await?;
    app.press("lesson-sferum").await?;
    let lesson = stand.home.opened_page().await?;
    stand.browser().await?.visit(&lesson, "h1").await?;
    lose_page(&mut app).await?;
    app.shows("diary").await?;
    assert_eq!(day(&app).await?, shown);
    // The call is a page of its own, in a program of its own.
    assert_eq!(stand.browser().await?.address().await?, lesson);
    app.press("lesson-sferum").await?;
    assert_eq!(stand.home.opened_page().await?, lesson);
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn a_page_that_dies_again_and_again_is_drawn_safely_with_what_was_typed() -> Result<()> {
    let (stand, mut app) = at_contact(&MISHA).await?;
    app.type_into("contact-input", "8 900 000").await?;
    for _ in 0..3 {
        app.lose_page().await?;
        app.shows("contact").await?;
        assert_eq!(app.value_of("contact-input").await?, "8 900 000");
    }
    stand.give_number(&app, &MISHA).await?;
    let report = report(&app).await?;
    assert!(report.contains("Показ окна: простой, окно несколько раз закрылось само"), "{report}");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn a_window_that_stays_white_is_begun_with_the_safe_renderer_and_stays_so_on_this_machine() -> Result<()> {
    let stand = Stand::new().await?;
    let app = UndrivenApp::start(&stand, &["mostik://return/nobody-waits-for-this"])?;
    app.stop_drawing(None).await?;
    app.paints().await?;
    assert_eq!(app.words()?, ["--safe-renderer=white", "mostik://return/nobody-waits-for-this"]);
    let seen = mostik_journeys::until("a picture", || async { app.picture().ok().filter(|seen| colours(seen) > 16) });
    seen.await?.save(stand.folder().join("safe.png"))?;
    // The link came to the machine once, though the program has begun twice.
    mostik_journeys::until("the link", || async { app.errors().contains("not awaited").then_some(()) }).await?;
    assert_eq!(app.errors().matches("not awaited").count(), 1, "{}", app.errors());
    ensure!(app.close()?.success(), "the app does not end well");

    let app = stand.app().await?;
    stand.proxy.set(Mode::Refuse);
    app.press("sign-in").await?;
    app.says("offline").await?;
    app.press("support").await?;
    let report = text_of_report(&app).await?;
    assert!(report.contains("Показ окна: простой, обычный оставил окно пустым"), "{report}");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn where_the_safe_renderer_does_not_help_either_the_system_says_what_to_do_and_where_the_log_lies() -> Result<()>
{
    let stand = Stand::new().await?;
    let app = UndrivenApp::start(&stand, &[])?;
    let usual = app.stop_drawing(None).await?;
    app.stop_drawing(Some(usual)).await?;
    app.logs("the window stays empty").await?;
    app.shows_window("Мостик не может показать окно").await?;
    let seen = mostik_journeys::until("a picture", || async { app.picture().ok().filter(|seen| colours(seen) > 16) });
    seen.await?.save(stand.folder().join("word.png"))?;
    ensure!(app.close()?.success(), "the app does not end well");

    // It was not the renderer's fault, so nothing is remembered of it.
    let app = UndrivenApp::start(&stand, &[])?;
    mostik_journeys::until("a painted page", || async { app.errors().contains("the page has painted").then_some(()) })
        .await?;
    assert_eq!(app.words()?, Vec::<String>::new());
    Ok(())
}
