//! A window that stays white, and a page whose process dies.

use std::time::Duration;

use anyhow::{Result, ensure};
use mostik_journeys::{App, Stand, app::test_id, page::Alone, person::MISHA, stand::PASSWORD};

use crate::{at_child_contact, at_code, at_contact, at_details, begun};

/// So long a window may be without its page.
const BEARABLE: Duration = Duration::from_secs(2);

/// The page dies, twice if a neighbour on this machine was in the way of the first time, and is there again in time.
async fn lose_page(app: &App) -> Result<()> {
    let mut took = app.lose_page().await?;
    if took > BEARABLE {
        took = took.min(app.lose_page().await?);
    }
    println!("the page was there again after {} ms", took.as_millis());
    ensure!(took <= BEARABLE, "the window was without its page for {took:?}");
    Ok(())
}

/// Shows B20.
#[tokio::test]
async fn a_page_that_dies_in_the_wizard_is_there_again_with_what_was_typed() -> Result<()> {
    let (stand, app) = at_contact(&MISHA).await?;
    app.type_into("contact-input", "8 900 000").await?;
    lose_page(&app).await?;
    app.shows("contact").await?;
    assert_eq!(app.value_of("contact-input").await?, "8 900 000");
    stand.give_number(&app, &MISHA).await?;
    stand.phone.code(&MISHA, 1).await?;
    Ok(())
}
