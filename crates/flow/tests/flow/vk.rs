//! VK Messenger: the way through VK ID, and each messenger's own unlink.

use mostik_flow::{Intent, News, ProtectedAction, Reply, Verdict, View, VkCard};
use mostik_wire::{
    Channel, Code, LinkSummary, LinkedStep, LinkingId, MaxStep, Me, MessengerAccount, Messengers, Problem, Profile,
    Secret, Step, VkStep, VkTrouble,
};

use crate::world::*;

const SIGN_IN: &str = "https://id.vk.com/authorize?state=x";

fn offered(trouble: Option<VkTrouble>) -> Option<VkStep> {
    Some(VkStep::Offered { trouble })
}

fn signing_in() -> Option<VkStep> {
    let (url, return_handle) = (SIGN_IN.into(), OTHER_HANDLE.into());
    Some(VkStep::SigningIn { url, expires_at: NOW.plus(600_000), return_handle })
}

fn bound() -> Option<VkStep> {
    Some(VkStep::Bound { name_masked: "Михаил О.".into(), messenger_url: "https://web.vk.me/".into() })
}

const OTHER_HANDLE: &str = "ZzCdEfGhIjKlMnOpQrStU-";

fn at_max(vk: Option<VkStep>) -> Step {
    let Step::Max(step) = max_step() else { unreachable!() };
    Step::Max(MaxStep { vk, ..step })
}

fn done(in_max: bool, vk: Option<VkStep>) -> Step {
    let Step::Linked(step) = linked_step() else { unreachable!() };
    Step::Linked(LinkedStep { in_max, vk, ..step })
}

fn card(world: &World) -> Option<VkCard> {
    match world.view() {
        View::Max { vk, .. } | View::Linked { vk, .. } => vk,
        other => panic!("{other:?}"),
    }
}

fn account() -> Option<MessengerAccount> {
    Some(MessengerAccount { name_masked: Some("Михаил О.".into()), since: NOW })
}

fn asking(profile: &Profile, action: ProtectedAction) -> World {
    let mut world = World::with_profile(profile.clone());
    world.intent(Intent::BeginProof { action });
    world
}

fn asked(world: &World) -> Option<ProtectedAction> {
    let View::Security { action, .. } = world.view() else { panic!("not under «Безопасность»") };
    action
}

#[test]
fn where_vk_is_not_offered_or_bound_already_nothing_begins() {
    for step in [at_max(None), at_max(bound()), done(true, bound()), code_step()] {
        let mut world = World::at(step);
        world.intent(Intent::ConnectVk);
        assert!(matches!(world.verdict, Verdict::Refused(_)) && world.effects.is_empty());
    }
    let mut world = World::at(at_max(offered(None)));
    world.intent(Intent::OpenVk);
    assert!(matches!(world.verdict, Verdict::Refused(_)), "there is no messenger to open yet");
}

#[test]
fn where_max_is_not_offered_nothing_leads_to_it() {
    let me = |link| Me { messengers: Messengers { max: false, vk: true }, ..misha(link) };
    let mut world = World::signed_in(me(LinkSummary::NotLinked));
    world.intent(Intent::PressSferum).intent(Intent::Begin).answer(linking(1, contact_step()));
    world.intent(Intent::ProveByMax);
    assert!(matches!(world.verdict, Verdict::Refused(_)));
    world.news(News::Linking(Box::new(linking_of(2, done(false, bound())))));
    world.intent(Intent::RenewMaxLink);
    assert!(matches!(world.verdict, Verdict::Refused(_)));
    assert_eq!(world.screen().messengers, Messengers { max: false, vk: true });
}

#[test]
fn one_press_asks_for_the_way_and_opens_it_in_the_browser() {
    let mut world = World::at(at_max(offered(Some(VkTrouble::Unavailable))));
    assert_eq!(card(&world), Some(VkCard::Offered { trouble: Some(VkTrouble::Unavailable) }));
    world.intent(Intent::ConnectVk);
    assert!(world.did("Call(vk)"));
    world.intent(Intent::ConnectVk);
    assert!(matches!(world.verdict, Verdict::Ignored(_)), "a second press is not a second request");
    world.answer(linking(3, at_max(signing_in())));
    assert!(world.did("Open(VK ID)"));
    let expires_at = NOW.plus(600_000);
    assert_eq!(card(&world), Some(VkCard::SigningIn { url: SIGN_IN.into(), expires_at }));
    world.answer(Reply::Opened);
    // The browser asks whose account it is; then the service says that it is done, and the window turns by itself.
    world.news(News::Linking(Box::new(linking_of(4, at_max(Some(VkStep::Asking { expires_at }))))));
    assert_eq!(card(&world), Some(VkCard::Asking { expires_at }));
    world.news(News::Linking(Box::new(linking_of(5, done(false, bound())))));
    assert!(matches!(world.view(), View::Linked { in_max: false, .. }));
    world.intent(Intent::OpenVk);
    assert!(world.did("Open(VK Messenger)"));
}

