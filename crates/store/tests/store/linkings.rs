//! Linkings, their codes, what contacts have cost, profiles and links.

use mostik_linking::{
    Aim, AtMax, Change, Link, Linked, NewProfile, PasswordHash, Purpose, Sealed, Step, Ticket, Visitor,
};
use mostik_store::{
    Conn,
    budgets::{self, BudgetKind},
    codes::{self, NewCode},
    erasure, history, holdings, idempotency,
    linkings::{self, Next, Selection},
    profiles::{self, Imported},
    sessions::{self, NewSession},
    vk_sign_ins::{self, NewSignIn, SignInKey},
};
use mostik_wire::{CloseReason, Contact, Email, LogKind, Messenger, Phone, Role};

use crate::world::{DAY, NOW, World};

fn phone() -> Phone {
    Phone::parse("+79000001242").unwrap()
}

fn contact() -> Contact {
    Contact::Sms { phone: phone() }
}

async fn set(conn: &mut Conn, id: &str, step: &Step, change: Change) -> bool {
    let loaded = linkings::load(conn, id).await.unwrap().unwrap();
    let next = Next { step, change, codes: 2, moved_by: Some("olga"), now: NOW };
    linkings::compare_and_set(conn, &loaded.linking, &next).await.unwrap()
}

fn at_max(visitor: Option<i64>) -> Step {
    let sealed = || Sealed("sealed".into());
    let (hash, digits_hash) = ("of the ticket".to_owned(), "of the digits".to_owned());
    Step::Max(AtMax {
        aim: Aim::Number,
        ticket: Ticket { hash, sealed: sealed(), digits_hash, sealed_digits: sealed(), expires_at: NOW },
        visitor: visitor.map(|user| Visitor { user, at: NOW }),
        trouble: None,
        return_handle: sealed(),
    })
}

fn linked(profile: &str) -> Step {
    let link = Link { contact: contact(), profile: profile.into(), linked_at: NOW, owner_code: None, vk_trouble: None };
    Step::Linked(Linked { link, return_handle: None })
}

