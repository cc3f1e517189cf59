//! The last step: MAX.

use anyhow::{Context, Result};
use mostik_journeys::{
    Stand,
    driver::test_id,
    person::{LIZA, MISHA},
};
use serde_json::json;

use crate::at_max;

/// What the bot says to a contact that is not the one that is awaited.
async fn answer_to(stand: &Stand, how: serde_json::Value) -> Result<String> {
    let known = stand.phone.bot_messages(&MISHA).await?.len();
    stand.phone.share(&MISHA, how).await?;
    let answer = stand.phone.bot_answer(&MISHA, known).await?;
    answer["text"].as_str().map(str::to_owned).context("the bot answers without words")
}

/// Shows A12.
#[tokio::test]
async fn a_contact_that_is_not_the_proven_number_links_nothing_and_says_why() -> Result<()> {
    let (stand, app, link) = at_max(&MISHA).await?;
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    for (how, trouble) in [
        (json!({ "contact_user_id": LIZA.max_user }), "foreign_contact"),
        (json!({ "forged_hash": true }), "unproven_contact"),
        (json!({ "phone": "79000009999" }), "number_differs"),
    ] {
        assert!(!answer_to(&stand, how).await?.is_empty());
        app.sees(&format!("[data-trouble='{trouble}']")).await?;
        assert_eq!(app.view().await?, "max");
    }
    stand.phone.share_own_number(&MISHA).await?;
    app.shows("linked").await
}

/// Shows A12.
#[tokio::test]
async fn a_ticket_that_was_used_or_made_up_links_nothing() -> Result<()> {
    let (stand, app, link) = at_max(&MISHA).await?;
    let (bot, _) = link.split_once("start=").context("the link bears no ticket")?;
    stand.phone.open_in_max(&LIZA, &format!("{bot}start=AAAAAAAAAAAAAAAAAAAAAA")).await?;
    stand.phone.bot_answer(&LIZA, 0).await?;
    assert_eq!(app.view().await?, "max");
    stand.finish_in_max(&app, &MISHA, &link).await?;
    let known = stand.phone.bot_messages(&LIZA).await?.len();
    stand.phone.open_in_max(&LIZA, &link).await?;
    stand.phone.bot_answer(&LIZA, known).await?;
    assert_eq!(app.view().await?, "linked");
    Ok(())
}

/// Shows A12, A13.
#[tokio::test]
async fn the_window_turns_to_done_by_itself_and_opens_the_profile_in_max() -> Result<()> {
    let (mut stand, app, link) = at_max(&MISHA).await?;
    app.sees(&test_id("qr")).await?;
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    app.reads("MAX открыт").await?;
    stand.phone.share_own_number(&MISHA).await?;
    app.shows("linked").await?;
    app.press("open-sferum").await?;
    let page = stand.home.opened_page().await?;
    stand.browser().await?.visit(&page, &test_id("profile")).await
}
