//! A person without a mouse: Tab, arrows, Enter and the space bar. With `MOSTIK_HAND=keys` every journey goes this way.

use anyhow::{Result, bail};
use serde::Deserialize;
use thirtyfour::{By, Key, WebElement};

use crate::{App, until};

/// The most presses of Tab that any place may be away: the round of the longest page, and half of it again.
const MOST: usize = 90;

/// Where the focus is, seen from an element; a label stands for its field.
const SEEN: &str = "
    const it = arguments[0] instanceof HTMLLabelElement ? arguments[0].control : arguments[0];
    const now = document.activeElement;
    return {
        there: it.isConnected,
        focused: it === now,
        kind: it instanceof HTMLInputElement ? it.type : 'other',
        checked: it.checked === true,
        among: it.type === 'radio' && now?.type === 'radio' && now.name === it.name,
    };";

#[derive(Deserialize)]
struct Seen {
    there: bool,
    focused: bool,
    kind: String,
    checked: bool,
    among: bool,
}

impl App {
    /// Presses by keys alone what is found so, as soon as it can be reached.
    pub(crate) async fn press_by_keys(&self, place: By, id: &str) -> Result<()> {
        let element = until(id, || async { self.find(place.clone()).await.ok() }).await;
        let Ok(mut element) = element else {
            bail!("nothing to press: {id} in «{}»: {}", self.view().await?, self.text().await?)
        };
        for _ in 0..MOST {
            let seen = match self.seen_from(&element).await {
                Ok(seen) if seen.there => seen,
                // It was drawn anew meanwhile.
                _ => {
                    element = until(id, || async { self.find(place.clone()).await.ok() }).await?;
                    continue;
                }
            };
            match (seen.focused, seen.kind.as_str()) {
                (true, "checkbox") => return self.type_keys(" ").await,
                (true, "radio") if seen.checked => return Ok(()),
                (true, "radio") => return self.type_keys(" ").await,
                (true, _) => return self.type_keys(Key::Enter).await,
                // Tab stops once in a group of radio buttons; the arrows lead within it.
                (false, "radio") if seen.among => self.type_keys(Key::Down).await?,
                (false, _) => self.type_keys(Key::Tab).await?,
            }
        }
        bail!("no key leads to {id} in «{}»", self.view().await?)
    }

    /// Goes to a field by keys alone.
    pub(crate) async fn enter_by_keys(&self, element: &WebElement, id: &str) -> Result<()> {
        for _ in 0..MOST {
            if self.seen_from(element).await?.focused {
                return Ok(());
            }
            self.type_keys(Key::Tab).await?;
        }
        bail!("no key leads to {id} in «{}»", self.view().await?)
    }

    async fn seen_from(&self, element: &WebElement) -> Result<Seen> {
        Ok(self.execute(SEEN, vec![element.to_json()?]).await?.convert()?)
    }
}
