//! What the bot says. Every sentence names the next step; none names a whole number or a surname.

use mostik_linking::Pupil;

use crate::{
    names,
    outbox::{MaxButton, MaxMessage},
};

const OPEN: &str = "Открыть Мостик";
const BACK: &str = "Вернуться в Мостик";

fn plain(text: impl Into<String>) -> MaxMessage {
    MaxMessage { text: text.into(), button: None }
}

fn leading(text: impl Into<String>, label: &str, url: &str) -> MaxMessage {
    MaxMessage { text: text.into(), button: Some(MaxButton::Page { text: label.into(), url: url.into() }) }
}

fn asking(text: impl Into<String>) -> MaxMessage {
    MaxMessage { text: text.into(), button: Some(MaxButton::ShareContact) }
}

/// The bot was opened without a ticket, or was told something else.
pub(crate) fn hello() -> MaxMessage {
    asking(
        "Здравствуйте. Я связываю школьный дневник с учебным профилем Сферум.\n\n\
         Нажмите «Поделиться номером», и я открою «Мостик» сразу на нужном шаге, без СМС. \
         А если «Мостик» показывает вам девять цифр, просто напишите их сюда.",
    )
}

/// The person is linked already.
pub(crate) fn open_linked(url: &str) -> MaxMessage {
    leading("С возвращением. Ваш учебный профиль связан с дневником. Открыть «Мостик»?", OPEN, url)
}

/// The number is proven and no linking waits for it: on in the app.
pub(crate) fn open_proven(url: &str) -> MaxMessage {
    leading(
        "Номер подтверждён. Откройте «Мостик»: он спросит, с чьим дневником связать ваш профиль. Ссылка действует 10 минут.",
        OPEN,
        url,
    )
}

/// The number is proven; the rest is asked in the app.
pub(crate) fn number_proven(return_url: &str) -> MaxMessage {
    leading("Номер подтверждён, СМС не нужно. Вернитесь в «Мостик» и проверьте, ваш ли это профиль.", BACK, return_url)
}

/// The number is the person's own, and the app asks whether the person is who sits there.
pub(crate) fn to_confirm(return_url: &str) -> MaxMessage {
    leading(
        "Номер подтверждён. Остался один шаг: вернитесь в «Мостик» и подтвердите там, что этот MAX ваш.",
        BACK,
        return_url,
    )
}

/// The ticket is live: whose diary it is, and what to press.
pub(crate) fn whose_diary(pupil: &Pupil) -> MaxMessage {
    diary_of(&pupil.name().masked(), &pupil.class_name)
}

fn diary_of(name: &str, class: &str) -> MaxMessage {
    let diary = names::ending(&if class.is_empty() { name.to_owned() } else { format!("{name}, {class}") });
    asking(format!(
        "Вы подключаете дневник: {diary} Если это не ваш дневник, ничего не нажимайте.\n\n\
         Чтобы подтвердить номер, нажмите «Поделиться номером»."
    ))
}

/// The ticket is unknown, over, or was opened by another.
pub(crate) fn stale_link() -> MaxMessage {
    plain("Эта ссылка уже не действует. Вернитесь в «Мостик» и обновите ссылку, затем откройте её здесь.")
}

/// The digits are unknown, over, or another person's.
pub(crate) fn stale_digits() -> MaxMessage {
    plain("Эти цифры не подошли или уже не действуют. Посмотрите в «Мостик», какие там сейчас, и напишите их ещё раз.")
}

/// The person has written wrong digits too often.
pub(crate) fn too_many_digits() -> MaxMessage {
    plain("Слишком много неверных цифр за сутки. Откройте в «Мостике» ссылку или QR-код: это сработает и сейчас.")
}

/// Somebody else's contact.
pub(crate) fn foreign_contact() -> MaxMessage {
    asking("Это контакт другого человека. Нужен ваш собственный номер: нажмите «Поделиться номером».")
}

/// The contact's proof is missing or does not match.
pub(crate) fn unproven_contact() -> MaxMessage {
    asking("MAX не подтвердил этот контакт. Не пересылайте его, а нажмите «Поделиться номером».")
}

/// MAX knows the person by another number.
pub(crate) fn number_differs(theirs: &str, ours: &str, usable: bool) -> MaxMessage {
    let other = if usable {
        format!("или вернитесь в «Мостик» и нажмите «Подключить {theirs}»")
    } else {
        "или вернитесь в «Мостик»: там написано, что делать".to_owned()
    };
    asking(format!(
        "Этот аккаунт MAX зарегистрирован на номер {theirs}, а в «Мостике» подтверждён {ours}. \
         Откройте MAX с номером {ours} {other}."
    ))
}

/// The number is no Russian mobile one.
pub(crate) fn number_foreign() -> MaxMessage {
    plain("Нужен российский мобильный номер, а у этого аккаунта MAX другой. Вернитесь в «Мостик» и введите номер там.")
}

/// The MAX account is another profile's.
pub(crate) fn account_taken() -> MaxMessage {
    plain(
        "Этот аккаунт MAX уже связан с другим учебным профилем. Откройте MAX под своим аккаунтом или обратитесь в школу.",
    )
}

/// An operator has blocked the profile.
pub(crate) fn profile_blocked() -> MaxMessage {
    plain(
        "Этот учебный профиль заблокирован, поэтому подключить его сейчас нельзя. Дело не в вашем номере. \
         Позвоните в поддержку школьной сети: там скажут, почему так и что делать.",
    )
}

/// The profile went to another pupil meanwhile.
pub(crate) fn profile_taken() -> MaxMessage {
    plain(
        "Учебный профиль с этим номером уже связан с другим дневником. Вернитесь в «Мостик»: там написано, что делать.",
    )
}

/// The link stands.
pub(crate) fn linked(name: &str, return_url: Option<&str>) -> MaxMessage {
    let text = format!("Готово. Дневник связан с учебным профилем: {}", names::ending(name));
    match return_url {
        Some(url) => leading(format!("{text} Можно возвращаться в «Мостик»."), BACK, url),
        None => plain(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_ends_with_a_masked_name_has_one_full_stop() {
        let name = "Михаил О.";
        for (message, said) in [
            (diary_of(name, ""), "Вы подключаете дневник: Михаил О. Если"),
            (diary_of(name, "8 «Б»"), "Вы подключаете дневник: Михаил О., 8 «Б». Если"),
            (linked(name, None), "с учебным профилем: Михаил О."),
            (linked(name, Some("https://mostik.example/return/x")), "с учебным профилем: Михаил О. Можно"),
        ] {
            assert!(message.text.contains(said) && !message.text.contains(".."), "{}", message.text);
        }
    }
}
