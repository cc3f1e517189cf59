//! What a world must hold to before anything listens.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use super::{Role, World, WorldError};
use crate::calendar::Date;
use crate::mail::Address;

impl World {
    pub(super) fn check(&self) -> Result<(), WorldError> {
        let wrong = |field: String, problem: &str, advice| Err(WorldError { field, problem: problem.into(), advice });
        for (field, text) in [
            ("bot.token", &self.bot.token),
            ("bot.username", &self.bot.username),
            ("diary_client.id", &self.diary_client.id),
            ("diary_client.secret", &self.diary_client.secret),
        ] {
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.~".contains(&byte)) {
                return wrong(field.into(), "is empty or holds other signs", "use Latin letters, digits, _ - . ~");
            }
        }
        let account = &self.smpp_account;
        if account.system_id.is_empty() || account.system_id.len() > 15 || !account.system_id.is_ascii() {
            return wrong("smpp_account.system_id".into(), "does not fit SMPP", "use 1 to 15 Latin letters and digits");
        }
        if account.password.is_empty() || account.password.len() > 8 || !account.password.is_ascii() {
            return wrong("smpp_account.password".into(), "does not fit SMPP", "use 1 to 8 Latin letters and digits");
        }
        let account = &self.smtp_account;
        for (field, text) in [("smtp_account.user", &account.user), ("smtp_account.password", &account.password)] {
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                return wrong(field.into(), "is empty or holds other signs", "use Latin letters, digits and marks");
            }
        }
        if self.vk_client.id.is_empty() || !self.vk_client.id.bytes().all(|byte| byte.is_ascii_digit()) {
            return wrong("vk_client.id".into(), "is no number of an application", "use digits only");
        }
        for (client, uris) in
            [("diary_client", &self.diary_client.redirect_uris), ("vk_client", &self.vk_client.redirect_uris)]
        {
            if let Some(at) = uris.iter().position(|uri| Url::parse(uri).is_err()) {
                return wrong(format!("{client}.redirect_uris[{at}]"), "is not a URL", "write it in full");
            }
        }
        for (at, class) in self.classes.iter().enumerate() {
            if !(5..=6).contains(&class.week.len()) || class.week.iter().any(|day| day.len() > 8) {
                let field = format!("classes[{at}].week");
                return wrong(field, "is no school week", "give 5 or 6 days of at most 8 lessons");
            }
        }
        self.check_accounts()?;
        self.check_max_users()?;
        self.check_vk_users()
    }

    fn check_accounts(&self) -> Result<(), WorldError> {
        let wrong = |field: String, problem: String, advice| Err(WorldError { field, problem, advice });
        let mut logins = HashSet::new();
        let mut ids = HashSet::new();
        for (at, account) in self.accounts.iter().enumerate() {
            let field = |name: &str| format!("accounts[{at}].{name}");
            let login = &account.login;
            if login.is_empty() || !login.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
                let problem = format!("«{login}» is no login");
                return wrong(field("login"), problem, "use small Latin letters and digits");
            }
            if !logins.insert(login) {
                return wrong(field("login"), format!("«{login}» is there twice"), "rename one of them");
            }
            if !ids.insert(account.person.id) {
                return wrong(
                    field("person.id"),
                    format!("{} is there twice", account.person.id),
                    "give each an own id",
                );
            }
            if account.person.called().is_empty() {
                return wrong(field("person.last_name"), "is empty".into(), "give it, or a first name");
            }
            if Date::parse(&account.person.birth_date).is_none() {
                let problem = format!("«{}» is no date", account.person.birth_date);
                return wrong(field("person.birth_date"), problem, "write it as 2011-05-14");
            }
            if let Some(phone) = account.person.phone.as_deref().filter(|phone| !is_e164(phone)) {
                return wrong(field("person.phone"), format!("«{phone}» is no number"), "write it as +79000001242");
            }
            match (account.role, account.class.as_deref()) {
                (Role::Student, None) => {
                    return wrong(field("class"), "is missing".into(), "name one of `classes`");
                }
                (Role::Student, Some(class)) if self.class(class).is_none() => {
                    return wrong(
                        field("class"),
                        format!("«{class}» is not in `classes`"),
                        "add it there or change it",
                    );
                }
                _ => {}
            }
            for (nth, address) in account.mail.iter().enumerate() {
                if Address::parse(address).is_none() {
                    let problem = format!("«{address}» is no address");
                    return wrong(field(&format!("mail[{nth}]")), problem, "write it as anya@example.ru");
                }
            }
            for child in &account.children {
                if self.account(child).is_none_or(|child| child.role != Role::Student) {
                    let problem = format!("«{child}» is no pupil in `accounts`");
                    return wrong(field("children"), problem, "add the child, with \"no_login\": true if need be");
                }
            }
        }
        if self.accounts.iter().all(|account| account.no_login) {
            return wrong("accounts".into(), "nobody can sign in".into(), "add one without no_login");
        }
        Ok(())
    }

    fn check_max_users(&self) -> Result<(), WorldError> {
        let mut seen = BTreeMap::from([(self.bot.user_id, "bot.user_id".to_owned())]);
        for (at, user) in self.max_users.iter().enumerate() {
            let field = format!("max_users[{at}]");
            if let Some(other) = seen.insert(user.user_id, field.clone()) {
                return Err(WorldError {
                    field: format!("{field}.user_id"),
                    problem: format!("is the same as in {other}"),
                    advice: "give each an own id",
                });
            }
            check_digits(&field, &user.phone)?;
        }
        Ok(())
    }

    fn check_vk_users(&self) -> Result<(), WorldError> {
        let wrong = |field: String, problem: String, advice| Err(WorldError { field, problem, advice });
        if self.vk_users.is_empty() {
            return wrong("vk_users".into(), "nobody can sign in".into(), "add one");
        }
        let mut seen = BTreeMap::new();
        for (at, user) in self.vk_users.iter().enumerate() {
            let field = format!("vk_users[{at}]");
            if let Some(other) = seen.insert(user.user_id, field.clone()) {
                return wrong(format!("{field}.user_id"), format!("is the same as in {other}"), "give each an own id");
            }
            if user.user_id < 1 {
                return wrong(
                    format!("{field}.user_id"),
                    format!("{} is no id", user.user_id),
                    "give a number above 0",
                );
            }
            for (name, text) in [("first_name", &user.first_name), ("last_name", &user.last_name)] {
                if text.trim().is_empty() {
                    return wrong(format!("{field}.{name}"), "is empty".into(), "VK ID has no people without a name");
                }
            }
            check_digits(&field, &user.phone)?;
            if let Some(email) = user.email.as_deref().filter(|email| Address::parse(email).is_none()) {
                let problem = format!("«{email}» is no address");
                return wrong(format!("{field}.email"), problem, "write it as anya@example.ru, or null");
            }
            if Date::parse(&user.birth_date).is_none() {
                let problem = format!("«{}» is no date", user.birth_date);
                return wrong(format!("{field}.birth_date"), problem, "write it as 2011-05-14");
            }
        }
        Ok(())
    }
}

/// The messengers write numbers without `+`.
fn check_digits(field: &str, phone: &str) -> Result<(), WorldError> {
    if phone.starts_with('+') || !is_e164(&format!("+{phone}")) {
        return Err(WorldError {
            field: format!("{field}.phone"),
            problem: format!("«{phone}» is no number"),
            advice: "write digits only: 79000001242",
        });
    }
    Ok(())
}

fn is_e164(phone: &str) -> bool {
    phone
        .strip_prefix('+')
        .is_some_and(|digits| (10..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
