//! What earlier releases have stored is read, and what later ones have is not.

use mostik_flow::{Conditions, Intent, ProtectedAction, State, stored};
use mostik_wire::Secret;

use crate::world::*;

#[test]
fn a_state_of_a_release_to_come_is_not_read_and_one_of_this_release_always_is() {
    assert!(stored::load(r#"{"schema":"V2","state":{}}"#).is_err());
    assert!(stored::load("half a fi").is_err());
    // Frozen: what release 0.1.0 has written must be readable for ever. Do not edit this text.
    let frozen = r#"{"schema":"V1","state":{"last":7,"awaited_handle":null,"used_handles":[],"place":{"place":"signed_out","cause":null,"in_wizard":true}}}"#;
    assert_eq!(stored::load(frozen).unwrap().last, mostik_flow::Attempt(7));
    assert_eq!(stored::load(&stored::save(&State::fresh()).unwrap()).unwrap(), State::fresh());
}

#[test]
fn what_was_stored_under_the_names_of_release_0_1_0_is_read() {
    let mut code = World::at(code_step());
    code.intent(Intent::SubmitCode { code: Secret::new(SECRET_CODE) });
    let mut export = World::asking(ProtectedAction::Export);
    export.intent(Intent::ProveByPassword { password: Secret::new(SECRET_PASSWORD) });
    for world in [code, export] {
        let new = stored::save(&world.state).unwrap();
        let old = new
            .replace(r#""route":{"#, r#""place":{"#)
            .replace(r#""kind":{"wish""#, r#""wish":{"wish""#)
            .replace(r#""action":"export""#, r#""deed":"export""#);
        assert!(!old.contains("route") && old.contains(r#""wish":{"wish""#), "{old}");
        let kept = State { conditions: Conditions::default(), ..world.state };
        assert!(stored::load(&old).unwrap() == kept, "{old}");
    }
}
