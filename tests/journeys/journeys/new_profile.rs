//! A profile that is made: its password, the child's details, the consent, and MAX now or later.

use anyhow::Result;
use mostik_journeys::{
    driver::test_id,
    person::{ANYA, OLGA},
    stand::PASSWORD,
};

use crate::{at_child_max, at_details, at_password, begun};

/// Shows A14.
#[tokio::test]
async fn short_common_and_guessable_passwords_are_refused_and_four_words_are_taken() -> Result<()> {
    let (_stand, app) = at_password(&ANYA).await?;
    for (typed, cause) in [
        ("ёж ёж", "password_too_short"),
        ("qwertyuiop", "password_too_common"),
        ("йцукенгшщз", "password_too_common"),
        ("АннаОрлова", "password_too_common"),
    ] {
        app.type_into("password-input", typed).await?;
        app.press("submit-password").await?;
        app.says(cause).await?;
        assert_eq!(app.view().await?, "password", "{typed}");
    }
    app.sees("[data-testid='strength'][data-strength='weak']").await?;
    app.type_into("password-input", PASSWORD).await?;
    app.sees("[data-testid='strength'][data-strength='strong']").await?;
    app.press("submit-password").await?;
    app.shows("details").await
}

/// Shows A14.
#[tokio::test]
async fn a_refused_password_is_mended_by_typing_on_with_pauses_to_think() -> Result<()> {
    let (_stand, app) = at_password(&ANYA).await?;
    app.type_into("password-input", "самовар").await?;
    app.press("submit-password").await?;
    app.says("password_too_short").await?;
    app.type_into("password-input", "самовар клюква").await?;
    app.sees("[data-testid='strength']:not([data-strength='none'])").await?;
    app.is_still().await?;
    app.type_keys(" трамвай ёж").await?;
    app.sees("[data-testid='strength'][data-strength='strong']").await?;
    assert_eq!(app.value_of("password-input").await?, PASSWORD);
    app.press("submit-password").await?;
    app.shows("details").await
}

/// Shows A14.
#[tokio::test]
async fn a_password_can_be_looked_at_and_is_gone_from_the_window_after_a_kill() -> Result<()> {
    let (stand, app) = at_password(&ANYA).await?;
    app.type_into("password-input", PASSWORD).await?;
    app.sees("[data-testid='password-input'][type='password']").await?;
    app.press("toggle-password").await?;
    app.sees("[data-testid='password-input'][type='text']").await?;
    app.kill();
    let app = stand.app().await?;
    app.shows("password").await?;
    assert_eq!(app.value_of("password-input").await?, "");
    Ok(())
}

/// Shows A15, B9.
#[tokio::test]
async fn a_pupil_alone_is_told_that_a_parent_has_to_agree() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &ANYA).await?;
    stand.begin(&app).await?;
    stand.give_address(&app, ANYA.mail).await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await?;
    stand.give_password(&app, PASSWORD).await?;
    app.sees(&test_id("needs-parent")).await?;
    assert!(!app.has(&test_id("submit-details")).await?, "a child can agree for a parent");
    app.press("sign-out").await?;

    stand.sign_in_to(&app, &OLGA, "children").await?;
    app.child_is(&ANYA, "continue").await?;
    app.act_for(&ANYA).await?;
    app.shows("details").await?;
    stand.agree(&app).await
}

/// Shows A15, B9.
#[tokio::test]
async fn details_are_the_diarys_and_without_consent_or_with_another_birth_date_nothing_is_made() -> Result<()> {
    let (stand, app) = at_details(&ANYA).await?;
    for (field, value) in
        [("last-name", "Орлова"), ("first-name", "Анна"), ("middle-name", "Сергеевна"), ("birth-date", "03.03.2015")]
    {
        assert_eq!(app.value_of(field).await?, value, "{field}");
    }
    app.press("submit-details").await?;
    app.says("consent_missing").await?;
    assert_eq!(app.view().await?, "details");
    app.press("read-consent").await?;
    app.reads("законный представитель").await?;
    app.reads("Редакция").await?;
    app.press("close-consent").await?;
    app.press("consent").await?;
    for (field, typed, right, cause) in [
        ("last-name", "Орлова1", "Орлова", "name_malformed"),
        ("birth-date", "04.03.2015", "03.03.2015", "birth_date_wrong"),
        ("birth-date", "03.03.2011", "03.03.2015", "birth_date_wrong"),
    ] {
        app.type_into(field, typed).await?;
        app.press("submit-details").await?;
        app.says(cause).await?;
        assert_eq!(app.view().await?, "details", "{typed}");
        app.type_into(field, right).await?;
    }
    app.press("submit-details").await?;
    app.shows("max").await?;
    stand.phone.letter(ANYA.mail, "связан").await.map(|_| ())
}

/// Shows A15.
#[tokio::test]
async fn a_child_without_a_patronymic_gets_a_profile_too() -> Result<()> {
    let (stand, app) = at_details(&ANYA).await?;
    app.press("no-middle-name").await?;
    stand.agree(&app).await
}

/// Shows A17, A2.
#[tokio::test]
async fn max_can_be_left_for_later_and_the_diary_offers_it_again() -> Result<()> {
    let (stand, app) = at_child_max(&ANYA).await?;
    app.press("skip-max").await?;
    app.shows("linked").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    app.kill();
    let app = stand.app().await?;
    app.sferum_is("linked_without_messenger").await?;
    app.press("press-sferum").await?;
    app.press("renew-max-link").await?;
    app.shows("max").await?;
    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    stand.finish_in_max_by_mail(&app, &ANYA, &link).await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked").await
}

/// Shows A15, A17.
#[tokio::test]
async fn the_whole_route_by_mail_ends_linked_in_max() -> Result<()> {
    let (stand, app) = at_child_max(&ANYA).await?;
    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    stand.finish_in_max_by_mail(&app, &ANYA, &link).await?;
    app.back_to_children().await?;
    app.child_is(&ANYA, "linked").await
}
