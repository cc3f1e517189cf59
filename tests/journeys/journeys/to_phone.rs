//! «Отправить на телефон»: another device with its own data and its own sign-in.

use anyhow::Result;
use mostik_journeys::{
    Mode, Stand,
    app::App,
    driver::test_id,
    home::Home,
    person::{ANYA, LIZA, MISHA, OLGA, Person},
    to_phone::link_behind,
};

use crate::{at_child_contact, begun};

async fn sign_in_there(stand: &mut Stand, (home, other): &(Home, App), person: &Person) -> Result<()> {
    other.shows("sign_in").await?;
    other.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, person).await
}

/// Shows B21, B5.
#[tokio::test]
async fn the_phone_goes_on_at_the_same_child_and_step_after_its_own_sign_in() -> Result<()> {
    let (mut stand, app) = at_child_contact(&ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    app.press("send-to-phone").await?;
    app.reads("Анна Орлова, 5 «А»").await?;
    app.reads("Код действует ещё").await?;
    let page = app.code_for_the_phone().await?;

    // The page says whose it is and no more, and leads into the app.
    stand.browser().await?.visit(&page, "a[href^='mostik://continue/']").await?;
    stand.browser().await?.reads("Анна О.").await?;
    stand.close_browser();
    let there = stand.another_device().await?;
    there.1.shows("sign_in").await?;
    there.0.open_link(&link_behind(&page).await?)?;
    there.1.sees(&test_id("handed-off")).await?;
    there.1.reads("Анна О.").await?;
    app.sees(&test_id("to-phone-seen")).await?;

    sign_in_there(&mut stand, &there, &OLGA).await?;
    there.1.shows("code").await?;
    there.1.reads(ANYA.mail).await?;
    app.sees(&test_id("to-phone-taken")).await?;
    app.reads("Открыто на телефоне").await?;
    app.press("close-to-phone").await?;
    app.sees_no(&test_id("to-phone")).await?;
    app.shows("code").await?;

    // Both show one linking, and the code was good once.
    stand.give_mailed_code(&there.1, ANYA.mail, 1).await?;
    there.1.shows("password").await?;
    app.shows("password").await?;
    assert_eq!(reqwest::get(&page).await?.status(), 410);
    Ok(())
}

/// Shows B21.
#[tokio::test]
async fn a_photograph_of_the_code_opens_nothing_without_a_sign_in_of_those_whose_it_is() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    let there = stand.another_device().await?;
    sign_in_there(&mut stand, &there, &LIZA).await?;
    there.1.shows("diary").await?;

    app.press("account").await?;
    app.press("send-to-phone").await?;
    let photographed = link_behind(&app.code_for_the_phone().await?).await?;
    // Opened where it was made, it is for another device.
    stand.home.open_link(&photographed)?;
    app.warns("link_refused").await?;
    app.reads("Это код для другого устройства").await?;

    there.0.open_link(&photographed)?;
    there.1.warns("hand_off_not_yours").await?;
    there.1.reads("Михаил О.").await?;
    there.1.shows("diary").await?;
    let text = there.1.text().await?;
    assert!(!text.contains("Орлов") && !text.contains("8 «Б»"), "a stranger reads more than a masked name: {text}");

    // That has spent nothing: it opens for whose it is, by the same link.
    there.1.press("account").await?;
    there.1.press("sign-out").await?;
    there.1.sees(&test_id("handed-off")).await?;
    sign_in_there(&mut stand, &there, &MISHA).await?;
    there.1.shows("diary").await?;
    app.sees(&test_id("to-phone-taken")).await?;
    there.0.open_link(&photographed)?;
    there.1.warns("link_refused").await?;
    there.1.reads("По этому коду уже открывали").await
}

/// Shows B21.
#[tokio::test]
async fn a_new_code_ends_the_older_one_and_without_a_network_the_dialog_says_so_and_goes_on_by_itself() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("account").await?;
    app.press("send-to-phone").await?;
    let older = app.code_for_the_phone().await?;
    app.press("close-to-phone").await?;
    app.sees_no(&test_id("to-phone")).await?;

    stand.proxy.set(Mode::Refuse);
    app.press("account").await?;
    app.press("send-to-phone").await?;
    app.says("offline").await?;
    stand.proxy.set(Mode::Pass);
    let newer = app.code_for_the_phone().await?;
    assert_ne!(older, newer);
    assert_eq!(reqwest::get(&older).await?.status(), 410);
    assert_eq!(reqwest::get(&newer).await?.status(), 200);
    app.press("copy-to-phone").await?;
    app.reads("Ссылка скопирована").await?;
    assert_eq!(app.clipboard()?, newer);

    // Five minutes later it is over, and the next one is a press away.
    stand.world.let_time_pass("+6m")?;
    app.press("close-to-phone").await?;
    assert_eq!(reqwest::get(&newer).await?.status(), 410);
    Ok(())
}
