//! What the browser shows: the question whose account it is, and how it ended.

use axum::{http::StatusCode, response::Response};
use mostik_store::linkings::Loaded;
use mostik_wire::VkTrouble;

use crate::{
    language::Language,
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
    /// An operator has blocked the profile.
    ProfileBlocked,
    /// VK ID does not answer.
    Unavailable,
}

/// A sentence in both languages.
struct Bilingual {
    ru: &'static str,
    en: &'static str,
}

impl Bilingual {
    const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::Ru => self.ru,
            Language::En => self.en,
        }
    }
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
        let (status, heading, sentence) = self.words();
        let text = Bilingual { ru: "Вернуться в Мостик", en: "Back to Mostik" }.in_language(language);
        let button = back.map(|href| follow((text, href))).unwrap_or_default();
        page_in(language, status, heading.in_language(language), sentence.in_language(language), &button)
    }

    const fn words(self) -> (StatusCode, Bilingual, Bilingual) {
        match self {
            Self::Bound => (
                StatusCode::OK,
                Bilingual { ru: "VK Мессенджер подключён", en: "VK Messenger is connected" },
                Bilingual {
                    ru: "Можно возвращаться в «Мостик»: там уже всё готово.",
                    en: "You can go back to Mostik: all is ready there.",
                },
            ),
            Self::Stale => (
                StatusCode::BAD_REQUEST,
                Bilingual {
                    ru: "Эта страница уже не действует", en: "This page no longer works"
                },
                Bilingual {
                    ru: "Ничего не изменилось. Вернитесь в «Мостик» и нажмите «Подключить VK Мессенджер» ещё раз.",
                    en: "Nothing has changed. Go back to Mostik and press “Connect VK Messenger” once more.",
                },
            ),
            Self::MovedOn => (
                StatusCode::CONFLICT,
                Bilingual { ru: "Подключение ушло дальше", en: "The connection has moved on" },
                Bilingual {
                    ru: "Пока эта страница была открыта, в «Мостике» что-то изменилось. Вернитесь туда: там видно, как обстоят дела.",
                    en: "Something changed in Mostik while this page was open. Go back: you will see there how things stand.",
                },
            ),
            Self::Refused => (
                StatusCode::OK,
                Bilingual { ru: "VK не подключён", en: "VK is not connected" },
                Bilingual {
                    ru: "Вы не разрешили подключить этот аккаунт, и ничего не изменилось. Передумаете — начните снова в «Мостике».",
                    en: "You did not allow this account to be connected, and nothing has changed. If you change your mind, begin \
                         anew in Mostik.",
                },
            ),
            Self::AccountTaken => (
                StatusCode::CONFLICT,
                Bilingual { ru: "Этот аккаунт VK занят", en: "This VK account is taken" },
                Bilingual {
                    ru: "Он уже подключён к другому учебному профилю. Войдите в VK под своим именем или обратитесь в школу.",
                    en: "It is connected to another learning profile. Sign in to VK under your own name, or ask the school.",
                },
            ),
            Self::ProfileTaken => (
                StatusCode::CONFLICT,
                Bilingual { ru: "Учебный профиль занят", en: "The learning profile is taken" },
                Bilingual {
                    ru: "Его уже подключили к другому дневнику. Вернитесь в «Мостик»: там написано, что делать.",
                    en: "It was connected to another diary. Go back to Mostik: it says what to do.",
                },
            ),
            Self::ProfileBlocked => (
                StatusCode::FORBIDDEN,
                Bilingual {
                    ru: "Учебный профиль заблокирован", en: "The learning profile is blocked"
                },
                Bilingual {
                    ru: "Пока он заблокирован, VK к нему не подключить. Позвоните в поддержку школьной сети: там скажут, что делать.",
                    en: "While it is blocked, VK cannot be connected to it. Call the school network’s support: they will say \
                         what to do.",
                },
            ),
            Self::Unavailable => (
                StatusCode::BAD_GATEWAY,
                Bilingual { ru: "VK сейчас не отвечает", en: "VK does not answer now" },
                Bilingual {
                    ru: "Ничего не изменилось, и дело не в вас. Вернитесь в «Мостик» и попробуйте через несколько минут.",
                    en: "Nothing has changed, and it is not your doing. Go back to Mostik and try again in a few minutes.",
                },
            ),
        }
    }
}

/// The question: whose diary, which profile, and whose VK account. `answer` is what the person's word bears.
///
/// # Errors
/// When the linking's profile is incomplete.
pub(super) fn question(language: Language, loaded: &Loaded, vk_name: &str, answer: &str) -> Result<Response, Refusal> {
    let profile = loaded.profile.as_ref();
    let profile = profile.ok_or_else(|| Refusal::internal(&"VK is asked about without a profile"))?;
    let (profile, pupil) = (profile.facts.name().masked(), loaded.pupil.name().masked());
    let class = Some(&loaded.pupil.class_name).filter(|class| !class.is_empty());
    let diary = class.map_or_else(|| pupil.clone(), |class| format!("{pupil}, {class}"));
    let say = |ru, en| Bilingual { ru, en }.in_language(language);
    let heading = say("Подключить этот VK?", "Connect this VK?");
    let sentence = say(
        "Проверьте, что всё это об одном человеке. Если дневник не ваш, ничего не подключайте.",
        "Check that all of this is about one person. If the diary is not yours, connect nothing.",
    );
    let facts = [say("Дневник", "Diary"), say("Учебный профиль", "Learning profile"), say("Аккаунт VK", "VK account")];
    let (yes, no) = (say("Да, подключить", "Yes, connect"), say("Нет, это не то", "No, that is wrong"));
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
