//! Linked once before; and what another device did, shown here by itself.

use anyhow::{Result, ensure};
use mostik_journeys::{App, Stand, driver::test_id, home::Home, person::MISHA};

use crate::{begun, security::open_security};

/// Unlinks by a code, from the diary of somebody who is linked.
pub async fn unlink(stand: &Stand, app: &App, nth: usize) -> Result<()> {
    open_security(app).await?;
    app.press("unlink").await?;
    app.press("send-owner-code").await?;
    let code = stand.phone.code(&MISHA, nth).await?;
    app.type_into("owner-code", &code).await?;
    app.press("proof-do").await?;
    app.sees("[data-testid='link-state'][data-linked='false']").await.map(|_| ())
}

pub async fn also_signed_in(stand: &mut Stand) -> Result<(Home, App)> {
    let (home, other) = stand.another_device().await?;
    other.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, &MISHA).await?;
    other.shows("diary").await?;
    Ok((home, other))
}

/// Shows A5.
#[tokio::test]
async fn who_was_linked_before_signs_in_to_that_profile_with_one_code() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_linked(&app, &MISHA).await?;
    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    unlink(&stand, &app, 2).await?;
    app.press("nav-diary").await?;
    app.shows("diary").await?;
    stand.begin(&app).await?;
    app.sees(&test_id("former")).await?;
    app.reads("+7 900 •••-••-42").await?;
    // The pause between two codes holds for this one too, and is counted down.
    app.press("take-former").await?;
    app.says("resend_too_early").await?;
    app.reads_after_a_minute("Уже можно повторить").await?;
    app.press("take-former").await?;
    app.shows("code").await?;
    let code = stand.phone.code(&MISHA, 3).await?;
    app.type_into("code-input", &code).await?;
    app.shows("profile").await?;
    app.press("confirm-profile").await?;
    // MAX was asked when the two were linked for the first time.
    app.shows("linked").await
}

/// Shows A5, A18.
#[tokio::test]
async fn a_link_made_or_removed_on_another_device_is_shown_here_by_itself() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.sferum_is("not_linked").await?;
    let (home, other) = also_signed_in(&mut stand).await?;
    other.press("press-sferum").await?;
    other.press("begin").await?;
    other.shows("contact").await?;
    app.sferum_is("continue").await?;
    stand.give_number(&other, &MISHA).await?;
    stand.give_code(&other, &MISHA).await?;
    other.shows("profile").await?;
    other.press("confirm-profile").await?;
    other.shows("max").await?;
    other.press("open-max").await?;
    let link = home.opened_page().await?;
    stand.finish_in_max(&other, &MISHA, &link).await?;
    app.sferum_is("linked").await?;

    other.press("back-to-diary").await?;
    other.shows("diary").await?;
    unlink(&stand, &other, 2).await?;
    app.sferum_is("not_linked").await?;
    ensure!(app.view().await? == "diary", "the other device was led away");
    Ok(())
}
