//! MAX proves the number: in place of an SMS, and in place of the number that was proven before; MAX found, and not.

use anyhow::{Context, Result, ensure};
use mostik_journeys::{App, Stand, driver::test_id, home::Max, person::MISHA};
use serde_json::json;

use crate::{at_contact, at_max, at_profile};

/// A stand at «Подтвердите номер в MAX», and the link into MAX.
async fn at_proof() -> Result<(Stand, App, String)> {
    let (stand, app) = at_contact(&MISHA).await?;
    app.press("prove-by-max").await?;
    app.shows("max").await?;
    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    Ok((stand, app, link))
}

/// Shows B8.
#[tokio::test]
async fn a_number_that_max_does_not_prove_goes_no_further_and_an_sms_is_the_other_way() -> Result<()> {
    let (stand, app, link) = at_proof().await?;
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    for (how, trouble) in
        [(json!({ "forged_hash": true }), "unproven_contact"), (json!({ "phone": "375291234567" }), "number_foreign")]
    {
        stand.phone.share(&MISHA, how).await?;
        app.sees(&format!("[data-trouble='{trouble}']")).await?;
    }
    app.press("by-sms").await?;
    app.shows("contact").await?;
    stand.give_number(&app, &MISHA).await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await
}

/// Shows B8.
#[tokio::test]
async fn max_proves_the_number_and_no_sms_is_sent() -> Result<()> {
    let (stand, app, link) = at_proof().await?;
    app.reads("СМС не понадобится").await?;
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    stand.phone.share_own_number(&MISHA).await?;
    app.shows("profile").await?;
    app.press("confirm-profile").await?;
    app.shows("linked").await?;
    ensure!(stand.phone.codes(&MISHA).await?.is_empty(), "an SMS was sent");
    Ok(())
}

/// Shows A10.
#[tokio::test]
async fn another_number_in_max_is_named_beside_the_proven_one_and_may_take_its_place() -> Result<()> {
    let (stand, app, link) = at_max(&MISHA).await?;
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    stand.phone.share(&MISHA, json!({ "phone": "79000009999" })).await?;
    app.sees(&test_id("max-trouble")).await?;
    let words = app.text().await?;
    for number in ["+7 900 •••-••-99", "+7 900 •••-••-42"] {
        ensure!(words.contains(number), "{number} is not named: {words}");
    }
    let said = stand.phone.bot_answer(&MISHA, 1).await?.to_string();
    ensure!(said.contains("•••-••-99") && said.contains("•••-••-42"), "the bot names them not: {said}");
    // One way out is the other number; the other way is to sign in to MAX with the proven one.
    app.press("take-number").await?;
    app.shows("profile").await?;
    app.reads("+7 900 •••-••-99").await?;
    app.press("confirm-profile").await?;
    app.shows("linked").await
}

/// Shows A6, A11, B7.
#[tokio::test]
async fn without_max_here_the_window_says_how_to_get_it_and_the_step_waits() -> Result<()> {
    let (stand, app) = at_profile(&MISHA).await?;
    app.press("confirm-profile").await?;
    app.shows("max").await?;
    app.reads("Здесь MAX не найден").await?;
    app.sees(&test_id("qr")).await?;
    app.press("how-max").await?;
    app.sees(&test_id("how-max-dialog")).await?;
    app.press("get-max").await?;
    ensure!(!stand.home.opened_page().await?.is_empty(), "no page of MAX was opened");
    app.press("close").await?;
    // The phone's MAX finishes, by the digits that the window shows: no camera, no link.
    let shown = app.sees(&test_id("max-digits")).await?.text().await?;
    stand.phone.open_bot(&MISHA).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    stand.phone.write(&MISHA, "000 000 000").await?;
    ensure!(stand.phone.bot_answer(&MISHA, 1).await?.to_string().contains("не подошли"), "wrong digits are taken");
    stand.phone.write(&MISHA, &shown).await?;
    app.reads("MAX открыт").await?;
    stand.phone.share_own_number(&MISHA).await?;
    app.shows("linked").await
}

/// Shows A6.
#[tokio::test]
async fn max_that_is_on_this_device_is_found() -> Result<()> {
    let (stand, app) = at_profile(&MISHA).await?;
    stand.home.set_max(Max::Installed)?;
    app.press("confirm-profile").await?;
    app.shows("max").await?;
    app.reads("MAX есть на этом устройстве").await?;
    app.sees(&test_id("qr")).await?;
    app.press("open-max").await?;
    stand.home.opened_page().await.map(|_| ()).context("MAX was not opened")
}
