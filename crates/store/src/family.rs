//! What the diary tells: who has signed in, and whose diaries that opens.

use mostik_wire::{Gender, Millis, Role};

use super::names;
use super::{Conn, Error, inconsistent, sql};

/// An account, as the diary tells of it at a sign-in.
pub struct NewAccount<'a> {
    /// Its id, if it is not known yet.
    pub id: &'a str,
    /// Its id in the diary.
    pub diary_user: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Surname.
    pub last_name: &'a str,
    /// Pupil, parent or neither.
    pub role: Role,
    /// The diary's tokens for it.
    pub sealed_tokens: &'a str,
}

/// Keeps an account, or what is new of one that is known; answers with its id.
pub async fn keep_account(conn: &mut Conn, account: &NewAccount<'_>) -> Result<String, Error> {
    Ok(sql::query_scalar(
        "INSERT INTO accounts (id, diary_user, first_name, last_name, role, sealed_diary_tokens)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (diary_user) DO UPDATE SET first_name = $3, last_name = $4, role = $5, sealed_diary_tokens = $6
         RETURNING id",
    )
    .bind(account.id)
    .bind(account.diary_user)
    .bind(account.first_name)
    .bind(account.last_name)
    .bind(names::role_name(account.role))
    .bind(account.sealed_tokens)
    .fetch_one(conn)
    .await?)
}

/// A pupil, as the diary tells of one at a sign-in.
pub struct NewPupil<'a> {
    /// The pupil's id, if it is not known yet.
    pub id: &'a str,
    /// The id in the school's register.
    pub diary_student: &'a str,
    /// The id in the city's register.
    pub diary_person: Option<&'a str>,
    /// First name.
    pub first_name: &'a str,
    /// Surname.
    pub last_name: &'a str,
    /// Patronymic.
    pub middle_name: Option<&'a str>,
    /// The class; empty: the diary names none.
    pub class_name: &'a str,
    /// The school.
    pub school: Option<&'a str>,
    /// As the diary writes it.
    pub birth_date: Option<&'a str>,
    /// The gender, where the diary tells it in words.
    pub gender: Option<Gender>,
}

/// Keeps the pupils whose diaries an account opens, in this order, in place of those before.
pub async fn keep_pupils(conn: &mut Conn, account: &str, pupils: &[NewPupil<'_>]) -> Result<(), Error> {
    sql::query("DELETE FROM account_pupils WHERE account_id = $1").bind(account).execute(&mut *conn).await?;
    for (place, pupil) in (0i64..).zip(pupils) {
        let id: String = sql::query_scalar(
            "INSERT INTO pupils (id, diary_student, first_name, last_name, class_name, school, birth_date, middle_name, gender,
                 diary_person)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (diary_student) DO UPDATE
             SET first_name = $3, last_name = $4, class_name = $5, school = $6, birth_date = $7, middle_name = $8, gender = $9,
                 diary_person = $10
             RETURNING id",
        )
        .bind(pupil.id)
        .bind(pupil.diary_student)
        .bind(pupil.first_name)
        .bind(pupil.last_name)
        .bind(pupil.class_name)
        .bind(pupil.school)
        .bind(pupil.birth_date)
        .bind(pupil.middle_name)
        .bind(pupil.gender.map(names::gender_name))
        .bind(pupil.diary_person)
        .fetch_one(&mut *conn)
        .await?;
        // A diary that names a pupil twice names one pupil.
        sql::query(
            "INSERT INTO account_pupils (account_id, pupil_id, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(account)
        .bind(id)
        .bind(place)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// An account.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// First name.
    pub first_name: String,
    /// Surname.
    pub last_name: String,
    /// Pupil, parent or neither.
    pub role: Role,
}

/// The account with this id, which there is.
pub async fn account(conn: &mut Conn, id: &str) -> Result<Account, Error> {
    let (first_name, last_name, role): (String, String, String) =
        sql::query_as("SELECT first_name, last_name, role FROM accounts WHERE id = $1")
            .bind(id)
            .fetch_one(conn)
            .await?;
    let role = names::role(&role).ok_or_else(|| inconsistent("accounts", id, "unknown role"))?;
    Ok(Account { first_name, last_name, role })
}

/// The diary's tokens for an account, sealed; `None`: it has none.
///
/// # Errors
/// When the database does not answer, or there is no such account.
pub async fn diary_tokens(conn: &mut Conn, account: &str) -> Result<Option<String>, Error> {
    Ok(sql::query_scalar("SELECT sealed_diary_tokens FROM accounts WHERE id = $1")
        .bind(account)
        .fetch_one(conn)
        .await?)
}

/// Keeps renewed tokens of the diary for an account.
pub async fn keep_diary_tokens(conn: &mut Conn, account: &str, sealed_tokens: &str) -> Result<(), Error> {
    sql::query("UPDATE accounts SET sealed_diary_tokens = $2 WHERE id = $1")
        .bind(account)
        .bind(sealed_tokens)
        .execute(conn)
        .await?;
    Ok(())
}

/// A pupil's two ids in the diary.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Student {
    /// In the school's register.
    pub diary_student: String,
    /// In the city's register, if the diary has told it.
    pub diary_person: Option<String>,
}

/// The pupil's ids in the diary, if the account opens that pupil's.
pub async fn student(conn: &mut Conn, account: &str, pupil: &str) -> Result<Option<Student>, Error> {
    Ok(sql::query_as(
        "SELECT u.diary_student, u.diary_person FROM pupils u JOIN account_pupils a ON a.pupil_id = u.id
         WHERE u.id = $2 AND a.account_id = $1",
    )
    .bind(account)
    .bind(pupil)
    .fetch_optional(conn)
    .await?)
}

/// A pupil whose diary an account opens, with how the pupil stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Pupil {
    /// The pupil's id.
    pub id: String,
    /// First name.
    pub first_name: String,
    /// Surname.
    pub last_name: String,
    /// The class; empty: the diary names none.
    pub class_name: String,
    /// The school.
    pub school: Option<String>,
    /// As the diary writes it.
    pub birth_date: Option<String>,
    /// The link, if there is one.
    pub link: Option<Link>,
    /// The linking that is open.
    pub open_linking: Option<String>,
}

