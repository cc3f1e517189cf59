//! What was looked up before a decision. A decision trusts it: it is read in the transaction that carries the decision out.

use mostik_wire::{BirthDate, Contact, FullName, Millis, Phone};

use crate::{
    budget::Budget,
    limits::Spent,
    step::{MaxUser, ProfileId, Sealed, Ticket},
};

/// The facts of one decision. Fields that the action does not need hold their default.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The pupil, as the diary tells.
    pub pupil: Pupil,
    /// Today's date in Moscow, `YYYY-MM-DD`.
    pub today: String,
    /// The profile that the linking's step names.
    pub profile: Option<Profile>,
    /// The profile that the pupil was linked to before, if nobody is linked to it now.
    pub former: Option<FormerProfile>,
    /// The profile under the contact that the action is about: the step's, or a number that MAX has just proven.
    pub under_contact: Option<FoundProfile>,
    /// The profile that the messenger account of the action is bound to.
    pub bound_to: Option<ProfileId>,
    /// The number that MAX has proven and that was sealed with the linking.
    pub usable_number: Option<Phone>,
    /// What the contact of the action has cost in the last 24 hours, for the purpose of the action.
    pub budget: Budget,
    /// What was counted under the limits that the action is weighed by besides, see [`crate::ActionName::limits`].
    pub spent: Vec<Spent>,
    /// How many codes of that purpose the linking has sent.
    pub earlier_codes: u32,
    /// When the newest code of the linking stops working, whatever it proves.
    pub newest_code_expires_at: Option<Millis>,
    /// Who asks.
    pub asked_by: OwnedBy,
    /// A sign-in at VK ID is under way for the linking.
    pub vk_under_way: bool,
    /// What the operator has set.
    pub settings: Settings,
    /// Randomness, drawn before.
    pub fresh: Randomness,
}

/// A pupil, as the diary tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pupil {
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// May be empty.
    pub class_name: String,
    /// `None`: the diary does not say.
    pub birth_date: Option<BirthDate>,
}

/// The profile that a linking's step names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// First name.
    pub first_name: String,
    /// Surname.
    pub last_name: String,
    /// Its number, if it has one.
    pub phone: Option<Phone>,
    /// Whose diary it is linked to.
    pub linked_to: LinkedTo,
    /// The MAX account that it is bound to.
    pub max: Option<MaxUser>,
    /// It is bound to a VK account.
    pub in_vk: bool,
    /// The MAX account that it was bound to when it was unlinked last.
    pub former_max: Option<MaxUser>,
    /// Its deletion was asked for.
    pub deletion_pending: bool,
    /// An operator has blocked it.
    pub blocked: bool,
}

/// Whose diary a profile is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedTo {
    /// Nobody's.
    Nobody,
    /// This pupil's.
    ThisPupil,
    /// Another pupil's.
    AnotherPupil,
}

/// A profile under a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundProfile {
    /// Its id.
    pub id: ProfileId,
    /// It is linked to some pupil's diary.
    pub is_linked: bool,
    /// An operator has blocked it.
    pub blocked: bool,
}

/// The profile that a pupil was linked to before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerProfile {
    /// Its id.
    pub id: ProfileId,
    /// Its number rather than its address.
    pub contact: Contact,
}

/// Whose account has asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnedBy {
    /// A parent's, or another legal representative's.
    Parent,
    /// Anybody else's; or nobody has asked.
    #[default]
    Another,
}

/// What the operator has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// VK Messenger is offered.
    pub vk: bool,
    /// The version of the consent's present wording.
    pub consent: &'static str,
}

/// Randomness that a decision may use, drawn before; empty for an action that needs none, see [`crate::ActionName::needs_randomness`].
#[derive(Clone, Debug)]
pub struct Randomness {
    /// The id of a profile that may be made.
    pub profile: ProfileId,
    /// A ticket into MAX that may be given out. When it expires is the rules' to say.
    pub ticket: Ticket,
    /// What a link back into the app may bear.
    pub return_handle: Sealed,
}

impl Pupil {
    /// The name, for comparing and showing.
    #[must_use]
    pub const fn name(&self) -> FullName<'_> {
        FullName::new(self.first_name.as_str(), self.last_name.as_str())
    }

    /// Whether the pupil is surely younger than fourteen on that date in Moscow, `YYYY-MM-DD`.
    #[must_use]
    pub fn is_under_14(&self, today: &str) -> bool {
        self.birth_date.is_some_and(|birth| birth.is_under_14_on(today))
    }
}

impl Profile {
    /// The name, for comparing and showing.
    #[must_use]
    pub const fn name(&self) -> FullName<'_> {
        FullName::new(self.first_name.as_str(), self.last_name.as_str())
    }
}
