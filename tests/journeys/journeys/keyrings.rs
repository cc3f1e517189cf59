//! Keyrings as they are found: wiped, slow, with two entries of ours, without a place for any, and another desktop's.

use std::fs;

use anyhow::{Result, ensure};
use mostik_journeys::{App, Keyring, Stand, home::Home, person::MISHA};

use crate::begun;

/// Whether there is a token: 43 signs of base64url, letters of both kinds and digits among them.
fn has_token(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| !byte.is_ascii_alphanumeric() && !b"-_".contains(byte))
        .any(|word| word.len() == 43 && word.iter().any(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_digit))
}

/// Nothing of the session lies in the app's folder, whatever the keyring did.
fn nothing_on_the_disk(home: &Home) -> Result<()> {
    let mut looked = 0;
    for entry in fs::read_dir(home.app_data())? {
        let path = entry?.path();
        if path.is_file() {
            looked += 1;
            ensure!(!has_token(&fs::read(&path)?), "a token is in {}", path.display());
        }
    }
    ensure!(looked > 0, "there is nothing in {}", home.app_data().display());
    Ok(())
}

/// Starts the app again, and the session is there.
async fn comes_back(stand: &Stand, app: App) -> Result<App> {
    app.kill();
    let app = stand.app().await?;
    app.shows("diary").await?;
    Ok(app)
}

/// Shows B1.
#[tokio::test]
async fn a_keyring_that_was_wiped_asks_to_sign_in_anew_and_the_step_is_kept() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    stand.begin(&app).await?;
    app.kill();
    stand.home.wipe_keyring()?;
    stand.home.set_keyring(Keyring::Open)?;
    let app = stand.app().await?;
    stand.sign_in_to(&app, &MISHA, "contact").await?;
    ensure!(has_token(&stand.home.kept_secret().await?), "the session is not kept, or tokens look otherwise");
    nothing_on_the_disk(&stand.home)
}

/// Shows B1.
#[tokio::test]
async fn a_keyring_that_takes_its_time_is_named_and_the_session_is_there_once_it_answers() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.kill();
    stand.home.still_keyring()?;
    let app = stand.app().await?;
    // It is waited for as long as a person needs to unlock it.
    app.shows("keyring").await?;
    app.sees("[data-problem='locked']").await?;
    stand.home.wake_keyring()?;
    app.press("retry-keyring").await?;
    app.shows("diary").await
}

/// Shows B1.
#[tokio::test]
async fn of_two_entries_neither_is_believed_and_the_next_sign_in_is_kept() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.kill();
    stand.home.add_entry(&[("service", "app.mostik"), ("username", "session"), ("by", "somebody else")]).await?;
    let app = stand.app().await?;
    app.shows("sign_in").await?;
    stand.sign_in(&app, &MISHA).await?;
    comes_back(&stand, app).await?;
    nothing_on_the_disk(&stand.home)
}

/// Shows B1.
#[tokio::test]
async fn where_the_keyring_has_no_place_for_it_the_session_lasts_as_long_as_the_window_and_that_is_said() -> Result<()>
{
    // Nobody has ever made a keyring here, and nobody is there to show the question for its password.
    let mut stand = Stand::with_keyring(Keyring::Locked).await?;
    let app = stand.app().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.warns("session_only").await?;
    nothing_on_the_disk(&stand.home)
}

/// Shows B1.
#[tokio::test]
async fn kde_s_wallet_without_a_place_for_it_and_with_one() -> Result<()> {
    let mut stand = Stand::with_keyring(Keyring::Absent).await?;
    // Its first run tells nobody of the wallet that it makes.
    stand.home.start_kwallet().await?;
    let app = stand.app().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.warns("session_only").await?;
    app.kill();

    stand.home.start_kwallet().await?;
    let app = stand.app().await?;
    stand.sign_in(&app, &MISHA).await?;
    let app = comes_back(&stand, app).await?;
    app.press("account").await?;
    app.press("sign-out").await?;
    app.shows("sign_in").await?;
    app.kill();
    let app = stand.app().await?;
    app.shows("sign_in").await?;
    nothing_on_the_disk(&stand.home)
}