/// A pupil's link to a learning profile.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// The linking that made it.
    pub linking: String,
    /// Since when.
    pub since: Millis,
    /// The profile is bound to a MAX account.
    pub in_max: bool,
    /// The profile is bound to a VK account.
    pub in_vk: bool,
    /// When the profile will be deleted.
    pub deletes_at: Option<Millis>,
}

#[derive(sqlx::FromRow)]
struct PupilColumns {
    id: String,
    first_name: String,
    last_name: String,
    class_name: String,
    school: Option<String>,
    birth_date: Option<String>,
    linked_by: Option<String>,
    linked_at: Option<i64>,
    open_linking: Option<String>,
    max_user: Option<i64>,
    vk_user: Option<i64>,
    deletes_at: Option<i64>,
}

/// The pupils whose diaries an account opens, in the diary's order.
pub async fn pupils(conn: &mut Conn, account: &str) -> Result<Vec<Pupil>, Error> {
    let rows: Vec<PupilColumns> = sql::query_as(
        "SELECT u.id, u.first_name, u.last_name, u.class_name, u.school, u.birth_date,
                k.linking_id AS linked_by, k.linked_at, l.id AS open_linking, p.max_user, p.vk_user, p.deletes_at
         FROM account_pupils a
         JOIN pupils u ON u.id = a.pupil_id
         LEFT JOIN links k ON k.pupil_id = u.id
         LEFT JOIN profiles p ON p.id = k.profile_id
         LEFT JOIN linkings l ON l.pupil_id = u.id AND l.step NOT IN ('linked', 'closed')
         WHERE a.account_id = $1 ORDER BY a.place",
    )
    .bind(account)
    .fetch_all(conn)
    .await?;
    let pupils = rows.into_iter().map(|row| Pupil {
        id: row.id,
        first_name: row.first_name,
        last_name: row.last_name,
        class_name: row.class_name,
        school: row.school,
        birth_date: row.birth_date,
        link: row.linked_by.zip(row.linked_at).map(|(linking, since)| Link {
            linking,
            since: Millis(since),
            in_max: row.max_user.is_some(),
            in_vk: row.vk_user.is_some(),
            deletes_at: row.deletes_at.map(Millis),
        }),
        open_linking: row.open_linking,
    });
    Ok(pupils.collect())
}
