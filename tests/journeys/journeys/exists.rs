//! «На эту почту уже есть профиль».

use anyhow::Result;
use mostik_journeys::{App, Stand, driver::test_id, person::ANYA, stand::PASSWORD};
use serde_json::json;

use crate::at_child_contact;

/// A stand with Anya's mother at «На эту почту уже есть профиль».
pub async fn at_exists() -> Result<(Stand, App)> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    let known = json!([{ "email": ANYA.mail, "first_name": "Анна", "last_name": "Орлова", "role": "pupil" }]);
    stand.world.import_profiles(&known.to_string())?;
    stand.give_address(&app, ANYA.mail).await?;
    assert!(!app.text().await?.contains("уже есть профиль"), "a stranger learns that there is a profile");
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("exists").await?;
    Ok((stand, app))
}

/// From «На эту почту уже есть профиль» to «Восстановите пароль».
pub async fn recover(app: &App) -> Result<()> {
    app.press("recover-password").await?;
    app.shows("recovery").await
}

/// Shows B4.
#[tokio::test]
async fn before_the_code_a_known_address_and_an_unknown_one_look_alike() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    let known = json!([{ "email": ANYA.mail, "first_name": "Анна", "last_name": "Орлова", "role": "pupil" }]);
    stand.world.import_profiles(&known.to_string())?;
    // The first code of all is told of in other words.
    stand.give_address(&app, "pupil@example.com").await?;
    let mut told = Vec::new();
    for address in [ANYA.mail, "new.pupil@example.com"] {
        app.press("change-contact").await?;
        app.shows("contact").await?;
        stand.give_address(&app, address).await?;
        stand.phone.mailed_code(address, 1).await?;
        app.sees("[data-delivery='sent']").await?;
        told.push(unaddressed(&app.text().await?, address));
    }
    assert_eq!(told[0], told[1]);
    Ok(())
}

/// What the window says, without the address and without what counts down.
fn unaddressed(text: &str, address: &str) -> String {
    text.replace(address, "…").chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Shows A16.
#[tokio::test]
async fn an_empty_or_wrong_password_opens_nothing() -> Result<()> {
    let (_stand, app) = at_exists().await?;
    app.press("sign-in-to-profile").await?;
    app.sees(&test_id("password-empty")).await?;
    app.type_into("profile-password-input", "не тот пароль вовсе").await?;
    app.press("sign-in-to-profile").await?;
    app.says("password_wrong").await?;
    assert_eq!(app.view().await?, "exists");
    Ok(())
}

/// Shows A16.
#[tokio::test]
async fn after_ten_wrong_passwords_the_letter_is_the_only_way_on() -> Result<()> {
    let (mut stand, app) = at_exists().await?;
    for left in (0..10).rev() {
        app.type_into("profile-password-input", "не тот пароль вовсе").await?;
        app.press("sign-in-to-profile").await?;
        let said = match left {
            0 => "Попыток больше нет.".to_owned(),
            1 => "Осталась 1 попытка.".to_owned(),
            2..=4 => format!("Осталось {left} попытки."),
            _ => format!("Осталось {left} попыток."),
        };
        app.reads(&said).await?;
    }
    app.type_into("profile-password-input", "не тот пароль вовсе").await?;
    app.press("sign-in-to-profile").await?;
    app.says("password_blocked").await?;
    stand.world.let_time_pass("+2m")?;
    recover(&app).await
}

/// Shows A16, B2.
#[tokio::test]
async fn a_wrong_code_or_a_weak_password_recovers_nothing() -> Result<()> {
    let (mut stand, app) = at_exists().await?;
    stand.world.let_time_pass("+2m")?;
    recover(&app).await?;
    let code = stand.phone.mailed_code(ANYA.mail, 2).await?;
    assert_eq!(code.len(), 8, "{code}");
    let wrong = if code == "11111111" { "22222222" } else { "11111111" };
    for (typed, password, cause) in [
        (&code[..6], PASSWORD, "code_incomplete"),
        (wrong, "1234567890", "password_too_common"),
        (wrong, PASSWORD, "code_wrong"),
    ] {
        app.type_into("recovery-code-input", typed).await?;
        app.type_into("password-input", password).await?;
        app.press("submit-recovery").await?;
        app.says(cause).await?;
        assert_eq!(app.view().await?, "recovery", "{cause}");
    }
    Ok(())
}

/// Shows A16.
#[tokio::test]
async fn a_recovered_password_opens_the_profile_now_and_later() -> Result<()> {
    let (mut stand, app) = at_exists().await?;
    stand.world.let_time_pass("+2m")?;
    recover(&app).await?;
    let code = stand.phone.mailed_code(ANYA.mail, 2).await?;
    app.type_into("recovery-code-input", &code).await?;
    app.type_into("password-input", PASSWORD).await?;
    app.press("submit-recovery").await?;
    app.shows("profile").await?;
    stand.phone.letter(ANYA.mail, "пароль").await?;

    app.press("reject-profile").await?;
    app.shows("contact").await?;
    stand.world.let_time_pass("+4m")?;
    stand.give_address(&app, ANYA.mail).await?;
    stand.give_mailed_code(&app, ANYA.mail, 3).await?;
    app.shows("exists").await?;
    app.type_into("profile-password-input", PASSWORD).await?;
    app.press("sign-in-to-profile").await?;
    app.shows("profile").await?;
    app.press("confirm-profile").await?;
    app.shows("max").await?;
    app.press("skip-max").await?;
    app.shows("linked").await
}
