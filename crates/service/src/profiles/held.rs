//! The profile that a pupil's diary is linked to, for an account that opens that diary.

use mostik_wire::{Code, Millis, OwnerCode, Profile};

use crate::{
    app::App,
    db::{Inconsistent, Tx},
    linkings::{self, Purpose, Row},
    names,
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
    pub(super) max_user: Option<i64>,
    pub(super) has_password: bool,
    pub(super) deletes_at: Option<i64>,
}

type Columns = (String, String, i64, String, String, Option<i64>, bool, Option<i64>);

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
            "SELECT p.id, k.linking_id, k.linked_at, p.first_name, p.last_name, p.max_user,
                    p.password_hash IS NOT NULL, p.deletes_at
             FROM links k JOIN profiles p ON p.id = k.profile_id WHERE k.pupil_id = $1",
        )
        .bind(pupil)
        .fetch_optional(&mut **tx)
        .await?;
        let (id, linking, linked_at, first, last, max_user, has_password, deletes_at) =
            row.ok_or_else(|| Refusal::new(Code::NotLinked))?;
        let linking = linkings::by_id(&mut **tx, &linking).await?.ok_or(Inconsistent {
            table: "links",
            id: id.clone(),
            what: "made by no linking",
        })?;
        let (pupil, name, linked_at) = (pupil.to_owned(), (first, last), Millis(linked_at));
        Ok(Self { id, pupil, linking, linked_at, name, max_user, has_password, deletes_at })
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
            name_masked: names::masked(&self.name.0, &self.name.1),
            channel: contact.channel(),
            contact_masked: contact.masked(),
            in_max: self.max_user.is_some(),
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
