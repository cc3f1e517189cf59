//! The POSTs that ask something of a linking: each declared once, with what it asks.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_linking::Action;
use mostik_wire::{
    ConfirmBody, ContactBody, DetailsBody, Linking, PasswordBody, RecoveryBody, SubmitCodeBody, VersionBody,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::request::{Request, answer};
use crate::{app::App, post::Post, refusal::Refusal};

macro_rules! linking_routes {
    ($($(#[doc = $doc:literal])* $name:ident $path:literal ($body:ident) => $request:expr;)*) => {
        $(
            $(#[doc = $doc])*
            ///
            /// # Errors
            /// See `docs/errors.md`.
            #[utoipa::path(post, path = $path, tag = "linkings", request_body = $body,
                params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
                responses((status = 200, body = Linking)), security(("access_token" = [])))]
            pub async fn $name(
                State(app): State<App>,
                Path(id): Path<String>,
                post: Post<$body>,
            ) -> Result<Response, Refusal> {
                let version = post.body.version;
                answer(app, id, post, version, $request).await
            }
        )*

        /// All of them.
        pub fn router(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
            router $(.routes(routes!($name)))*
        }
    };
}

linking_routes! {
    /// Takes the number or, for a pupil under 14, the address, and sends a code. Whether a profile exists under it is not
    /// looked up before it is proven.
    ///
    /// The same one again while its code is alive and another may not follow yet changes nothing: that code is on its way.
    contact "/v1/linkings/{id}/contact" (ContactBody) => |body| Request::GiveContact(body.contact);

    /// Proves the number or the address. A wrong or superseded code costs a try.
    code "/v1/linkings/{id}/code" (SubmitCodeBody) => |body| Request::SubmitCode(body.code);

    /// Sends a new code.
    resend "/v1/linkings/{id}/resend" (VersionBody) => |_| Request::Plain(Action::Resend);

    /// Takes the profile, or makes one where there is none, and goes on to MAX. A profile by e-mail is linked at once.
    confirm "/v1/linkings/{id}/confirm" (ConfirmBody)
        => |body| Request::Plain(Action::Confirm { accept_other_name: body.accept_other_name });

    /// Takes the password; only its hash is kept, with the linking until there is a profile.
    password "/v1/linkings/{id}/password" (PasswordBody) => |body| Request::SetPassword(body.password);

    /// Makes the profile, records the consent, and links the profile to the diary. A parent's account alone may do this.
    details "/v1/linkings/{id}/details" (DetailsBody) => |body| Request::GiveDetails(Box::new(body));

    /// Signs in to the found profile. A wrong password is counted against the profile, from whichever linking it comes.
    profile_sign_in "/v1/linkings/{id}/profile-sign-in" (PasswordBody) => |body| Request::SignInToProfile(body.password);

    /// Sends a code for a new password; again for another one. Counted apart from the codes that prove the address.
    recover "/v1/linkings/{id}/recover" (VersionBody) => |_| Request::Plain(Action::Recover);

    /// Sets the profile's password anew. Linkings that had signed in with the old one must sign in again, and the address is
    /// told. A password that will not do costs no try.
    recovery "/v1/linkings/{id}/recovery" (RecoveryBody) => |body| Request::SetNewPassword(body.code, body.password);

    /// Sends a code to the contact of the pupil's former profile: who reads it there signs in to that profile again.
    former "/v1/linkings/{id}/former" (VersionBody) => |_| Request::Plain(Action::UseFormer);

    /// Asks MAX which number is the person's: a ticket into MAX, and no message to any number. What was typed or sent before is
    /// put aside.
    max_proof "/v1/linkings/{id}/max-proof" (VersionBody) => |_| Request::Plain(Action::ProveInMax);

    /// Takes the number of the MAX account that answered (`number_differs` with `usable`): MAX has proven it, so no code is sent.
    max_number "/v1/linkings/{id}/max-number" (VersionBody) => |_| Request::Plain(Action::TakeMaxNumber);

    /// Renews the link into MAX; also goes back to MAX where it was skipped.
    max_link "/v1/linkings/{id}/max-link" (VersionBody) => |_| Request::Plain(Action::RenewMaxLink);

    /// Ends the linking without MAX, where the link to the diary stands; `…/max-link` goes back.
    skip_max "/v1/linkings/{id}/skip-max" (VersionBody) => |_| Request::Plain(Action::SkipMax);

    /// Makes the address at VK ID; it stands in the linking's step, for the system's browser.
    begin "/v1/linkings/{id}/vk" (VersionBody) => |_| Request::Plain(Action::BeginVk);

    /// Ends the linking without a link.
    cancel "/v1/linkings/{id}/cancel" (VersionBody) => |_| Request::Plain(Action::Cancel);
}
