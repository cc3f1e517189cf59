//! What the system tells while the window is not in front.

use anyhow::{Result, ensure};
use mostik_journeys::{
    App, Person, Stand,
    driver::test_id,
    log::log_in,
    notifications::{Notification, Notifications},
    person::{ANYA, MISHA, OLGA},
    stand::PASSWORD,
    until,
};

use crate::security::{open_security, prove};

/// It may be read on a lock screen.
fn names_nobody(told: &Notification, person: &Person) {
    let text = format!("{} {}", told.title, told.body);
    for private in [person.first_name, person.spoken, person.number, person.mail, "Орлов", "8 «Б»", "Школа"]
    {
        assert!(!text.contains(private), "the notification says «{private}»: {text}");
    }
}

/// Shows B21.
#[tokio::test]
async fn where_nobody_shows_notifications_the_log_says_so_once_and_the_window_shows_the_same() -> Result<()> {
    const MISSED: &str = "nobody shows notifications here";
    mostik_world::end_all_on_interrupt().ok();
    let mut stand = Stand::by_itself().await?;
    let app = stand.app().await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    stand.to_max_by_mail(&app, &ANYA).await?;
    app.press("skip-max").await?;
    app.shows("linked").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    let (home, other) = stand.another_device().await?;
    other.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, &OLGA).await?;
    other.shows("children").await?;
    other.open_diary_of(&ANYA).await?;
    open_security(&other).await?;
    app.set_front(true)?;
    app.set_front(false)?;
    let folder = stand.home.app_logs();
    let log = || log_in(&folder);
    for _ in 0..2 {
        doom(&other).await?;
        app.sees(&test_id("diary-doomed")).await?;
        until(MISSED, || async { log().contains(MISSED).then_some(()) }).await?;
        keep(&other).await?;
        app.sees_no(&test_id("diary-doomed")).await?;
    }
    // Whoever comes later is found.
    let notifications = Notifications::of(&stand.home).await?;
    doom(&other).await?;
    assert_eq!(notifications.next().await?.title, "Завтра учебный профиль удалят");
    assert_eq!(log().matches(MISSED).count(), 1);
    drop(home);
    Ok(())
}

/// Shows B21.
#[tokio::test]
async fn the_link_that_was_waited_for_is_told_once_and_leads_back_to_the_window() -> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let mut stand = Stand::by_itself().await?;
    let notifications = Notifications::of(&stand.home).await?;
    let app = stand.app().await?;
    stand.to_profile(&app, &MISHA).await?;
    app.set_front(true)?;
    let link = stand.to_max(&app).await?;
    app.set_front(false)?;
    stand.finish_in_max(&app, &MISHA, &link).await?;
    let told = notifications.next().await?;
    assert_eq!(told.title, "Готово: профиль подключён");
    names_nobody(&told, &MISHA);
    ensure!(told.actions.iter().any(|action| action == "default"), "it cannot be pressed: {:?}", told.actions);
    notifications.press(&told).await?;
    app.comes_to_front().await?;
    app.shows("linked").await?;
    ensure!(!notifications.has_more().await, "told twice");
    Ok(())
}

/// Asks for the deletion of the profile, on this device.
async fn doom(app: &App) -> Result<()> {
    app.press("delete").await?;
    prove(app, PASSWORD).await?;
    app.sees(&test_id("doomed")).await.map(|_| ())
}

async fn keep(app: &App) -> Result<()> {
    app.press("keep").await?;
    app.sees_no(&test_id("doomed")).await
}

/// Turns the notifications on or off, under «О программе».
async fn switch(app: &App) -> Result<()> {
    app.press("account").await?;
    app.press("open-about").await?;
    app.press("notices").await?;
    app.press("about-x").await?;
    app.sees_no(&test_id("about")).await
}

/// Shows B21.
#[tokio::test]
async fn a_deletion_and_an_unlink_elsewhere_are_told_but_not_to_who_looks_or_wants_none() -> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let mut stand = Stand::by_itself().await?;
    let notifications = Notifications::of(&stand.home).await?;
    let app = stand.app().await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    stand.to_max_by_mail(&app, &ANYA).await?;
    app.press("skip-max").await?;
    app.shows("linked").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    // Nobody shows notifications there: that hurts nothing.
    let (home, other) = stand.another_device().await?;
    other.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, &OLGA).await?;
    other.shows("children").await?;
    other.open_diary_of(&ANYA).await?;
    open_security(&other).await?;

    app.set_front(true)?;
    doom(&other).await?;
    app.sees(&test_id("diary-doomed")).await?;
    keep(&other).await?;
    app.sees_no(&test_id("diary-doomed")).await?;

    switch(&app).await?;
    app.set_front(false)?;
    doom(&other).await?;
    app.sees(&test_id("diary-doomed")).await?;
    keep(&other).await?;
    app.sees_no(&test_id("diary-doomed")).await?;

    switch(&app).await?;
    doom(&other).await?;
    let told = notifications.next().await?;
    assert_eq!(told.title, "Завтра учебный профиль удалят", "something was told before");
    names_nobody(&told, &ANYA);
    keep(&other).await?;
    app.sees_no(&test_id("diary-doomed")).await?;
    other.press("unlink").await?;
    prove(&other, PASSWORD).await?;
    let told = notifications.next().await?;
    assert_eq!(told.title, "Учебный профиль отвязан");
    names_nobody(&told, &ANYA);
    app.sferum_is("not_linked").await?;
    ensure!(!notifications.has_more().await, "told twice");
    drop(home);
    Ok(())
}
