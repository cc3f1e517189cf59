//! «Справка», the report for support, and the pages that live outside.

use anyhow::{Context, Result};
use mostik_journeys::{App, Mode, Person, driver::test_id, person::MISHA};
use thirtyfour::Key;

use crate::{at_code, at_contact, begun};

/// The report as it is read.
async fn report(app: &App) -> Result<String> {
    Ok(app.sees(&test_id("report-text")).await?.prop("textContent").await?.unwrap_or_default())
}

/// Nothing by which this person could be known.
fn names_nobody(report: &str, person: &Person) {
    let typed: String = person.types.chars().filter(char::is_ascii_digit).collect();
    let private = [person.first_name, person.spoken, person.number, &typed, person.mail, "Орлов", "8 «Б»", "Школа"];
    for private in private {
        assert!(!report.contains(private), "the report says «{private}»: {report}");
    }
}

/// Opens one question of «Справка».
async fn ask(app: &App, topic: &str) -> Result<()> {
    let question = format!("[data-testid=help-topic][data-topic={topic}]");
    app.sees(&format!("{question} summary")).await?.click().await?;
    app.sees(&format!("{question}[open] [data-testid=help-answer]")).await.map(|_| ())
}

/// Shows B12.
#[tokio::test]
async fn an_outage_is_named_its_report_names_nobody_and_is_copied_as_it_was_read() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    stand.proxy.set(Mode::Broken);
    app.type_into("contact-input", MISHA.types).await?;
    app.press("submit-contact").await?;
    app.says("service_broken").await?;
    app.press("support").await?;
    let read = report(&app).await?;
    for part in ["Мостик 0.1.0, сервис 0.1.0", "(service_broken)", "Wizard(contact)", "по Москве", "linux", "MAX"]
    {
        assert!(read.contains(part), "the report does not say «{part}»: {read}");
    }
    names_nobody(&read, &MISHA);
    app.press("report-copy").await?;
    app.reads("Отчёт скопирован").await?;
    assert_eq!(app.clipboard()?, read);

    app.press("report-page").await?;
    assert_eq!(stand.home.opened_page().await?, "https://prof.sferum.ru/support");
    app.press("report-x").await?;
    app.sees_no(&test_id("report-dialog")).await?;
    assert_eq!(app.value_of("contact-input").await?, MISHA.types);
    stand.proxy.set(Mode::Pass);
    app.press("submit-contact").await?;
    app.shows("code").await
}

/// Shows B12.
#[tokio::test]
async fn who_cannot_even_sign_in_has_a_report_and_the_address_of_support() -> Result<()> {
    let (stand, app) = begun().await?;
    stand.proxy.set(Mode::Refuse);
    app.press("sign-in").await?;
    app.says("offline").await?;
    app.press("support").await?;
    let read = report(&app).await?;
    assert!(read.contains("SignedOut") && read.contains("(offline)"), "{read}");
    app.reads("prof.sferum.ru/support").await?;
    app.sees_no(&test_id("report-page")).await
}

/// Shows A2, B12.
#[tokio::test]
async fn an_error_opens_its_own_answer_and_the_step_is_there_again() -> Result<()> {
    let (stand, app) = at_code(&MISHA).await?;
    app.type_into("code-input", "12345").await?;
    app.press("submit-code").await?;
    app.says("code_incomplete").await?;
    app.press("field-help").await?;
    app.sees("[data-testid=help-answer][data-topic=code_refused]").await?;
    app.type_keys(Key::Escape).await?;
    app.sees_no(&test_id("help-dialog")).await?;
    assert_eq!(app.value_of("code-input").await?, "12345");

    // The button of the step begins with what is asked here, and leads on to all of it.
    app.press("help").await?;
    app.sees("[data-testid=help-near] [data-topic=code_refused]").await?;
    ask(&app, "sms_lost").await?;
    app.press("make-report").await?;
    names_nobody(&report(&app).await?, &MISHA);
    app.press("report-x").await?;
    app.press("help-back").await?;
    stand.give_code(&app, &MISHA).await?;
    app.shows("profile").await
}

/// Shows A2.
#[tokio::test]
async fn the_help_is_searched_by_words_in_any_form_and_on_the_wrong_layout() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("nav-help").await?;
    app.sees("[data-topic=why]").await?;
    app.type_into("help-search", "крокодил").await?;
    app.reads("Такого ответа здесь нет").await?;
    for (typed, topic) in [("ПИСЬМАМИ", "letter_lost"), ("gfhjkm", "password"), ("ребенку без телефона", "no_phone")]
    {
        app.type_into("help-search", typed).await?;
        app.sees(&format!("[data-testid=help-topic][data-topic={topic}]")).await?;
        app.sees_no("[data-topic=why]").await?;
    }
    ask(&app, "no_phone").await?;
    app.press("help-clear").await?;
    ask(&app, "number").await?;
    let picture = app.sees("[data-topic=number] img").await.context("the answer has no picture")?;
    let drawn = mostik_journeys::until("the picture", || async {
        let width = picture.prop("naturalWidth").await.ok()??;
        width.parse::<u32>().ok().filter(|width| *width > 100)
    });
    drawn.await.map(|_| ())
}

/// Shows A2.
#[tokio::test]
async fn library_and_portfolio_open_the_networks_own_pages_in_the_browser() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    for (section, page) in
        [("library", "https://uchebnik.mos.ru/catalogue"), ("portfolio", "https://school.mos.ru/portfolio/student")]
    {
        app.press(&format!("nav-{section}")).await?;
        app.press(&format!("open-{section}")).await?;
        assert_eq!(stand.home.opened_page().await?, page);
        app.sees(&format!("[data-section={section}]")).await?;
    }
    Ok(())
}
