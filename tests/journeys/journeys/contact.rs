//! «Телефон или почта».

use anyhow::Result;
use mostik_journeys::person::MISHA;

use crate::{at_contact, begun};

/// Shows A7.
#[tokio::test]
async fn what_is_no_mobile_number_is_refused_by_name_and_stays_as_typed() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    for (typed, cause) in [
        ("", "contact_empty"),
        ("12", "phone_malformed"),
        ("+7 495 123-45-67", "phone_landline"),
        ("+1 202 555 0123", "phone_foreign"),
        ("misha@school.example", "email_not_here"),
    ] {
        app.type_into("contact-input", typed).await?;
        app.press("submit-contact").await?;
        app.says(cause).await?;
        assert_eq!(app.value_of("contact-input").await?, typed);
        assert_eq!(app.view().await?, "contact");
    }
    assert!(stand.phone.codes(&MISHA).await?.is_empty(), "a code was sent");
    Ok(())
}

/// Shows A7.
#[tokio::test]
async fn a_number_is_taken_as_people_type_it_and_shown_as_people_write_it() -> Result<()> {
    for typed in ["8 (900) 000-12-42", "+7(900)0001242", "9000001242", " 7\u{a0}900\u{a0}000\u{202f}12–42 "] {
        let (mut stand, app) = begun().await?;
        stand.sign_in(&app, &MISHA).await?;
        stand.begin(&app).await?;
        app.type_into("contact-input", typed).await?;
        app.press("submit-contact").await?;
        app.shows("code").await?;
        app.reads(MISHA.spoken).await?;
        stand.phone.code(&MISHA, 1).await?;
    }
    Ok(())
}
