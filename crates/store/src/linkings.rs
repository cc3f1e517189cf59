//! Linkings: each with what belongs to it, and its compare-and-set.

use mostik_linking::{
    Change, FormerProfile, LinkedTo, Linking, MaxUser, Profile as ProfileFacts, ProfileId, Pupil, Step,
};
use mostik_wire::{BirthDate, FullName, Gender, LinkingId, Millis, Phone, PupilId, Role};
use sqlx::FromRow;

use super::{Conn, Error, inconsistent, sql};
use super::{
    contact,
    hold::{self, Row},
    names,
};

/// A linking with what belongs to it.
pub struct Loaded {
    /// The linking itself.
    pub linking: Linking,
    /// Its pupil.
    pub pupil: Pupil,
    /// The pupil's school.
    pub school: Option<String>,
    /// The pupil's gender.
    pub gender: Option<Gender>,
    /// The profile that its step names.
    pub profile: Option<LoadedProfile>,
    /// The profile that the pupil was linked to before, if nobody is linked to it now.
    pub former: Option<LoadedFormer>,
    /// The sign-in at VK ID that is under way for the step's profile.
    pub vk: Option<LoadedVk>,
    /// First name and surname of whoever moved it last.
    pub moved_by_name: Option<(String, String)>,
    /// An operator has blocked the account that moved it last.
    pub moved_by_blocked: bool,
}

/// The profile that a linking's step names.
pub struct LoadedProfile {
    /// What the rules weigh.
    pub facts: ProfileFacts,
    /// Pupil or grown-up.
    pub role: Role,
    /// The class, where it names one.
    pub class_name: Option<String>,
    /// Whose VK account it is bound to, masked.
    pub vk_name: Option<String>,
    /// When it will be deleted.
    pub deletes_at: Option<Millis>,
}

/// The pupil's former profile.
pub struct LoadedFormer {
    /// What the rules weigh.
    pub facts: FormerProfile,
    /// Its first name.
    pub first_name: String,
    /// Its surname.
    pub last_name: String,
}

/// A sign-in at VK ID, or the question after it.
pub struct LoadedVk {
    /// What VK ID brings back, sealed; `None`: VK ID has answered, and the person is asked.
    pub sealed_state: Option<String>,
    /// The client as whom VK ID is asked; `None`: a version before has begun it, which knew of one alone.
    pub client: Option<String>,
    /// When it is over.
    pub expires_at: Millis,
}

#[derive(FromRow)]
struct Columns {
    id: String,
    pupil_id: String,
    version: i64,
    moved_at_version: i64,
    moved_by: Option<String>,
    codes: i64,
    state: String,
    pupil_first_name: String,
    pupil_last_name: String,
    pupil_middle_name: Option<String>,
    pupil_class_name: String,
    pupil_school: Option<String>,
    pupil_birth_date: Option<String>,
    pupil_gender: Option<String>,
    profile_first_name: Option<String>,
    profile_last_name: Option<String>,
    profile_role: Option<String>,
    profile_class_name: Option<String>,
    profile_phone: Option<String>,
    profile_max_user: Option<i64>,
    profile_former_max_user: Option<i64>,
    profile_vk_user: Option<i64>,
    profile_vk_name: Option<String>,
    profile_deletes_at: Option<i64>,
    profile_blocked_at: Option<i64>,
    linked_pupil: Option<String>,
    vk_sealed_state: Option<String>,
    vk_client: Option<String>,
    vk_expires_at: Option<i64>,
    moved_by_first_name: Option<String>,
    moved_by_last_name: Option<String>,
    moved_by_blocked_at: Option<i64>,
    former_id: Option<String>,
    former_first_name: Option<String>,
    former_last_name: Option<String>,
    former_phone: Option<String>,
    former_email: Option<String>,
}

const BY_ID: &str = "SELECT l.id, l.pupil_id, l.version, l.moved_at_version, l.moved_by, l.codes, l.state,
       u.first_name AS pupil_first_name, u.last_name AS pupil_last_name, u.middle_name AS pupil_middle_name,
       u.class_name AS pupil_class_name, u.school AS pupil_school, u.birth_date AS pupil_birth_date,
       u.gender AS pupil_gender,
       p.first_name AS profile_first_name, p.last_name AS profile_last_name, p.role AS profile_role,
       p.class_name AS profile_class_name, p.phone AS profile_phone, p.max_user AS profile_max_user,
       p.former_max_user AS profile_former_max_user, p.vk_user AS profile_vk_user, p.vk_name AS profile_vk_name,
       p.deletes_at AS profile_deletes_at, p.blocked_at AS profile_blocked_at, k.pupil_id AS linked_pupil,
       v.sealed_state AS vk_sealed_state, v.client_id AS vk_client, v.expires_at AS vk_expires_at,
       a.first_name AS moved_by_first_name, a.last_name AS moved_by_last_name, a.blocked_at AS moved_by_blocked_at,
       f.id AS former_id, f.first_name AS former_first_name, f.last_name AS former_last_name, f.phone AS former_phone,
       f.email AS former_email
