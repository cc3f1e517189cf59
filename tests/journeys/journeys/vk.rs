//! VK Messenger: beside MAX, or alone.

use anyhow::Result;
use mostik_journeys::{
    App, Person, Stand,
    driver::test_id,
    person::{ANYA, LIZA, MISHA, OLGA},
    stand::PASSWORD,
};

use crate::{begun_offering, security::open_security};

/// A stand with this pupil at the last step, where these messengers are offered.
async fn at_messenger(person: &Person, messengers: &str) -> Result<(Stand, App)> {
    let (mut stand, app) = begun_offering(messengers).await?;
    stand.to_profile(&app, person).await?;
    app.press("confirm-profile").await?;
    app.shows("max").await?;
    Ok((stand, app))
}

/// A stand with Anya's mother at the last step of Anya's wizard.
async fn at_messenger_of_a_child() -> Result<(Stand, App)> {
    let (mut stand, app) = begun_offering("max vk").await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    stand.to_max_by_mail(&app, &ANYA).await?;
    Ok((stand, app))
}

fn trouble(kind: &str) -> String {
    format!("[data-trouble='{kind}']")
}

fn bound(messenger: &str, is: bool) -> String {
    format!("[data-testid='messenger-{messenger}'][data-bound='{is}']")
}

/// Shows A17.
#[tokio::test]
async fn where_vk_is_not_offered_there_is_no_way_to_it() -> Result<()> {
    let (_stand, app) = at_messenger(&MISHA, "max").await?;
    app.sees(&test_id("open-max")).await?;
    app.sees_no(&test_id("vk")).await
}

/// Shows A17.
#[tokio::test]
async fn a_refusal_in_the_browser_and_a_no_to_the_account_link_nothing_and_are_said() -> Result<()> {
    let (mut stand, app) = at_messenger(&MISHA, "max vk").await?;
    stand.choose_at_vk(&app, None).await?;
    stand.browser().await?.reads("VK не подключён").await?;
    stand.close_browser();
    app.sees(&trouble("refused")).await?;

    // His mother's VK is the one that the browser knows.
    stand.answer_about_vk(&app, &OLGA, "no").await?;
    app.sees(&trouble("refused")).await?;
    assert_eq!(app.view().await?, "max");
    app.reads("чужой аккаунт").await
}

/// Shows A17.
#[tokio::test]
async fn a_vk_that_does_not_answer_is_said_and_tried_again() -> Result<()> {
    let (mut stand, app) = at_messenger(&MISHA, "max vk").await?;
    app.press("connect-vk").await?;
    let page = stand.home.opened_page().await?;
    let id = test_id(&format!("vk-{}", MISHA.vk_user));
    stand.browser().await?.visit(&page, &id).await?;
    // The page is open when VK falls ill: what fails is the exchange.
    stand.phone.faults(serde_json::json!({ "vk": { "html": true } })).await?;
    stand.browser().await?.press(&id).await?;
    stand.browser().await?.reads("VK сейчас не отвечает").await?;
    stand.close_browser();
    app.sees(&trouble("unavailable")).await?;
    stand.phone.faults(serde_json::json!({})).await?;
    stand.answer_about_vk(&app, &MISHA, "yes").await?;
    app.shows("linked").await
}

/// Shows A17.
#[tokio::test]
async fn a_vk_account_of_another_profile_is_refused_and_says_so() -> Result<()> {
    let (mut stand, app) = at_messenger(&MISHA, "max vk").await?;
    stand.answer_about_vk(&app, &MISHA, "yes").await?;
    app.shows("linked").await?;
    app.close().await?;

    let (home, app) = stand.another_device().await?;
    app.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, &LIZA).await?;
    app.shows("diary").await?;
    stand.begin(&app).await?;
    stand.give_number(&app, &LIZA).await?;
    stand.give_code(&app, &LIZA).await?;
    app.shows("profile").await?;
    app.press("confirm-profile").await?;
    app.shows("max").await?;
    app.press("connect-vk").await?;
    let page = home.opened_page().await?;
    let id = test_id(&format!("vk-{}", MISHA.vk_user));
    let browser = stand.browser().await?;
    browser.visit(&page, &id).await?;
    browser.press(&id).await?;
    browser.reads("Этот аккаунт VK занят").await?;
    stand.close_browser();
    app.sees(&trouble("account_taken")).await?;
    assert_eq!(app.view().await?, "max");
    Ok(())
}

/// Shows A17, B10.
#[tokio::test]
async fn a_childs_profile_by_mail_is_connected_in_vk_and_told_of_by_letter() -> Result<()> {
    let (mut stand, app) = at_messenger_of_a_child().await?;
    stand.answer_about_vk(&app, &ANYA, "yes").await?;
    app.shows("linked").await?;
    app.reads("VK Мессенджер подключён: Ольга О.").await?;
    stand.phone.letter(ANYA.mail, "подключён VK Мессенджер").await?;
    app.press("open-vk").await?;
    let page = stand.home.opened_page().await?;
    stand.browser().await?.visit(&page, &test_id("profile")).await?;
    stand.close_browser();
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await
}

/// Shows A17.
#[tokio::test]
async fn where_vk_alone_is_offered_a_proven_number_and_vk_make_the_link() -> Result<()> {
    let (mut stand, app) = at_messenger(&MISHA, "vk").await?;
    app.sees_no(&test_id("open-max")).await?;
    assert!(!app.text().await?.contains("MAX"), "MAX is not offered here");
    stand.answer_about_vk(&app, &MISHA, "yes").await?;
    app.shows("linked").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    // The button leads into the messenger that there is.
    app.press("press-sferum").await?;
    let page = stand.home.opened_page().await?;
    stand.browser().await?.visit(&page, &test_id("profile")).await
}

/// Shows A17, A18, A19, B10.
#[tokio::test]
async fn with_both_messengers_one_is_unlinked_and_the_other_stays() -> Result<()> {
    let (mut stand, app) = at_messenger_of_a_child().await?;
    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    stand.finish_in_max_by_mail(&app, &ANYA, &link).await?;
    // The other one later, from «Безопасность».
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    open_security(&app).await?;
    app.press("add-vk").await?;
    app.shows("linked").await?;
    stand.answer_about_vk(&app, &ANYA, "yes").await?;
    app.sees("[data-testid='vk'][data-state='bound']").await?;

    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    open_security(&app).await?;
    app.sees(&bound("max", true)).await?;
    app.sees(&bound("vk", true)).await?;
    app.press("unlink-vk").await?;
    app.reads("Отвязать VK Мессенджер?").await?;
    app.type_into("owner-password", "не тот пароль вовсе").await?;
    app.press("proof-do").await?;
    app.says("password_wrong").await?;
    app.type_into("owner-password", PASSWORD).await?;
    app.press("proof-do").await?;
    app.sees(&bound("vk", false)).await?;
    app.sees(&bound("max", true)).await?;
    app.reads("Отвязан VK Мессенджер").await?;
    stand.phone.letter(ANYA.mail, "VK Мессенджер отвязан").await?;
    app.press("nav-diary").await?;
    app.sferum_is("linked").await
}
