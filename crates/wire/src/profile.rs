//! The learning profile that a pupil is linked to, as its people see it, and what they may do with it.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use crate::{Channel, Delivery, MessengerAccount, Millis, Secret};

/// `GET /v1/pupils/{id}/profile`: the profile that the pupil's diary is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// Its id, as people see it: ten digits.
    pub id: String,
    /// Whose it is, masked: `Анна О.`
    pub name_masked: String,
    /// What kind of contact it was linked by.
    pub channel: Channel,
    /// The contact, masked; codes that prove the person go there.
    pub contact_masked: String,
    /// The MAX account that it is bound to.
    pub max: Option<MessengerAccount>,
    /// The VK account that it is bound to.
    pub vk: Option<MessengerAccount>,
    /// When it was linked to the diary.
    pub linked_at: Millis,
    /// It has a password, which proves the person as well as a code does.
    pub has_password: bool,
    /// The newest code that was sent to prove the person, while it works.
    pub code: Option<OwnerCode>,
    /// When a new code may be sent; `None`: at once.
    pub resend_at: Option<Millis>,
    /// When it will be deleted, if that was asked for: `POST …/keep` calls it off.
    pub deletes_at: Option<Millis>,
    /// The service's clock when this was written down for you.
    pub server_time: Millis,
}

/// A code that proves the person, on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerCode {
    /// When it stops working.
    pub expires_at: Millis,
    /// Tries that remain for it, 0 to 5.
    pub tries_left: u32,
    /// What is known of the message's way.
    pub delivery: Delivery,
}

/// What shows that whoever asks holds the profile, beside the session of the diary. Not `Debug`, not `Clone`: it is a secret.
#[derive(PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Proof {
    /// The profile's password.
    Password {
        /// As typed.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        password: Secret,
    },
    /// The newest code of `POST …/profile/code`.
    Code {
        /// Six digits.
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
        code: Secret,
    },
}

// Written by hand: the one request that spends it is where it may leave.
impl Serialize for Proof {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (by, secret) = match self {
            Self::Password { password } => ("password", password),
            Self::Code { code } => ("code", code),
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("by", by)?;
        map.serialize_entry(by, secret.expose())?;
        map.end()
    }
}

/// `POST /v1/pupils/{id}/profile/code` and `…/keep`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// The profile that is meant; refused with `not_linked` when the pupil is linked to another one by now.
    pub profile: String,
}

/// `POST /v1/pupils/{id}/profile/export`, `…/unlink`, `…/unlink-max`, `…/unlink-vk` and `…/deletion`. Not `Debug`, not `Clone`: it bears a secret.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProvenBody {
    /// As in [`ProfileBody`].
    pub profile: String,
    /// That it is the person's own.
    pub proof: Proof,
}

/// The answer to `…/export`: all that the service holds about the profile, twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// The name of both files, without what comes behind the dot: `mostik-4815162342-2026-11-24`.
    pub name: String,
    /// For people: a page of its own, in the language asked for (`Accept-Language`).
    pub html: String,
    /// For programs: JSON.
    pub json: String,
}

// It is all that is known of a person: never in a log.
impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Export")
    }
}

/// The answer to `…/unlink`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unlinked {
    /// The profile that the diary was unlinked from.
    pub profile: String,
    /// The service's clock when that was done.
    pub at: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_reads_as_it_was_written() {
        for proof in
            [Proof::Password { password: Secret::new("жёлтый чайник") }, Proof::Code { code: Secret::new("012345") }]
        {
            let text = serde_json::to_string(&ProvenBody { profile: "1".into(), proof }).unwrap();
            let read: ProvenBody = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        assert!(serde_json::from_str::<Proof>(r#"{"by":"code"}"#).is_err());
        assert!(serde_json::from_str::<Proof>(r#"{"by":"nothing"}"#).is_err());
    }
}
