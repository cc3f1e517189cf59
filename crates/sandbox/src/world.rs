//! The people and papers of the stand-in world, read from JSON and checked before anything listens.

mod check;

use serde::Deserialize;

/// The invented world: who can sign in to the diary, who is in MAX, and the keys of the parties.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    pub(crate) bot: Bot,
    pub(crate) diary_client: DiaryClient,
    pub(crate) smpp_account: SmppAccount,
    pub(crate) smtp_account: SmtpAccount,
    pub(crate) school: School,
    pub(crate) classes: Vec<Class>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) max_users: Vec<MaxUser>,
    pub(crate) vk_client: VkClient,
    pub(crate) vk_users: Vec<VkUser>,
}

/// The bot in MAX that the service drives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bot {
    pub(crate) user_id: i64,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) token: String,
}

/// The application that is registered at the diary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiaryClient {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) name: String,
    /// Besides these, any `http://127.0.0.1:…/…` is taken, and `https` there.
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
}

/// The account at the SMS centre.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmppAccount {
    pub(crate) system_id: String,
    pub(crate) password: String,
}

/// The account at the mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmtpAccount {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// The one school of this world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct School {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) county: String,
    pub(crate) principal: String,
    pub(crate) phone: String,
}

/// A class and its week. A subject that begins with `@` is taught remotely.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) level: i64,
    pub(crate) unit_id: i64,
    /// Monday to Saturday, or Monday to Friday.
    pub(crate) week: Vec<Vec<String>>,
}

/// Who signs in to the diary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) person: Person,
    pub(crate) role: Role,
    /// The class, for a pupil.
    pub(crate) class: Option<String>,
    /// The children, for a parent: keys of `children` who have no login, or logins of pupils.
    #[serde(default)]
    pub(crate) children: Vec<String>,
    /// Addresses whose letters this person reads.
    #[serde(default)]
    pub(crate) mail: Vec<String>,
    /// May not sign in; known only as somebody's child.
    #[serde(default)]
    pub(crate) no_login: bool,
}

/// What the diary knows about a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    pub(crate) id: i64,
    /// Empty: none, as for `first_name`; one of the two there is.
    pub(crate) last_name: String,
    pub(crate) first_name: String,
    pub(crate) middle_name: Option<String>,
    pub(crate) birth_date: String,
    pub(crate) sex: String,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
}

/// Pupil or parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Student,
    Parent,
}

/// Somebody who is signed in to MAX.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaxUser {
    pub(crate) user_id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: Option<String>,
    /// Digits without `+`.
    pub(crate) phone: String,
}

/// The application that is registered at VK ID. It has no secret: PKCE stands for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VkClient {
    /// Digits.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Besides these, any `http://127.0.0.1:…/…` is taken, and `https` there.
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
}

/// Somebody who has a VK ID.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VkUser {
    pub(crate) user_id: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    /// Digits without `+`.
    pub(crate) phone: String,
    pub(crate) email: Option<String>,
    pub(crate) sex: VkSex,
    pub(crate) birth_date: String,
}

/// As VK ID says it: 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VkSex {
    Female = 1,
    Male = 2,
}

/// A world that cannot be: which field, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{field}: {problem}; {advice}")]
pub struct WorldError {
    field: String,
    problem: String,
    advice: &'static str,
}

impl Default for World {
    /// The built-in world, which a test holds to be a good one.
    fn default() -> Self {
        match Self::from_json(include_str!("../world/default.json")) {
            Ok(world) => world,
            Err(error) => panic!("world/default.json is built in and tested, yet: {error}"),
        }
    }
}

impl World {
    /// Reads and checks a world.
    ///
    /// # Errors
    ///
    /// Names the field that is wrong, and the next step.
    pub fn from_json(text: &str) -> Result<Self, WorldError> {
        let world: Self = serde_json::from_str(text).map_err(|error| WorldError {
            field: format!("line {}, column {}", error.line(), error.column()),
            problem: error.to_string(),
            advice: "compare with crates/sandbox/world/default.json",
        })?;
        world.check()?;
        Ok(world)
    }

