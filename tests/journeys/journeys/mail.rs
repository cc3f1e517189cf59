//! The code by e-mail, for a child under fourteen.

use anyhow::Result;
use mostik_journeys::{
    driver::test_id,
    person::{ANYA, MISHA},
};
use serde_json::json;

use crate::{at_child_contact, at_children};

/// Shows A9.
#[tokio::test]
async fn an_address_of_an_older_pupil_is_refused_with_the_reason() -> Result<()> {
    let (stand, app) = at_children().await?;
    stand.begin_for(&app, &MISHA).await?;
    app.type_into("contact-input", MISHA.mail).await?;
    app.press("submit-contact").await?;
    app.says("email_not_here").await?;
    app.reads("С 14 лет нужен мобильный номер").await?;
    assert_eq!(app.value_of("contact-input").await?, MISHA.mail);
    assert!(stand.phone.letters(MISHA.mail).await?.is_empty(), "a letter was sent");
    Ok(())
}

/// Shows A9.
#[tokio::test]
async fn what_is_no_address_is_refused_and_a_slip_of_the_hand_is_asked_about() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    for typed in ["anya@", "anya@@mail.ru", "@mail.ru", "anya@почта"] {
        app.type_into("contact-input", typed).await?;
        app.press("submit-contact").await?;
        app.says("email_malformed").await?;
        assert_eq!(app.value_of("contact-input").await?, typed);
    }
    app.type_into("contact-input", "anya@gmial.com").await?;
    app.press("submit-contact").await?;
    app.sees(&test_id("suggestion")).await?;
    app.reads("anya@gmail.com").await?;
    assert!(stand.phone.letters("anya@gmial.com").await?.is_empty(), "a letter was sent before the question");
    app.press("take-suggestion").await?;
    app.shows("code").await?;
    app.reads("anya@gmail.com").await?;
    stand.phone.mailed_code("anya@gmail.com", 1).await?;

    app.press("change-contact").await?;
    app.shows("contact").await?;
    app.type_into("contact-input", "anya@yandx.ru").await?;
    app.press("submit-contact").await?;
    app.press("send-as-typed").await?;
    app.shows("code").await?;
    app.reads("anya@yandx.ru").await?;
    stand.phone.mailed_code("anya@yandx.ru", 1).await.map(|_| ())
}

/// Shows A9, B2.
#[tokio::test]
async fn a_mailbox_that_is_full_or_unknown_is_said_and_another_address_goes_on() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    for (refuse, delivery, address) in [
        ("mailbox_full", "mailbox_full", "full@example.ru"),
        ("unknown_recipient", "no_such_mailbox", "nobody@example.ru"),
    ] {
        stand.phone.faults(json!({ "mail": { "refuse": refuse } })).await?;
        stand.give_address(&app, address).await?;
        app.sees(&format!("[data-delivery='{delivery}']")).await?;
        app.press("change-contact").await?;
        app.shows("contact").await?;
    }
    stand.phone.faults(json!({})).await?;
    stand.give_address(&app, ANYA.mail).await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await
}

/// Shows A9, B2.
#[tokio::test]
async fn a_letter_that_the_mail_server_puts_off_is_said_to_be_late_and_comes_by_itself() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    stand.phone.faults(json!({ "mail": { "refuse": "greylist" } })).await?;
    stand.give_address(&app, ANYA.mail).await?;
    app.sees("[data-delivery='delayed']").await?;
    stand.give_mailed_code(&app, ANYA.mail, 1).await?;
    app.shows("password").await
}

/// Shows A9, B2.
#[tokio::test]
async fn the_code_from_the_letter_opens_the_next_step_and_a_wrong_one_tells_the_tries_left() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    stand.give_address(&app, "  Anya@ПОЧТА.рф ").await?;
    app.reads("Anya@почта.рф").await?;
    let code = stand.phone.mailed_code("anya@почта.рф", 1).await?;
    let letter = stand.phone.letter("anya@почта.рф", &code).await?;
    for safe in ["tls", "authenticated"] {
        assert_eq!(letter[safe], true, "{safe}: {letter}");
    }
    let wrong = if code == "111111" { "222222" } else { "111111" };
    app.type_into("code-input", wrong).await?;
    app.says("code_wrong").await?;
    app.reads("Осталось 4").await?;
    app.type_into("code-input", &code).await?;
    app.shows("password").await
}
