//! Roles, genders and steps, as the database names them.

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
