//! «Мой паспорт» → «Безопасность»: the data taken away, the profile unlinked or deleted; never without a proof.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use mostik_journeys::{
    App, Person, Stand,
    driver::test_id,
    person::{ANYA, MISHA, OLGA},
    stand::PASSWORD,
};

use crate::{at_child_max, begun};

/// A stand with Anya's mother in Anya's diary, which is linked to a profile by e-mail.
pub async fn at_linked_child() -> Result<(Stand, App)> {
    let (stand, app) = at_child_max(&ANYA).await?;
    app.press("skip-max").await?;
    app.shows("linked").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    Ok((stand, app))
}

/// From the diary to «Безопасность», once the profile is read.
pub async fn open_security(app: &App) -> Result<()> {
    app.press("account").await?;
    app.press("passport").await?;
    app.shows("security").await?;
    app.sees(&test_id("profile-id")).await.map(|_| ())
}

/// Proves the person by the password, in the dialog that is open.
pub async fn prove(app: &App, password: &str) -> Result<()> {
    app.type_into("owner-password", password).await?;
    app.press("proof-do").await
}

/// Where the app of this stand puts downloads.
fn downloads(stand: &Stand) -> PathBuf {
    stand.home.folder().join("Downloads")
}

fn files(stand: &Stand) -> Result<Vec<PathBuf>> {
    let folder = downloads(stand);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut all = fs::read_dir(folder)?.map(|one| Ok(one?.path())).collect::<Result<Vec<_>>>()?;
    all.sort();
    Ok(all)
}