async fn make(conn: &mut Conn, id: &str, phone: Phone) -> Result<(), mostik_store::Error> {
    let new = NewProfile::ByPhone { id: id.into(), phone };
    profiles::make(conn, &new, ("Миша", "Орлов"), "8-Б", NOW).await
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    assert!(linkings::load(&mut tx, "nobody's").await.unwrap().is_none());
    assert!(!linkings::is_seen_by(&mut tx, "nobody's", "olga").await.unwrap());
    assert!(linkings::version(&mut tx, "nobody's").await.unwrap().is_none());
    assert!(linkings::open_of(&mut tx, "misha").await.unwrap().is_none());
    assert!(profiles::linking_of(&mut tx, "misha").await.unwrap().is_none());
    assert!(profiles::under(&mut tx, &contact()).await.unwrap().is_none());
    assert!(profiles::bound_to(&mut tx, Messenger::Max, 501).await.unwrap().is_none());
    assert!(profiles::password_of(&mut tx, "p").await.unwrap().is_none());
    assert!(codes::of(&mut tx, "l", Purpose::Contact).await.unwrap().is_empty());
    assert!(erasure::all_due(&mut tx, NOW).await.unwrap().is_empty());
    for which in [
        Selection::Ticket("x"),
        Selection::Digits("x"),
        Selection::Visitor(501),
        Selection::Of("misha"),
        Selection::Idle { since: NOW, of: None },
        Selection::Idle { since: NOW, of: Some("misha") },
    ] {
        assert!(linkings::find(&mut tx, &which).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_pupil_has_one_open_linking_however_often_one_is_begun() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    for id in ["l", "another"] {
        linkings::begin(&mut tx, id, "misha", "olga", NOW).await.unwrap();
    }
    assert_eq!(linkings::open_of(&mut tx, "misha").await.unwrap().as_deref(), Some("l"));
    let loaded = linkings::load(&mut tx, "l").await.unwrap().unwrap();
    assert_eq!((loaded.linking.version, loaded.linking.moved_at_version, &loaded.linking.step), (1, 1, &Step::Contact));
    assert_eq!((loaded.pupil.first_name.as_str(), loaded.moved_by_called().as_deref()), ("Михаил", Some("Ольга")));
    assert!(linkings::is_seen_by(&mut tx, "l", "olga").await.unwrap());
    assert!(!linkings::is_seen_by(&mut tx, "l", "b").await.unwrap());
    assert_eq!(linkings::newest_of_account(&mut tx, "olga").await.unwrap(), [("l".to_owned(), 1)]);
    assert!(set(&mut tx, "l", &Step::Closed { reason: CloseReason::Cancelled }, Change::Moved).await);
    linkings::begin(&mut tx, "another", "misha", "olga", NOW.plus(1)).await.unwrap();
    assert_eq!(linkings::open_of(&mut tx, "misha").await.unwrap().as_deref(), Some("another"));
    assert_eq!(linkings::newest_of_account(&mut tx, "olga").await.unwrap(), [("another".to_owned(), 1)]);
}

#[tokio::test]
async fn a_step_is_written_over_the_version_that_was_loaded_and_over_no_other() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    let loaded = linkings::load(&mut tx, "l").await.unwrap().unwrap();
    let next = |change| Next { step: &Step::Contact, change, codes: 0, moved_by: None, now: NOW };
    assert!(linkings::compare_and_set(&mut tx, &loaded.linking, &next(Change::Moved)).await.unwrap());
    assert!(
        !linkings::compare_and_set(&mut tx, &loaded.linking, &next(Change::Moved)).await.unwrap(),
        "it has moved on"
    );
    let versions = async |tx: &mut Conn| {
        let linking = linkings::load(tx, "l").await.unwrap().unwrap().linking;
        (linking.version, linking.moved_at_version)
    };
    assert_eq!(versions(&mut tx).await, (2, 2));
    for (change, expected) in [(Change::Known, (3, 2)), (Change::None, (3, 2)), (Change::Moved, (4, 4))] {
        assert!(set(&mut tx, "l", &Step::Taken { contact: contact() }, change).await);
        assert_eq!(versions(&mut tx).await, expected);
    }
    let loaded = linkings::load(&mut tx, "l").await.unwrap().unwrap().linking;
    assert_eq!(
        (loaded.step, loaded.codes, loaded.moved_by.as_deref()),
        (Step::Taken { contact: contact() }, 2, Some("olga"))
    );
}

#[tokio::test]
async fn linkings_are_found_by_what_their_step_says_and_by_nothing_that_it_said_before() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    set(&mut tx, "l", &at_max(Some(501)), Change::Moved).await;
    let by = async |tx: &mut Conn, which: Selection<'_>| linkings::find(tx, &which).await.unwrap().len();
    assert_eq!(by(&mut tx, Selection::Ticket("of the ticket")).await, 1);
    assert_eq!(by(&mut tx, Selection::Digits("of the digits")).await, 1);
    assert_eq!(by(&mut tx, Selection::Visitor(501)).await, 1);
    assert_eq!(by(&mut tx, Selection::Visitor(502)).await, 0);
    assert_eq!(by(&mut tx, Selection::Idle { since: NOW.plus(-1), of: None }).await, 0);
    assert_eq!(by(&mut tx, Selection::Idle { since: NOW, of: None }).await, 1);
    make(&mut tx, "p", phone()).await.unwrap();
    let profile = Step::Profile { contact: contact(), profile: Some("p".into()), proven_in_max: None };
    set(&mut tx, "l", &profile, Change::Moved).await;
    assert_eq!(by(&mut tx, Selection::Ticket("of the ticket")).await, 0);
    assert_eq!(by(&mut tx, Selection::Visitor(501)).await, 0);
    assert_eq!(by(&mut tx, Selection::AtProfile(&"p".into())).await, 1);
    let contacts = [Some("+79000001242".to_owned()), None];
    let (own, another) = ("p".to_owned(), "another".to_owned());
    let naming = |profile, but_of| Selection::Naming { profile, contacts: &contacts, but_of };
    assert_eq!(by(&mut tx, naming(&another, "")).await, 1, "by its contact");
    assert_eq!(by(&mut tx, naming(&own, "misha")).await, 0, "the pupil's own is left out");
    set(&mut tx, "l", &Step::Closed { reason: CloseReason::Expired }, Change::Moved).await;
    assert_eq!(by(&mut tx, naming(&own, "")).await, 0);
    assert_eq!(by(&mut tx, Selection::Idle { since: NOW, of: None }).await, 0);
    assert_eq!(by(&mut tx, Selection::Of("misha")).await, 1);
}

