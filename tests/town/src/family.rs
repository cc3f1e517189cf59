//! Families: who lives there, what they have, and how they mean to go about it. All of it follows from the seed and the number.

use serde_json::{Value, json};

use crate::random::Stream;

/// The way that somebody means to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A number, and a code by SMS.
    Sms,
    /// MAX proves the number.
    Max,
    /// An address, a password and the child's details.
    Mail,
}

/// A child.
#[derive(Clone, Debug)]
pub struct Child {
    /// The id in the diary.
    pub student: String,
    /// First name.
    pub first_name: &'static str,
    /// Patronymic.
    pub middle_name: &'static str,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// A girl.
    pub girl: bool,
    /// The number, in digits.
    pub phone: String,
    /// The address.
    pub email: String,
    /// The account in MAX, with that number.
    pub max_user: i64,
    /// The account at VK.
    pub vk_user: i64,
    /// The way to begin with.
    pub way: Way,
    /// Connects VK where it is offered.
    pub wants_vk: bool,
    /// Leaves MAX for later where that may be.
    pub skips_max: bool,
}

/// A family.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub last_name: &'static str,
    /// Its children.
    pub children: Vec<Child>,
    /// The parent's own number and account in MAX.
    pub parent_phone: String,
    /// The account in MAX, with that number.
    pub parent_max: i64,
    /// The pupils do it themselves; else the parent does.
    pub by_pupils: bool,
    /// Two children use one number.
    pub one_number: bool,
    /// When they begin, in milliseconds after the beginning of the month, of a day's length.
    pub begins_of_day: i64,
}

const GIRLS: [&str; 8] = ["Анна", "Лейла", "Мария", "Алёна", "Дарья", "Зоя", "Эльмира", "Ксения"];
const BOYS: [&str; 8] = ["Михаил", "Тимур", "Лев", "Фёдор", "Гасан", "Артём", "Ян", "Хун"];
const NAMES: [&str; 8] = ["Орловы", "Ким", "Гусейн-заде", "Ёлкины", "Нгуен", "Мамин-Сибиряк", "О'Коннор", "Ли"];

/// Places for numbers of one family: a child has one, and the parent the last.
const PLACES: u32 = 8;

impl Child {
    /// The way that is tried first.
    #[must_use]
    pub const fn begins_with(&self) -> Way {
        self.way
    }
}

impl Family {
    /// The family of this number.
    #[must_use]
    pub fn of(seed: u64, id: u32) -> Self {
        let draw = &mut Stream::of(seed, "family", id.into());
        let count = u32::try_from(draw.between(1, 10)).map_or(1, |n| {
            if n < 7 {
                1
            } else if n < 10 {
                2
            } else {
                3
            }
        });
        let by_pupils = draw.happens(350);
        let one_number = count > 1 && draw.happens(100);
        let children = (0..count).map(|nth| Self::child(draw, id, if one_number { 0 } else { nth }, nth, by_pupils));
        let children = children.collect();
        let last_name = draw.pick(&NAMES);
        let begins_of_day = draw.between(7 * 3_600_000, 22 * 3_600_000);
        let place = id * PLACES + PLACES - 1;
        Self {
            id,
            last_name,
            children,
            parent_phone: phone(place),
            parent_max: max_user(place),
            by_pupils,
            one_number,
            begins_of_day,
        }
    }

    fn child(draw: &mut Stream, family: u32, number: u32, nth: u32, by_pupils: bool) -> Child {
        let girl = draw.happens(500);
        let year = if by_pupils { draw.between(2009, 2011) } else { draw.between(2010, 2018) };
        let young = year > 2012;
        let way = match draw.between(0, 99) {
            0..20 if young => Way::Mail,
            20..45 => Way::Max,
            _ => Way::Sms,
        };
        let place = family * PLACES + number;
        Child {
            student: format!("s{family}x{nth}"),
            // No two of a family are called alike.
            first_name: draw.pick::<&str>(&(if girl { GIRLS } else { BOYS })[2 * nth as usize..][..2]),
            middle_name: if girl { "Сергеевна" } else { "Сергеевич" },
            birth_date: format!("{year}-0{}-1{}", draw.between(1, 8), draw.between(0, 9)),
            girl,
            phone: phone(place),
            email: format!("family{family}.{nth}@post.test"),
            max_user: max_user(place),
            vk_user: i64::from(place) + 1,
            way,
            wants_vk: draw.happens(100),
            skips_max: draw.happens(300),
        }
    }

