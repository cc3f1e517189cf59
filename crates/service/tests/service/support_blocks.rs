//! Operators block accounts of the diary, and unblock them: who may, what is written down, and what a blocked account still gets.

use mostik_service::{keys::Keys, support::operators::Right};
use mostik_store::{audit::Entry, blocks::Blockable};
use mostik_wire::{Code, StepName};
use serde_json::{Value, json};

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    launches::{GRANT, accept, claimed},
    owner::by_password,
    sign_in::app_of,
    support::{MISHA_IN_MAX, Operators, PHONE, WHY},
    through_max::{text, url_of},
    world::{App, SECRET_KEY, World},
};

fn by<'a>(done: &'a [Entry], action: &str) -> Vec<&'a Entry> {
    done.iter().filter(|entry| entry.action == action).collect()
}

impl World {
    /// The account of the only pupil who has signed in by themselves.
    async fn pupils_account(&self) -> String {
        self.one("SELECT id FROM accounts WHERE role = 'pupil'").await
    }

    /// Nothing is answered to this app but that the account is blocked, whatever it asks.
    async fn has_no_say(&self, app: &App, linking: &str) {
        for path in ["/v1/me", "/v1/linkings", "/v1/events", &format!("/v1/linkings/{linking}/events")] {
            self.get(app, path).await.problem(Code::AccountBlocked);
        }
        for (path, body) in [
            ("/v1/sessions/end", json!({ "session": null })),
            ("/v1/linkings", json!({ "pupil": "x" })),
            ("/v1/launches/accept", json!({ "grant": GRANT, "pupil": "x" })),
            ("/v1/hand-offs", json!({ "pupil": "x", "place": "diary" })),
        ] {
            self.post(app, path, body).await.problem(Code::AccountBlocked);
        }
        self.refresh(&app.refresh).await.problem(Code::AccountBlocked);
    }
}

#[tokio::test]
async fn who_may_not_and_whom_there_is_not() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
    let account = world.pupils_account().await;
    for command in ["block", "unblock"] {
        operators.run("anna", &[command, "--account", &account]).await.refused(1, "anna has no right `act`");
        operators.run("boris", &[command, "--account", "1"]).await.refused(1, "there is no account of this id");
        operators.run("boris", &[command, "--profile", "1"]).await.refused(1, "there is no profile of this id");
        operators.run("boris", &[command]).await.refused(2, "--profile <PROFILE>");
        operators.run("boris", &[command, "--account", "1", "--profile", "1"]).await.refused(2, "cannot be used with");
    }
    let done = world.done_by_operators().await;
    assert!(done.iter().all(|entry| entry.action == "support_refused"), "{done:?}");
    assert!(done.iter().any(|entry| entry.reason == Some(format!("unblock: {WHY}"))), "{done:?}");
    world.me(&misha).await;
}