FROM linkings l
JOIN pupils u ON u.id = l.pupil_id
LEFT JOIN profiles p ON p.id = l.profile_id
LEFT JOIN links k ON k.profile_id = p.id
LEFT JOIN vk_sign_ins v ON v.linking_id = l.id AND v.profile_id = l.profile_id
LEFT JOIN accounts a ON a.id = l.moved_by
LEFT JOIN profiles f ON f.id = u.former_profile AND NOT EXISTS (SELECT 1 FROM links o WHERE o.profile_id = f.id)
WHERE l.id = $1";

/// Holds a linking until the change ends: what it shows of a message is changed after it was held, as people's requests hold it.
pub async fn hold(conn: &mut Conn, id: &str) -> Result<(), Error> {
    hold::row(conn, Row::Linking(id)).await
}

/// The linking with this id, whoever's it is. In a change, it and the profile that it names are held until that ends.
pub async fn load(conn: &mut Conn, id: &str) -> Result<Option<Loaded>, Error> {
    hold::row(conn, Row::Linking(id)).await?;
    if conn.is_shared_writer() {
        let named: Option<Option<String>> =
            sql::query_scalar("SELECT profile_id FROM linkings WHERE id = $1").bind(id).fetch_optional(conn).await?;
        if let Some(profile) = named.flatten() {
            hold::row(conn, Row::Profile(&profile)).await?;
        }
    }
    let columns: Option<Columns> = sql::query_as(BY_ID).bind(id).fetch_optional(conn).await?;
    columns.map(Columns::read).transpose()
}

impl Columns {
    fn read(self) -> Result<Loaded, Error> {
        let wrong = |what| inconsistent("linkings", &self.id, what);
        let step: Step = serde_json::from_str(&self.state).map_err(|_| wrong("its state is none"))?;
        let profile = match (step.profile(), self.profile_first_name, self.profile_last_name, &self.profile_role) {
            (None, ..) => None,
            (Some(_), Some(first_name), Some(last_name), Some(role)) => Some(LoadedProfile {
                role: names::role(role).ok_or_else(|| wrong("its profile has an unknown role"))?,
                facts: ProfileFacts {
                    first_name,
                    last_name,
                    phone: phone(self.profile_phone).map_err(|()| wrong("its profile's number is none"))?,
                    linked_to: match self.linked_pupil {
                        None => LinkedTo::Nobody,
                        Some(pupil) if pupil == self.pupil_id => LinkedTo::ThisPupil,
                        Some(_) => LinkedTo::AnotherPupil,
                    },
                    max: self.profile_max_user,
                    in_vk: self.profile_vk_user.is_some(),
                    former_max: self.profile_former_max_user,
                    deletion_pending: self.profile_deletes_at.is_some(),
                    blocked: self.profile_blocked_at.is_some(),
                },
                class_name: self.profile_class_name,
                vk_name: self.profile_vk_name,
                deletes_at: self.profile_deletes_at.map(Millis),
            }),
            _ => return Err(wrong("it names a profile that is none")),
        };
        let former = match (self.former_id, self.former_phone, self.former_email) {
            (None, ..) | (Some(_), None, None) => None,
            (Some(id), phone, email) => {
                let (channel, text) = phone.map_or(("mail", email.unwrap_or_default()), |phone| ("sms", phone));
                let contact = contact::stored(channel, &text).ok_or_else(|| wrong("the former contact is none"))?;
                Some(LoadedFormer {
                    facts: FormerProfile { id, contact },
                    first_name: self.former_first_name.unwrap_or_default(),
                    last_name: self.former_last_name.unwrap_or_default(),
                })
            }
        };
        let number = |number: i64| u64::try_from(number).map_err(|_| wrong("a version below nought"));
        Ok(Loaded {
            linking: Linking {
                version: number(self.version)?,
                moved_at_version: number(self.moved_at_version)?,
                codes: u32::try_from(self.codes).map_err(|_| wrong("its number of codes is none"))?,
                id: LinkingId(self.id.clone()),
                pupil: PupilId(self.pupil_id.clone()),
                moved_by: self.moved_by,
                step,
            },
            pupil: Pupil {
                first_name: self.pupil_first_name,
                last_name: self.pupil_last_name,
                middle_name: self.pupil_middle_name,
                class_name: self.pupil_class_name,
                // The diary may write a time behind the date.
                birth_date: self.pupil_birth_date.and_then(|date| BirthDate::parse(date.get(..10)?)),
            },
            school: self.pupil_school,
            gender: self.pupil_gender.as_deref().and_then(names::gender),
            profile,
            former,
            vk: self.vk_expires_at.map(|at| LoadedVk {
                sealed_state: self.vk_sealed_state,
                client: self.vk_client,
                expires_at: Millis(at),
            }),
            moved_by_name: self.moved_by_first_name.zip(self.moved_by_last_name),
            moved_by_blocked: self.moved_by_blocked_at.is_some(),
        })
    }
}

