//! Names as they are: what the diary tells goes through to the end, and what people type is theirs.

use anyhow::Result;
use mostik_journeys::{
    App, Person, Stand,
    driver::test_id,
    person::{ALEXANDRINA, ANYA, BUDI, CHARLES, CONSTANCE, DEWI, GASAN, HUNG, LAYLA, OMAR, PUTRI, SONYA, VICTORIA, YN},
    stand::PASSWORD,
};
use serde_json::json;

use crate::{at_details, begun};

/// From nobody signed in to «Данные ребёнка», as the diary has filled them in.
async fn to_details(stand: &mut Stand, app: &App, parent: &Person, child: &Person) -> Result<()> {
    stand.sign_in_to(app, parent, "children").await?;
    stand.begin_for(app, child).await?;
    stand.give_address(app, child.mail).await?;
    stand.give_mailed_code(app, child.mail, 1).await?;
    app.shows("password").await?;
    stand.give_password(app, PASSWORD).await
}

/// From «Данные ребёнка», left as they are, to the linked diary, and out.
async fn to_the_end(stand: &Stand, app: &App, child: &Person, full_name: &str) -> Result<()> {
    app.reads(full_name).await?;
    stand.agree(app).await?;
    let letter = stand.phone.letter(child.mail, "связан").await?;
    anyhow::ensure!(letter.to_string().contains(child.first_name), "{letter}");
    app.press("skip-max").await?;
    app.shows("linked").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    app.press("account").await?;
    app.reads(full_name).await?;
    app.press("sign-out").await
}

/// Shows B17, A15.
#[tokio::test]
async fn what_hurts_somebody_is_refused_at_its_field_and_any_other_name_is_taken() -> Result<()> {
    let (stand, app) = at_details(&ANYA).await?;
    app.press("consent").await?;
    let long = "а".repeat(61);
    for typed in ["Орлова1", "<b>Орлова", "Ор\u{200b}лова", "-", &long] {
        app.type_into("last-name", typed).await?;
        app.press("submit-details").await?;
        app.says("name_malformed").await?;
        assert_eq!(app.view().await?, "details", "{typed}");
    }
    app.type_into("last-name", "Д’Артаньян – Орлова фон Ляйен").await?;
    app.type_into("first-name", "О").await?;
    app.type_into("middle-name", "Гасан Али кызы").await?;
    app.press("submit-details").await?;
    app.shows("max").await?;
    stand.phone.letter(ANYA.mail, "связан").await.map(|_| ())
}

/// Shows B17, A15.
#[tokio::test]
async fn a_child_with_an_apostrophe_or_a_name_of_two_letters_gets_a_profile() -> Result<()> {
    let (mut stand, app) = begun().await?;
    to_details(&mut stand, &app, &CONSTANCE, &CHARLES).await?;
    assert_eq!(app.value_of("last-name").await?, "Д'Артаньян");
    app.press("no-middle-name").await?;
    to_the_end(&stand, &app, &CHARLES, "Шарль Д'Артаньян").await?;

    to_details(&mut stand, &app, &HUNG, &YN).await?;
    app.press("no-middle-name").await?;
    to_the_end(&stand, &app, &YN, "Ын Чен").await
}

/// Shows B17, A15.
#[tokio::test]
async fn a_name_that_nobody_could_type_is_taken_because_the_diary_tells_it() -> Result<()> {
    let (mut stand, app) = begun().await?;
    to_details(&mut stand, &app, &GASAN, &SONYA).await?;
    for (field, told) in [("last-name", "Ким-2 (Алиева)"), ("first-name", "Соня"), ("middle-name", "-")] {
        assert_eq!(app.value_of(field).await?, told, "{field}");
    }
    app.press("consent").await?;
    app.type_into("last-name", "Ким-3 (Алиева)").await?;
    app.press("submit-details").await?;
    app.says("name_malformed").await?;
    app.type_into("last-name", "Ким-2 (Алиева)").await?;
    app.press("consent").await?;
    to_the_end(&stand, &app, &SONYA, "Соня Ким-2 (Алиева)").await
}

/// Shows B17, A15.
#[tokio::test]
async fn long_names_single_names_and_names_from_right_to_left_go_through_to_the_end() -> Result<()> {
    let (mut stand, app) = begun().await?;
    to_details(&mut stand, &app, &VICTORIA, &ALEXANDRINA).await?;
    let full = "Александрина-Виктория-Екатерина Константинопольская-Задунайская-Преображенская-Новосвятогорская";
    to_the_end(&stand, &app, &ALEXANDRINA, full).await?;

    to_details(&mut stand, &app, &LAYLA, &OMAR).await?;
    app.press("no-middle-name").await?;
    to_the_end(&stand, &app, &OMAR, "عمر الفارسي").await?;

    to_details(&mut stand, &app, &DEWI, &PUTRI).await?;
    assert_eq!(app.value_of("last-name").await?, "");
    app.press("no-middle-name").await?;
    to_the_end(&stand, &app, &PUTRI, "Путри").await
}

/// Shows B17, B3, A12.
#[tokio::test]
async fn one_name_spelt_in_two_ways_is_no_other_name() -> Result<()> {
    let (mut stand, app) = begun().await?;
    // A capital C and a capital O of the other alphabet, and the one name in the other column.
    let spelt = json!([{ "phone": BUDI.types, "first_name": "CУГИАРТO", "role": "pupil" }]);
    stand.world.import_profiles(&spelt.to_string())?;
    stand.to_profile(&app, &BUDI).await?;
    assert!(!app.has(&test_id("accept-other-name")).await?, "one name is taken for two: {}", app.text().await?);
    let link = stand.to_max(&app).await?;
    stand.finish_in_max(&app, &BUDI, &link).await
}
