//! What effects act on.

use std::{path::PathBuf, sync::Arc};

use mostik_flow::{Language, Reply};
use tokio::sync::watch;
use url::Url;

use crate::{Notifier, Opener, api::Api, input_sender::InputSender, settings::is_loopback};

/// What effects act on.
pub struct EffectContext {
    pub api: Arc<Api>,
    pub opener: Arc<dyn Opener>,
    pub notifier: Arc<dyn Notifier>,
    /// The language that the window speaks.
    pub language: watch::Receiver<Language>,
    pub downloads: PathBuf,
    pub inputs: InputSender,
}

impl EffectContext {
    /// Opens the sign-in's address; the person gets it in hand if that fails.
    pub async fn open_browser(&self, address: String) -> Reply {
        let opened = self.open(address.clone()).await;
        Reply::BrowserOpened { address: (!opened).then_some(address) }
    }

    /// Shows a file that was saved: one of those in the folder of downloads, and nothing else.
    pub async fn show(&self, file: PathBuf) -> bool {
        if file.parent() != Some(&self.downloads) {
            tracing::warn!("a file from elsewhere was not shown");
            return false;
        }
        let opener = Arc::clone(&self.opener);
        tokio::task::spawn_blocking(move || opener.show_in_folder(&file)).await.is_ok_and(|shown| shown.is_ok())
    }

    pub async fn open(&self, address: String) -> bool {
        // Whatever the service says, nothing but a web page is opened: no file, no program, no other app's link.
        let is_page = Url::parse(&address)
            .is_ok_and(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)));
        if !is_page {
            tracing::warn!("an address that is no web page was not opened");
            return false;
        }
        let opener = Arc::clone(&self.opener);
        tokio::task::spawn_blocking(move || opener.open(&address)).await.is_ok_and(|opened| opened.is_ok())
    }
}
