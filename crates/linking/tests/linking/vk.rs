//! VK Messenger, bound beside MAX or in its place.

use mostik_linking::{Action, Change, Effect, Facts, News};
use mostik_wire::{Code, VkTrouble};

use crate::world::*;

#[test]
fn vk_is_bound_once_and_where_it_is_offered() {
    assert_eq!(refused("Linked", Action::BeginVk, |facts| facts.settings.vk = false).code, Code::WrongStep);
    let in_vk = |facts: &mut Facts| facts.profile.as_mut().unwrap().in_vk = true;
    let (name, bind) =
        (|| Action::NameVkAccount { user: 710 }, || Action::BindVk { user: 710, name: Some("Анна О.".into()) });
    for action in [Action::BeginVk, name(), bind()] {
        assert_eq!(refused("Linked", action, in_vk).code, Code::WrongStep);
    }
    // Before the link stands, what the profile is bound to may be another pupil's.
    assert!(done("Max, to join", Action::BeginVk, in_vk).is_ok());
    let begun = done("Max, to join", Action::BeginVk, |_| {}).unwrap();
    assert_eq!((begun.change, names(&begun)), (Change::Known, vec!["BeginVk".to_owned()]));
    assert_eq!(begun.step.return_handle().unwrap().0, "a new handle");
    let begun = done("Linked, by mail", Action::BeginVk, |_| {}).unwrap();
    assert_eq!(begun.step.return_handle().unwrap().0, "a new handle");
    let Effect::BeginVk { expires_at, .. } = &begun.effects[0] else { panic!() };
    assert_eq!(*expires_at, NOW.plus(10 * MINUTE));
}

#[test]
fn a_vk_account_of_another_profile_is_told_unless_the_person_has_begun_anew() {
    let elsewhere = |facts: &mut Facts| facts.bound_to = Some("another".into());
    for name in ["Max, to join", "Linked", "Max, offered"] {
        for action in [Action::NameVkAccount { user: 710 }, Action::BindVk { user: 710, name: None }] {
            let told = done(name, action, elsewhere).unwrap();
            assert_eq!((told.step.vk_trouble(), told.change), (Some(VkTrouble::AccountTaken), Change::Known), "{name}");
            assert!(told.effects.is_empty());
        }
        let failed = done(name, Action::FailVk { trouble: VkTrouble::Unavailable }, |_| {}).unwrap();
        assert_eq!(failed.step.vk_trouble(), Some(VkTrouble::Unavailable));
        let anew = |facts: &mut Facts| facts.vk_under_way = true;
        assert_eq!(done(name, Action::FailVk { trouble: VkTrouble::Refused }, anew).unwrap().change, Change::None);
        assert_eq!(refused(name, Action::NameVkAccount { user: 710 }, anew).code, Code::WrongStep);
        let asked = done(name, Action::NameVkAccount { user: 710 }, |_| {}).unwrap();
        assert_eq!(asked.effects, [Effect::AskAboutVk { expires_at: NOW.plus(10 * MINUTE) }]);
    }
    let bound = done("Max, to join", Action::BindVk { user: 710, name: Some("Анна О.".into()) }, |_| {}).unwrap();
    assert_eq!(names(&bound), ["Link", "Note(Linked)", "Bind(Vk)", "Note(InVk)", "Tell(VkLinked)"]);
    assert!(
        bound
            .effects
            .contains(&Effect::Tell { profile: "p".into(), news: News::VkLinked { account: "Анна О.".into() } })
    );
}
