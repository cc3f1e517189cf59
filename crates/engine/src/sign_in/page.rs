//! The pages that the browser shows at the end of a sign-in: small, our own, in both languages.

use mostik_flow::CauseKind;

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Signed in.
    Done,
    /// The person refused at the diary.
    Refused,
    /// The diary, the service or the way to it failed.
    Failed,
    /// Not the awaited answer; the sign-in still waits for it.
    Forged,
    /// Nothing is here.
    NotFound,
}

impl Page {
    /// The page for a sign-in that ended with a refusal.
    pub fn of(kind: CauseKind) -> Self {
        if kind == CauseKind::SignInRefused { Self::Refused } else { Self::Failed }
    }

    /// The whole HTTP answer.
    pub fn answer(self) -> String {
        let (status, russian, what, english, what_english) = match self {
            Self::Done => (
                "200 OK",
                "Готово, вернитесь в Мостик",
                "Вход выполнен. Эту вкладку можно закрыть.",
                "Done, go back to Mostik",
                "You are signed in. This tab can be closed.",
            ),
            Self::Refused => (
                "200 OK",
                "Вход отменён",
                "Вы не разрешили вход. Вернитесь в Мостик: там можно начать снова.",
                "Sign-in cancelled",
                "You did not allow it. Go back to Mostik to start again.",
            ),
            Self::Failed => (
                "200 OK",
                "Войти не получилось",
                "Вернитесь в Мостик: там написано, что случилось и что делать.",
                "The sign-in did not work",
                "Go back to Mostik: it says what happened and what to do.",
            ),
            Self::Forged => (
                "400 Bad Request",
                "Это не тот вход",
                "Эта ссылка не от начатого входа. Вернитесь в Мостик и откройте браузер оттуда.",
                "Not this sign-in",
                "This link does not belong to the sign-in that was begun. Open the browser from Mostik.",
            ),
            Self::NotFound => {
                ("404 Not Found", "Здесь ничего нет", "Вернитесь в Мостик.", "Nothing is here", "Go back to Mostik.")
            }
        };
        let body = format!(
            "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><title>{russian}</title>\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style>\
             <main><h1>{russian}</h1><p>{what}</p><section lang=\"en\"><h2>{english}</h2><p>{what_english}</p></section>\
             </main></html>\n"
        );
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
             Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        )
    }
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:18px/1.5 system-ui,sans-serif;margin:0;display:grid;\
                     place-items:center;min-height:100vh}main{max-width:32rem;padding:2rem}h1{font-size:1.6rem}\
                     h2{font-size:1rem}section{opacity:.75;font-size:.9rem;margin-top:2rem}";
