//! A bad network, and a service that is not there.

use std::time::Duration;

use anyhow::{Context, Result};
use mostik_journeys::{Certificate, Mode, Stand, driver::test_id, person::MISHA};
use serde_json::json;

use crate::{at_code, at_contact, at_max, begun};

/// Shows B1.
#[tokio::test]
async fn each_kind_of_broken_answer_is_named_and_the_same_press_works_later() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    for (mode, cause) in [
        (Mode::Truncate, "answer_unreadable"),
        (Mode::Html, "captive_portal"),
        (Mode::Broken, "service_broken"),
        (Mode::Busy, "service_busy"),
    ] {
        stand.proxy.set(mode);
        app.type_into("contact-input", MISHA.types).await?;
        app.press("submit-contact").await?;
        app.says(cause).await?;
        assert_eq!(app.view().await?, "contact");
    }
    stand.proxy.set(Mode::Pass);
    stand.give_number(&app, &MISHA).await?;
    stand.phone.code(&MISHA, 1).await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "a repeated request made another SMS");
    Ok(())
}

/// Shows B1.
#[tokio::test]
async fn a_request_that_nobody_answers_ends_with_its_time_and_the_same_press_works_later() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    stand.proxy.set(Mode::Hang);
    app.type_into("contact-input", MISHA.types).await?;
    app.press("submit-contact").await?;
    // The app asks twice, a quarter of a minute each, and they pass here as they do for a pupil.
    app.reads_after_a_minute("Сервис не ответил вовремя").await?;
    app.says("timeout").await?;
    assert_eq!(app.value_of("contact-input").await?, MISHA.types);
    stand.proxy.set(Mode::Pass);
    app.press("submit-contact").await?;
    app.shows("code").await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "a repeated request made another SMS");
    Ok(())
}

/// Shows B1.
#[tokio::test]
async fn a_line_that_takes_seconds_for_each_answer_is_only_slow() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    stand.proxy.set(Mode::Late(Duration::from_secs(10)));
    app.type_into("contact-input", MISHA.types).await?;
    app.press("submit-contact").await?;
    app.sees(&test_id("slow")).await?;
    app.shows("code").await?;
    app.sees_no(&test_id("cause")).await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "the late answer was asked for again under another key");
    Ok(())
}

/// Shows B1.
#[tokio::test]
async fn an_answer_that_is_lost_after_its_effect_makes_nothing_twice() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    stand.proxy.set(Mode::Lose);
    app.type_into("contact-input", MISHA.types).await?;
    app.press("submit-contact").await?;
    app.says("offline").await?;
    stand.phone.code(&MISHA, 1).await?;
    assert_eq!(app.view().await?, "contact");
    stand.proxy.set(Mode::Pass);
    app.press("submit-contact").await?;
    app.shows("code").await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "a lost answer made another SMS");
    Ok(())
}

/// Shows B1.
#[tokio::test]
async fn a_certificate_that_is_not_to_be_trusted_is_named_and_gets_nothing() -> Result<()> {
    let mut stand = Stand::with_tls().await?;
    let app = stand.app().await?;
    stand.sign_in(&app, &MISHA).await?;
    stand.begin(&app).await?;
    for (mode, cause) in [
        (Mode::Shows(Certificate::Expired), "certificate_out_of_date"),
        (Mode::Shows(Certificate::NotYetValid), "certificate_out_of_date"),
        (Mode::Shows(Certificate::OfAnotherName), "certificate_not_trusted"),
        (Mode::Shows(Certificate::OfAnotherAuthority), "certificate_not_trusted"),
        (Mode::NoTls, "captive_portal"),
    ] {
        stand.proxy.set(mode);
        app.type_into("contact-input", MISHA.types).await?;
        app.press("submit-contact").await?;
        app.says(cause).await.with_context(|| format!("{mode:?}"))?;
        assert_eq!(app.view().await?, "contact");
    }
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 0, "what nobody is to be trusted with was sent all the same");
    stand.proxy.set(Mode::Pass);
    stand.give_number(&app, &MISHA).await
}

/// Shows B11.
#[tokio::test]
async fn nobody_has_to_wait_for_an_answer_and_nothing_is_sent_twice() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    stand.proxy.set(Mode::Hang);
    app.type_into("contact-input", MISHA.types).await?;
    app.press("submit-contact").await?;
    app.sees(&test_id("slow")).await?;
    app.press("stop-waiting").await?;
    app.sees_no(&test_id("slow")).await?;
    assert_eq!(app.value_of("contact-input").await?, MISHA.types);
    stand.proxy.set(Mode::Pass);
    app.press("submit-contact").await?;
    app.shows("code").await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "the request that nobody waited for made an SMS too");
    Ok(())
}

/// Shows B1, A2.
#[tokio::test]
async fn while_the_service_is_away_the_last_state_stays_and_goes_on_when_it_is_back() -> Result<()> {
    let (mut stand, app, link) = at_max(&MISHA).await?;
    stand.world.kill_service();
    app.warns("offline").await?;
    assert_eq!(app.view().await?, "max");
    app.press("back-to-diary").await?;
    app.sferum_is("offline").await?;
    stand.world.serve_again()?;
    app.sees_no("[data-strip='offline']").await?;
    app.press("press-sferum").await?;
    app.shows("max").await?;
    stand.finish_in_max(&app, &MISHA, &link).await
}

/// Shows B1.
#[tokio::test]
async fn a_code_on_a_dead_network_is_not_a_lost_try() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    stand.proxy.set(Mode::Refuse);
    app.type_into("code-input", &code).await?;
    app.says("offline").await?;
    stand.proxy.set(Mode::Pass);
    app.sees_no("[data-strip='offline']").await?;
    app.type_into("code-input", &code).await?;
    app.shows("profile").await
}

/// Shows A1, B1.
#[tokio::test]
async fn a_service_that_is_not_there_is_said_and_the_sign_in_works_once_it_is() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.proxy.set(Mode::Refuse);
    app.press("sign-in").await?;
    app.says("offline").await?;
    stand.proxy.set(Mode::Pass);
    stand.sign_in(&app, &MISHA).await
}

/// Shows A2, B1.
#[tokio::test]
async fn a_diary_that_does_not_answer_is_named_and_can_be_asked_again() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    stand.phone.faults(json!({ "diary": { "status": 503 } })).await?;
    // This week is known already.
    app.press("mode-week").await?;
    app.press("day-next").await?;
    app.says("diary_unavailable").await?;
    stand.phone.faults(json!({})).await?;
    app.press("refresh").await?;
    app.sees_no("[data-cause='diary_unavailable']").await
}
