//! Learning profiles, their links to diaries, and their accounts in messengers.

use mostik_linking::{FoundProfile, NewProfile, PasswordHash, ProfileId};
use mostik_wire::{Channel, Contact, Email, Messenger, Millis, Phone, Role};

use super::{Conn, Error, sql};
use super::{
    contact,
    hold::{self, Row},
    names,
};

/// The profile under a contact, whether it is linked, and whether it is blocked.
pub async fn under(conn: &mut Conn, of: &Contact) -> Result<Option<FoundProfile>, Error> {
    let sql = match of.channel() {
        Channel::Sms => {
            "SELECT p.id, k.pupil_id, p.blocked_at FROM profiles p LEFT JOIN links k ON k.profile_id = p.id
             WHERE p.phone = $1"
        }
        Channel::Mail => {
            "SELECT p.id, k.pupil_id, p.blocked_at FROM profiles p LEFT JOIN links k ON k.profile_id = p.id
             WHERE p.email_key = $1"
        }
    };
    let found: Option<(String, Option<String>, Option<i64>)> =
        sql::query_as(sql).bind(contact::key(of)).fetch_optional(conn).await?;
    Ok(found.map(|(id, pupil, blocked_at)| {
        let (is_linked, blocked) = (pupil.is_some(), blocked_at.is_some());
        FoundProfile { id, is_linked, blocked }
    }))
}

/// The same, for who may link it in this change: it is held until that ends.
pub async fn hold_under(conn: &mut Conn, of: &Contact) -> Result<Option<FoundProfile>, Error> {
    if conn.is_shared_writer()
        && let Some(found) = under(conn, of).await?
    {
        hold::row(conn, Row::Profile(&found.id)).await?;
    }
    under(conn, of).await
}

/// The profile that an account of a messenger is bound to.
pub async fn bound_to(conn: &mut Conn, messenger: Messenger, user: i64) -> Result<Option<ProfileId>, Error> {
    let sql = match messenger {
        Messenger::Max => "SELECT id FROM profiles WHERE max_user = $1",
        Messenger::Vk => "SELECT id FROM profiles WHERE vk_user = $1",
    };
    Ok(sql::query_scalar(sql).bind(user).fetch_optional(conn).await?)
}

/// Makes a profile; `by_phone_name` and `by_phone_class` are the pupil's, whose name one under a number bears.
///
/// # Errors
/// When the database does not answer, or the contact has a profile already.
pub async fn make(
    conn: &mut Conn,
    new: &NewProfile,
    by_phone_name: (&str, &str),
    by_phone_class: &str,
    now: Millis,
) -> Result<(), Error> {
    const SQL: &str =
        "INSERT INTO profiles (id, phone, email, email_key, first_name, last_name, middle_name, birth_date, gender,
             role, class_name, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pupil', $10, $11, $12)";
    let query = match new {
        NewProfile::ByPhone { id, phone } => sql::query(SQL)
            .bind(id)
            .bind(phone.e164())
            .bind(None::<String>)
            .bind(None::<String>)
            .bind(by_phone_name.0)
            .bind(by_phone_name.1)
            .bind(None::<String>)
            .bind(None::<String>)
            .bind(None::<String>)
            .bind(by_phone_class)
            .bind(None::<String>),
        NewProfile::ByMail { id, email, name, birth_date, gender, class_name, password } => sql::query(SQL)
            .bind(id)
            .bind(None::<String>)
            .bind(email.address())
            .bind(email.key())
            .bind(&name.first_name)
            .bind(&name.last_name)
            .bind(&name.middle_name)
            .bind(birth_date.to_string())
            .bind(names::gender_name(*gender))
            .bind(class_name)
            .bind(&password.0),
    };
    query.bind(now.0).execute(conn).await?;
    Ok(())
}

