//! The POSTs that ask something of a linked profile: each declared once, with what it asks.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_linking::Action;
use mostik_wire::{Export, Messenger, Profile, ProfileBody, ProvenBody, Unlinked};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::request::{answer, answer_proven};
use crate::{app::App, post::Post, refusal::Refusal};

macro_rules! profile_routes {
    ($($(#[doc = $doc:literal])* $name:ident $path:literal ($body:ident) -> $answer:ident = $frame:ident($action:expr);)*) => {
        $(
            $(#[doc = $doc])*
            ///
            /// # Errors
            /// See `docs/errors.md`.
            #[utoipa::path(post, path = $path, tag = "profiles", request_body = $body,
                params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
                responses((status = 200, body = $answer)), security(("access_token" = [])))]
            pub async fn $name(
                State(app): State<App>,
                Path(id): Path<String>,
                post: Post<$body>,
            ) -> Result<Response, Refusal> {
                $frame(app, id, post, $action).await
            }
        )*

        /// All of them.
        pub fn router(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
            router $(.routes(routes!($name)))*
        }
    };
}

profile_routes! {
    /// Sends a code to the contact that the profile was linked by. Counted apart from the codes of linkings.
    code "/v1/pupils/{id}/profile/code" (ProfileBody) -> Profile = answer(Action::SendOwnerCode);

    /// Gives everything out, for people and for programs, and tells the profile's people that it was given.
    export "/v1/pupils/{id}/profile/export" (ProvenBody) -> Export = answer_proven(|proof| Action::Export { proof });

    /// Removes the link to the diary and those in the messengers; linking again works at once.
    unlink "/v1/pupils/{id}/profile/unlink" (ProvenBody) -> Unlinked = answer_proven(|proof| Action::Unlink { proof });

    /// Unbinds the MAX account; binding it or another again works at once.
    unlink_max "/v1/pupils/{id}/profile/unlink-max" (ProvenBody) -> Profile
        = answer_proven(|proof| Action::LeaveMessenger { messenger: Messenger::Max, proof });

    /// Unbinds the VK account; binding it or another again works at once.
    unlink_vk "/v1/pupils/{id}/profile/unlink-vk" (ProvenBody) -> Profile
        = answer_proven(|proof| Action::LeaveMessenger { messenger: Messenger::Vk, proof });

    /// Asks for the deletion: due in 24 hours, told at once.
    deletion "/v1/pupils/{id}/profile/deletion" (ProvenBody) -> Profile
        = answer_proven(|proof| Action::AskDeletion { proof });

    /// Calls the deletion off. Nothing is proven for that: it only keeps what is there.
    keep "/v1/pupils/{id}/profile/keep" (ProfileBody) -> Profile = answer(Action::KeepProfile);
}
