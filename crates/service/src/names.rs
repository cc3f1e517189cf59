//! People's names: masked for screens, compared as people mean them.

use mostik_wire::{Gender, Role};

/// `Михаил О.`
#[must_use]
pub fn masked(first: &str, last: &str) -> String {
    match last.trim().chars().next() {
        Some(initial) => format!("{} {initial}.", first.trim()),
        None => first.trim().to_owned(),
    }
}

/// Equal with ё as е, case and outer blanks aside.
#[must_use]
pub fn same(a: (&str, &str), b: (&str, &str)) -> bool {
    let plain = |s: &str| s.trim().to_lowercase().replace('ё', "е");
    plain(a.0) == plain(b.0) && plain(a.1) == plain(b.1)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yo_case_and_blanks_do_not_part_people() {
        assert!(same(("Пётр", "Королёв"), (" ПЕТР ", "королев")));
        assert!(!same(("Пётр", "Королёв"), ("Пётр", "Королева")));
    }

    #[test]
    fn a_masked_name_keeps_the_surnames_first_letter_alone() {
        assert_eq!(masked("Михаил", "Орлов"), "Михаил О.");
        assert_eq!(masked("Михаил", ""), "Михаил");
    }
}
