//! Ten thousand seeded rounds in which people want the same thing at once, on two nodes: one gets it, the others are told,
//! and the database holds together after every round. `cargo xtask races` plays all, `cargo xtask test` every 25th.

use std::sync::Arc;

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{
    fake_max::{shared, started, stopped},
    race_track::{Act, Pupil, Start, TOKEN, Track},
};

/// Two to four mostly, sometimes a class, seldom a school.
fn crowd(rng: &mut StdRng) -> usize {
    match rng.random_range(0..300) {
        0 => 64,
        1..=9 => rng.random_range(5..=16),
        _ => rng.random_range(2..=4),
    }
}

fn rounds(all: u64) -> impl Iterator<Item = u64> {
    // Each race is met by some hundreds of rounds; all of them are played by a command of their own.
    (0..all).step_by(if std::env::var_os("MOSTIK_ALL_RACES").is_some() { 1 } else { 25 })
}

fn begin(kind: &str, round: u64) -> (String, StdRng) {
    (format!("{kind}{round:05}"), StdRng::seed_from_u64(round))
}

// Each brought twice.
fn contact(pupil: &Pupil, user: i64, at: i64) -> [Act; 2] {
    let update = shared(user, at, TOKEN, &pupil.phone);
    [Act::Hears(update.clone()), Act::Hears(update)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_link_one_phone_one_wins_and_the_others_are_told() {
    let mut track = Track::new().await;
    for round in rounds(3_500) {
        let (id, mut rng) = begin("phone", round);
        let mut pupils: Vec<Pupil> = Vec::new();
        for n in 0..crowd(&mut rng) {
            let pupil = track.pupil(&format!("{id}-{n:02}"), Start::Opened, pupils.first()).await;
            pupils.push(pupil);
        }
        let acts = pupils.iter().flat_map(|pupil| contact(pupil, pupil.user, 2)).collect();
        track.run(&mut rng, acts).await;
        track.hold(&id).await;
        let (max_user, winner) = track.holds(&pupils[0].profile).await;
        for pupil in &pupils {
            let won = winner.as_ref() == Some(&pupil.id);
            let expected = if won { "linked" } else { "taken" };
            assert_eq!(track.stands(pupil).await, (expected.into(), None), "{}", pupil.id);
            assert_eq!(won, max_user == Some(pupil.user), "{}", pupil.id);
            assert_eq!(track.owed(pupil.user).await, 1, "{}", pupil.id);
        }
        assert!(winner.is_some(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_max_account_that_is_wanted_for_many_profiles_serves_one() {
    let mut track = Track::new().await;
    for round in rounds(1_500) {
        let (id, mut rng) = begin("account", round);
        let user = track.new_user();
        let mut pupils = Vec::new();
        let mut acts = Vec::new();
        for n in 0..crowd(&mut rng) {
            let pupil = track.pupil(&format!("{id}-{n:02}"), Start::MailAtMax, None).await;
            let at = 10 + i64::try_from(n).unwrap();
            acts.push(Act::Hears(started(user, at, Some(&pupil.ticket))));
            acts.extend(contact(&pupil, user, at));
            pupils.push(pupil);
        }
        track.run(&mut rng, acts).await;
        track.hold(&id).await;
        // The contacts may all have been there before the tickets. By now all tickets are opened: one more contact makes sure that somebody
        // is asked, of all who say yes at once one wins, and the next contact has a word to a loser.
        track.run(&mut rng, contact(&pupils[0], user, 1_000).into()).await;
        track.run(&mut rng, pupils.iter().cloned().map(Act::SaysWhoseMax).collect()).await;
        track.run(&mut rng, contact(&pupils[0], user, 1_001).into()).await;
        track.hold(&id).await;
        let (mut won, mut told) = (0, 0);
        for pupil in &pupils {
            let (max_user, linked) = track.holds(&pupil.profile).await;
            // The diary's link stands whoever has the MAX account.
            assert_eq!(linked.as_ref(), Some(&pupil.id));
            let (step, trouble) = track.stands(pupil).await;
            let in_max = max_user == Some(user);
            assert_eq!(in_max, step == "linked", "{}", pupil.id);
            assert!(in_max || (step == "max" && trouble.iter().all(|t| t == "max_account_taken")), "{}", pupil.id);
            won += usize::from(in_max);
            told += usize::from(trouble.is_some());
        }
        assert!(won == 1 && told > 0, "{id}: {won} won, {told} were told");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_by_mail_is_the_firsts_alone() {
    let mut track = Track::new().await;
    for round in rounds(500) {
        let (id, mut rng) = begin("mail", round);
        let mut pupils: Vec<Pupil> = Vec::new();
        for n in 0..crowd(&mut rng) {
            let pupil = track.pupil(&format!("{id}-{n:02}"), Start::MailAtProfile, pupils.first()).await;
            pupils.push(pupil);
        }
        // Some press twice: the key is the same.
        let twice = pupils.iter().filter(|_| rng.random_bool(0.2)).cloned().collect::<Vec<_>>();
        track.run(&mut rng, pupils.iter().cloned().map(Act::Confirms).collect()).await;
        track.run(&mut rng, twice.into_iter().map(Act::Confirms).collect()).await;
        track.hold(&id).await;
        let (_, winner) = track.holds(&pupils[0].profile).await;
        for pupil in &pupils {
            let expected = if winner.as_ref() == Some(&pupil.id) { "max" } else { "taken" };
            assert_eq!(track.stands(pupil).await.0, expected, "{}", pupil.id);
        }
        assert!(winner.is_some(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_unlinks_while_others_link_makes_room_for_one_or_for_none() {
    let mut track = Track::new().await;
    let mut made_room = 0;
    for round in rounds(1_500) {
        let (id, mut rng) = begin("unlink", round);
        let holder = track.pupil(&format!("{id}-00"), Start::Linked, None).await;
        let mut others = Vec::new();
        for n in 1..=rng.random_range(1..=3) {
            others.push(track.pupil(&format!("{id}-{n:02}"), Start::Opened, Some(&holder)).await);
        }
        let mut acts: Vec<Act> = others.iter().flat_map(|pupil| contact(pupil, pupil.user, 2)).collect();
        acts.push(Act::Unlinks(holder.clone()));
        track.run(&mut rng, acts).await;
        track.hold(&id).await;
        assert_eq!(track.stands(&holder).await.0, "closed", "{id}");
        let (max_user, winner) = track.holds(&holder.profile).await;
        for pupil in &others {
            let won = winner.as_ref() == Some(&pupil.id);
            assert_eq!(track.stands(pupil).await.0, if won { "linked" } else { "taken" }, "{}", pupil.id);
            assert_eq!(won, max_user == Some(pupil.user), "{}", pupil.id);
        }
        made_room += usize::from(winner.is_some());
    }
    // Both ends were reached.
    assert!((1..1_500).contains(&made_room), "{made_room}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_unlinks_on_the_way_into_max_is_unlinked_in_max_too() {
    let mut track = Track::new().await;
    for round in rounds(1_500) {
        let (id, mut rng) = begin("handoff", round);
        let pupil = track.pupil(&format!("{id}-00"), Start::MailAtMax, None).await;
        let mut acts: Vec<Act> = contact(&pupil, pupil.user, 20).into();
        acts.push(Act::Hears(started(pupil.user, 10, Some(&pupil.ticket))));
        acts.push(Act::Unlinks(pupil.clone()));
        track.run(&mut rng, acts).await;
        track.hold(&id).await;
        assert_eq!(track.stands(&pupil).await.0, "closed", "{id}");
        assert_eq!(track.holds(&pupil.profile).await, (None, None), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_in_any_order_and_any_number_lead_to_the_same_end() {
    let mut track = Track::new().await;
    for round in rounds(1_500) {
        let (id, mut rng) = begin("order", round);
        let pupil = track.pupil(&format!("{id}-00"), Start::AtMax, None).await;
        let user = pupil.user;
        let stops = rng.random_bool(0.5);
        let mut said = vec![started(user, 10, Some(&pupil.ticket)), shared(user, 20, TOKEN, &pupil.phone)];
        said.extend(stops.then(|| stopped(user, 30)));
        let acts = said.into_iter().flat_map(|update| vec![Act::Hears(update); rng.random_range(1..=3)]).collect();
        track.run(&mut rng, acts).await;
        track.hold(&id).await;
        let (step, trouble) = track.stands(&pupil).await;
        assert!(matches!(step.as_str(), "max" | "linked") && trouble.is_none(), "{id}: {step} {trouble:?}");
        if stops {
            assert_eq!(track.owed(user).await, 0, "{id}: who stops the bot is owed nothing");
        }
        // Whatever came of it, one more try in the right order links.
        track.run(&mut rng, vec![Act::Hears(started(user, 40, Some(&pupil.ticket)))]).await;
        track.run(&mut rng, contact(&pupil, user, 50).into()).await;
        track.hold(&id).await;
        assert_eq!(track.stands(&pupil).await.0, "linked", "{id}");
        assert_eq!(track.holds(&pupil.profile).await, (Some(user), Some(pupil.id.clone())), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_a_profile_is_blocked_nobody_is_linked_to_it() {
    let mut track = Track::new().await;
    let mut in_time = 0;
    for round in rounds(500) {
        let (id, mut rng) = begin("block", round);
        let start = if round % 2 == 0 { Start::Opened } else { Start::MailAtProfile };
        let mut pupils: Vec<Pupil> = Vec::new();
        for n in 0..crowd(&mut rng) {
            let pupil = track.pupil(&format!("{id}-{n:02}"), start, pupils.first()).await;
            pupils.push(pupil);
        }
        let mut acts: Vec<Act> = match start {
            Start::Opened => pupils.iter().flat_map(|pupil| contact(pupil, pupil.user, 2)).collect(),
            _ => pupils.iter().cloned().map(Act::Confirms).collect(),
        };
        let linked = Arc::default();
        acts.push(Act::Blocks(pupils[0].clone(), Arc::clone(&linked)));
        track.run(&mut rng, acts).await;
        track.hold(&id).await;
        let linked = linked.lock().unwrap().clone();
        assert_eq!(track.holds(&pupils[0].profile).await.1, linked, "{id}: somebody was linked after the block");
        in_time += usize::from(linked.is_some());
    }
    assert!(in_time > 0, "somebody was faster than the block now and then");
}
