//! Where links and second starts come in. They wait here until the window shows something: a program that starts again because it
//! shows nothing takes them along unread. Nobody reads them here; a link goes on as it came, and once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mostik_engine::Engine;
use mostik_flow::News;

/// The scheme of our links.
const SCHEME: &str = "mostik:";

/// Takes news from outside, whether anybody sees the window already or not.
#[derive(Default)]
pub struct NewsQueue(Mutex<QueueState>);

enum QueueState {
    Waiting(Vec<News>),
    Engine(Engine),
}

impl Default for QueueState {
    fn default() -> Self {
        Self::Waiting(Vec::new())
    }
}

impl NewsQueue {
    /// A link came in, from wherever.
    pub fn link(&self, link: String) {
        self.take(News::Link(link));
    }

    /// The program was started once more, without a link.
    #[cfg(desktop)]
    pub fn second_start(&self) {
        self.take(News::SecondStart);
    }

    /// There is something to see: the engine gets what has waited, in order, and all that comes from now on.
    pub fn open(&self, engine: Engine) {
        let mut state = self.state();
        if let QueueState::Waiting(waiting) = std::mem::take(&mut *state) {
            for news in waiting {
                engine.news(news);
            }
        }
        *state = QueueState::Engine(engine);
    }

    /// The links that still wait, for the next run of the program: nobody reads them here any more.
    pub fn unread(&self) -> Vec<String> {
        match &mut *self.state() {
            QueueState::Waiting(waiting) => std::mem::take(waiting).into_iter().filter_map(link_of).collect(),
            QueueState::Engine(_) => Vec::new(),
        }
    }

    /// Takes any news: to the engine, or into the queue.
    pub fn take(&self, news: News) {
        match &mut *self.state() {
            QueueState::Waiting(waiting) => waiting.push(news),
            QueueState::Engine(engine) => engine.news(news),
        }
    }

    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn link_of(news: News) -> Option<String> {
    match news {
        News::Link(link) => Some(link),
        _ => None,
    }
}

/// The links among a program's arguments.
pub fn links_in(words: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    words.filter(|word| is_link(word))
}

/// Whether this bears our scheme.
pub fn is_link(word: &str) -> bool {
    word.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// A link that the system hands over to the running program. A phone opens the service's own https addresses in the app as well
/// (App Links, Universal Links); `https://…/open/x` says what `mostik://open/x` says, and anybody can send either.
#[cfg(any(target_os = "macos", mobile, test))]
pub fn handed_over(url: &url::Url) -> String {
    match url.scheme() {
        "https" => format!("{SCHEME}/{}", &url[url::Position::BeforePath..]),
        _ => url.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{NewsQueue, handed_over, links_in};

    #[test]
    fn links_that_nobody_has_read_are_taken_along_once_and_in_order() {
        let news_queue = NewsQueue::default();
        for link in ["mostik://open/1", "mostik://open/2"] {
            news_queue.link(link.to_owned());
        }
        news_queue.second_start();
        assert_eq!(news_queue.unread(), ["mostik://open/1", "mostik://open/2"]);
        assert!(news_queue.unread().is_empty());
    }

    #[test]
    fn an_address_of_the_service_is_the_link_that_its_page_bears() {
        for (given, taken) in [
            ("https://mostik.example/open/AbC-_1", "mostik://open/AbC-_1"),
            ("https://mostik.example:8443/return/x?next=1#y", "mostik://return/x?next=1#y"),
            ("https://mostik.example", "mostik://"),
            ("mostik://open/https://x", "mostik://open/https://x"),
            ("http://mostik.example/open/x", "http://mostik.example/open/x"),
        ] {
            assert_eq!(handed_over(&given.parse().unwrap()), taken);
        }
    }

    #[test]
    fn only_our_links_are_taken_and_as_they_came() {
        let words =
            ["--x", "https://mostik", "mostik", "MOSTIK://Open/?h=%31#é", "mostik:", "мостик:"].map(str::to_owned);
        assert_eq!(links_in(words.into_iter()).collect::<Vec<_>>(), ["MOSTIK://Open/?h=%31#é", "mostik:"]);
    }
}
