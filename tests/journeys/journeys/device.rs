//! The pupil's device: its keyring, its disk, its clock.

use std::fs;

use anyhow::Result;
use mostik_journeys::{Keyring, Stand, app::Start, person::MISHA};

use crate::begun;

/// Shows B1.
#[tokio::test]
async fn without_a_keyring_the_session_lasts_as_long_as_the_window() -> Result<()> {
    let mut stand = Stand::with_keyring(Keyring::Absent).await?;
    let app = stand.app().await?;
    app.shows("keyring").await?;
    app.sees("[data-problem='absent']").await?;
    app.press("continue-without-keyring").await?;
    stand.sign_in(&app, &MISHA).await?;
    app.warns("session_only").await?;
    app.kill();
    let app = stand.app().await?;
    app.shows("keyring").await
}

/// Shows B1.
#[tokio::test]
async fn a_keyring_that_comes_later_is_found_by_trying_again() -> Result<()> {
    let mut stand = Stand::with_keyring(Keyring::Absent).await?;
    let app = stand.app().await?;
    app.shows("keyring").await?;
    app.press("retry-keyring").await?;
    // A press while the first try is under way does nothing.
    app.sees("[data-testid='retry-keyring']:not([aria-busy])").await?;
    stand.home.set_keyring(Keyring::Open)?;
    app.press("retry-keyring").await?;
    app.shows("sign_in").await
}

/// Shows B1.
#[tokio::test]
async fn a_keyring_whose_question_was_dismissed_is_named_and_opens_the_way_back_to_the_session() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.kill();
    // The system would ask for the keyring's password, and nobody is there to show the question.
    stand.home.set_keyring(Keyring::Locked)?;
    let app = stand.app().await?;
    app.shows("keyring").await?;
    app.sees("[data-problem='dismissed']").await?;
    app.press("retry-keyring").await?;
    app.sees("[data-problem='dismissed']").await?;
    stand.home.set_keyring(Keyring::Open)?;
    app.press("retry-keyring").await?;
    app.shows("diary").await
}

/// Shows B1.
#[tokio::test]
async fn a_database_that_cannot_be_read_is_put_aside_and_the_window_says_so() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.kill();
    let folder = stand.home.app_data();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mostik.sqlite3")) {
            fs::write(path, "this is no database")?;
        }
    }
    let app = stand.app().await?;
    app.warns("store_reset").await?;
    let kept = fs::read_dir(&folder)?.flatten().any(|entry| entry.file_name().to_string_lossy().contains("unreadable"));
    assert!(kept, "what could not be read is gone");
    app.shows("diary").await
}

/// Shows B2, B1.
#[tokio::test]
async fn a_device_whose_clock_is_days_off_is_told_so_and_counts_truly_all_the_same() -> Result<()> {
    for clock in ["+3d", "-3d"] {
        let mut stand = Stand::new().await?;
        let app = stand.app_with(Start { clock, ..Start::default() }).await?;
        stand.sign_in(&app, &MISHA).await?;
        app.warns("clock_off").await?;
        stand.begin(&app).await?;
        stand.give_number(&app, &MISHA).await?;
        app.reads("Код действует ещё 9:5").await?;
        stand.give_code(&app, &MISHA).await?;
        app.shows("profile").await?;
    }
    Ok(())
}
