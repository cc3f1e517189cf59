//! Who and what there is: two pupils, two numbers, a mailbox, two MAX accounts.

use std::sync::LazyLock;

use mostik_linking::{MaxUser, Pupil};
use mostik_wire::{BirthDate, Contact, Email, LinkingId, Millis, Phone, PupilId};

/// When every story begins: 2026-11-24T09:31:00Z.
pub(crate) const START: Millis = Millis(1_795_512_660_000);
pub(crate) const TODAY: &str = "2026-11-24";
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

/// The MAX account of the family, with the family's number.
pub(crate) const FAMILY_USER: MaxUser = 501;
/// The MAX account of whoever else there is, with the second number.
pub(crate) const SECOND_USER: MaxUser = 502;

/// A number or an address, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ContactName {
    /// The family's number.
    Family,
    /// The number of whoever else there is.
    Second,
    /// The family's address.
    Mailbox,
}

static CONTACTS: LazyLock<[Contact; 3]> = LazyLock::new(|| {
    let phone = |text| Contact::Sms { phone: Phone::parse(text).expect("a number") };
    let email = Email::parse("orlova@mail.test").expect("an address");
    [phone("+79000001242"), phone("+79000002357"), Contact::Mail { email }]
});

impl ContactName {
    pub(crate) const ALL: [Self; 3] = [Self::Family, Self::Second, Self::Mailbox];

    pub(crate) fn contact(self) -> &'static Contact {
        match self {
            Self::Family => &CONTACTS[0],
            Self::Second => &CONTACTS[1],
            Self::Mailbox => &CONTACTS[2],
        }
    }

    /// As it is typed.
    pub(crate) fn text(self) -> String {
        match self.contact() {
            Contact::Sms { phone } => phone.e164().to_owned(),
            Contact::Mail { email } => email.address(),
        }
    }

    pub(crate) fn phone(self) -> Option<&'static Phone> {
        match self.contact() {
            Contact::Sms { phone } => Some(phone),
            Contact::Mail { .. } => None,
        }
    }

    pub(crate) fn of(contact: &Contact) -> Self {
        *Self::ALL.iter().find(|name| name.contact() == contact).expect("a contact of the story")
    }

    pub(crate) fn of_text(text: &str) -> Self {
        *Self::ALL.iter().find(|name| name.text() == text).expect("a contact of the story")
    }
}

/// The number that a MAX account is signed in with.
pub(crate) const fn number_of(user: MaxUser) -> ContactName {
    match user {
        FAMILY_USER => ContactName::Family,
        _ => ContactName::Second,
    }
}

/// Who asks the service for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Party {
    /// The family's device, with the app's own machine.
    Device,
    /// A second person at another device.
    Second,
}

impl Party {
    pub(crate) const fn account(self) -> &'static str {
        match self {
            Self::Device => "family",
            Self::Second => "second",
        }
    }
}

/// A pupil, a linking, a profile: by number.
pub(crate) type PupilNo = u8;
/// See [`PupilNo`].
pub(crate) type LinkingNo = u8;
/// See [`PupilNo`].
pub(crate) type ProfileNo = u16;

pub(crate) fn pupil_id(no: PupilNo) -> PupilId {
    PupilId(format!("u{no}"))
}

pub(crate) fn linking_id(no: LinkingNo) -> LinkingId {
    LinkingId(format!("l{no}"))
}

pub(crate) fn profile_id(no: ProfileNo) -> String {
    format!("p{no}")
}

/// The number behind an id's letter.
pub(crate) fn number_in(id: &str) -> u16 {
    id[1..].parse().expect("an id of the story")
}

pub(crate) fn linking_no(id: &LinkingId) -> LinkingNo {
    u8::try_from(number_in(&id.0)).expect("an id of the story")
}

/// A pupil under fourteen: an address will do. The diary tells no name, and so no two differ: what names decide is the business of the
/// rules' own tests.
pub(crate) fn pupil() -> Pupil {
    static BIRTH: LazyLock<Option<BirthDate>> = LazyLock::new(|| BirthDate::parse("2015-03-03"));
    Pupil {
        first_name: String::new(),
        last_name: String::new(),
        middle_name: None,
        class_name: String::new(),
        birth_date: *BIRTH,
    }
}
