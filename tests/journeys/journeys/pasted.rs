//! What people paste into «Телефон или почта» and into the code's cells.

use anyhow::Result;
use mostik_journeys::{
    driver::test_id,
    person::{ANYA, MISHA},
};

use crate::{at_child_contact, at_code, at_contact};

/// Shows B18.
#[tokio::test]
async fn a_number_among_words_is_seen_before_it_is_sent() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    let text = "моб.: 8 900 000–12–42 (Миша), 5Б класс";
    app.paste_into("contact-input", text).await?;
    app.sees(&test_id("understood")).await?;
    app.reads(&format!("Нашли номер {}", MISHA.spoken)).await?;
    assert_eq!(app.value_of("contact-input").await?, text, "what was pasted stays");
    assert!(stand.phone.codes(&MISHA).await?.is_empty(), "a code was sent before anybody has seen where to");
    app.press("submit-contact").await?;
    app.shows("code").await?;
    app.reads(MISHA.spoken).await?;
    stand.phone.code(&MISHA, 1).await.map(|_| ())
}

/// Shows B18.
#[tokio::test]
async fn a_whole_contact_card_gives_its_mobile_number() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    let card = "BEGIN:VCARD\nVERSION:3.0\nN:Орлов;Миша;;;\nTEL;TYPE=WORK:+7 495 123-45-67\n\
                item1.TEL;waid=79000001242:+7 900 000-12-42\nEND:VCARD";
    app.paste_into("contact-input", card).await?;
    app.sees(&test_id("understood")).await?;
    app.press("submit-contact").await?;
    app.shows("code").await?;
    app.reads(MISHA.spoken).await?;
    stand.phone.code(&MISHA, 1).await.map(|_| ())
}

/// Shows B18.
#[tokio::test]
async fn what_is_not_one_contact_is_refused_by_name_and_nothing_is_sent() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    for (text, cause) in [
        ("8 900 000-12-42, 8 900 000-12-17", "two_numbers"),
        ("8 900 000-12-42\n8 900 000-12-17", "two_numbers"),
        ("Анна, 8 900 000-12-42, anya@example.ru", "number_and_address"),
        ("anya@example.ru; olga@example.ru", "two_addresses"),
        ("8 900 000-12-42 доб. 12", "phone_extension"),
        ("4276 3800 1234 5678", "phone_too_long"),
        ("8 900 000-12-4", "phone_too_short"),
        ("anyaщ@mail.ru", "email_mixed_alphabets"),
    ] {
        app.paste_into("contact-input", text).await?;
        app.press("submit-contact").await?;
        app.says(cause).await?;
        assert_eq!(app.view().await?, "contact");
    }
    assert!(stand.phone.codes(&MISHA).await?.is_empty(), "a code was sent");
    Ok(())
}

/// Shows B18.
#[tokio::test]
async fn look_alike_letters_and_a_missing_dot_are_asked_about_and_a_real_address_is_not() -> Result<()> {
    let (stand, app) = at_child_contact(&ANYA).await?;
    for (typed, sendable) in [("anya@mаil.ru", true), ("anya@mail,ru", false), ("anya@mailru", false)] {
        app.type_into("contact-input", typed).await?;
        app.press("submit-contact").await?;
        app.sees(&test_id("suggestion")).await?;
        app.reads("anya@mail.ru").await?;
        assert_eq!(app.has(&test_id("send-as-typed")).await?, sendable, "{typed}");
    }
    app.press("take-suggestion").await?;
    app.shows("code").await?;
    app.reads("anya@mail.ru").await?;
    stand.phone.mailed_code("anya@mail.ru", 1).await?;
    app.press("change-contact").await?;
    app.shows("contact").await?;
    stand.give_address(&app, "аня@почта.рф").await?;
    app.reads("аня@почта.рф").await
}

/// Shows B18.
#[tokio::test]
async fn the_pasted_sms_gives_its_code_and_two_of_them_are_said() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    let other = if code == "111111" { "222222" } else { "111111" };
    app.paste_into("code-input", &format!("Мостик: код {other}.\nМостик: код {code}.")).await?;
    app.reads("два разных кода").await?;
    assert_eq!(app.view().await?, "code");
    let sms =
        format!("[27.11.2026, 21:04] +7 900 000-12-42\nМостик: код {code}. Никому не сообщайте. Действует 10 минут.");
    app.paste_into("code-input", &sms).await?;
    app.shows("profile").await
}

/// Shows B18.
#[tokio::test]
async fn digits_of_another_keyboard_are_digits_of_the_code() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    let code = stand.phone.code(&MISHA, 1).await?;
    let arabic = |digit: char| char::from_u32(0x0660 + digit.to_digit(10)?);
    app.type_into("code-input", &code.chars().filter_map(arabic).collect::<String>()).await?;
    app.shows("profile").await
}