#[tokio::test]
async fn a_contact_has_one_profile_a_profile_one_pupil_and_an_account_one_profile() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    make(&mut tx, "p", phone()).await.unwrap();
    make(&mut tx, "q", Phone::parse("+79000002357").unwrap()).await.unwrap();
    let mut tx = world.refuses(tx, async |tx| make(tx, "another", phone()).await).await;
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    linkings::begin(&mut tx, "m", "lev", "olga", NOW).await.unwrap();
    assert!(!profiles::under(&mut tx, &contact()).await.unwrap().unwrap().is_linked);
    profiles::link(&mut tx, "misha", "p", "l", NOW).await.unwrap();
    let tx = world.refuses(tx, async |tx| profiles::link(tx, "lev", "p", "m", NOW).await).await;
    let mut tx = world.refuses(tx, async |tx| profiles::link(tx, "misha", "q", "l", NOW).await).await;
    assert!(profiles::under(&mut tx, &contact()).await.unwrap().unwrap().is_linked);
    assert_eq!(profiles::linking_of(&mut tx, "misha").await.unwrap().as_deref(), Some("l"));
    for messenger in [Messenger::Max, Messenger::Vk] {
        profiles::bind(&mut tx, "p", messenger, Some((501, Some("Миша О."))), NOW).await.unwrap();
        tx = world.refuses(tx, async |tx| profiles::bind(tx, "q", messenger, Some((501, None)), NOW).await).await;
        assert_eq!(profiles::bound_to(&mut tx, messenger, 501).await.unwrap().as_deref(), Some("p"));
    }
    let kept = profiles::kept(&mut tx, "p").await.unwrap();
    assert_eq!((kept.max_user, kept.max_name.as_deref(), kept.max_at), (Some(501), Some("Миша О."), Some(NOW.0)));
    profiles::bind(&mut tx, "p", Messenger::Vk, None, NOW).await.unwrap();
    let kept = profiles::kept(&mut tx, "p").await.unwrap();
    assert_eq!((kept.vk_user, kept.vk_name, kept.vk_at), (None, None, None));
}

#[tokio::test]
async fn an_unlinked_profile_is_remembered_with_its_account_until_it_is_bound_again() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    make(&mut tx, "p", phone()).await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    profiles::link(&mut tx, "misha", "p", "l", NOW).await.unwrap();
    set(&mut tx, "l", &linked("p"), Change::Moved).await;
    profiles::bind(&mut tx, "p", Messenger::Max, Some((501, None)), NOW).await.unwrap();
    let loaded = linkings::load(&mut tx, "l").await.unwrap().unwrap();
    assert_eq!(loaded.profile.unwrap().facts.linked_to, mostik_linking::LinkedTo::ThisPupil);
    assert!(loaded.former.is_none());
    profiles::unlink(&mut tx, "misha", "p").await.unwrap();
    set(&mut tx, "l", &Step::Closed { reason: CloseReason::Unlinked }, Change::Moved).await;
    linkings::begin(&mut tx, "m", "misha", "olga", NOW).await.unwrap();
    let former = linkings::load(&mut tx, "m").await.unwrap().unwrap().former.unwrap();
    assert_eq!((former.facts.id.as_str(), former.facts.contact), ("p", contact()));
    let profile = Step::Profile { contact: contact(), profile: Some("p".into()), proven_in_max: None };
    set(&mut tx, "m", &profile, Change::Moved).await;
    let facts = async |tx: &mut Conn| linkings::load(tx, "m").await.unwrap().unwrap().profile.unwrap().facts;
    assert_eq!((facts(&mut tx).await.max, facts(&mut tx).await.former_max), (None, Some(501)));
    profiles::bind(&mut tx, "p", Messenger::Max, Some((501, None)), NOW).await.unwrap();
    assert_eq!((facts(&mut tx).await.max, facts(&mut tx).await.former_max), (Some(501), None));
    linkings::begin(&mut tx, "n", "lev", "olga", NOW).await.unwrap();
    profiles::link(&mut tx, "lev", "p", "n", NOW).await.unwrap();
    assert_eq!(facts(&mut tx).await.linked_to, mostik_linking::LinkedTo::AnotherPupil);
    let loaded = linkings::load(&mut tx, "m").await.unwrap().unwrap();
    assert!(loaded.former.is_none(), "it is another's by now");
}

