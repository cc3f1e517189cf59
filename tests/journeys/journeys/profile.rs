//! «Это ваш учебный профиль?»

use anyhow::Result;
use mostik_journeys::{
    driver::test_id,
    person::{LIZA, MISHA, TIMUR},
};
use serde_json::json;

use crate::{at_code, begun};

/// Shows B3, A2.
#[tokio::test]
async fn a_number_that_is_linked_to_another_pupil_is_refused_without_naming_them() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_linked(&app, &MISHA).await?;
    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    app.press("account").await?;
    app.press("sign-out").await?;

    stand.sign_in(&app, &TIMUR).await?;
    stand.begin(&app).await?;
    app.type_into("contact-input", TIMUR.types).await?;
    app.press("submit-contact").await?;
    // To one number a minute lies between two codes, whoever asks for them; it passes here as it does for a pupil.
    app.says("resend_too_early").await?;
    app.reads_after_a_minute("Уже можно повторить").await?;
    app.press("submit-contact").await?;
    app.shows("code").await?;
    let code = stand.phone.code(&TIMUR, 2).await?;
    app.type_into("code-input", &code).await?;
    app.shows("taken").await?;
    let text = app.text().await?;
    assert!(!text.contains("Михаил") && !text.contains("Орлов"), "the other pupil is named: {text}");
    app.press("back-to-diary").await?;
    app.sferum_is("attention").await?;
    app.press("press-sferum").await?;
    app.press("change-contact").await?;
    app.shows("contact").await
}

/// Shows B3.
#[tokio::test]
async fn a_profile_that_bears_another_name_needs_an_explicit_yes() -> Result<()> {
    let (stand, app) = at_code(&LIZA).await?;
    let mother = json!([{ "phone": LIZA.types, "first_name": "Марина", "last_name": "Ким", "role": "parent" }]);
    stand.world.import_profiles(&mother.to_string())?;
    stand.give_code(&app, &LIZA).await?;
    app.shows("profile").await?;
    app.sees(&test_id("accept-other-name")).await?;
    app.press("confirm-profile").await?;
    app.says("other_name_not_accepted").await?;
    app.press("accept-other-name").await?;
    app.press("confirm-profile").await?;
    app.shows("max").await
}

/// Shows B3.
#[tokio::test]
async fn whose_diary_it_is_stays_in_sight_and_a_strangers_profile_can_be_turned_down() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("press-sferum").await?;
    app.press("begin").await?;
    for view in ["contact", "code", "profile"] {
        app.shows(view).await?;
        let end = app.words(&test_id("end-left")).await?;
        assert!(end.contains("Михаил Орлов") && end.contains("8 «Б»"), "{view}: {end}");
        match view {
            "contact" => stand.give_number(&app, &MISHA).await?,
            "code" => stand.give_code(&app, &MISHA).await?,
            _ => app.press("reject-profile").await?,
        }
    }
    app.shows("contact").await
}
