use std::sync::Arc;

use mostik_flow::{Intent, Language, News, Screen, State};
use tokio::{
    sync::{oneshot, watch},
    task::AbortHandle,
};
use url::Url;

use crate::{
    Ports, Settings, StartError,
    actor::Actor,
    api::Api,
    context::EffectContext,
    effects::EffectRunner,
    http::Http,
    input_sender::{InputSender, Message},
    release,
    session::Session,
    store,
};

/// The running machine. Cheap to clone; with the last clone it ends at once, as if killed. [`Engine::stop`] ends it well.
#[derive(Clone)]
pub struct Engine {
    running: Arc<Running>,
}

struct Running {
    service: Url,
    inputs: InputSender,
    screens: watch::Receiver<Screen>,
    language: watch::Receiver<Language>,
    actor: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.actor.abort();
    }
}

impl Engine {
    /// Opens the store, goes on where the last run ended (or begins), and runs. Needs a tokio runtime.
    ///
    /// # Errors
    /// A setting that cannot be used, by its name.
    pub async fn start(settings: Settings, ports: Ports) -> Result<Self, StartError> {
        let service = settings.checked_service()?;
        let release_key = settings.release_key.as_deref().map(release::key).transpose()?;
        let Settings { data_dir, downloads, timeouts, .. } = settings;
        let Ports { opener, notifier, vault, clock, random } = ports;
        let opened = store::open(&data_dir, clock.now(), &*random).await?;
        let installation = opened.store.installation.clone();

        let (inputs, inbox) = InputSender::new();
        let http =
            Http::new(service.clone(), &timeouts, Arc::clone(&clock), inputs.clone()).map_err(StartError::Network)?;
        let http = Arc::new(http);
        let session = Session::new(Arc::clone(&http), inputs.clone(), timeouts, Arc::clone(&random), vault);
        let api = Api::new(http, Arc::new(session), timeouts, random, installation, release_key);

        let (state, stored) = opened.state.map_or_else(|| (State::fresh(), None), |(state, text)| (state, Some(text)));
        let next = mostik_flow::resume(state.clone(), clock.now());
        let (screens, newest) = watch::channel(mostik_flow::screen_of(&next.state, 1, clock.now()));
        let (language, spoken) = watch::channel(next.state.language);
        let runner = EffectRunner::new(EffectContext {
            api: Arc::new(api),
            opener,
            notifier,
            language: spoken.clone(),
            downloads,
            inputs: inputs.clone(),
        });
        let mut actor =
            Actor { state, stored, store: opened.store, runner, screens, language, clock, inputs: inputs.clone() };
        if opened.reset {
            inputs.news(News::StoreReset);
        }
        let run = async move {
            actor.commit(next).await;
            actor.run(inbox).await;
        };
        let actor = tokio::spawn(run).abort_handle();
        Ok(Self { running: Arc::new(Running { service, inputs, screens: newest, language: spoken, actor }) })
    }

    /// Hands over what the person asks for. Never blocks.
    pub fn send(&self, intent: Intent) {
        self.running.inputs.intent(intent);
    }

    /// Something that happened outside: a deep link, a second start. On phones the system opens the service's own pages in
    /// the app (App Links, Universal Links): they mean what a link of our scheme means.
    pub fn news(&self, news: News) {
        self.running.inputs.news(match news {
            News::Link(link) => News::Link(in_our_scheme(&self.running.service, link)),
            news => news,
        });
    }

    /// The newest screen.
    #[must_use]
    pub fn snapshot(&self) -> Screen {
        self.running.screens.borrow().clone()
    }

    /// The newest screen, and every change from now on.
    #[must_use]
    pub fn screens(&self) -> watch::Receiver<Screen> {
        self.running.screens.clone()
    }

    /// The language that the window speaks, or spoke last: for what has to be said without it.
    #[must_use]
    pub fn language(&self) -> Language {
        *self.running.language.borrow()
    }

    /// Ends after everything that was sent before: running effects are given up, the store is closed.
    pub async fn stop(self) {
        let (stopped, has_stopped) = oneshot::channel();
        self.running.inputs.send(Message::Stop(stopped));
        if has_stopped.await.is_err() {
            tracing::debug!("the engine had stopped already");
        }
    }
}

/// `https://service/open/…` as `mostik://open/…`; every other link as it is, for the parser to refuse.
fn in_our_scheme(service: &Url, link: String) -> String {
    let path = link.strip_prefix(service.as_str().trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'));
    match path {
        Some(path) => format!("mostik://{path}"),
        None => link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_service_alone_are_links_of_ours() {
        let service = Url::parse("https://mostik.example/").unwrap();
        let read = |link: &str| in_our_scheme(&service, link.to_owned());
        for foreign in [
            "https://mostik.example.evil/open/x",
            "https://evil/open/x",
            "http://mostik.example/open/x",
            "mostik://open/x",
        ] {
            assert_eq!(read(foreign), foreign);
        }
        assert_eq!(read("https://mostik.example/open/x"), "mostik://open/x");
    }
}