#[tokio::test]
async fn what_was_counted_counts_for_a_day_and_by_its_kind() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    assert_eq!(budgets::lock(&mut tx, &"c".into(), NOW).await.unwrap(), mostik_linking::Budget::default());
    for (id, counted, at) in [
        ("1", BudgetKind::Send, NOW.plus(-DAY)),
        ("2", BudgetKind::Send, NOW.plus(1 - DAY)),
        ("3", BudgetKind::Send, NOW),
        ("4", BudgetKind::Failure, NOW),
        // A clock was set back since.
        ("5", BudgetKind::Failure, NOW.plus(1)),
    ] {
        budgets::count(&mut tx, id, &"c".into(), counted, at).await.unwrap();
    }
    let budget = budgets::lock(&mut tx, &"c".into(), NOW).await.unwrap();
    assert_eq!(budget.sends, [NOW, NOW.plus(1 - DAY)]);
    assert_eq!(budget.failures, [NOW.plus(1), NOW]);
    assert_eq!(budgets::lock(&mut tx, &"d".into(), NOW).await.unwrap(), mostik_linking::Budget::default());
    budgets::forgive(&mut tx, "4").await.unwrap();
    assert_eq!(budgets::lock(&mut tx, &"c".into(), NOW).await.unwrap().failures.len(), 1);
    budgets::forgive_failures(&mut tx, &"c".into()).await.unwrap();
    let budget = budgets::lock(&mut tx, &"c".into(), NOW).await.unwrap();
    assert_eq!((budget.sends.len(), budget.failures.len()), (2, 0));
}

#[tokio::test]
async fn codes_are_kept_by_purpose_newest_first() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    assert!(codes::newest_expires_at(&mut tx, "l").await.unwrap().is_none());
    for (nth, purpose) in [(1, Purpose::Contact), (2, Purpose::Contact), (3, Purpose::Owner)] {
        let hash = format!("hash {nth}");
        let expires_at = NOW.plus(i64::from(nth));
        let code = NewCode { linking: "l", nth, purpose, hash: &hash, contact: &contact(), expires_at };
        codes::keep(&mut tx, &code).await.unwrap();
        // A number is given once.
        tx = world.refuses(tx, async |tx| codes::keep(tx, &code).await).await;
    }
    let kept = codes::of(&mut tx, "l", Purpose::Contact).await.unwrap();
    assert_eq!(kept.iter().map(|code| code.nth).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((kept[0].hash.as_str(), &kept[0].contact), ("hash 2", &contact()));
    assert_eq!(codes::count(&mut tx, "l", Purpose::Contact).await.unwrap(), 2);
    assert_eq!(codes::count(&mut tx, "l", Purpose::Recovery).await.unwrap(), 0);
    assert_eq!(codes::newest_expires_at(&mut tx, "l").await.unwrap(), Some(NOW.plus(3)));
    erasure::codes_and_messages(&mut tx, "l").await.unwrap();
    assert_eq!(codes::count(&mut tx, "l", Purpose::Contact).await.unwrap(), 0);
}