#[tokio::test]
async fn a_blocked_account_is_out_at_once_and_stays_out_until_it_is_unblocked() {
    let mut world = World::new().await;
    let operators = Operators::of(&world);
    let (misha, elsewhere) = (world.sign_in("misha").await, world.sign_in("misha").await);
    let renewed = app_of(&world.refresh(&elsewhere.refresh).await);
    let linking = world.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
    let before = world.me(&misha).await;
    let account = world.pupils_account().await;
    let (_, token) = world.handed_off(&misha, "Михаил", "diary").await;
    let code = world.one_time_code("misha").await;
    let mut events = world.events(&misha, &linking.id.0).await;
    events.next().await.unwrap();

    let blocked = operators.run("boris", &["block", "--account", &account, "--json"]).await.json();
    let since = blocked["blocked_at"].as_i64().unwrap();
    assert_eq!(blocked, json!({ "account": account, "blocked_at": since, "changed": true, "ended": 3 }));
    assert!(events.next().await.is_none(), "what was followed has ended");
    for app in [&misha, &elsewhere, &renewed] {
        world.has_no_say(app, &linking.id.0).await;
    }
    world.look(&token).await.problem(Code::HandOffExpired);
    // The code that was given out before, and a new sign-in: the app hears why.
    world.exchange(&code).await.problem(Code::AccountBlocked);
    let code = world.one_time_code("misha").await;
    world.exchange(&code).await.problem(Code::AccountBlocked);
    assert_eq!(world.exchange(&code).await.json()["error"], "invalid_grant", "it was spent");
    // Another node knows it too, and nobody else is blocked.
    world.restart().await;
    world.has_no_say(&renewed, &linking.id.0).await;
    world.me(&world.sign_in("liza").await).await;

    let again = operators.run("boris", &["block", "--account", &account]).await.told();
    assert!(again.starts_with(&format!("account {account} has been blocked since ")), "{again}");
    assert!(again.ends_with(": nothing was changed\n"), "{again}");
    let found = operators.run("anna", &["find", &account, "--json"]).await.json();
    assert_eq!((&found["accounts"][0]["blocked_at"], &found["accounts"][0]["sessions"]), (&json!(since), &json!(0)));
    assert!(operators.run("anna", &["find", &account]).await.told().contains("  blocked since "));

    let told = operators.run("boris", &["unblock", "--account", &account]).await.told();
    assert_eq!(told, format!("account {account} is not blocked any more\n"));
    let told = operators.run("boris", &["unblock", "--account", &account]).await.told();
    assert_eq!(told, format!("account {account} is not blocked: nothing was changed\n"));
    world.get(&misha, "/v1/me").await.problem(Code::SessionEnded);
    assert_eq!(world.refresh(&renewed.refresh).await.json()["error"], "invalid_grant");
    let back = world.sign_in("misha").await;
    assert_eq!(world.me(&back).await, before);
    assert_eq!(world.linking(&back, &linking.id.0).await.step.name(), StepName::Linked);

    let done = world.done_by_operators().await;
    let ([blocked], [unblocked]) = (&by(&done, "account_blocked")[..], &by(&done, "account_unblocked")[..]) else {
        panic!("{done:?}")
    };
    for entry in [blocked, unblocked] {
        assert_eq!((entry.actor_id.as_deref(), entry.reason.as_deref()), (Some("boris"), Some(WHY)));
        assert_eq!(entry.account_id.as_ref(), Some(&account));
    }
    assert_eq!(by(&done, "session_ended").len(), 3);
    let store = world.store().await;
    let keys = Keys::new(SECRET_KEY.as_bytes());
    mostik_service::audit::chain::give_places(&store, &keys).await.ok();
    let found = mostik_service::audit::verify::verify(&mut store.snapshot().await.unwrap(), &keys, None).await.unwrap();
    assert_eq!(found.faults, []);
    store.close().await;
}

#[tokio::test]
async fn what_a_blocked_account_has_begun_in_max_goes_on_for_who_may_go_on_with_it() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let account = world.pupils_account().await;
    let desk = operators.desk(&world, "boris", Right::Act).await.ok().unwrap();
    desk.block(Blockable::Account(&account)).await.ok().unwrap();
    let mut heard = 0;
    world.max_open(MISHA_IN_MAX, &url_of(&linking)).await;
    assert!(text(&world.bot_says(MISHA_IN_MAX, &mut heard).await).contains("уже не действует"));
    desk.unblock(Blockable::Account(&account)).await.ok().unwrap();
    desk.store.close().await;
    let back = world.sign_in("misha").await;
    assert_eq!(world.finish_in_max(&back, &linking, MISHA_IN_MAX).await.step.name(), StepName::Linked);
}

