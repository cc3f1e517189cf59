//! Where links and second starts come in. They may come before the engine runs: then they wait here. Nobody reads them here;
//! a link goes on as it came, and once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mostik_engine::Engine;
use mostik_flow::News;

/// The scheme of our links.
const SCHEME: &str = "mostik:";

/// Takes news from outside, whether the engine runs already or not.
#[derive(Default)]
pub struct Door(Mutex<Behind>);

enum Behind {
    Nobody(Vec<News>),
    Engine(Engine),
}

impl Default for Behind {
    fn default() -> Self {
        Self::Nobody(Vec::new())
    }
}

impl Door {
    /// A link came in, from wherever.
    pub fn link(&self, link: String) {
        self.take(News::Link(link));
    }

    /// The program was started once more, without a link.
    #[cfg(desktop)]
    pub fn second_start(&self) {
        self.take(News::SecondStart);
    }

    /// The engine runs: it gets what has waited, in order, and all that comes from now on.
    pub fn open(&self, engine: Engine) {
        let mut behind = self.behind();
        if let Behind::Nobody(waiting) = std::mem::take(&mut *behind) {
            for news in waiting {
                engine.news(news);
            }
        }
        *behind = Behind::Engine(engine);
    }

    /// Anything else.
    pub fn take(&self, news: News) {
        match &mut *self.behind() {
            Behind::Nobody(waiting) => waiting.push(news),
            Behind::Engine(engine) => engine.news(news),
        }
    }

    fn behind(&self) -> MutexGuard<'_, Behind> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The links among a program's arguments.
pub fn links_in(words: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    words.filter(|word| word.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME)))
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
    use super::{handed_over, links_in};

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
