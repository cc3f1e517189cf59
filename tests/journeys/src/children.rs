//! «Кому подключаем Сферум?»: the rows of the children, found by their names, for their ids are the service's own.

use anyhow::Result;
use thirtyfour::{By, extensions::query::ElementQueryable};

use crate::{App, POLL_INTERVAL, Person, TIMEOUT};

/// Where something in the row of this child is.
fn within(child: &Person, what: &str) -> String {
    format!("//li[.//*[@data-testid='child-state']][contains(., '{}')]//{what}", child.first_name)
}

impl App {
    /// Presses the button in the child's row: «Подключить», «Продолжить» and the like.
    ///
    /// # Errors
    /// When there is no such row.
    pub async fn act_for(&self, child: &Person) -> Result<()> {
        let button = within(child, "button[starts-with(@data-testid, 'child-act-')]");
        self.press_what(By::XPath(button), child.login).await
    }

    /// Chooses whose diary goes with the MAX account that the person comes from.
    ///
    /// # Errors
    /// When the child is not among those to choose from.
    pub async fn choose_whose(&self, child: &Person) -> Result<()> {
        let row = format!("//label[.//input[@type='radio']][contains(., '{}')]", child.first_name);
        self.press_what(By::XPath(row), child.login).await
    }

    /// Opens the child's diary.
    ///
    /// # Errors
    /// When there is no such row.
    pub async fn open_diary_of(&self, child: &Person) -> Result<()> {
        let row = within(child, "button[starts-with(@data-testid, 'child-') and not(contains(@data-testid, 'act'))]");
        self.press_what(By::XPath(row), child.login).await?;
        self.shows("diary").await
    }

    /// Waits for this state in the child's row.
    ///
    /// # Errors
    /// When another one stays.
    pub async fn child_is(&self, child: &Person, state: &str) -> Result<()> {
        let place = By::XPath(within(child, &format!("*[@data-testid='child-state'][@data-state='{state}']")));
        let seen = self.query(place).wait(TIMEOUT, POLL_INTERVAL).exists().await?;
        anyhow::ensure!(seen, "{} is not «{state}»: {}", child.first_name, self.text().await?);
        Ok(())
    }

    /// From a child's diary or wizard back to the children.
    ///
    /// # Errors
    /// When there is no way.
    pub async fn back_to_children(&self) -> Result<()> {
        if self.view().await? != "diary" {
            self.press("back-to-diary").await?;
            self.shows("diary").await?;
        }
        self.press("account").await?;
        self.press("change-child").await?;
        self.shows("children").await
    }
}
