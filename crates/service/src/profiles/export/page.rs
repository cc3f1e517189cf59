//! The holdings as a page that people read: one file, no scripts, nothing from elsewhere.

use mostik_store::{
    holdings::{LinkingRow, UtcTime},
    messages::Event,
};
use mostik_wire::{CloseReason, FullName, Role};

use super::everything::ProfileExport;
use crate::{dates, language::Language, names, page::escaped};

const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#11272d;\
background:#fff}h1{font-size:1.6rem;line-height:1.25;margin:0 0 .4rem}h2{font-size:1.1rem;margin:2rem 0 .4rem}\
p{margin:.4rem 0;color:#4a6067}dl{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;gap:.3rem 1rem;margin:0}\
dt{color:#4a6067}dd{margin:0;overflow-wrap:anywhere}ul{margin:0;padding-left:1.2rem}li{margin:.3rem 0}\
pre{white-space:pre-wrap;font:inherit;background:#edf3f4;border-radius:12px;padding:1rem}\
@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}";

pub(super) fn page(holdings: &ProfileExport, language: Language) -> String {
    let words = Words(language);
    let name = names::ending(&FullName::new(&holdings.profile.first_name, &holdings.profile.last_name).whole());
    let title = words.pick("Что «Мостик» хранит об учебном профиле", "What Mostik holds about the learning profile");
    let made = words.when(holdings.made_at);
    let lead = match language {
        Language::Ru => {
            format!("{name} Составлено {made} по московскому времени. Всё то же для программ — в файле рядом, .json.")
        }
        Language::En => {
            format!("{name} Written on {made}, Moscow time. The same for programs is in the .json file beside it.")
        }
    };
    let sections =
        [words.profile(holdings), words.diary(holdings), words.ways(holdings), words.people(holdings)].concat();
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title><style>{STYLE}</style></head>\n\
         <body><h1>{title}</h1><p>{}</p>\n{sections}</body></html>\n",
        language.tag(),
        escaped(&lead),
    )
}

/// The sentences, in one of the languages.
struct Words(Language);

impl Words {
    fn pick<'a>(&self, ru: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Language::Ru => ru,
            Language::En => en,
        }
    }

    fn when(&self, at: UtcTime) -> String {
        dates::in_moscow(at.at())
    }

    // A list of what is known; what is not known is left out.
    fn facts<const N: usize>(&self, heading: &str, facts: [(&str, Option<String>); N]) -> String {
        let rows: String = facts
            .into_iter()
            .filter_map(|(what, fact)| Some(format!("<dt>{what}</dt><dd>{}</dd>\n", escaped(&fact?))))
            .collect();
        format!("<h2>{heading}</h2>\n<dl>{rows}</dl>\n")
    }

    fn list(&self, heading: &str, items: Vec<String>) -> String {
        if items.is_empty() {
            return String::new();
        }
        let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escaped(item))).collect();
        format!("<h2>{heading}</h2>\n<ul>{items}</ul>\n")
    }

    fn gender(&self, name: Option<&String>) -> Option<String> {
        name.map(|name| {
            match name.as_str() {
                "female" => self.pick("женский", "female"),
                "male" => self.pick("мужской", "male"),
                other => other,
            }
            .to_owned()
        })
    }

    fn role(&self, name: &str) -> String {
        match mostik_store::names::role(name) {
            Some(Role::Pupil) => self.pick("ученик", "pupil"),
            Some(Role::Parent) => self.pick("родитель", "parent"),
            Some(Role::Other) | None => self.pick("сотрудник школы", "school staff"),
        }
        .to_owned()
    }

    fn since(&self, is_so: bool, since: Option<UtcTime>) -> String {
        match since.filter(|_| is_so) {
            Some(at) => self.when(at),
            None if is_so => self.pick("да", "yes").to_owned(),
            None => self.pick("нет", "no").to_owned(),
        }
    }

    fn profile(&self, holdings: &ProfileExport) -> String {
        let p = &holdings.profile;
        let password = if p.has_password {
            self.pick("задан; прочитать его нельзя", "set; it cannot be read")
        } else {
            self.pick("нет", "none")
        };
        self.facts(
            self.pick("Учебный профиль", "The learning profile"),
            [
                (self.pick("Номер профиля", "Id"), Some(p.id.clone())),
                (self.pick("Фамилия", "Surname"), Some(p.last_name.clone())),
                (self.pick("Имя", "First name"), Some(p.first_name.clone())),
                (self.pick("Отчество", "Patronymic"), p.middle_name.clone()),
                (self.pick("Дата рождения", "Birth date"), p.birth_date.clone()),
                (self.pick("Пол", "Gender"), self.gender(p.gender.as_ref())),
                (self.pick("Роль", "Role"), Some(self.role(&p.role))),
                (self.pick("Класс", "Class"), p.class_name.clone()),
                (self.pick("Телефон", "Phone"), p.phone.clone()),
                (self.pick("Почта", "E-mail"), p.email.clone()),
                (self.pick("Пароль", "Password"), Some(password.to_owned())),
                (self.pick("Номер в MAX", "Id in MAX"), p.max_user.map(|user| user.to_string())),
                (self.pick("Имя в MAX", "Name in MAX"), p.max_name.clone()),
                (self.pick("Номер в VK", "Id in VK"), p.vk_user.map(|user| user.to_string())),
                (self.pick("Имя в VK", "Name in VK"), p.vk_name.clone()),
                (self.pick("Создан", "Made"), Some(self.when(p.created_at))),
                (self.pick("Будет удалён", "To be deleted"), p.deletes_at.map(|at| self.when(at))),
                (self.pick("Заблокирован с", "Blocked since"), p.blocked_at.map(|at| self.when(at))),
                (self.pick("Связан с дневником", "Linked to the diary"), Some(self.when(holdings.link.linked_at))),
                (self.pick("Связан в MAX", "Linked in MAX"), Some(self.since(holdings.link.in_max, p.max_at))),
                (self.pick("Связан в VK", "Linked in VK"), Some(self.since(holdings.link.in_vk, p.vk_at))),
            ],
        )
    }

    fn diary(&self, holdings: &ProfileExport) -> String {
        let d = &holdings.diary;
        self.facts(
            self.pick("Что сообщил дневник", "What the diary told"),
            [
                (self.pick("Фамилия", "Surname"), Some(d.last_name.clone())),
                (self.pick("Имя", "First name"), Some(d.first_name.clone())),
                (self.pick("Отчество", "Patronymic"), d.middle_name.clone()),
                (self.pick("Дата рождения", "Birth date"), d.birth_date.clone()),
                (self.pick("Пол", "Gender"), self.gender(d.gender.as_ref())),
                (self.pick("Класс", "Class"), Some(d.class_name.clone())),
                (self.pick("Школа", "School"), d.school.clone()),
            ],
        )
    }

    fn ways(&self, holdings: &ProfileExport) -> String {
        let linkings = holdings.linkings.iter().map(|linking| {
            let contact = linking.contact.as_ref().map(|contact| format!(", {contact}")).unwrap_or_default();
            format!(
                "{} – {}: {}{contact}",
                self.when(linking.begun_at),
                self.when(linking.changed_at),
                self.outcome(linking)
            )
        });
        let messages = holdings.messages.iter().map(|message| {
            let kind = match message.kind.as_str() {
                "sms" => self.pick("СМС с кодом", "SMS with a code"),
                "mail" => self.pick("письмо с кодом", "letter with a code"),
                _ => self.pick("сообщение в MAX", "message in MAX"),
            };
            let fate = message.events.iter().rev().find_map(|event| self.fate(&event.event));
            let fate = fate.map(|fate| format!(", {fate}")).unwrap_or_default();
            format!("{}: {kind}{fate}", self.when(message.queued_at))
        });
        self.list(self.pick("Подключения", "Linkings"), linkings.collect())
            + &self.list(self.pick("Сообщения", "Messages"), messages.collect())
    }

    // What of a message's way matters to whom it was for.
    fn fate(&self, event: &str) -> Option<&str> {
        match Event::of(event)? {
            Event::Delivered => Some(self.pick("доставлено", "delivered")),
            Event::Taken | Event::HandedOver => Some(self.pick("передано", "handed over")),
            Event::Undelivered | Event::Outlived | Event::Refused | Event::GivenUp | Event::Expired => {
                Some(self.pick("не доставлено", "not delivered"))
            }
            Event::Dropped => Some(self.pick("не понадобилось", "not needed any more")),
            Event::Given
            | Event::NotGiven
            | Event::Unanswered
            | Event::Unreachable
            | Event::PutOff
            | Event::Proven
            | Event::Mistyped
            | Event::NotSent => None,
        }
    }

    fn outcome(&self, linking: &LinkingRow) -> &str {
        match (linking.step.as_str(), linking.closed_reason) {
            ("linked", _) => self.pick("связано", "linked"),
            ("max", _) => self.pick("связано с дневником, MAX ещё нет", "linked to the diary, not in MAX yet"),
            ("closed", Some(CloseReason::Unlinked)) => self.pick("отвязано", "unlinked"),
            ("closed", Some(CloseReason::Cancelled)) => self.pick("отменено", "cancelled"),
            ("closed", _) => self.pick("закрыто: долго ничего не происходило", "closed: nothing happened for long"),
            _ => self.pick("не закончено", "not finished"),
        }
    }

    fn people(&self, holdings: &ProfileExport) -> String {
        let consents: String = holdings
            .consents
            .iter()
            .map(|consent| {
                let heading = self.pick("Согласие законного представителя", "Consent of the legal representative");
                let given = format!(
                    "{}, {}. {} {}.",
                    self.when(consent.given_at),
                    consent.given_by,
                    self.pick("Текст от", "Wording of"),
                    consent.wording
                );
                let text = consent.text.as_ref().map(|text| format!("<pre>{}</pre>\n", escaped(text)));
                format!("<h2>{heading}</h2>\n<p>{}</p>\n{}", escaped(&given), text.unwrap_or_default())
            })
            .collect();
        let seen_by = holdings.seen_by.iter().map(|a| {
            let blocked =
                a.blocked_at.map(|at| format!(", {} {}", self.pick("заблокирован с", "blocked since"), self.when(at)));
            let name = FullName::new(&a.first_name, &a.last_name).whole();
            format!("{name}, {}{}", self.role(&a.role), blocked.unwrap_or_default())
        });
        let sessions = holdings.sessions.iter().map(|session| {
            let until = session.ended_at.map(|at| format!(" – {}", self.when(at))).unwrap_or_default();
            format!("{}{until}, {}", self.when(session.signed_in_at), self.role(&session.role))
        });
        consents
            + &self.list(self.pick("Кто видит дневник", "Who sees the diary"), seen_by.collect())
            + &self.list(self.pick("Входы в «Мостик»", "Sign-ins to Mostik"), sessions.collect())
    }
}
