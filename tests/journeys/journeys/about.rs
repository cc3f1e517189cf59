//! «О программе»: what is kept where, how the service does, and whose word of a newer release is believed.

use anyhow::Result;
use mostik_journeys::{App, Mode, app::Start, driver::test_id, person::MISHA};

use crate::begun;

/// A key of minisign's own, and of nobody here.
const STRANGERS_KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

async fn open(app: &App) -> Result<()> {
    app.press("account").await?;
    app.press("open-about").await?;
    app.sees(&test_id("about")).await.map(|_| ())
}

async fn update_is(app: &App, update: &str) -> Result<()> {
    app.press("check-release").await?;
    app.sees(&format!("[data-testid='update'][data-update='{update}']")).await.map(|_| ())
}

async fn health_is(app: &App, health: &str) -> Result<()> {
    app.sees(&format!("[data-testid='health'][data-health='{health}']")).await.map(|_| ())
}

/// Shows B21.
#[tokio::test]
async fn a_release_is_believed_by_the_operators_key_alone_and_a_service_that_is_not_well_is_named() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    open(&app).await?;
    // Whoever built this copy has told it no key.
    update_is(&app, "no_key").await?;
    app.close().await?;

    let app = stand.app_with(Start { release_key: STRANGERS_KEY, ..Start::default() }).await?;
    app.shows("diary").await?;
    open(&app).await?;
    update_is(&app, "forged").await?;
    app.close().await?;

    let key = stand.world.address("release_key")?;
    let app = stand.app_with(Start { release_key: &key, ..Start::default() }).await?;
    app.shows("diary").await?;
    open(&app).await?;
    health_is(&app, "well").await?;
    stand.proxy.set(Mode::Broken);
    app.press("check-health").await?;
    health_is(&app, "down").await?;
    update_is(&app, "down").await?;
    stand.proxy.set(Mode::Refuse);
    app.press("check-health").await?;
    health_is(&app, "offline").await?;
    update_is(&app, "offline").await?;
    stand.proxy.set(Mode::Pass);
    app.press("check-health").await?;
    health_is(&app, "well").await?;
    update_is(&app, "newer").await?;
    app.reads("Есть версия 99.0.0 от 1 декабря 2026").await?;
    app.reads("Это выпуск из песочницы").await
}

/// Shows B21.
#[tokio::test]
async fn what_is_kept_where_is_true_and_the_licences_are_there() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    open(&app).await?;
    app.reads("Версия 0.1.0").await?;
    app.reads(&stand.proxy.address()).await?;
    let data = stand.home.app_data();
    app.reads(&data.display().to_string()).await?;
    assert!(data.join("mostik.sqlite3").exists(), "the database is not where the page says");
    app.press("licences").await?;
    app.sees(&test_id("licence-list")).await?;
    app.reads("MIT OR Apache-2.0").await?;
    app.press("about-x").await?;
    app.sees_no(&test_id("about")).await?;
    app.shows("diary").await?;

    // From «Справка» as well, which lies above a step.
    app.press("press-sferum").await?;
    app.press("begin").await?;
    app.shows("contact").await?;
    app.press("help").await?;
    app.press("open-about").await?;
    app.sees(&test_id("about")).await?;
    app.press("about-x").await?;
    app.sees_no(&test_id("about")).await
}
