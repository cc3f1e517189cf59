//! The system's own message, where neither the usual renderer nor the safe one shows anything; and what its buttons do.

use anyhow::{Context, Result, ensure};
use mostik_journeys::{
    Stand,
    log::paintings,
    screen_reader::{Message, ScreenReader},
    undriven::UndrivenApp,
    until,
};

const TITLE: &str = "Мостик не может показать окно";
const AGAIN: &str = "Попробовать ещё раз";
const CLOSE: &str = "Закрыть Мостик";

/// Nobody awaits it, and the log says so.
const LINK: &str = "mostik://return/nobody-waits-for-this";

/// The app whose page does not paint with the safe renderer either, the process that should draw it, and the message.
struct Told {
    app: UndrivenApp,
    stopped: rustix::process::Pid,
    reader: ScreenReader,
    message: Message,
}

async fn told(stand: &Stand) -> Result<Told> {
    let reader = ScreenReader::of(&stand.home).await?;
    let app = UndrivenApp::start_beside(&reader, stand, &["--safe-renderer", LINK])?;
    let stopped = app.stop_drawing(None).await?;
    let message = reader.message(app.pid(), TITLE).await?;
    Ok(Told { app, stopped, reader, message })
}

/// Waits until the link has come to the machine so often.
async fn reads_link(app: &UndrivenApp, times: usize) -> Result<()> {
    until("the link", || async { (app.errors().matches("not awaited").count() == times).then_some(()) }).await
}

/// Shows B20.
#[tokio::test]
async fn tried_again_in_vain_it_is_said_once_more() -> Result<()> {
    let stand = Stand::by_itself().await?;
    let Told { mut app, stopped, reader, message } = told(&stand).await?;
    reader.press(&message, AGAIN).await?;
    app.stop_drawing(Some(stopped)).await?;
    app.logs_times("the window stays empty", 2).await?;
    let message = reader.message(app.pid(), TITLE).await?;
    reader.press(&message, CLOSE).await?;
    ensure!(app.ends()?.success(), "the app does not end well");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn closed_from_the_message_the_program_ends_well_and_leaves_nothing() -> Result<()> {
    let stand = Stand::by_itself().await?;
    let Told { mut app, reader, message, .. } = told(&stand).await?;
    reader.press(&message, CLOSE).await?;
    ensure!(app.ends()?.success(), "the app does not end well");
    app.leaves_nothing().await?;
    assert_eq!(paintings(&stand.home.app_logs()), 0);
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn the_message_says_what_to_do_and_the_log_lies_where_it_says() -> Result<()> {
    let stand = Stand::by_itself().await?;
    let Told { app, message, .. } = told(&stand).await?;
    let said = message.texts.join("\n");
    for words in [TITLE, "Ничего не потеряно", AGAIN, "prof.sferum.ru/support", "нет имён, номеров и паролей"]
    {
        ensure!(said.contains(words), "«{words}» is not said: {said}");
    }
    let folder = said.lines().last().context("nothing is said")?;
    assert_eq!(folder, stand.home.app_logs().display().to_string());
    let logs = std::fs::read_dir(folder)?.map(|file| Ok(std::fs::read_to_string(file?.path())?));
    let log = logs.collect::<Result<String>>()?;
    ensure!(log.contains("the window stays empty"), "{log}");
    app.close().map(|_| ())
}

/// Shows B20.
#[tokio::test]
async fn a_page_that_paints_late_takes_the_message_away_and_the_window_is_used() -> Result<()> {
    let stand = Stand::by_itself().await?;
    let Told { app, stopped, reader, .. } = told(&stand).await?;
    app.go_on_drawing(stopped)?;
    app.paints().await?;
    reader.hears_no_message(app.pid()).await?;
    app.shows_window("Мостик").await?;
    reads_link(&app, 1).await?;
    assert_eq!(app.words()?, ["--safe-renderer", LINK], "it has begun anew");
    ensure!(app.close()?.success(), "the app does not end well");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn tried_again_the_program_begins_anew_with_the_link_that_nobody_has_read() -> Result<()> {
    let stand = Stand::by_itself().await?;
    let Told { app, reader, message, .. } = told(&stand).await?;
    reader.press(&message, AGAIN).await?;
    app.paints().await?;
    assert_eq!(app.words()?, ["--safe-renderer=asked", LINK]);
    app.shows_window("Мостик").await?;
    reads_link(&app, 1).await?;
    ensure!(app.close()?.success(), "the app does not end well");
    Ok(())
}