fn phone(text: Option<String>) -> Result<Option<Phone>, ()> {
    text.map(|text| Phone::parse(&text).map_err(drop)).transpose()
}

impl Loaded {
    /// The name, masked, of the profile that was found; of a new one, which bears the pupil's.
    #[must_use]
    pub fn profile_name_or_pupils(&self) -> String {
        self.profile.as_ref().map_or_else(|| self.pupil.name().masked(), |profile| profile.facts.name().masked())
    }

    /// What whoever moved it last is called.
    #[must_use]
    pub fn moved_by_called(&self) -> Option<String> {
        self.moved_by_name.as_ref().map(|(first, last)| FullName::new(first, last).called())
    }
}

/// Whether the account opens the diary of the linking's pupil.
pub async fn is_seen_by(conn: &mut Conn, id: &str, account: &str) -> Result<bool, Error> {
    Ok(sql::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM account_pupils a JOIN linkings l ON l.pupil_id = a.pupil_id
             WHERE a.account_id = $1 AND l.id = $2)",
    )
    .bind(account)
    .bind(id)
    .fetch_one(conn)
    .await?)
}

/// A linking's next step, to be written down.
pub struct Next<'a> {
    /// The step.
    pub step: &'a Step,
    /// What becomes of the version.
    pub change: Change,
    /// How many codes it has sent by then.
    pub codes: u32,
    /// The account that moves it; `None`: none does.
    pub moved_by: Option<&'a str>,
    /// When.
    pub now: Millis,
}

/// Writes the next step down, if the linking is still at the version that was loaded; answers whether it was.
pub async fn compare_and_set(conn: &mut Conn, loaded: &Linking, next: &Next<'_>) -> Result<bool, Error> {
    let (known, moved) = match next.change {
        Change::None => (0, 0),
        Change::Known => (1, 0),
        Change::Moved => (1, 1),
    };
    let step = next.step;
    let ticket = step.at_max().map(|at_max| &at_max.ticket);
    let state = serde_json::to_string(step).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    let written = sql::query(
        "UPDATE linkings SET step = $3, state = $4, profile_id = $5, contact = $6, max_user = $7, ticket_hash = $8,
             ticket_digits_hash = $9, codes = $10, version = version + $11,
             moved_at_version = CASE WHEN $12 = 1 THEN version + 1 ELSE moved_at_version END,
             moved_by = COALESCE($13, moved_by), updated_at = CASE WHEN $11 = 1 THEN $14 ELSE updated_at END
         WHERE id = $1 AND version = $2",
    )
    .bind(&loaded.id.0)
    .bind(i64::try_from(loaded.version).unwrap_or(i64::MAX))
    .bind(names::step_name(step.name()))
    .bind(state)
    .bind(step.profile())
    .bind(step.contact().as_ref().map(contact::text))
    .bind(step.max_user())
    .bind(ticket.map(|ticket| &ticket.hash))
    .bind(ticket.map(|ticket| &ticket.digits_hash))
    .bind(i64::from(next.codes))
    .bind(known)
    .bind(moved)
    .bind(next.moved_by)
    .bind(next.now.0)
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Begins a linking for a pupil who has no open one; one that is open already stays as it is.
pub async fn begin(conn: &mut Conn, id: &str, pupil: &str, account: &str, now: Millis) -> Result<(), Error> {
    let state = serde_json::to_string(&Step::Contact).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sql::query(
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, moved_by, step, state, created_at, updated_at)
         VALUES ($1, $2, 1, 1, $3, 'contact', $4, $5, $5)
         ON CONFLICT (pupil_id) WHERE step NOT IN ('linked', 'closed') DO NOTHING",
    )
    .bind(id)
    .bind(pupil)
    .bind(account)
    .bind(state)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// The open linking of a pupil.
pub async fn open_of(conn: &mut Conn, pupil: &str) -> Result<Option<String>, Error> {
    Ok(sql::query_scalar("SELECT id FROM linkings WHERE pupil_id = $1 AND step NOT IN ('linked', 'closed')")
        .bind(pupil)
        .fetch_optional(conn)
        .await?)
}

/// The newest linking of each pupil of an account, with its version, in the order of the diary.
pub async fn newest_of_account(conn: &mut Conn, account: &str) -> Result<Vec<(String, u64)>, Error> {
    let rows: Vec<(String, i64)> = sql::query_as(
        "SELECT l.id, l.version FROM account_pupils a JOIN linkings l ON l.pupil_id = a.pupil_id
         WHERE a.account_id = $1 AND NOT EXISTS (SELECT 1 FROM linkings n WHERE n.pupil_id = l.pupil_id
             AND (n.created_at > l.created_at OR (n.created_at = l.created_at AND n.id > l.id)))
         ORDER BY a.place",
    )
    .bind(account)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, version)| (id, version.unsigned_abs())).collect())
}