#[tokio::test]
async fn a_key_is_claimed_answered_and_given_back_only_while_unanswered() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    assert!(idempotency::seen(&mut tx, "olga", "key").await.unwrap().is_none());
    idempotency::claim(&mut tx, "olga", "key", "hash", NOW.plus(30), NOW.plus(DAY)).await.unwrap();
    let seen = idempotency::seen(&mut tx, "olga", "key").await.unwrap().unwrap();
    assert_eq!((seen.body_hash.as_str(), seen.claimed_until, seen.status), ("hash", NOW.0 + 30, None));
    assert!(idempotency::seen(&mut tx, "b", "key").await.unwrap().is_none(), "another account's is another key");
    idempotency::give_back(&mut tx, "olga", "key").await.unwrap();
    assert!(idempotency::seen(&mut tx, "olga", "key").await.unwrap().is_none());
    idempotency::claim(&mut tx, "olga", "key", "hash", NOW, NOW.plus(DAY)).await.unwrap();
    idempotency::store(&mut tx, "olga", "key", 200, "sealed").await.unwrap();
    idempotency::give_back(&mut tx, "olga", "key").await.unwrap();
    let seen = idempotency::seen(&mut tx, "olga", "key").await.unwrap().unwrap();
    assert_eq!((seen.status, seen.sealed_answer.as_deref()), (Some(200), Some("sealed")));
    idempotency::claim(&mut tx, "olga", "key", "another", NOW, NOW.plus(DAY)).await.unwrap();
    assert_eq!(
        idempotency::seen(&mut tx, "olga", "key").await.unwrap().unwrap().status,
        None,
        "a new request has no answer"
    );
}

#[tokio::test]
async fn a_sign_in_at_vk_is_taken_once_in_time_and_a_new_one_ends_the_one_before() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    make(&mut tx, "p", phone()).await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    sessions::begin(&mut tx, &NewSession { id: "s", account: "olga", client: "mostik", now: NOW }).await.unwrap();
    let new =
        |hash| NewSignIn { linking: "l", profile: "p", session: "s", language: "ru", hash, expires_at: NOW.plus(10) };
    vk_sign_ins::begin(&mut tx, &new("first"), "sealed", "client").await.unwrap();
    vk_sign_ins::begin(&mut tx, &new("second"), "sealed", "client").await.unwrap();
    assert!(vk_sign_ins::take(&mut tx, SignInKey::State("first"), NOW).await.unwrap().is_none());
    assert!(vk_sign_ins::take(&mut tx, SignInKey::State("second"), NOW.plus(10)).await.unwrap().is_none(), "too late");
    assert!(vk_sign_ins::take(&mut tx, SignInKey::Answer("second"), NOW).await.unwrap().is_none());
    let taken = vk_sign_ins::take(&mut tx, SignInKey::State("second"), NOW).await.unwrap().unwrap();
    assert_eq!((taken.linking_id.as_str(), taken.profile_id.as_str(), taken.vk_user), ("l", "p", None));
    assert!(vk_sign_ins::take(&mut tx, SignInKey::State("second"), NOW).await.unwrap().is_none());
    vk_sign_ins::ask(&mut tx, &new("question"), 710, Some("Миша О.")).await.unwrap();
    // One question at a time.
    let mut tx = world.refuses(tx, async |tx| vk_sign_ins::ask(tx, &new("another"), 710, None).await).await;
    let taken = vk_sign_ins::take(&mut tx, SignInKey::Answer("question"), NOW).await.unwrap().unwrap();
    assert_eq!((taken.vk_user, taken.vk_name.as_deref()), (Some(710), Some("Миша О.")));
    vk_sign_ins::begin(&mut tx, &new("third"), "sealed", "client").await.unwrap();
    vk_sign_ins::end(&mut tx, "l").await.unwrap();
    assert!(vk_sign_ins::take(&mut tx, SignInKey::State("third"), NOW).await.unwrap().is_none());
    assert_eq!(vk_sign_ins::session(&mut tx, "s").await.unwrap().unwrap().0, "olga");
}