    /// What the diary tells of an account: `p7` is the parent of family 7, `k7x0` its first child.
    #[must_use]
    pub fn told_by_diary(seed: u64, account: &str) -> Option<Value> {
        if let Some(attacker) = account.strip_prefix('a') {
            // A family of its own, far away from the others' numbers.
            let number: u32 = attacker.parse().ok()?;
            let child = json!({ "id": format!("sa{number}"), "first_name": "Рита", "last_name": "Скитер", "type": "student",
                "birth_date": "2015-05-05", "sex": "female", "class_name": "5 А" });
            return Some(json!({ "profile": { "id": account, "user_id": account, "first_name": "Рита",
                "last_name": "Скитер", "type": "parent" }, "children": [child] }));
        }
        let parent = account.strip_prefix('p').and_then(|id| id.parse().ok());
        let pupil = account.strip_prefix('k').and_then(|rest| rest.split_once('x'));
        let pupil = pupil.and_then(|(id, nth)| Some((id.parse().ok()?, nth.parse().ok()?)));
        let family = Self::of(seed, parent.or_else(|| pupil.map(|(id, _): (u32, usize)| id))?);
        let told = |child: &Child| {
            json!({ "id": child.student, "user_id": child.student, "first_name": child.first_name,
                "last_name": family.last_name, "middle_name": child.middle_name, "birth_date": child.birth_date,
                "sex": if child.girl { "female" } else { "male" }, "class_name": "7 «Б»", "type": "student",
                "school": { "short_name": "ГБОУ Школа № 1799" }, "contingent_guid": child.student })
        };
        Some(match pupil {
            None => json!({ "profile": { "id": account, "user_id": account, "first_name": "Ольга",
                "last_name": family.last_name, "type": "parent" }, "children": family.children.iter().map(told).collect::<Vec<_>>() }),
            Some((_, nth)) => {
                let child = family.children.get(nth)?;
                let mut profile = told(child);
                profile["user_id"] = account.into();
                json!({ "profile": profile, "children": [told(child)] })
            }
        })
    }
}

/// The number at a place, in digits.
#[must_use]
pub fn phone(place: u32) -> String {
    format!("7916{place:07}")
}

/// The account in MAX at a place.
#[must_use]
pub fn max_user(place: u32) -> i64 {
    100_000 + i64::from(place)
}

/// The family that a number belongs to.
#[must_use]
pub fn family_of_phone(digits: &str) -> Option<u32> {
    digits.strip_prefix("7916").and_then(|place| place.parse::<u32>().ok()).map(|place| place / PLACES)
}

/// The family that an account in MAX belongs to.
#[must_use]
pub fn family_of_max(user: i64) -> Option<u32> {
    u32::try_from(user - 100_000).ok().map(|place| place / PLACES)
}

/// The family that an account at VK belongs to.
#[must_use]
pub fn family_of_vk(user: i64) -> Option<u32> {
    u32::try_from(user - 1).ok().map(|place| place / PLACES)
}

/// The family that an address belongs to.
#[must_use]
pub fn family_of_email(address: &str) -> Option<u32> {
    address.strip_prefix("family")?.split_once('.')?.0.parse().ok()
}

/// The family of a pupil, by the diary's id.
#[must_use]
pub fn family_of_student(student: &str) -> Option<(u32, usize)> {
    let (family, nth) = student.strip_prefix('s')?.split_once('x')?;
    Some((family.parse().ok()?, nth.parse().ok()?))
}