    pub(crate) fn account(&self, login: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.login == login)
    }

    pub(crate) fn class(&self, name: &str) -> Option<(usize, &Class)> {
        self.classes.iter().enumerate().find(|(_, class)| class.name == name)
    }

    pub(crate) fn max_user(&self, user_id: i64) -> Option<&MaxUser> {
        self.max_users.iter().find(|user| user.user_id == user_id)
    }

    /// Who this is at VK ID, where ids travel as text.
    pub(crate) fn vk_user(&self, user_id: &str) -> Option<&VkUser> {
        self.vk_users.iter().find(|user| user.user_id.to_string() == user_id)
    }

    /// Pupils whose diary this account may read.
    pub(crate) fn pupils_of<'a>(&'a self, account: &'a Account) -> Vec<&'a Account> {
        match account.role {
            Role::Student => vec![account],
            Role::Parent => account.children.iter().filter_map(|login| self.account(login)).collect(),
        }
    }
}

impl VkUser {
    /// «Михаил Орлов».
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

impl Person {
    /// «Михаил Сергеевич Орлов», or without the patronymic.
    pub(crate) fn full_name(&self) -> String {
        let names = [Some(self.first_name.as_str()), self.middle_name.as_deref(), Some(self.last_name.as_str())];
        names.into_iter().flatten().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// «Михаил Орлов».
    pub(crate) fn short_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// «Михаил»; who has a surname alone is called by it.
    pub(crate) fn called(&self) -> &str {
        if self.first_name.is_empty() { &self.last_name } else { &self.first_name }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(change: impl FnOnce(&mut Value)) -> String {
        let mut world: Value = serde_json::from_str(include_str!("../world/default.json")).expect("built-in JSON");
        change(&mut world);
        World::from_json(&world.to_string()).expect_err("a world that cannot be").to_string()
    }

    #[test]
    fn a_wrong_world_names_the_field_and_the_next_step() {
        let error = refused(|world| world["accounts"][0]["person"]["birth_date"] = json!("14.05.2011"));
        assert_eq!(error, "accounts[0].person.birth_date: «14.05.2011» is no date; write it as 2011-05-14");
        assert!(refused(|world| world["smpp_account"]["password"] = json!("far too long")).contains("1 to 8"));
        let nameless = |world: &mut Value| {
            world["accounts"][0]["person"]["first_name"] = json!("");
            world["accounts"][0]["person"]["last_name"] = json!("");
        };
        assert!(refused(nameless).contains("accounts[0].person.last_name"));
        assert!(refused(|world| world["accounts"][1]["login"] = json!("misha")).contains("accounts[1].login"));
        assert!(refused(|world| world["accounts"][0]["class"] = json!("11-Я")).contains("accounts[0].class"));
        assert!(refused(|world| world["max_users"][0]["phone"] = json!("+79000001242")).contains("max_users[0].phone"));
        assert!(refused(|world| world["vk_client"]["id"] = json!("mostik")).contains("vk_client.id"));
        assert!(refused(|world| world["vk_client"]["redirect_uris"] = json!(["/back"])).contains("redirect_uris[0]"));
        assert!(refused(|world| world["vk_users"][1]["user_id"] = json!(710_001)).contains("same as in vk_users[0]"));
        assert!(refused(|world| world["vk_users"][0]["phone"] = json!("+79000001242")).contains("vk_users[0].phone"));
        assert!(refused(|world| world["vk_users"][0]["birth_date"] = json!("2011-02-30")).contains("birth_date"));
        assert!(refused(|world| world["vk_users"][0]["email"] = json!("misha")).contains("vk_users[0].email"));
        assert!(refused(|world| world["vk_users"][0]["last_name"] = json!(" ")).contains("vk_users[0].last_name"));
        assert!(refused(|world| world["vk_users"] = json!([])).contains("vk_users"));
        assert!(refused(|world| world["colour"] = json!("honey")).contains("colour"));
    }

    #[test]
    fn the_built_in_world_is_a_good_one() {
        let world = World::default();
        assert!(world.account("olga").is_some_and(|olga| world.pupils_of(olga).len() == 3));
    }
}
