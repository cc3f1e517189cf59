//! Small screens: what one acts on and the main action are in sight before anybody scrolls.

use anyhow::Result;
use mostik_journeys::{
    person::{ANYA, MISHA},
    stand::PASSWORD,
    visibility::{SIZES, is_in_sight},
};

use crate::{at_child_contact, begun};

/// Shows A4, A6, A7, A8, A12, B13.
#[tokio::test]
async fn on_every_usual_screen_a_pupil_is_linked_without_scrolling() -> Result<()> {
    let (mut stand, app) = begun().await?;
    is_in_sight(&app, &SIZES, &["sign-in"]).await?;
    stand.sign_in(&app, &MISHA).await?;
    is_in_sight(&app, &SIZES, &["press-sferum", "card-sferum"]).await?;
    app.press("press-sferum").await?;
    is_in_sight(&app, &SIZES, &["begin", "close-dialog"]).await?;
    app.press("begin").await?;
    app.shows("contact").await?;
    is_in_sight(&app, &SIZES, &["contact-input", "submit-contact"]).await?;
    stand.give_number(&app, &MISHA).await?;
    is_in_sight(&app, &SIZES, &["code-input", "submit-code"]).await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await?;
    is_in_sight(&app, &SIZES, &["row-name", "confirm-profile", "reject-profile"]).await?;
    let link = stand.to_max(&app).await?;
    is_in_sight(&app, &SIZES, &["open-max", "copy-link"]).await?;
    // On the phone, which is the last of them, MAX is here, and the code for another one is a press away.
    is_in_sight(&app, &SIZES[..5], &["qr", "open-max"]).await?;
    stand.finish_in_max(&app, &MISHA, &link).await?;
    is_in_sight(&app, &SIZES, &["open-sferum"]).await
}

/// Shows A9, A14, A15, B13.
#[tokio::test]
async fn on_every_usual_screen_a_profile_is_begun_without_scrolling() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    is_in_sight(&app, &SIZES, &["code-input", "submit-code"]).await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await?;
    is_in_sight(&app, &SIZES, &["password-input", "submit-password"]).await?;
    stand.give_password(&app, PASSWORD).await?;
    app.shows("details").await?;
    is_in_sight(&app, &SIZES, &["last-name", "first-name", "submit-details"]).await
}
