//! A parent and the children.

use anyhow::Result;
use mostik_journeys::{
    Mode,
    driver::test_id,
    person::{ANYA, LEV, MISHA, OLGA},
};

use crate::{at_child_contact, at_children, begun, on_another_device};

/// Shows A1.
#[tokio::test]
async fn a_pupil_sees_only_himself_and_a_parent_signs_in_to_the_children() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("account").await?;
    app.sees(&test_id("sign-out")).await?;
    assert!(!app.has(&test_id("change-child")).await?, "a pupil is offered other children");
    app.press("sign-out").await?;

    stand.sign_in_to(&app, &OLGA, "children").await?;
    for words in ["Ольга Орлова", "Михаил Орлов", "8 «Б»", "Анна Орлова", "5 «А»", "Лев Орлов", "2 «В»", "Школа № 1242"]
    {
        app.reads(words).await?;
    }
    for child in [&MISHA, &ANYA, &LEV] {
        app.child_is(child, "not_linked").await?;
        app.open_diary_of(child).await?;
        app.reads(child.first_name).await?;
        app.back_to_children().await?;
    }
    Ok(())
}

/// Shows A1, B5, B1, B3.
#[tokio::test]
async fn each_child_has_an_own_wizard_and_a_half_finished_one_waits_where_it_was_left() -> Result<()> {
    let (stand, app) = at_children().await?;
    stand.begin_for(&app, &ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    app.back_to_children().await?;
    app.child_is(&ANYA, "continue").await?;
    app.child_is(&MISHA, "not_linked").await?;

    stand.begin_for(&app, &MISHA).await?;
    let end = app.words(&test_id("end-left")).await?;
    assert!(end.contains("Михаил") && !end.contains("Анна"), "{end}");
    stand.give_number(&app, &MISHA).await?;
    app.reads(MISHA.spoken).await?;
    app.back_to_children().await?;
    app.child_is(&MISHA, "continue").await?;
    app.child_is(&LEV, "not_linked").await?;

    app.act_for(&ANYA).await?;
    app.shows("code").await?;
    app.reads(ANYA.mail).await?;
    app.kill();
    let app = stand.app().await?;
    app.shows("code").await?;
    app.reads(ANYA.mail).await?;
    let end = app.words(&test_id("end-left")).await?;
    assert!(end.contains("Анна") && !end.contains("Михаил"), "{end}");
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await?;
    assert_eq!(stand.phone.letters(ANYA.mail).await?.len(), 1, "a letter was sent twice");
    Ok(())
}

/// Shows B5.
#[tokio::test]
async fn an_address_whose_profile_is_a_sisters_is_refused_and_another_goes_on() -> Result<()> {
    let (mut stand, app) = at_children().await?;
    stand.to_max_by_mail(&app, &ANYA).await?;
    app.back_to_children().await?;
    app.child_is(&ANYA, "linked_without_messenger").await?;

    // To one address a minute lies between two codes, whoever asks for them.
    stand.world.let_time_pass("+2m")?;
    stand.begin_for(&app, &LEV).await?;
    stand.give_address(&app, LEV.mail).await?;
    stand.give_mailed_code(&app, LEV.mail, 2).await?;
    app.shows("taken").await?;
    let text = app.text().await?;
    assert!(!text.contains("Анна"), "the sister is named: {text}");
    app.press("change-contact").await?;
    app.shows("contact").await?;
    stand.give_address(&app, "lev@почта.рф").await?;
    app.reads("lev@почта.рф").await?;
    stand.give_mailed_code(&app, "lev@почта.рф", 1).await?;
    app.shows("password").await
}

/// Shows B5, B1.
#[tokio::test]
async fn when_the_child_goes_on_elsewhere_the_parents_window_says_so_and_both_go_on_from_there() -> Result<()> {
    const OTHER: &str = "anya@почта.рф";
    let (mut stand, app) = at_child_contact(&ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    let code = stand.phone.mailed_code(ANYA.mail, 1).await?;
    let (_home, other) = on_another_device(&mut stand, &ANYA).await?;
    other.shows("code").await?;
    // No news tells the mother's window what the child does.
    stand.proxy.set(Mode::NoNews);
    other.press("change-contact").await?;
    other.shows("contact").await?;
    stand.give_address(&other, OTHER).await?;
    other.reads(OTHER).await?;
    app.type_into("code-input", &code).await?;
    app.says("moved_on").await?;
    app.reads("Анна: с этого аккаунта подключение уже продолжили").await?;
    app.reads(OTHER).await?;
    stand.proxy.set(Mode::Pass);
    stand.give_mailed_code(&app, OTHER, 1).await?;
    app.shows("password").await?;
    other.shows("password").await
}