#[tokio::test]
async fn a_launch_that_was_claimed_is_accepted_by_nobody_who_is_blocked() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let misha = world.sign_in("misha").await;
    claimed(&world, MISHA_IN_MAX, GRANT).await;
    let (account, pupil) = (world.pupils_account().await, world.pupil(&misha, "Михаил").await);
    let desk = operators.desk(&world, "boris", Right::Act).await.ok().unwrap();
    assert_eq!(desk.block(Blockable::Account(&account)).await.ok().unwrap().ended, 1);
    let body = json!({ "grant": GRANT, "pupil": pupil });
    world.post(&misha, "/v1/launches/accept", body).await.problem(Code::AccountBlocked);
    desk.unblock(Blockable::Account(&account)).await.ok().unwrap();
    desk.store.close().await;
    let back = world.sign_in("misha").await;
    assert_eq!(accept(&world, &back, GRANT).await.linking().step.name(), StepName::Profile);
}

#[tokio::test]
async fn a_block_outlives_the_erasure_of_what_names_the_person() {
    let (mut world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let account: String = world.one("SELECT id FROM accounts").await;
    assert_eq!(world.proven(&olga, &anya, "deletion", by_password(PASSWORD)).await.status, 200);
    let desk = operators.desk(&world, "boris", Right::Act).await.ok().unwrap();
    desk.block(Blockable::Account(&account)).await.ok().unwrap();
    world.until_erased(&mail).await;
    let names: String = world.one("SELECT first_name || last_name FROM accounts").await;
    let tokens: Option<String> = world.one("SELECT sealed_diary_tokens FROM accounts").await;
    assert_eq!((names.as_str(), tokens), ("", None));
    let code = world.one_time_code("olga").await;
    world.exchange(&code).await.problem(Code::AccountBlocked);
    let pupils: i64 = world.one("SELECT COUNT(*) FROM account_pupils").await;
    assert_eq!(pupils, 0, "what the diary tells of a blocked account is not kept");
    desk.unblock(Blockable::Account(&account)).await.ok().unwrap();
    desk.store.close().await;
    let back = world.sign_in("olga").await;
    assert_eq!(world.me(&back).await.account.last_name, "Орлова");
}

#[tokio::test]
async fn the_words_of_a_profiles_block() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let (_, pupil, profile) = world.linked().await;
    let run = async |command: &str| operators.run("boris", &[command, "--profile", &profile]).await.told();
    assert_eq!(run("block").await, format!("profile {profile} is blocked\n"));
    assert!(run("block").await.ends_with(": nothing was changed\n"));
    let found = operators.run("anna", &["find", PHONE, "--json"]).await.json();
    let since = found["profiles"][0]["blocked_at"].clone();
    assert!(since.is_i64() && found["accounts"][0]["blocked_at"] == Value::Null, "{found}");
    let into = world.dir.path().to_str().unwrap();
    let files = operators.run("boris", &["export", &profile, "--into", into]).await.told();
    let [html, export] = files.lines().collect::<Vec<_>>()[..] else { panic!("{files}") };
    let export: Value = serde_json::from_str(&std::fs::read_to_string(export).unwrap()).unwrap();
    assert!(
        export["profile"]["blocked_at"].is_string() && export["seen_by"][0]["blocked_at"] == Value::Null,
        "{export}"
    );
    assert!(std::fs::read_to_string(html).unwrap().contains("Заблокирован с"));
    let unblocked = operators.run("boris", &["unblock", "--profile", &profile, "--json"]).await.json();
    assert_eq!(unblocked, json!({ "profile": profile, "blocked_at": null, "changed": true }));
    assert_eq!(run("unblock").await, format!("profile {profile} is not blocked: nothing was changed\n"));
    let done = world.done_by_operators().await;
    let ([blocked], [_]) = (&by(&done, "profile_blocked")[..], &by(&done, "profile_unblocked")[..]) else {
        panic!("{done:?}")
    };
    assert_eq!((blocked.profile_id.as_ref(), blocked.pupil_id.as_ref()), (Some(&profile), Some(&pupil)));
    assert_eq!((blocked.account_id.as_ref(), blocked.reason.as_deref()), (None, Some(WHY)));
}
