//! Roles, genders and steps, as the database names them; and a name at the end of a sentence.

use mostik_wire::{Gender, Role, StepName};

/// A role as the database writes it.
#[must_use]
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Pupil => "pupil",
        Role::Parent => "parent",
        Role::Other => "other",
    }
}

/// The role behind [`role_name`].
#[must_use]
pub fn role(name: &str) -> Option<Role> {
    [Role::Pupil, Role::Parent, Role::Other].into_iter().find(|r| role_name(*r) == name)
}

/// A gender as the database writes it.
#[must_use]
pub const fn gender_name(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
    }
}

/// The gender behind [`gender_name`].
#[must_use]
pub fn gender(name: &str) -> Option<Gender> {
    [Gender::Female, Gender::Male].into_iter().find(|g| gender_name(*g) == name)
}

/// A step as the database writes it.
#[must_use]
pub const fn step_name(step: StepName) -> &'static str {
    match step {
        StepName::Contact => "contact",
        StepName::Code => "code",
        StepName::Taken => "taken",
        StepName::Password => "password",
        StepName::Details => "details",
        StepName::Exists => "exists",
        StepName::Recovery => "recovery",
        StepName::Profile => "profile",
        StepName::Max => "max",
        StepName::Linked => "linked",
        StepName::Closed => "closed",
    }
}

/// A name that ends a sentence, with the full stop: a masked one, `Михаил О.`, has its own, also within the signs that isolate
/// what is written from right to left.
#[must_use]
pub fn ending(name: &str) -> String {
    let seen = name.trim_end_matches('\u{2069}');
    if seen.ends_with(['.', '…', '!', '?']) { name.to_owned() } else { format!("{name}.") }
}

#[cfg(test)]
mod tests {
    use mostik_wire::FullName;

    use super::*;

    #[test]
    fn a_sentence_that_ends_with_a_name_ends_once() {
        for (first, last, ended) in [
            ("Михаил", "Орлов", "Михаил О."),
            ("Михаил", "", "Михаил."),
            ("", "Орлов", "О."),
            ("Миша…", "", "Миша…"),
            ("Миша!", "", "Миша!"),
            ("محمد", "علي", "\u{2068}محمد ع.\u{2069}"),
            ("محمد", "", "\u{2068}محمد\u{2069}."),
        ] {
            assert_eq!(ending(&FullName::new(first, last).masked()), ended);
        }
    }
}