/// Links a pupil's diary to a profile. The unique keys decide between two who come at once.
///
/// # Errors
/// When the database does not answer, or one of the two is linked already.
pub async fn link(conn: &mut Conn, pupil: &str, profile: &str, linking: &str, now: Millis) -> Result<(), Error> {
    sql::query("INSERT INTO links (pupil_id, profile_id, linking_id, linked_at) VALUES ($1, $2, $3, $4)")
        .bind(pupil)
        .bind(profile)
        .bind(linking)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes the link of a pupil; the profile leaves its messengers and is remembered as the pupil's former one, with its MAX
/// account, so that who links the same two again need not be asked in MAX again.
pub async fn unlink(conn: &mut Conn, pupil: &str, profile: &str) -> Result<(), Error> {
    sql::query("DELETE FROM links WHERE pupil_id = $1").bind(pupil).execute(&mut *conn).await?;
    sql::query(
        "UPDATE profiles SET former_max_user = max_user, max_user = NULL, max_name = NULL, max_at = NULL, vk_user = NULL,
             vk_name = NULL, vk_at = NULL
         WHERE id = $1",
    )
    .bind(profile)
    .execute(&mut *conn)
    .await?;
    sql::query("UPDATE pupils SET former_profile = $2 WHERE id = $1").bind(pupil).bind(profile).execute(conn).await?;
    Ok(())
}

/// The linking that has linked a pupil.
pub async fn linking_of(conn: &mut Conn, pupil: &str) -> Result<Option<String>, Error> {
    Ok(sql::query_scalar("SELECT linking_id FROM links WHERE pupil_id = $1").bind(pupil).fetch_optional(conn).await?)
}

/// Binds a profile to an account of a messenger.
///
/// # Errors
/// When the database does not answer, or the account is bound to another profile.
pub async fn bind(
    conn: &mut Conn,
    profile: &str,
    messenger: Messenger,
    account: Option<(i64, Option<&str>)>,
    now: Millis,
) -> Result<(), Error> {
    let sql = match messenger {
        Messenger::Max => {
            "UPDATE profiles SET max_user = $2, max_name = $3, max_at = $4,
                 former_max_user = CASE WHEN $2 IS NULL THEN former_max_user ELSE NULL END WHERE id = $1"
        }
        Messenger::Vk => "UPDATE profiles SET vk_user = $2, vk_name = $3, vk_at = $4 WHERE id = $1",
    };
    let (user, name) = account.unzip();
    sql::query(sql).bind(profile).bind(user).bind(name.flatten()).bind(user.map(|_| now.0)).execute(conn).await?;
    Ok(())
}

/// Sets a profile's password.
pub async fn set_password(conn: &mut Conn, profile: &str, password: &PasswordHash) -> Result<(), Error> {
    sql::query("UPDATE profiles SET password_hash = $2 WHERE id = $1")
        .bind(profile)
        .bind(&password.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// The hash of a profile's password; `None`: there is no such profile, or it has no password.
pub async fn password_of(conn: &mut Conn, profile: &str) -> Result<Option<String>, Error> {
    let found: Option<Option<String>> = sql::query_scalar("SELECT password_hash FROM profiles WHERE id = $1")
        .bind(profile)
        .fetch_optional(conn)
        .await?;
    Ok(found.flatten())
}

/// Notes when a profile is to be deleted, and the language in which that will be told; `None`: it is not.
pub async fn set_deletion(conn: &mut Conn, profile: &str, due: Option<(Millis, &str)>) -> Result<(), Error> {
    let (at, language) = due.unzip();
    sql::query("UPDATE profiles SET deletes_at = $2, deletion_language = $3 WHERE id = $1")
        .bind(profile)
        .bind(at.map(|at| at.0))
        .bind(language)
        .execute(conn)
        .await?;
    Ok(())
}

/// Records the consent that a profile was made with.
pub async fn record_consent(
    conn: &mut Conn,
    id: &str,
    profile: &str,
    account: &str,
    linking: &str,
    wording: &str,
    now: Millis,
) -> Result<(), Error> {
    sql::query(
        "INSERT INTO consents (id, profile_id, account_id, linking_id, wording, given_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(profile)
    .bind(account)
    .bind(linking)
    .bind(wording)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whom a profile's news go to.
pub struct Recipients {
    /// First name and surname.
    pub name: (String, String),
    /// Its address.
    pub email: Option<Email>,
    /// Its MAX account.
    pub max_user: Option<i64>,
}

/// Whom a profile's news go to.
pub async fn people(conn: &mut Conn, profile: &str) -> Result<Recipients, Error> {
    let (email, max_user, first, last): (Option<String>, Option<i64>, String, String) =
        sql::query_as("SELECT email, max_user, first_name, last_name FROM profiles WHERE id = $1")
            .bind(profile)
            .fetch_one(conn)
            .await?;
    let email = email.and_then(|text| Email::parse(&text).ok());
    Ok(Recipients { name: (first, last), email, max_user })
}

/// What is kept of a profile: who it is, where it is bound, and what becomes of it.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `profiles`")]
pub struct StoredProfile {
    pub first_name: String,
    pub last_name: String,
    pub max_user: Option<i64>,
    pub max_name: Option<String>,
    pub max_at: Option<i64>,
    pub vk_user: Option<i64>,
    pub vk_name: Option<String>,
    pub vk_at: Option<i64>,
    pub has_password: bool,
    pub deletes_at: Option<i64>,
}

/// What is kept of a profile.
pub async fn kept(conn: &mut Conn, profile: &str) -> Result<StoredProfile, Error> {
    Ok(sql::query_as(
        "SELECT first_name, last_name, max_user, max_name, max_at, vk_user, vk_name, vk_at,
                password_hash IS NOT NULL AS has_password, deletes_at
         FROM profiles WHERE id = $1",
    )
    .bind(profile)
    .fetch_one(conn)
    .await?)
}

/// A profile of the operator's, to be brought in.
pub struct Imported<'a> {
    /// Its id, should it be new.
    pub new_id: &'a str,
    /// Its number.
    pub phone: Option<&'a Phone>,
    /// Its address.
    pub email: Option<&'a Email>,
    /// First name; may be empty.
    pub first_name: &'a str,
    /// Surname; may be empty.
    pub last_name: &'a str,
    /// Pupil or grown-up.
    pub role: Role,
    /// The class.
    pub class_name: Option<&'a str>,
}

/// Brings a profile in, or brings the one under its number or address up to date; answers its id. `None`: number and address belong to
/// two profiles.
pub async fn import(conn: &mut Conn, profile: &Imported<'_>, now: Millis) -> Result<Option<String>, Error> {
    let known: Vec<String> = sql::query_scalar("SELECT id FROM profiles WHERE phone = $1 OR email_key = $2")
        .bind(profile.phone.map(Phone::e164))
        .bind(profile.email.map(Email::key))
        .fetch_all(&mut *conn)
        .await?;
    let id = match known.as_slice() {
        [] => profile.new_id,
        [id] => id,
        _ => return Ok(None),
    };
    sql::query(
        "INSERT INTO profiles (id, phone, first_name, last_name, role, class_name, created_at, email, email_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET first_name = $3, last_name = $4, role = $5, class_name = $6,
             phone = COALESCE($2, profiles.phone), email = COALESCE($8, profiles.email),
             email_key = COALESCE($9, profiles.email_key)",
    )
    .bind(id)
    .bind(profile.phone.map(Phone::e164))
    .bind(profile.first_name)
    .bind(profile.last_name)
    .bind(names::role_name(profile.role))
    .bind(profile.class_name)
    .bind(now.0)
    .bind(profile.email.map(Email::address))
    .bind(profile.email.map(Email::key))
    .execute(conn)
    .await?;
    Ok(Some(id.to_owned()))
}
