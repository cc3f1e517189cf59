//! What a person types into the wizard, read by the same rules as the service's before anything is sent.

use mostik_wire::{
    BirthDate, Channel, ConfirmedName, Contact, ContactError, DetailsStep, NameTexts, Password, PasswordProblem,
    Secret, Step, Strength, digit_of,
};

use crate::{Cause, CauseKind, Details, Wizard};

/// Digits of a code that proves a contact.
pub(super) const CODE_DIGITS: usize = 6;
/// Digits of a code that recovers a password.
pub(super) const RECOVERY_DIGITS: usize = 8;

/// What of a text in «Телефон или почта» can be gone on with.
pub(super) enum ContactInput {
    /// The one number or address.
    Contact(Contact),
    /// A slip is likely; the text as it stands may be one as well.
    Slip { likely: Contact, as_typed: Option<Contact> },
}

/// The number, or for a pupil under fourteen the address.
pub(super) fn read_contact(text: &str, under_14: bool) -> Result<ContactInput, CauseKind> {
    let read = match Contact::read(text) {
        Ok(contact) => Ok(ContactInput::Contact(contact)),
        Err(ContactError::LooksLike { likely, as_typed }) => Ok(ContactInput::Slip { likely, as_typed }),
        Err(ContactError::Empty) => Err(CauseKind::ContactEmpty),
        Err(error) => Err(error.code().into()),
    };
    // Where no address will do, it does not matter what is wrong with it.
    let by_mail = match &read {
        Ok(ContactInput::Contact(contact) | ContactInput::Slip { likely: contact, .. }) => {
            contact.channel() == Channel::Mail
        }
        Err(kind) => {
            matches!(kind, CauseKind::EmailMalformed | CauseKind::EmailMixedAlphabets | CauseKind::TwoAddresses)
        }
    };
    if by_mail && !under_14 { Err(CauseKind::EmailNotHere) } else { read }
}

/// Digits of any script with anything that is no digit between them. Which digits of a pasted message are the code is found
/// in the window: no code is ever in what the machine shows, and the cells have to show it.
pub(super) fn read_code(typed: &Secret, length: usize) -> Option<Secret> {
    let digits: String = typed.expose().chars().filter_map(digit_of).collect();
    (digits.len() == length).then(|| Secret::new(digits))
}

/// The rules of a new password, with the words that make it easy to guess for whoever knows the child.
pub(super) fn weigh(wizard: &Wizard, password: &Secret) -> Result<Strength, PasswordProblem> {
    let shortest = match &wizard.linking.step {
        Step::Password(step) => step.shortest,
        Step::Recovery(step) => step.shortest,
        _ => 0,
    };
    let pupil = &wizard.home.pupil;
    let mut context =
        vec![pupil.first_name.as_str(), pupil.last_name.as_str(), pupil.class_name.as_str(), "мостик", "сферум"];
    context.extend(pupil.school.as_deref());
    let shortest = usize::try_from(shortest).unwrap_or(usize::MAX);
    Password::check(password, shortest, &context).map(|(_, strength)| strength)
}

pub(super) const fn kind_of(problem: PasswordProblem) -> CauseKind {
    match problem {
        PasswordProblem::Short => CauseKind::PasswordTooShort,
        PasswordProblem::Long => CauseKind::PasswordTooLong,
        PasswordProblem::Common => CauseKind::PasswordTooCommon,
    }
}

/// What can be told without the service: names, as far as they are not the diary's own, the form of the date, and the tick.
pub(super) fn check_details(details: &Details, told: &DetailsStep) -> Result<(), Cause> {
    let typed = NameTexts {
        last_name: &details.last_name,
        first_name: &details.first_name,
        middle_name: details.middle_name.as_deref(),
    };
    ConfirmedName::read(typed, told.names())
        .map_err(|(part, _)| Cause { field: Some(part.field().into()), ..CauseKind::NameMalformed.into() })?;
    if BirthDate::parse(&details.birth_date).is_none() {
        return Err(Cause { field: Some("birth_date".into()), ..CauseKind::BirthDateWrong.into() });
    }
    if details.consent.is_none() {
        return Err(CauseKind::ConsentMissing.into());
    }
    Ok(())
}
