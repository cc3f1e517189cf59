//! Signing in to the diary.

use anyhow::{Context, Result};
use mostik_journeys::{
    driver::test_id,
    person::{LIZA, MISHA},
};

use crate::{at_code, begun};

/// Shows A1.
#[tokio::test]
async fn refusing_at_the_diary_is_said_and_the_sign_in_is_offered_again() -> Result<()> {
    let (mut stand, app) = begun().await?;
    app.press("sign-in").await?;
    let page = stand.home.opened_page().await?;
    stand.browser().await?.visit(&page, &test_id("refuse")).await?;
    stand.browser().await?.answer_diary("refuse").await?;
    app.says("sign_in_refused").await?;
    stand.sign_in(&app, &MISHA).await
}

/// Shows A1.
#[tokio::test]
async fn giving_the_sign_in_up_leads_back_and_the_same_page_can_be_opened_twice() -> Result<()> {
    let (stand, app) = begun().await?;
    app.press("sign-in").await?;
    let page = stand.home.opened_page().await?;
    app.press("open-browser-again").await?;
    assert_eq!(stand.home.opened_page().await?, page);
    app.press("cancel-sign-in").await?;
    app.shows("sign_in").await?;
    app.press("sign-in").await?;
    assert_ne!(stand.home.opened_page().await?, page, "a sign-in that was given up is not taken up again");
    Ok(())
}

/// Shows A1, B3.
#[tokio::test]
async fn the_diary_that_opens_is_the_pupils_own_and_signing_out_closes_it() -> Result<()> {
    let (mut stand, app) = begun().await?;
    assert!(!app.has("input[type=password]").await?, "the diary's password belongs to the diary's page");
    stand.sign_in(&app, &MISHA).await?;
    app.reads("Михаил").await?;
    app.press("account").await?;
    app.press("sign-out").await?;
    app.shows("sign_in").await?;
    stand.sign_in(&app, &LIZA).await?;
    app.reads("Елизавета").await
}

/// Shows A1.
#[tokio::test]
async fn a_blocked_account_is_out_and_told_whom_to_call_until_it_is_unblocked() -> Result<()> {
    let (mut stand, app) = at_code(&MISHA).await?;
    let found = stand.world.support(&["find", MISHA.types])?;
    let account = found["accounts"][0]["id"].as_str().context("no account is found")?;
    stand.world.support(&["block", "--account", account])?;
    app.shows("sign_in").await?;
    app.says("account_blocked").await?;
    app.sees(&test_id("support-code")).await?;
    // The code of the next request stands there then.
    app.press("sign-in").await?;
    let page = stand.home.opened_page().await?;
    stand.choose_at_diary(&page, &MISHA).await?;
    app.shows("sign_in").await?;
    app.says("account_blocked").await?;
    stand.world.support(&["unblock", "--account", account])?;
    stand.sign_in_to(&app, &MISHA, "code").await
}