#[test]
fn a_browser_that_does_not_open_is_said_and_the_step_stays() {
    let mut world = World::at(at_max(offered(None)));
    world.intent(Intent::ConnectVk).answer(linking(3, at_max(signing_in())));
    world.answer(Reply::Failed(mostik_flow::CauseKind::NotOpened.into()));
    assert_eq!(world.cause().as_deref(), Some("not_opened"));
    world.intent(Intent::ConnectVk);
    assert!(world.did("Call(vk)"), "pressed again, a new way is asked for");
}

#[test]
fn what_is_done_is_followed_while_vk_is_being_bound_to_it() {
    let mut world = World::at(done(true, offered(None)));
    world.intent(Intent::ConnectVk).answer(linking(3, done(true, signing_in())));
    assert!(world.did("Watch") && world.did("Open(VK ID)"));
    world.answer(Reply::Opened);
    // The page in the browser leads back with a handle of its own.
    world.news(News::Link(format!("mostik://return/{OTHER_HANDLE}")));
    assert!(world.did("Call(read)"));
    world.answer(linking(4, done(true, bound())));
    assert_eq!(card(&world), Some(VkCard::Bound { name_masked: "Михаил О.".into() }));
    world.news(News::Link(format!("mostik://return/{OTHER_HANDLE}")));
    assert!(matches!(world.verdict, Verdict::Refused(_)), "a link back serves once");
}

#[test]
fn the_button_opens_the_messenger_that_there_is() {
    let link = |in_max| LinkSummary::Linked {
        linking: LinkingId("l-1".into()),
        since: NOW,
        in_max,
        in_vk: true,
        deletes_at: None,
    };
    let mut world = World::signed_in(misha(link(false)));
    world.intent(Intent::PressSferum).answer(linking(3, done(false, bound())));
    assert!(world.did("Open(VK Messenger)"));
    let mut world = World::signed_in(misha(link(true)));
    world.intent(Intent::PressSferum).answer(linking(3, done(true, bound())));
    assert!(world.did("Open(Sferum)"));
    // From «Безопасность» the other one is added where the linking stands.
    let mut world = World::with_profile(Profile { vk: account(), max: None, ..own() });
    world.intent(Intent::AddMessenger).answer(linking(3, done(false, bound())));
    assert!(matches!(world.view(), View::Linked { .. }));
    let mut world = World::security(LinkSummary::NotLinked);
    world.intent(Intent::AddMessenger);
    assert!(matches!(world.verdict, Verdict::Refused(_)));
}

#[test]
fn a_messenger_is_unlinked_alone_and_the_last_one_of_a_link_by_phone_takes_the_whole_along() {
    let both = Profile { vk: account(), ..own() };
    let by_mail = Profile { channel: Channel::Mail, ..own() };
    for (profile, action, means) in [
        (&own(), ProtectedAction::UnlinkVk, None),
        (&own(), ProtectedAction::UnlinkMax, Some(ProtectedAction::Unlink)),
        (&by_mail, ProtectedAction::UnlinkMax, Some(ProtectedAction::UnlinkMax)),
        (&both, ProtectedAction::UnlinkMax, Some(ProtectedAction::UnlinkMax)),
        (&both, ProtectedAction::UnlinkVk, Some(ProtectedAction::UnlinkVk)),
    ] {
        assert_eq!(asked(&asking(profile, action)), means, "{action:?}");
    }
    let mut world = asking(&both, ProtectedAction::UnlinkVk);
    world.intent(Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) });
    assert!(world.did("ProfileCall(unlink-vk)"));
    world.answer(Reply::Profile(Box::new(own())));
    let View::Security { profile: Some(card), action: None, linked: true, .. } = world.view() else { panic!() };
    assert!(card.vk.is_none() && card.max.is_some());
    // What another device does to a messenger is looked at here too.
    let mut world = World::with_profile(both.clone());
    world.news(News::Linking(Box::new(linking_of(9, done(true, offered(None))))));
    assert!(world.did("ProfileCall(read)"));
    world.answer(Reply::Profile(Box::new(own())));
    world.news(News::Linking(Box::new(linking_of(10, done(true, offered(None))))));
    assert!(world.effects.is_empty(), "what is known already is not read again");
    // The other one left meanwhile, on another device: what was confirmed is no longer what would happen.
    let mut world = asking(&both, ProtectedAction::UnlinkVk);
    world.intent(Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) });
    world.answer(Reply::Refused(Box::new(Problem::new(Code::LastMessenger))));
    assert_eq!((asked(&world), world.cause().as_deref()), (None, Some("last_messenger")));
    assert!(world.did("ProfileCall(read)"));
}
