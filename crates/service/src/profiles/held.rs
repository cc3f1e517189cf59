//! The profile that a pupil's diary is linked to, for an account that opens that diary.

use mostik_wire::{Channel, Code, FullName, Messenger, MessengerAccount, Millis, OwnerCode, Profile};

use crate::{
    app::App,
    db::{Inconsistent, Tx},
    linkings::{self, Purpose, Row},
    refusal::Refusal,
    session::Session,
};

/// A linked profile, with the linking that made the link.
pub(super) struct Held {
    /// The profile's id.
    pub(super) id: String,
    /// The pupil's.
    pub(super) pupil: String,
    /// The linking; its contact is where codes go.
    pub(super) linking: Row,
    pub(super) linked_at: Millis,
    name: (String, String),
    pub(super) max: Option<MessengerAccount>,
    pub(super) vk: Option<MessengerAccount>,
    pub(super) has_password: bool,
    pub(super) deletes_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Columns {
    id: String,
    linking_id: String,
    linked_at: i64,
    first_name: String,
    last_name: String,
    max_user: Option<i64>,
    max_name: Option<String>,
    max_at: Option<i64>,
    vk_user: Option<i64>,
    vk_name: Option<String>,
    vk_at: Option<i64>,
    has_password: bool,
    deletes_at: Option<i64>,
}

impl Held {
    /// The profile of a pupil.
    ///
    /// # Errors
    /// `pupil_not_yours`; `not_linked`.
    pub(super) async fn of(session: &Session, tx: &mut Tx, pupil: &str) -> Result<Self, Refusal> {
        if !session.sees(tx, pupil).await? {
            return Err(Refusal::new(Code::PupilNotYours));
        }
        let row: Option<Columns> = sqlx::query_as(
            "SELECT p.id, k.linking_id, k.linked_at, p.first_name, p.last_name, p.max_user, p.max_name, p.max_at, p.vk_user,
                    p.vk_name, p.vk_at, p.password_hash IS NOT NULL AS has_password, p.deletes_at
             FROM links k JOIN profiles p ON p.id = k.profile_id WHERE k.pupil_id = $1",
        )
        .bind(pupil)
        .fetch_optional(&mut **tx)
        .await?;
        let row = row.ok_or_else(|| Refusal::new(Code::NotLinked))?;
        let linking = linkings::by_id(&mut **tx, &row.linking_id).await?.ok_or_else(|| Inconsistent {
            table: "links",
            id: row.id.clone(),
            what: "made by no linking",
        })?;
        let account = |user: Option<i64>, name_masked: Option<String>, since: Option<i64>| {
            user.map(|_| MessengerAccount { name_masked, since: Millis(since.unwrap_or(row.linked_at)) })
        };
        Ok(Self {
            max: account(row.max_user, row.max_name, row.max_at),
            vk: account(row.vk_user, row.vk_name, row.vk_at),
            id: row.id,
            pupil: pupil.to_owned(),
            linking,
            linked_at: Millis(row.linked_at),
            name: (row.first_name, row.last_name),
            has_password: row.has_password,
            deletes_at: row.deletes_at,
        })
    }

    /// Whether the profile is bound there.
    pub(super) const fn is_in(&self, messenger: Messenger) -> bool {
        match messenger {
            Messenger::Max => self.max.is_some(),
            Messenger::Vk => self.vk.is_some(),
        }
    }

    /// Whether the link to the diary would stand without any messenger: a password or a mailbox holds it.
    ///
    /// # Errors
    /// When the row is one that no code of ours can have written.
    pub(super) fn stands_alone(&self) -> Result<bool, Refusal> {
        Ok(self.linking.contact()?.channel() == Channel::Mail)
    }

    /// As [`Held::of`], if it is still the profile that the request means.
    ///
    /// # Errors
    /// `pupil_not_yours`; `not_linked`, also for another profile.
    pub(super) async fn meant(session: &Session, tx: &mut Tx, pupil: &str, profile: &str) -> Result<Self, Refusal> {
        let held = Self::of(session, tx, pupil).await?;
        if held.id == profile { Ok(held) } else { Err(Refusal::new(Code::NotLinked)) }
    }

    /// As it goes over the wire.
    ///
    /// # Errors
    /// When the row is one that no code of ours can have written.
    pub(super) fn profile(&self, app: &App) -> Result<Profile, Refusal> {
        let contact = self.linking.contact()?;
        let now = app.now();
        let code = self.linking.code_for(Purpose::Owner)?.filter(|code| now < code.expires_at);
        Ok(Profile {
            id: self.id.clone(),
            name_masked: FullName::new(&self.name.0, &self.name.1).masked(),
            channel: contact.channel(),
            contact_masked: contact.masked(),
            max: self.max.clone(),
            vk: self.vk.clone(),
            linked_at: self.linked_at,
            has_password: self.has_password,
            resend_at: code.as_ref().map(|code| code.resend_at),
            code: code.map(|code| OwnerCode {
                expires_at: code.expires_at,
                tries_left: code.tries_left,
                delivery: code.delivery,
            }),
            deletes_at: self.deletes_at.map(Millis),
            server_time: now,
        })
    }
}
