//! `kill -9` at every step.

use anyhow::Result;
use mostik_journeys::{
    Mode,
    person::{LIZA, MISHA},
};

use crate::{at_code, begun, on_another_device};

/// Shows B1.
#[tokio::test]
async fn killed_at_any_step_the_app_comes_back_to_it_and_nothing_is_done_twice() -> Result<()> {
    let (mut stand, mut app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.kill();
    app = stand.app().await?;
    app.shows("diary").await?;

    stand.begin(&app).await?;
    app.kill();
    app = stand.app().await?;
    app.shows("contact").await?;

    stand.give_number(&app, &MISHA).await?;
    app.kill();
    app = stand.app().await?;
    app.shows("code").await?;

    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await?;
    app.kill();
    app = stand.app().await?;
    app.shows("profile").await?;

    let link = stand.to_max(&app).await?;
    app.kill();
    app = stand.app().await?;
    app.shows("max").await?;

    stand.finish_in_max(&app, &MISHA, &link).await?;
    app.kill();
    app = stand.app().await?;
    app.sferum_is_or_linked().await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "a code was sent twice");
    Ok(())
}

/// Shows B1.
#[tokio::test]
async fn what_happened_while_the_app_was_dead_is_shown_when_it_is_back() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_profile(&app, &MISHA).await?;
    let link = stand.to_max(&app).await?;
    app.kill();
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    stand.phone.share_own_number(&MISHA).await?;
    stand.phone.bot_answer(&MISHA, 1).await?;
    let app = stand.app().await?;
    app.sferum_is_or_linked().await
}

/// Shows B1, A2.
#[tokio::test]
async fn what_is_done_on_another_device_shows_here_by_itself() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_profile(&app, &MISHA).await?;
    let (_home, other) = on_another_device(&mut stand, &MISHA).await?;
    other.shows("profile").await?;
    other.press("confirm-profile").await?;
    other.shows("max").await?;
    app.shows("max").await
}

/// Shows B1.
#[tokio::test]
async fn a_press_on_a_step_that_another_device_has_left_says_so_and_shows_the_present_step() -> Result<()> {
    let (mut stand, app) = at_code(&MISHA).await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    let (_home, other) = on_another_device(&mut stand, &MISHA).await?;
    other.shows("code").await?;
    // No news tells this window what the other one does.
    stand.proxy.set(Mode::NoNews);
    other.press("change-contact").await?;
    other.shows("contact").await?;
    stand.give_number(&other, &LIZA).await?;
    other.reads(LIZA.spoken).await?;
    app.reads(MISHA.spoken).await?;
    app.type_into("code-input", &code).await?;
    app.says("moved_on").await?;
    app.reads(LIZA.spoken).await?;
    stand.proxy.set(Mode::Pass);
    stand.give_code(&app, &LIZA).await?;
    app.shows("profile").await
}