/// The version of a linking.
pub async fn version(conn: &mut Conn, id: &str) -> Result<Option<u64>, Error> {
    let version: Option<i64> =
        sql::query_scalar("SELECT version FROM linkings WHERE id = $1").bind(id).fetch_optional(conn).await?;
    Ok(version.map(i64::unsigned_abs))
}

/// How many idle linkings are found at once: a change of more would keep others waiting.
pub const IDLE_AT_ONCE: usize = 200;

/// Which linkings are looked for.
pub enum Selection<'a> {
    /// Those at MAX whose link has this keyed hash.
    Ticket(&'a str),
    /// Those at MAX whose digits have this keyed hash.
    Digits(&'a str),
    /// Those at MAX with whose ticket this account has come to the bot.
    Visitor(MaxUser),
    /// Those that are at the profile.
    AtProfile(&'a ProfileId),
    /// Those that name the profile or one of its contacts and are not over, but for this pupil's.
    Naming {
        /// The profile.
        profile: &'a ProfileId,
        /// Its number and its address, as they are stored.
        contacts: &'a [Option<String>; 2],
        /// Whose are left out.
        but_of: &'a str,
    },
    /// Those that are not over and have not changed since then; [`IDLE_AT_ONCE`] at most.
    Idle {
        /// Since when.
        since: Millis,
        /// The pupil whose; `None`: of all.
        of: Option<&'a str>,
    },
    /// All of a pupil.
    Of(&'a str),
}

/// The ids of the linkings that are looked for, oldest first.
pub async fn find(conn: &mut Conn, which: &Selection<'_>) -> Result<Vec<String>, Error> {
    const OPEN: &str = "step NOT IN ('linked', 'closed')";
    let query = |condition: &str| {
        sqlx::AssertSqlSafe(format!("SELECT id FROM linkings WHERE {condition} ORDER BY created_at, id"))
    };
    Ok(match which {
        Selection::Ticket(hash) => sql::query_scalar(query("ticket_hash = $1")).bind(*hash).fetch_all(conn).await?,
        Selection::Digits(hash) => {
            sql::query_scalar(query("ticket_digits_hash = $1")).bind(*hash).fetch_all(conn).await?
        }
        Selection::Visitor(user) => {
            sql::query_scalar(query("max_user = $1 AND step = 'max'")).bind(*user).fetch_all(conn).await?
        }
        Selection::AtProfile(profile) => {
            sql::query_scalar(query("profile_id = $1 AND step = 'profile'")).bind(*profile).fetch_all(conn).await?
        }
        Selection::Naming { profile, contacts, but_of } => {
            let condition = format!("(profile_id = $1 OR contact = $2 OR contact = $3) AND pupil_id <> $4 AND {OPEN}");
            let found = sql::query_scalar(query(&condition)).bind(*profile);
            found.bind(contacts[0].as_deref()).bind(contacts[1].as_deref()).bind(*but_of).fetch_all(conn).await?
        }
        Selection::Idle { since, of: Some(pupil) } => {
            let condition = format!("pupil_id = $1 AND {OPEN} AND updated_at <= $2");
            sql::query_scalar(query(&condition)).bind(*pupil).bind(since.0).fetch_all(conn).await?
        }
        Selection::Idle { since, of: None } => {
            let most = format!(
                "SELECT id FROM linkings WHERE {OPEN} AND updated_at <= $1 ORDER BY updated_at, id LIMIT {IDLE_AT_ONCE}"
            );
            sql::query_scalar(sqlx::AssertSqlSafe(most)).bind(since.0).fetch_all(conn).await?
        }
        Selection::Of(pupil) => sql::query_scalar(query("pupil_id = $1")).bind(*pupil).fetch_all(conn).await?,
    })
}