#[tokio::test]
async fn the_history_tells_who_did_what_newest_first() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    assert!(history::newest(&mut tx, "misha", 10).await.unwrap().is_empty());
    history::note(&mut tx, "1", "misha", None, LogKind::InMax, NOW).await.unwrap();
    history::note(&mut tx, "2", "misha", Some(("olga", Some("Windows"))), LogKind::Unlinked, NOW.plus(1))
        .await
        .unwrap();
    let events = history::newest(&mut tx, "misha", 10).await.unwrap();
    let told: Vec<_> = events.iter().map(|event| (event.kind, event.at, event.account.as_deref())).collect();
    assert_eq!(told, [(LogKind::Unlinked, NOW.plus(1), Some("olga")), (LogKind::InMax, NOW, None)]);
    assert_eq!(events[0].by.as_ref().unwrap().0, "Ольга");
    assert_eq!(history::newest(&mut tx, "misha", 1).await.unwrap().len(), 1);
    assert!(history::newest(&mut tx, "lev", 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_erased_profile_leaves_nothing_and_its_pupil_goes_with_it() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    make(&mut tx, "p", phone()).await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    profiles::link(&mut tx, "misha", "p", "l", NOW).await.unwrap();
    set(&mut tx, "l", &linked("p"), Change::Moved).await;
    profiles::record_consent(&mut tx, "c", "p", "olga", "l", "2026-11-22", NOW).await.unwrap();
    assert!(erasure::due(&mut tx, "p", NOW).await.unwrap().is_none());
    profiles::set_deletion(&mut tx, "p", Some((NOW, "en"))).await.unwrap();
    assert!(erasure::all_due(&mut tx, NOW.plus(-1)).await.unwrap().is_empty());
    assert_eq!(erasure::all_due(&mut tx, NOW).await.unwrap(), ["p"]);
    let due = erasure::due(&mut tx, "p", NOW).await.unwrap().unwrap();
    assert_eq!((due.pupil_id.as_deref(), due.deletion_language.as_deref()), (Some("misha"), Some("en")));
    profiles::set_deletion(&mut tx, "p", None).await.unwrap();
    assert!(erasure::due(&mut tx, "p", NOW).await.unwrap().is_none(), "it was called off");
    assert_eq!(holdings::linkings(&mut tx, "misha").await.unwrap().len(), 1);
    assert_eq!(holdings::consents(&mut tx, "p").await.unwrap().len(), 1);
    assert_eq!(erasure::profile(&mut tx, "p", Some("misha")).await.unwrap(), ["l"]);
    assert!(linkings::load(&mut tx, "l").await.unwrap().is_none());
    assert!(profiles::under(&mut tx, &contact()).await.unwrap().is_none());
    assert!(holdings::pupil(&mut tx, "misha").await.is_err());
}

#[tokio::test]
async fn an_imported_profile_is_brought_up_to_date_by_number_or_address_and_never_by_two() {
    let world = World::with_two_pupils().await;
    let mut tx = world.write().await.unwrap();
    let (phone, email) = (phone(), Email::parse("misha@mail.test").unwrap());
    let entry = |new_id, phone, email, first_name| Imported {
        new_id,
        phone,
        email,
        first_name,
        last_name: "Орлов",
        role: Role::Pupil,
        class_name: Some("8-Б"),
    };
    assert!(profiles::import(&mut tx, &entry("p", Some(&phone), None, "Миша"), NOW).await.unwrap().is_some());
    assert!(profiles::import(&mut tx, &entry("q", None, Some(&email), "Михаил"), NOW).await.unwrap().is_some());
    assert!(profiles::import(&mut tx, &entry("r", Some(&phone), Some(&email), "Миша"), NOW).await.unwrap().is_none());
    assert!(profiles::import(&mut tx, &entry("r", Some(&phone), None, "Михаил"), NOW).await.unwrap().is_some());
    assert_eq!(profiles::people(&mut tx, "p").await.unwrap().name.0, "Михаил");
    let password = PasswordHash("$argon2id$".into());
    profiles::set_password(&mut tx, "p", &password).await.unwrap();
    assert_eq!(profiles::password_of(&mut tx, "p").await.unwrap().as_deref(), Some("$argon2id$"));
    assert!(profiles::kept(&mut tx, "p").await.unwrap().has_password);
}
