//! The window for everyone: by keyboard alone, in English, and with nothing that axe would find.

use anyhow::Result;
use mostik_journeys::{
    Look, Stand,
    app::{Start, test_id},
    axe,
    person::MISHA,
};
use thirtyfour::Key;

use crate::begun;

async fn axe_finds_nothing_anywhere(look: Look) -> Result<()> {
    let mut stand = Stand::new().await?;
    let app = stand.app_with(Start { look, ..Start::default() }).await?;
    app.shows("sign_in").await?;
    axe::finds_nothing(&app, "sign_in").await?;
    stand.sign_in(&app, &MISHA).await?;
    axe::finds_nothing(&app, "diary").await?;
    app.press("press-sferum").await?;
    app.sees(&test_id("begin")).await?;
    axe::finds_nothing(&app, "the dialog").await?;
    app.press("begin").await?;
    app.shows("contact").await?;
    axe::finds_nothing(&app, "contact").await?;
    app.press("submit-contact").await?;
    app.says("contact_empty").await?;
    axe::finds_nothing(&app, "contact with a cause").await?;
    stand.give_number(&app, &MISHA).await?;
    axe::finds_nothing(&app, "code").await?;
    app.type_into("code-input", "000000").await?;
    app.says("code_wrong").await?;
    axe::finds_nothing(&app, "code with a cause").await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await?;
    axe::finds_nothing(&app, "profile").await?;
    let link = stand.to_max(&app).await?;
    axe::finds_nothing(&app, "max").await?;
    for (width, height) in [(834, 1112), (390, 844)] {
        app.resize(width, height).await?;
        axe::finds_nothing(&app, &format!("max, {width} wide")).await?;
    }
    stand.finish_in_max(&app, &MISHA, &link).await?;
    axe::finds_nothing(&app, "linked, 390 wide").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    axe::finds_nothing(&app, "diary, linked, 390 wide").await
}

/// Shows A2, A4, A7, A8, A12.
#[tokio::test]
async fn axe_finds_nothing_in_the_light() -> Result<()> {
    axe_finds_nothing_anywhere(Look::Light).await
}

/// Shows A2, A4, A7, A8, A12.
#[tokio::test]
async fn axe_finds_nothing_in_the_dark() -> Result<()> {
    axe_finds_nothing_anywhere(Look::Dark).await
}

/// Shows A4, A7, A8, A12.
#[tokio::test]
async fn the_whole_wizard_goes_by_keyboard_alone() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.reach_by_tab("press-sferum").await?;
    app.type_keys(Key::Enter).await?;
    app.reach_by_tab("begin").await?;
    app.type_keys(Key::Enter).await?;
    app.shows("contact").await?;
    app.reach_by_tab("contact-input").await?;
    app.type_keys(MISHA.types).await?;
    app.type_keys(Key::Enter).await?;
    app.shows("code").await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    app.reach_by_tab("code-input").await?;
    app.type_keys(code).await?;
    app.shows("profile").await?;
    app.reach_by_tab("confirm-profile").await?;
    app.type_keys(Key::Enter).await?;
    app.shows("max").await?;
    app.reach_by_tab("open-max").await?;
    app.type_keys(Key::Enter).await?;
    let link = stand.home.opened_page().await?;
    stand.finish_in_max(&app, &MISHA, &link).await
}

/// Shows A2, A7.
#[tokio::test]
async fn the_window_speaks_english_when_it_is_asked_to_and_remembers_it() -> Result<()> {
    let (mut stand, app) = begun().await?;
    app.press("lang-en").await?;
    app.reads("Sign in").await?;
    stand.sign_in(&app, &MISHA).await?;
    app.reads("Not connected").await?;
    let letters = app.text().await?;
    assert!(letters.contains("Sferum"), "{letters}");
    app.close().await?;
    let app = stand.app().await?;
    app.shows("diary").await?;
    app.reads("Not connected").await
}

/// Shows A2.
#[tokio::test]
async fn the_window_remembers_its_size() -> Result<()> {
    let (stand, app) = begun().await?;
    app.resize(900, 700).await?;
    app.close().await?;
    let app = stand.app().await?;
    app.is_sized(900, 700).await
}
