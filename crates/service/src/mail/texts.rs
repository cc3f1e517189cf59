//! What the letters say. Each names the next step; none names more of a person than the first name.

use mostik_wire::Millis;
use serde::{Deserialize, Serialize};

use crate::{dates, language::Language};

/// A letter to be written, as the outbox keeps it.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// The reader's language.
    pub language: Language,
    /// What it is about.
    pub news: News,
}

/// What a letter is about.
#[derive(Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are told by their names")]
pub enum News {
    /// A code that proves the address.
    Code { code: String },
    /// A code that allows a new password.
    RecoveryCode { code: String },
    /// The profile was linked to a diary.
    Linked { name: String, event: Event },
    /// The profile's password was set anew.
    PasswordChanged { name: String, event: Event },
}

/// When something happened, and from what device.
#[derive(Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Millis,
    /// The device's family, where it is known.
    pub device: Option<String>,
}

/// A letter in words.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) paragraphs: Vec<String>,
    /// Shown large, between the first paragraph and the others.
    pub(super) code: Option<String>,
}

impl Letter {
    pub(super) fn words(&self) -> Words {
        match (&self.news, self.language) {
            (News::Code { code }, Language::Ru) => Words {
                subject: format!("Мостик: код {code}"),
                paragraphs: vec![
                    "Чтобы подтвердить этот адрес, введите код в «Мостике»:".into(),
                    "Код действует 10 минут. Никому его не сообщайте: он нужен только в окне, где вы его запросили.".into(),
                    "Если вы ничего не запрашивали, просто удалите это письмо: без кода ничего не произойдёт.".into(),
                ],
                code: Some(code.clone()),
            },
            (News::Code { code }, Language::En) => Words {
                subject: format!("Mostik: code {code}"),
                paragraphs: vec![
                    "To confirm this address, type this code in Mostik:".into(),
                    "The code works for 10 minutes. Tell it to nobody: it belongs only in the window where you asked for it."
                        .into(),
                    "If you asked for nothing, delete this letter: without the code nothing will happen.".into(),
                ],
                code: Some(code.clone()),
            },
            (News::RecoveryCode { code }, Language::Ru) => Words {
                subject: format!("Мостик: код {code} для нового пароля"),
                paragraphs: vec![
                    "Чтобы задать новый пароль учебного профиля, введите код в «Мостике»:".into(),
                    "Код действует 10 минут. Никому его не сообщайте: с ним можно сменить пароль.".into(),
                    "Если пароль меняете не вы, никому не пересылайте код. Прежний пароль продолжает действовать.".into(),
                ],
                code: Some(code.clone()),
            },
            (News::RecoveryCode { code }, Language::En) => Words {
                subject: format!("Mostik: code {code} for a new password"),
                paragraphs: vec![
                    "To set a new password of the learning profile, type this code in Mostik:".into(),
                    "The code works for 10 minutes. Tell it to nobody: it can change the password.".into(),
                    "If it is not you who is changing it, forward the code to nobody. The old password still works.".into(),
                ],
                code: Some(code.clone()),
            },
            (News::Linked { name, event }, Language::Ru) => Words {
                subject: "Мостик: учебный профиль связан с дневником".into(),
                paragraphs: vec![
                    format!("Учебный профиль ({name}) связан со школьным дневником."),
                    event.words(Language::Ru),
                    "Если это сделали не вы, смените пароль профиля: в «Мостике» введите этот адрес и нажмите «Не помню пароль». \
                     Затем сообщите школе, чтобы связь сняли."
                        .into(),
                ],
                code: None,
            },
            (News::Linked { name, event }, Language::En) => Words {
                subject: "Mostik: the learning profile was linked to the diary".into(),
                paragraphs: vec![
                    format!("The learning profile ({name}) was linked to the school diary."),
                    event.words(Language::En),
                    "If this was not you, change the profile's password: type this address in Mostik and press \
                     “I forgot the password”. Then tell the school, so that the link is removed."
                        .into(),
                ],
                code: None,
            },
            (News::PasswordChanged { name, event }, Language::Ru) => Words {
                subject: "Мостик: пароль учебного профиля изменён".into(),
                paragraphs: vec![
                    format!("Задан новый пароль учебного профиля ({name}). Прежний больше не действует."),
                    event.words(Language::Ru),
                    "Если это сделали не вы, сразу задайте новый пароль: в «Мостике» введите этот адрес и нажмите «Не помню пароль». \
                     Смените и пароль самой почты."
                        .into(),
                ],
                code: None,
            },
            (News::PasswordChanged { name, event }, Language::En) => Words {
                subject: "Mostik: the learning profile's password was changed".into(),
                paragraphs: vec![
                    format!("A new password was set for the learning profile ({name}). The old one no longer works."),
                    event.words(Language::En),
                    "If this was not you, set a new password at once: type this address in Mostik and press “I forgot the \
                     password”. Change the password of your mailbox too."
                        .into(),
                ],
                code: None,
            },
        }
    }
}

impl Event {
    fn words(&self, language: Language) -> String {
        let at = dates::in_moscow(self.at);
        match (language, &self.device) {
            (Language::Ru, Some(device)) => format!("Когда: {at} по московскому времени. Устройство: {device}."),
            (Language::Ru, None) => format!("Когда: {at} по московскому времени."),
            (Language::En, Some(device)) => format!("When: {at}, Moscow time. Device: {device}."),
            (Language::En, None) => format!("When: {at}, Moscow time."),
        }
    }
}
