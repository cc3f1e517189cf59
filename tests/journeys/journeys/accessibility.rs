//! The window for everyone: by keyboard alone, in English, and with nothing that axe would find.

use anyhow::Result;
use mostik_journeys::{
    Look, Stand,
    app::Start,
    axe,
    driver::test_id,
    person::{ANYA, MISHA, OLGA},
    stand::PASSWORD,
};
use serde_json::json;
use thirtyfour::Key;

use crate::{at_child_contact, begun};

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

/// Shows A2, A4, A7, A8, A12, B13.
#[tokio::test]
async fn axe_finds_nothing_in_the_light() -> Result<()> {
    axe_finds_nothing_anywhere(Look::Light).await
}

/// Shows A2, A4, A7, A8, A12, B13.
#[tokio::test]
async fn axe_finds_nothing_in_the_dark() -> Result<()> {
    axe_finds_nothing_anywhere(Look::Dark).await
}

async fn axe_finds_nothing_on_the_e_mail_route(look: Look) -> Result<()> {
    let mut stand = Stand::new().await?;
    let app = stand.app_with(Start { look, ..Start::default() }).await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    for (name, width, height) in [("390 wide", 390, 844), ("1280 wide", 1280, 800)] {
        app.resize(width, height).await?;
        axe::finds_nothing(&app, &format!("children, {name}")).await?;
    }
    stand.begin_for(&app, &ANYA).await?;
    app.type_into("contact-input", "anya@gmial.com").await?;
    app.press("submit-contact").await?;
    app.sees(&test_id("suggestion")).await?;
    axe::finds_nothing(&app, "contact with a suggestion").await?;
    stand.phone.faults(json!({ "mail": { "refuse": "mailbox_full" } })).await?;
    app.press("send-as-typed").await?;
    app.sees("[data-delivery='mailbox_full']").await?;
    axe::finds_nothing(&app, "code, the mailbox full").await?;
    stand.phone.faults(json!({})).await?;
    app.press("change-contact").await?;
    app.shows("contact").await?;
    stand.give_address(&app, ANYA.mail).await?;
    axe::finds_nothing(&app, "code by mail").await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await?;
    app.press("submit-password").await?;
    app.says("password_too_short").await?;
    axe::finds_nothing(&app, "password with a cause").await?;
    app.type_into("password-input", PASSWORD).await?;
    app.sees("[data-testid='strength'][data-strength='strong']").await?;
    axe::finds_nothing(&app, "a strong password").await?;
    app.press("submit-password").await?;
    app.shows("details").await?;
    axe::finds_nothing(&app, "details").await?;
    app.press("submit-details").await?;
    app.says("consent_missing").await?;
    axe::finds_nothing(&app, "details with a cause").await?;
    app.resize(390, 844).await?;
    axe::finds_nothing(&app, "details, 390 wide").await?;
    app.press("read-consent").await?;
    app.sees(&test_id("consent-wording")).await?;
    axe::finds_nothing(&app, "the wording of the consent").await?;
    app.press("close-consent").await?;
    stand.agree(&app).await?;
    axe::finds_nothing(&app, "max that can be left for later").await?;
    app.press("skip-max").await?;
    app.shows("linked").await?;
    axe::finds_nothing(&app, "linked, MAX left for later").await?;
    app.back_to_children().await?;
    app.child_is(&ANYA, "linked_without_messenger").await?;
    axe::finds_nothing(&app, "children, one of them linked").await
}

/// Shows A1, A9, A14, A15, A17, B13.
#[tokio::test]
async fn axe_finds_nothing_on_the_e_mail_route_in_the_light() -> Result<()> {
    axe_finds_nothing_on_the_e_mail_route(Look::Light).await
}

/// Shows A1, A9, A14, A15, A17, B13.
#[tokio::test]
async fn axe_finds_nothing_on_the_e_mail_route_in_the_dark() -> Result<()> {
    axe_finds_nothing_on_the_e_mail_route(Look::Dark).await
}

/// Shows A9, A14, A15, B9, B13.
#[tokio::test]
async fn the_e_mail_route_goes_by_keyboard_alone() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    app.reach_by_tab("contact-input").await?;
    app.type_keys(ANYA.mail).await?;
    app.type_keys(Key::Enter).await?;
    app.shows("code").await?;
    let code = stand.phone.mailed_code(ANYA.mail, 1).await?;
    app.reach_by_tab("code-input").await?;
    app.type_keys(code).await?;
    app.shows("password").await?;
    app.reach_by_tab("password-input").await?;
    app.type_keys(PASSWORD).await?;
    app.type_keys(Key::Enter).await?;
    app.shows("details").await?;
    app.reach_by_tab("consent").await?;
    app.type_keys(" ").await?;
    app.reach_by_tab("submit-details").await?;
    app.type_keys(Key::Enter).await?;
    app.shows("max").await?;
    app.reach_by_tab("skip-max").await?;
    app.type_keys(Key::Enter).await?;
    app.shows("linked").await
}

/// Shows A1, A9, A14, A15, B13.
#[tokio::test]
async fn the_e_mail_route_and_its_letters_speak_english_when_asked_to() -> Result<()> {
    let (mut stand, app) = begun().await?;
    app.press("lang-en").await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    app.reads("Each child has a learning profile").await?;
    stand.begin_for(&app, &ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    stand.phone.letter(ANYA.mail, "Mostik: code").await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await?;
    app.reads("Make up a password").await?;
    stand.give_password(&app, PASSWORD).await?;
    app.press("read-consent").await?;
    app.reads("legal representative of a child").await?;
    app.press("close-consent").await?;
    stand.agree(&app).await
}

/// Shows A4, A7, A8, A12, B13.
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

/// Shows A2, A7, B13.
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

/// Shows A2, B13.
#[tokio::test]
async fn the_window_remembers_its_size() -> Result<()> {
    let (stand, app) = begun().await?;
    app.resize(900, 700).await?;
    app.close().await?;
    let app = stand.app().await?;
    app.is_sized(900, 700).await
}
