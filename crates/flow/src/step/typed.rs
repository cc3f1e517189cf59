//! What a person types into the wizard, read by the same rules as the service's before anything is sent.

use mostik_wire::{
    BirthDate, ConfirmedName, Contact, DetailsStep, Email, NameTexts, Password, PasswordProblem, Phone, PhoneError,
    Secret, Step, Strength,
};

use crate::{Cause, CauseKind, Details, Wizard};

/// Digits of a code that proves a contact.
pub(super) const CODE_DIGITS: usize = 6;
/// Digits of a code that recovers a password.
pub(super) const RECOVERY_DIGITS: usize = 8;

/// The number or the address.
pub(super) fn read_contact(text: &str, under_14: bool) -> Result<Contact, CauseKind> {
    let text = text.trim();
    if text.is_empty() {
        return Err(CauseKind::ContactEmpty);
    }
    if text.contains('@') {
        if !under_14 {
            return Err(CauseKind::EmailNotHere);
        }
        return Email::parse(text).map(|email| Contact::Mail { email }).map_err(|_| CauseKind::EmailMalformed);
    }
    Phone::parse(text).map(|phone| Contact::Sms { phone }).map_err(|error| match error {
        PhoneError::Malformed => CauseKind::PhoneMalformed,
        PhoneError::Landline => CauseKind::PhoneLandline,
        PhoneError::Foreign => CauseKind::PhoneForeign,
    })
}

/// Digits with anything people put between them.
pub(super) fn read_code(typed: &Secret, length: usize) -> Option<Secret> {
    let digits: String = typed.expose().chars().filter(char::is_ascii_digit).collect();
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
