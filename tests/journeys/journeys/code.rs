//! «Введите код из СМС».

use anyhow::Result;
use mostik_journeys::{
    Stand,
    driver::test_id,
    person::{LIZA, MISHA},
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{at_code, at_contact};

/// A code that is not `code`: the same digits, each one further.
fn other_than(code: &str, by: u32) -> String {
    let shifted = |digit: char| char::from_digit((digit.to_digit(10)? + by) % 10, 10);
    code.chars().filter_map(shifted).collect()
}

/// Shows A8, B2.
#[tokio::test]
async fn a_wrong_code_tells_the_tries_left_and_after_five_a_new_one_is_needed() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    app.type_into("code-input", "123").await?;
    app.press("submit-code").await?;
    app.says("code_incomplete").await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    for (by, left) in [(1, "Осталось 4"), (2, "Осталось 3"), (3, "Осталось 2"), (4, "Осталась 1")]
    {
        app.type_into("code-input", &other_than(&code, by)).await?;
        app.says("code_wrong").await?;
        app.reads(left).await?;
    }
    app.type_into("code-input", &other_than(&code, 5)).await?;
    app.reads("Попыток больше нет").await?;
    app.sees(&test_id("resend")).await?;
    Ok(())
}

/// Shows B2.
#[tokio::test]
async fn a_code_that_has_run_out_says_so_and_a_new_one_is_one_tap_away() -> Result<()> {
    let (mut stand, app) = at_code(&MISHA).await?;
    let first = stand.phone.code(&MISHA, 1).await?;
    stand.world.let_time_pass("+11m")?;
    app.type_into("code-input", &first).await?;
    app.says("code_expired").await?;
    app.press("resend").await?;
    let second = stand.phone.code(&MISHA, 2).await?;
    app.type_into("code-input", &second).await?;
    app.shows("profile").await
}

/// Shows B2.
#[tokio::test]
async fn after_a_resend_the_older_code_says_that_it_is_old() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    let first = stand.phone.code(&MISHA, 1).await?;
    assert!(!app.has(&test_id("resend")).await?, "a new code can be had at once");
    // The least time between two codes is a minute, and it passes here as it does for a pupil.
    app.reads_after_a_minute("Прислать новый код").await?;
    app.press("resend").await?;
    let second = stand.phone.code(&MISHA, 2).await?;
    app.sees_no(&test_id("resend")).await?;
    app.type_into("code-input", &first).await?;
    app.says("code_superseded").await?;
    app.type_into("code-input", &second).await?;
    app.shows("profile").await
}

/// Shows B2, A7.
#[tokio::test]
async fn the_number_can_be_changed_and_the_awaited_code_come_back_to() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    app.press("change-contact").await?;
    app.shows("contact").await?;
    app.press("back-to-code").await?;
    app.shows("code").await?;
    app.reads(MISHA.spoken).await?;
    app.press("change-contact").await?;
    app.shows("contact").await?;
    stand.give_number(&app, &LIZA).await?;
    app.reads(LIZA.spoken).await?;
    stand.give_code(&app, &LIZA).await?;
    app.shows("profile").await
}

/// Shows B2.
#[tokio::test]
async fn while_the_sms_provider_is_down_the_window_says_that_the_message_waits() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    stand.phone.faults(json!({ "sms": { "down": true } })).await?;
    stand.give_number(&app, &MISHA).await?;
    app.sees("[data-delivery='delayed']").await?;
    stand.phone.faults(json!({})).await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await
}

/// Shows B19.
#[tokio::test]
async fn while_the_first_sms_centre_does_not_answer_the_code_comes_through_the_second() -> Result<()> {
    // It takes connections and says nothing, as an overloaded centre does.
    let first = TcpListener::bind("127.0.0.1:0").await?;
    let mut stand = Stand::behind_centre(first.local_addr()?.to_string()).await?;
    let app = stand.app().await?;
    stand.to_profile(&app, &MISHA).await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "the code came twice");
    Ok(())
}

/// Shows A8, B2.
#[tokio::test]
async fn the_sixth_digit_submits_whatever_stands_between_the_digits() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    app.sees(&test_id("code-life")).await?;
    app.sees(&test_id("resend-in")).await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    app.type_into("code-input", &format!("{} - {}", &code[..3], &code[3..])).await?;
    app.shows("profile").await
}
