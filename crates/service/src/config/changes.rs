//! What another configuration changes, and what of that a running service takes up: the secrets, and as whom it signs in.

use super::sections::{CentreConfig, Config};

/// Taken up while the service runs; of an SMS centre, by the last part of the key.
const TAKEN: &[&str] = &[
    "secret_key",
    "secret_key_file",
    "previous_secret_key",
    "previous_secret_key_file",
    "diary.client_id",
    "diary.client_secret",
    "mail.user",
    "mail.password",
    "max.token",
    "max.webhook_secret",
    "vk.client_id",
];
const TAKEN_OF_CENTRE: &[&str] = &["system_id", "password"];

/// The keys of settings that are other than before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that are taken up.
    pub taken: Vec<String>,
    /// Those that wait for the next start.
    pub waiting: Vec<String>,
}

impl Config {
    /// This configuration with what may change taken from another one, and what is other there.
    #[must_use]
    pub fn taking(&self, new: &Self) -> (Self, Changes) {
        let mut all: Vec<&String> = self.given.keys().chain(new.given.keys()).collect();
        all.sort_unstable();
        all.dedup();
        let mut changes = Changes::default();
        for key in all.into_iter().filter(|key| self.given.get(*key) != new.given.get(*key)) {
            if self.is_taken(key, new) { &mut changes.taken } else { &mut changes.waiting }.push(key.clone());
        }
        // The file that a setting names may hold something else now.
        let keys = [
            ("secret_key", self.secret_key == new.secret_key),
            ("previous_secret_key", self.previous_secret_key == new.previous_secret_key),
        ];
        for (key, _) in keys.iter().filter(|(_, same)| !same) {
            if !changes.taken.iter().any(|taken| taken.starts_with(key)) {
                changes.taken.push(format!("{key}_file"));
            }
        }
        let mut merged = self.clone();
        merged.secret_key.clone_from(&new.secret_key);
        merged.previous_secret_key.clone_from(&new.previous_secret_key);
        merged.diary.client_id.clone_from(&new.diary.client_id);
        merged.diary.client_secret.clone_from(&new.diary.client_secret);
        merged.mail.account.clone_from(&new.mail.account);
        merged.max.token.clone_from(&new.max.token);
        merged.max.webhook_secret.clone_from(&new.max.webhook_secret);
        merged.vk.client_id.clone_from(&new.vk.client_id);
        for centre in &mut merged.sms.centres {
            if let Some(new) = new.centre(&centre.name) {
                centre.system_id.clone_from(&new.system_id);
                centre.password.clone_from(&new.password);
            }
        }
        // What waits is told again by the next one too.
        merged.given.retain(|key, _| !changes.taken.contains(key));
        let taken = changes.taken.iter().filter_map(|key| Some((key.clone(), new.given.get(key)?.clone())));
        merged.given.extend(taken);
        (merged, changes)
    }

    fn centre(&self, name: &str) -> Option<&CentreConfig> {
        self.sms.centres.iter().find(|centre| centre.name == name)
    }

    // Of a centre that comes or goes nothing is taken.
    fn is_taken(&self, key: &str, new: &Self) -> bool {
        let of_centre = || {
            let (name, last) = key.strip_prefix("sms.")?.rsplit_once('.')?;
            let stays = self.centre(name).is_some() && new.centre(name).is_some();
            Some(stays && TAKEN_OF_CENTRE.contains(&last))
        };
        TAKEN.contains(&key) || of_centre().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::GOOD, *};

    fn read(text: &str) -> Config {
        Config::from_parts(text, &|_| None).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    #[test]
    fn secrets_are_taken_and_the_rest_waits_and_is_told_each_time() {
        let old = read(GOOD);
        let text = GOOD
            .replace("t0ken-of-max", "another-token")
            .replace("\"pw\"", "\"wp\"")
            .replace("s3cret-of-diary", "another")
            .replace("mail.school.example", "mail2.school.example")
            .replace("127.0.0.1:2775", "127.0.0.1:2776");
        let new = read(&text);
        let (merged, changes) = old.taking(&new);
        assert_eq!(changes.taken, ["diary.client_secret", "max.token", "sms.main.password"]);
        assert_eq!(changes.waiting, ["mail.server", "sms.main.smpp"]);
        assert_eq!((merged.max.token.as_str(), merged.sms.centres[0].password.as_str()), ("another-token", "wp"));
        assert_eq!(merged.diary.client_secret, "another");
        assert_eq!(merged.mail.server, "mail.school.example");
        let (_, again) = merged.taking(&new);
        assert_eq!(again, Changes { taken: vec![], waiting: changes.waiting });
    }

    #[test]
    fn of_a_centre_that_comes_nothing_is_taken() {
        let (merged, changes) = read(GOOD).taking(&read(&GOOD.replace("\"main\"", "\"other\"")));
        assert!(changes.taken.is_empty(), "{changes:?}");
        assert!(changes.waiting.contains(&"sms.other.password".to_owned()), "{changes:?}");
        assert_eq!(merged.sms.centres[0].name, "main");
    }
}