/// Shows A18, A19.
#[tokio::test]
async fn without_the_right_proof_nothing_is_unlinked() -> Result<()> {
    let (stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.reads("o•••@example.ru").await?;
    app.press("unlink").await?;
    app.reads("Отвязать аккаунт Сферум?").await?;
    app.press("proof-do").await?;
    app.sees(&test_id("missing")).await?;
    prove(&app, "не тот пароль вовсе").await?;
    app.says("password_wrong").await?;
    app.reads("Осталось 9 попыток.").await?;

    app.press("by-code").await?;
    app.press("send-owner-code").await?;
    let code = stand.phone.mailed_code(ANYA.mail, 2).await?;
    app.sees(&test_id("owner-code")).await?;
    let wrong = if code == "111111" { "222222" } else { "111111" };
    app.type_into("owner-code", wrong).await?;
    app.press("proof-do").await?;
    app.says("code_wrong").await?;
    app.press("proof-cancel").await?;
    app.sees_no(&test_id("proof")).await?;
    app.sees(&test_id("profile-id")).await?;
    app.press("nav-diary").await?;
    app.sferum_is("linked_without_messenger").await
}

/// Shows A18, A19, B10.
#[tokio::test]
async fn an_unlinked_profile_is_told_of_by_letter_and_can_be_linked_again_at_once() -> Result<()> {
    let (mut stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.press("unlink").await?;
    for words in ["Закроется", "Останется", "Отменить", "Отвязать"] {
        app.reads(words).await?;
    }
    prove(&app, PASSWORD).await?;
    app.sees("[data-testid='link-state'][data-linked='false']").await?;
    stand.phone.letter(ANYA.mail, "отвязан от дневника").await?;

    app.press("security-sferum").await?;
    app.press("begin").await?;
    app.shows("contact").await?;
    stand.world.let_time_pass("+2m")?;
    stand.give_address(&app, ANYA.mail).await?;
    stand.give_mailed_code(&app, ANYA.mail, 2).await?;
    app.shows("exists").await?;
    app.type_into("profile-password-input", PASSWORD).await?;
    app.press("sign-in-to-profile").await?;
    app.press("confirm-profile").await?;
    app.shows("max").await
}

/// Shows A18, A19, B10.
#[tokio::test]
async fn a_profile_by_phone_is_unlinked_by_a_code_and_the_bot_says_so() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_linked(&app, &MISHA).await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await?;
    open_security(&app).await?;
    let said = stand.phone.bot_messages(&MISHA).await?.len();
    app.press("unlink").await?;
    app.press("send-owner-code").await?;
    let code = stand.phone.code(&MISHA, 2).await?;
    app.sees(&test_id("owner-code")).await?;
    app.type_into("owner-code", &code).await?;
    app.press("proof-do").await?;
    app.sees("[data-testid='link-state'][data-linked='false']").await?;
    let message = stand.phone.bot_answer(&MISHA, said).await?;
    ensure!(message["text"].as_str().is_some_and(|text| text.contains("отвязан")), "the bot says {message}");
    app.press("nav-diary").await?;
    app.sferum_is("not_linked").await
}

/// Shows B16, B10.
#[tokio::test]
async fn everything_that_is_held_is_saved_as_two_files_and_the_address_is_told() -> Result<()> {
    let (stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.press("export").await?;
    prove(&app, "не тот пароль вовсе").await?;
    app.says("password_wrong").await?;
    ensure!(files(&stand)?.is_empty(), "files without a proof: {:?}", files(&stand)?);
    prove(&app, PASSWORD).await?;
    app.sees(&test_id("saved")).await?;
    let all = files(&stand)?;
    let [page, data] = all.as_slice() else { anyhow::bail!("two files are expected: {all:?}") };
    let (page, data) = (fs::read_to_string(page)?, fs::read_to_string(data)?);
    for known in [ANYA.mail, "Анна", "2015-03-03", "Ольга Орлова"] {
        ensure!(page.contains(known) && data.contains(known), "{known} is missing");
    }
    let json: serde_json::Value = serde_json::from_str(&data).context("the data are no JSON")?;
    ensure!(json["profile"]["email"] == ANYA.mail, "{data}");
    stand.phone.letter(ANYA.mail, "сведения об учебном профиле сохранены").await?;
    Ok(())
}

/// Shows B16.
#[tokio::test]
async fn files_that_cannot_be_written_are_said_to_be_so() -> Result<()> {
    let (stand, app) = at_linked_child().await?;
    fs::write(downloads(&stand), "a file where the folder should be")?;
    open_security(&app).await?;
    app.press("export").await?;
    prove(&app, PASSWORD).await?;
    app.says("files_not_saved").await?;
    fs::remove_file(downloads(&stand))?;
    prove(&app, PASSWORD).await?;
    app.sees(&test_id("saved")).await.map(|_| ())
}

/// Shows B16, B10.
#[tokio::test]
async fn a_deletion_waits_a_day_is_in_sight_and_can_be_called_off() -> Result<()> {
    let (stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.press("delete").await?;
    prove(&app, PASSWORD).await?;
    app.sees(&test_id("doomed")).await?;
    ensure!(!app.has(&test_id("unlink")).await?, "what is about to go can be unlinked");
    stand.phone.letter(ANYA.mail, "профиль будет удалён").await?;
    app.press("nav-diary").await?;
    app.sees(&test_id("diary-doomed")).await?;
    app.kill();

    let app = stand.app().await?;
    app.shows("diary").await?;
    app.press("diary-security").await?;
    app.press("keep").await?;
    app.sees_no(&test_id("doomed")).await?;
    stand.phone.letter(ANYA.mail, "профиль остаётся").await?;
    app.press("nav-diary").await?;
    app.shows("diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    ensure!(!app.has(&test_id("diary-doomed")).await?, "the diary still warns");
    Ok(())
}

/// Shows B16, B10.
#[tokio::test]
async fn a_day_later_the_profile_is_gone_with_the_sign_in_and_can_be_made_anew() -> Result<()> {
    let (mut stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.press("delete").await?;
    prove(&app, PASSWORD).await?;
    app.sees(&test_id("doomed")).await?;
    stand.world.let_time_pass("+25h")?;
    stand.phone.letter(ANYA.mail, "профиль удалён").await?;
    // The next look at the service ends the session here too.
    app.press("nav-diary").await?;
    app.shows("sign_in").await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    app.child_is(&ANYA, "not_linked").await?;
    stand.begin_for(&app, &ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    stand.give_mailed_code(&app, ANYA.mail, 2).await?;
    app.shows("password").await
}

/// Shows A18, B5.
#[tokio::test]
async fn what_another_device_unlinked_is_shown_here_and_done_once() -> Result<()> {
    let (mut stand, app) = at_linked_child().await?;
    open_security(&app).await?;
    app.press("unlink").await?;
    let (home, other) = another_device(&mut stand, &OLGA).await?;
    other.open_diary_of(&ANYA).await?;
    open_security(&other).await?;
    other.press("unlink").await?;
    prove(&other, PASSWORD).await?;
    other.sees("[data-testid='link-state'][data-linked='false']").await?;

    // By itself, the question that was open included.
    app.sees("[data-testid='link-state'][data-linked='false']").await?;
    app.sees_no("[data-testid='proof']").await?;
    stand.phone.letter(ANYA.mail, "отвязан").await?;
    let letters = stand.phone.letters(ANYA.mail).await?;
    let told = letters.iter().filter(|one| one["subject"].as_str().is_some_and(|s| s.contains("отвязан"))).count();
    ensure!(told == 1, "unlinked once, told {told} times");
    drop(home);
    Ok(())
}

/// Shows A18, B10.
#[tokio::test]
async fn what_happened_is_listed_and_another_device_is_signed_out_from_here() -> Result<()> {
    let (mut stand, app) = at_linked_child().await?;
    let (home, other) = another_device(&mut stand, &OLGA).await?;
    open_security(&app).await?;
    for kind in ["linked", "signed_in"] {
        app.sees(&format!("[data-testid='event'][data-kind='{kind}']")).await?;
    }
    app.sees("[data-testid='session'][data-present='true']").await?;
    app.press("end-session").await?;
    app.sees_no("[data-testid='session'][data-present='false']").await?;
    other.open_diary_of(&ANYA).await.ok();
    other.shows("sign_in").await?;
    app.press("sign-out-everywhere").await?;
    app.shows("sign_in").await?;
    drop(home);
    Ok(())
}

async fn another_device(stand: &mut Stand, person: &Person) -> Result<(mostik_journeys::home::Home, App)> {
    let (home, other) = stand.another_device().await?;
    other.press("sign-in").await?;
    stand.choose_at_diary(&home.opened_page().await?, person).await?;
    other.shows("children").await?;
    Ok((home, other))
}
