//! The wording that a legal representative agrees to. Whoever changes a text gives it a new version: what was agreed to is
//! recorded by version, and an older one is asked for again.

use mostik_wire::ConsentText;

use crate::language::Language;

/// The version of the present wording, the same in both languages.
pub const VERSION: &str = "2026-11-22";

const RU: &str = "\
Я родитель или другой законный представитель ребёнка, которому ещё нет четырнадцати лет, и согласен на то, что для него \
будет создан учебный профиль Сферума и что этот профиль будет связан со школьным дневником ребёнка.

Для этого сервис «Мостик» хранит фамилию, имя и отчество ребёнка, дату рождения, пол, класс и адрес электронной почты, который \
я подтвердил кодом. Пароль хранится так, что прочитать его нельзя. Эти сведения нужны, чтобы войти в профиль, вернуть к нему \
доступ и связать его с дневником; для другого их не используют. Вместе с согласием записываются его время, версия этого текста \
и учётная запись дневника, из которой оно дано.

Согласие можно отозвать в любое время: удалите профиль ребёнка в «Мостике» или обратитесь в школу. После удаления сведения о \
ребёнке стираются.";

const EN: &str = "\
I am a parent or another legal representative of a child who is not yet fourteen, and I agree that a Sferum learning profile \
is made for the child and that this profile is linked to the child's school diary.

For this the service Mostik keeps the child's surname, first name and patronymic, birth date, gender, class, and the e-mail \
address that I have confirmed with a code. The password is kept in a form that nobody can read. These details serve to sign in \
to the profile, to recover it and to link it to the diary, and nothing else. Recorded with the consent are its time, the version \
of this text and the diary account that it was given from.

The consent can be withdrawn at any time: delete the child's profile in Mostik, or turn to the school. After that the child's \
details are erased.";

/// The present wording.
#[must_use]
pub fn wording(language: Language) -> ConsentText {
    let text = match language {
        Language::Ru => RU,
        Language::En => EN,
    };
    ConsentText { version: VERSION.into(), text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_three_paragraphs_without_broken_lines() {
        for language in [Language::Ru, Language::En] {
            let text = wording(language).text;
            assert_eq!(text.split("\n\n").count(), 3);
            assert!(
                text.split("\n\n").all(|paragraph| !paragraph.contains('\n') && !paragraph.contains("  ")),
                "{text}"
            );
        }
    }
}
