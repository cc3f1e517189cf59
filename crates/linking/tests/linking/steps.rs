//! What a step tells the store, and what its `Debug` keeps to itself.

use mostik_linking::{PasswordHash, Sealed};

use crate::world::*;

/// Names of the steps of which `told` says something, with what it says.
fn telling<T>(told: impl Fn(&mostik_linking::Step) -> Option<T>) -> Vec<(&'static str, T)> {
    steps().into_iter().filter_map(|(name, step)| Some((name, told(&step)?))).collect()
}

#[test]
fn the_max_account_is_the_visitors_or_the_one_that_has_proven_the_number() {
    let names = ["Profile, proven in MAX", "Max, to prove a number, opened", "Max, to join, opened"];
    let more = ["Max, to join, another number there", "Max, offered, opened", "Max, offered, to be confirmed"];
    let expected: Vec<_> = names.into_iter().chain(more).map(|name| (name, VISITOR)).collect();
    assert_eq!(telling(mostik_linking::Step::max_user), expected);
}

#[test]
fn the_profile_is_named_from_the_moment_that_it_is_found() {
    let named = telling(|step| step.profile().map(|id| id.as_str().to_owned()));
    assert!(named.iter().all(|(_, id)| id == "p"));
    let names: Vec<_> = named.into_iter().map(|(name, _)| name).collect();
    let expected = [
        "Exists",
        "Recovery",
        "Profile",
        "Profile, proven in MAX",
        "Profile, by mail",
        "Max, to join",
        "Max, to join, opened",
        "Max, to join, another number there",
        "Max, offered",
        "Max, offered, opened",
        "Max, offered, to be confirmed",
        "Linked",
        "Linked, by mail",
    ];
    assert_eq!(names, expected);
}

#[test]
fn sealed_texts_and_hashes_of_passwords_are_not_in_logs() {
    assert_eq!(format!("{:?}", Sealed("secret".into())), "Sealed");
    assert_eq!(format!("{:?}", PasswordHash("$argon2id$".into())), "PasswordHash");
}
