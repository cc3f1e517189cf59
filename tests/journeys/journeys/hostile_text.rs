//! Whatever is typed or pasted stays text, in every field of the window.

use anyhow::Result;
use mostik_journeys::{App, hostile_text::hostile_texts, person::ANYA, stand::PASSWORD};

use crate::{
    at_child_contact,
    exists::{at_exists, recover},
    security::{at_linked_child, open_security},
};

/// All ten thousand where they are asked for, else some of each kind.
fn texts() -> Vec<String> {
    hostile_texts(if std::env::var_os("MOSTIK_ALL_TEXTS").is_some() { 10_000 } else { 120 })
}

async fn each_of(app: &App, fields: &[&str], texts: &[String]) -> Result<()> {
    for field in fields {
        app.takes_as_text(field, texts).await?;
        println!("soak: {} texts", texts.len());
    }
    Ok(())
}

/// Shows B17.
#[tokio::test]
async fn on_the_way_to_a_new_profile_nothing_that_is_pasted_is_more_than_text() -> Result<()> {
    let texts = texts();
    let (stand, app) = at_child_contact(&ANYA).await?;
    app.watch_for_scripts().await?;
    each_of(&app, &["contact-input"], &texts).await?;
    app.press("submit-contact").await?;
    stand.give_address(&app, ANYA.mail).await?;
    each_of(&app, &["code-input"], &letters(&texts)).await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await?;
    each_of(&app, &["password-input"], &texts).await?;
    stand.give_password(&app, PASSWORD).await?;
    each_of(&app, &["last-name", "first-name", "middle-name", "birth-date"], &texts).await?;
    app.press("help").await?;
    each_of(&app, &["help-search"], &texts).await
}

/// Shows B17.
#[tokio::test]
async fn where_a_profile_is_recovered_nothing_that_is_pasted_is_more_than_text() -> Result<()> {
    let texts = texts();
    let (_stand, app) = at_exists().await?;
    app.watch_for_scripts().await?;
    each_of(&app, &["profile-password-input"], &texts).await?;
    recover(&app).await?;
    each_of(&app, &["recovery-code-input", "password-input"], &letters(&texts)).await
}

/// Shows B17.
#[tokio::test]
async fn where_a_person_proves_themselves_nothing_that_is_pasted_is_more_than_text() -> Result<()> {
    let texts = texts();
    let (_stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.watch_for_scripts().await?;
    app.press("unlink").await?;
    each_of(&app, &["owner-password"], &texts).await?;
    app.press("by-code").await?;
    app.press("send-owner-code").await?;
    each_of(&app, &["owner-code"], &letters(&texts)).await
}

/// The texts without digits: six of them would be sent as a code.
fn letters(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| text.replace(|sign: char| sign.is_numeric(), "")).collect()
}
