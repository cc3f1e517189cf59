//! The journeys: what a pupil does and sees in the real window, on real protocols. Each names, after «Shows», the promises of
//! `docs/intended-behaviour.md` that it shows. Refusals come before what works.

mod about;
mod accessibility;
mod by_max;
mod code;
mod contact;
mod device;
mod diary_bar;
mod exists;
mod family;
mod from_max;
mod help;
mod hostile_text;
mod keyrings;
mod last_resort;
mod linked_before;
mod links;
mod mail;
mod markers;
mod max;
mod names;
mod network;
mod new_profile;
mod nodes;
mod notices;
mod pasted;
mod profile;
mod restarts;
mod school;
mod security;
mod sign_in;
mod small_screens;
mod to_phone;
mod tour;
mod vk;
mod window;

use anyhow::Result;
use mostik_journeys::{App, Person, Stand, home::Home, person::OLGA, stand::PASSWORD};

/// A stand with the app in it, nobody signed in.
async fn begun() -> Result<(Stand, App)> {
    // So that Ctrl-C leaves nothing behind; every journey asks for it, the first one gets it.
    mostik_world::end_all_on_interrupt().ok();
    let stand = Stand::new().await?;
    let app = stand.app().await?;
    Ok((stand, app))
}

/// A stand whose operator offers these messengers, with the app in it.
async fn begun_offering(messengers: &str) -> Result<(Stand, App)> {
    mostik_world::end_all_on_interrupt().ok();
    let stand = Stand::offering(messengers).await?;
    let app = stand.app().await?;
    Ok((stand, app))
}

/// A stand with this pupil at «Куда прислать код?».
async fn at_contact(person: &Person) -> Result<(Stand, App)> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, person).await?;
    stand.begin(&app).await?;
    Ok((stand, app))
}

/// A stand with this pupil at «Введите код из СМС».
async fn at_code(person: &Person) -> Result<(Stand, App)> {
    let (stand, app) = at_contact(person).await?;
    stand.give_number(&app, person).await?;
    Ok((stand, app))
}

/// A stand with this pupil at «Это ваш учебный профиль?».
async fn at_profile(person: &Person) -> Result<(Stand, App)> {
    let (stand, app) = at_code(person).await?;
    stand.give_code(&app, person).await?;
    app.shows("profile").await?;
    Ok((stand, app))
}

/// A stand with this pupil at «Остался MAX», and the link into MAX.
async fn at_max(person: &Person) -> Result<(Stand, App, String)> {
    let (stand, app) = at_profile(person).await?;
    let link = stand.to_max(&app).await?;
    Ok((stand, app, link))
}

/// A stand with the mother at her children.
async fn at_children() -> Result<(Stand, App)> {
    let (mut stand, app) = begun().await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    Ok((stand, app))
}

/// A stand with the mother at «Куда прислать код?» of this child.
async fn at_child_contact(child: &Person) -> Result<(Stand, App)> {
    let (stand, app) = at_children().await?;
    stand.begin_for(&app, child).await?;
    Ok((stand, app))
}

/// A stand with the mother at «Придумайте пароль».
async fn at_password(child: &Person) -> Result<(Stand, App)> {
    let (stand, app) = at_child_contact(child).await?;
    stand.give_address(&app, child.mail).await?;
    stand.give_mailed_code(&app, child.mail, 1).await?;
    app.shows("password").await?;
    Ok((stand, app))
}

/// A stand with the mother at «Данные ребёнка».
async fn at_details(child: &Person) -> Result<(Stand, App)> {
    let (stand, app) = at_password(child).await?;
    stand.give_password(&app, PASSWORD).await?;
    Ok((stand, app))
}

/// A stand with the mother at «Остался MAX».
async fn at_child_max(child: &Person) -> Result<(Stand, App)> {
    let (stand, app) = at_details(child).await?;
    stand.agree(&app).await?;
    Ok((stand, app))
}

/// This pupil on another device, at the step where the linking stands.
async fn on_another_device(stand: &mut Stand, person: &Person) -> Result<(Home, App)> {
    let (home, other) = stand.another_device().await?;
    other.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, person).await?;
    other.shows("diary").await?;
    other.sferum_is("continue").await?;
    other.press("press-sferum").await?;
    Ok((home, other))
}
