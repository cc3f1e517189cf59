//! What the bot says. Every sentence names the next step; none names a number or a surname.

use crate::outbox::{MaxButton, MaxMessage};

fn plain(text: impl Into<String>) -> MaxMessage {
    MaxMessage { text: text.into(), button: None }
}

fn asking(text: impl Into<String>) -> MaxMessage {
    MaxMessage { text: text.into(), button: Some(MaxButton::ShareContact) }
}

/// The bot was opened without a ticket, or was told something else.
pub(super) fn hello() -> MaxMessage {
    plain(
        "Здравствуйте! Я связываю дневник с учебным профилем. Откройте приложение «Мостик» и нажмите там «Перейти в MAX».",
    )
}

/// The ticket is live: whose diary it is, and what to press.
pub(super) fn whose_diary(name: &str, class: &str) -> MaxMessage {
    let class = if class.is_empty() { String::new() } else { format!(", {class}") };
    asking(format!(
        "Вы подключаете дневник: {name}{class}. Если это не ваш дневник, ничего не нажимайте.\n\n\
         Чтобы подтвердить номер, нажмите «Поделиться номером»."
    ))
}

/// The ticket is unknown, over, or was opened by another.
pub(super) fn stale_link() -> MaxMessage {
    plain("Эта ссылка уже не действует. Вернитесь в «Мостик» и нажмите «Новая ссылка», затем откройте её здесь.")
}

/// A contact came, and nothing is waited for.
pub(super) fn nothing_awaited() -> MaxMessage {
    plain("Сейчас подтверждать нечего. Начните подключение в приложении «Мостик», оно даст ссылку сюда.")
}

/// Somebody else's contact.
pub(super) fn foreign_contact() -> MaxMessage {
    asking("Это контакт другого человека. Нужен ваш собственный номер: нажмите «Поделиться номером».")
}

/// The contact's proof is missing or does not match.
pub(super) fn unproven_contact() -> MaxMessage {
    asking("MAX не подтвердил этот контакт. Не пересылайте его, а нажмите «Поделиться номером».")
}

/// MAX knows the person by another number.
pub(super) fn number_differs() -> MaxMessage {
    asking(
        "Этот аккаунт MAX зарегистрирован на другой номер. Откройте MAX с тем номером, который вы подтвердили в «Мостике», \
         или вернитесь в «Мостик» и измените номер там.",
    )
}

/// The MAX account is another profile's.
pub(super) fn account_taken() -> MaxMessage {
    plain(
        "Этот аккаунт MAX уже связан с другим учебным профилем. Откройте MAX под своим аккаунтом или обратитесь в школу.",
    )
}

/// The profile went to another pupil meanwhile.
pub(super) fn profile_taken() -> MaxMessage {
    plain(
        "Учебный профиль с этим номером уже связан с другим дневником. Вернитесь в «Мостик»: там написано, что делать.",
    )
}

/// The link stands.
pub(super) fn linked(name: &str, return_url: &str) -> MaxMessage {
    MaxMessage {
        text: format!("Готово! Дневник связан с учебным профилем: {name}. Можно возвращаться в «Мостик»."),
        button: Some(MaxButton::Page { text: "Вернуться в Мостик".into(), url: return_url.into() }),
    }
}
