//! What opens doors is nowhere but where it has to be: looked for everywhere that the app writes, says or shows something.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use mostik_journeys::{
    App, Stand,
    app::Start,
    driver::test_id,
    person::{ANYA, OLGA},
    stand::PASSWORD,
};
use serde_json::Value;

/// What the page is told of the machine at this moment, over the bridge between both.
async fn told_to_the_page(app: &App) -> Result<String> {
    const SNAPSHOT: &str = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke('snapshot').then((told) => done(JSON.stringify(told)), (error) => done(String(error)));";
    let told = app.execute_async(SNAPSHOT, Vec::new()).await?.json().as_str().unwrap_or_default().to_owned();
    ensure!(told.contains("\"view\""), "the page was told something else: {told}");
    Ok(told)
}

/// Every file below a folder, with what is in it.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.is_file() {
            found.push((path.display().to_string(), fs::read(&path)?));
        }
    }
    Ok(())
}

/// Shows B11.
#[tokio::test]
async fn no_token_code_or_password_is_in_what_the_page_is_told_in_a_log_a_file_or_a_report() -> Result<()> {
    mostik_world::end_all_on_interrupt().ok();
    let mut stand = Stand::new().await?;
    let app = stand.app_with(Start { log: "trace", ..Start::default() }).await?;
    stand.sign_in_to(&app, &OLGA, "children").await?;
    let tokens: Value = serde_json::from_slice(&stand.home.kept_secret().await?).context("no session is kept")?;
    let token = |name: &str| tokens[name].as_str().map(str::to_owned);
    let mut told = vec![told_to_the_page(&app).await?];

    stand.begin_for(&app, &ANYA).await?;
    stand.give_address(&app, ANYA.mail).await?;
    let code = stand.phone.mailed_code(ANYA.mail, 1).await?;
    // A wrong one first: what is refused is told of.
    app.type_into("code-input", if code == "111111" { "222222" } else { "111111" }).await?;
    app.says("code_wrong").await?;
    told.push(told_to_the_page(&app).await?);
    app.type_into("code-input", &code).await?;
    app.shows("password").await?;
    told.push(told_to_the_page(&app).await?);
    app.type_into("password-input", PASSWORD).await?;
    app.sees("[data-testid='strength'][data-strength='strong']").await?;
    told.push(told_to_the_page(&app).await?);
    app.press("submit-password").await?;
    app.shows("details").await?;
    told.push(told_to_the_page(&app).await?);
    app.press("help").await?;
    app.press("make-report").await?;
    let report = app.sees(&test_id("report-text")).await?.prop("textContent").await?.unwrap_or_default();
    let mut app = app;
    app.lose_page().await?;
    told.push(told_to_the_page(&app).await?);

    let markers = [
        ("the access token", token("access").context("no access token is kept")?),
        ("the refresh token", token("refresh").context("no refresh token is kept")?),
        ("the password", PASSWORD.to_owned()),
        ("the code", code),
    ];
    let mut places = Vec::new();
    files(&stand.home.app_data(), &mut places)?;
    files(&stand.home.folder().join("log"), &mut places)?;
    ensure!(places.iter().any(|(name, bytes)| name.contains("sqlite") && !bytes.is_empty()), "there is no database");
    ensure!(app.log().contains("Call("), "the log tells too little to be looked through");
    places.push(("the report".into(), report.into_bytes()));
    places.extend(told.into_iter().map(|told| ("what the page is told".to_owned(), told.into_bytes())));
    for (what, marker) in &markers {
        for (place, bytes) in &places {
            let there = bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
            // The window's own time stamps have six digits too.
            let is_time = *what == "the code" && place.ends_with(".log") && !says_code(bytes, marker);
            ensure!(!there || is_time, "{what} is in {place}");
        }
    }
    Ok(())
}

/// Whether the digits stand by themselves: not within a longer number, as parts of a second do.
fn says_code(bytes: &[u8], code: &str) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.match_indices(code).any(|(at, _)| {
        let digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit() || sign == '.');
        !digit(text[..at].chars().next_back()) && !digit(text[at + code.len()..].chars().next())
    })
}
