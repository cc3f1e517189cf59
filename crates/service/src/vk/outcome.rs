//! What the browser shows: the question whose account it is, and how it ended.

use axum::{http::StatusCode, response::Response};
use mostik_wire::VkTrouble;

use crate::{
    language::Language,
    linkings::Row,
    names,
    page::{escaped, follow, page_in},
    refusal::Refusal,
};

/// How a sign-in at VK ID ended.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    /// The account is bound.
    Bound,
    /// There is no such sign-in, it is over, or another was begun since.
    Stale,
    /// The linking, or the session that began it, has moved on.
    MovedOn,
    /// The person said no.
    Refused,
    /// The account is another profile's.
    AccountTaken,
    /// The profile went to another pupil meanwhile.
    ProfileTaken,
    /// VK ID does not answer.
    Unavailable,
}

struct Words {
    status: StatusCode,
    heading: &'static str,
    sentence: &'static str,
}

const fn words(status: StatusCode, heading: &'static str, sentence: &'static str) -> Words {
    Words { status, heading, sentence }
}

impl Outcome {
    pub(super) const fn of(trouble: VkTrouble) -> Self {
        match trouble {
            VkTrouble::Refused => Self::Refused,
            VkTrouble::AccountTaken => Self::AccountTaken,
            VkTrouble::Unavailable => Self::Unavailable,
        }
    }

    /// The page, with the way back into the app where that is known.
    pub(super) fn page(self, language: Language, back: Option<&str>) -> Response {
        let (words, text) = match language {
            Language::Ru => (self.ru(), "Вернуться в Мостик"),
            Language::En => (self.en(), "Back to Mostik"),
        };
        let button = back.map(|href| follow((text, href))).unwrap_or_default();
        page_in(language, words.status, words.heading, words.sentence, &button)
    }

    const fn ru(self) -> Words {
        match self {
            Self::Bound => {
                words(StatusCode::OK, "VK Мессенджер подключён", "Можно возвращаться в «Мостик»: там уже всё готово.")
            }
            Self::Stale => words(
                StatusCode::BAD_REQUEST,
                "Эта страница уже не действует",
                "Ничего не изменилось. Вернитесь в «Мостик» и нажмите «Подключить VK Мессенджер» ещё раз.",
            ),
            Self::MovedOn => words(
                StatusCode::CONFLICT,
                "Подключение ушло дальше",
                "Пока эта страница была открыта, в «Мостике» что-то изменилось. Вернитесь туда: там видно, как обстоят дела.",
            ),
            Self::Refused => words(
                StatusCode::OK,
                "VK не подключён",
                "Вы не разрешили подключить этот аккаунт, и ничего не изменилось. Передумаете — начните снова в «Мостике».",
            ),
            Self::AccountTaken => words(
                StatusCode::CONFLICT,
                "Этот аккаунт VK занят",
                "Он уже подключён к другому учебному профилю. Войдите в VK под своим именем или обратитесь в школу.",
            ),
            Self::ProfileTaken => words(
                StatusCode::CONFLICT,
                "Учебный профиль занят",
                "Его уже подключили к другому дневнику. Вернитесь в «Мостик»: там написано, что делать.",
            ),
            Self::Unavailable => words(
                StatusCode::BAD_GATEWAY,
                "VK сейчас не отвечает",
                "Ничего не изменилось, и дело не в вас. Вернитесь в «Мостик» и попробуйте через несколько минут.",
            ),
        }
    }

    const fn en(self) -> Words {
        match self {
            Self::Bound => {
                words(StatusCode::OK, "VK Messenger is connected", "You can go back to Mostik: all is ready there.")
            }
            Self::Stale => words(
                StatusCode::BAD_REQUEST,
                "This page no longer works",
                "Nothing has changed. Go back to Mostik and press “Connect VK Messenger” once more.",
            ),
            Self::MovedOn => words(
                StatusCode::CONFLICT,
                "The connection has moved on",
                "Something changed in Mostik while this page was open. Go back: you will see there how things stand.",
            ),
            Self::Refused => words(
                StatusCode::OK,
                "VK is not connected",
                "You did not allow this account to be connected, and nothing has changed. If you change your mind, begin anew in \
                 Mostik.",
            ),
            Self::AccountTaken => words(
                StatusCode::CONFLICT,
                "This VK account is taken",
                "It is connected to another learning profile. Sign in to VK under your own name, or ask the school.",
            ),
            Self::ProfileTaken => words(
                StatusCode::CONFLICT,
                "The learning profile is taken",
                "It was connected to another diary. Go back to Mostik: it says what to do.",
            ),
            Self::Unavailable => words(
                StatusCode::BAD_GATEWAY,
                "VK does not answer now",
                "Nothing has changed, and it is not your doing. Go back to Mostik and try again in a few minutes.",
            ),
        }
    }
}

/// The question: whose diary, which profile, and whose VK account. `answer` is what the person's word bears.
///
/// # Errors
/// When the linking's profile is incomplete.
pub(super) fn question(language: Language, row: &Row, vk_name: &str, answer: &str) -> Result<Response, Refusal> {
    let found = row.found()?.ok_or_else(|| row.wrong("VK is asked about without a profile"))?;
    let pupil = names::masked(&row.pupil_first_name, &row.pupil_last_name);
    let class = Some(&row.pupil_class_name).filter(|class| !class.is_empty());
    let diary = class.map_or_else(|| pupil.clone(), |class| format!("{pupil}, {class}"));
    let profile = names::masked(&found.name.0, &found.name.1);
    let (heading, sentence, facts, yes, no) = match language {
        Language::Ru => (
            "Подключить этот VK?",
            "Проверьте, что всё это об одном человеке. Если дневник не ваш, ничего не подключайте.",
            ["Дневник", "Учебный профиль", "Аккаунт VK"],
            "Да, подключить",
            "Нет, это не то",
        ),
        Language::En => (
            "Connect this VK?",
            "Check that all of this is about one person. If the diary is not yours, connect nothing.",
            ["Diary", "Learning profile", "VK account"],
            "Yes, connect",
            "No, that is wrong",
        ),
    };
    let facts: String = std::iter::zip(facts, [diary.as_str(), &profile, vk_name])
        .map(|(what, fact)| format!("<div><dt>{what}</dt><dd>{}</dd></div>", escaped(fact)))
        .collect();
    let content = format!(
        "<dl>{facts}</dl><form method=\"post\" action=\"answer\">\
         <input type=\"hidden\" name=\"question\" value=\"{answer}\">\
         <button name=\"answer\" value=\"yes\">{yes}</button>\
         <button name=\"answer\" value=\"no\" class=\"no\">{no}</button></form>"
    );
    Ok(page_in(language, StatusCode::OK, heading, sentence, &content))
}
