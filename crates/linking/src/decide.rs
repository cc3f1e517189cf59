//! From an action to its rule.

use mostik_wire::{Code, Millis};

use crate::{action::Action, case::DecisionContext, decision::Decision, facts::Facts, refusal::Refusal, step::Linking};

/// Decides what an action does to a linking.
///
/// # Errors
/// `wrong_step` where the step does not take the action; else what the action's own rule says; `profile_blocked` where that would go
/// on with a profile that an operator has blocked. Nothing has changed then.
pub fn decide(linking: &Linking, action: Action, facts: &Facts, now: Millis) -> Result<Decision, Refusal> {
    if !action.name().is_taken_at(&linking.step) {
        return Err(Refusal::new(Code::WrongStep).with_linking());
    }
    let case = DecisionContext { linking, step: &linking.step, facts, now };
    let passes = action.passes_a_block();
    let decision = match action {
        Action::GiveContact { contact } => case.give_contact(contact),
        Action::Resend => case.resend(),
        Action::UseFormer => case.use_former(),
        Action::SubmitCode { entered } => case.submit_code(entered),
        Action::SetPassword { password } => case.set_password(password),
        Action::GiveDetails(details) => case.give_details(&details),
        Action::SignInToProfile => case.sign_in_to_profile(),
        Action::Recover => case.recover(),
        Action::SetNewPassword { entered, password } => case.set_new_password(entered, password),
        Action::PasswordReplaced => case.password_replaced(),
        Action::Confirm { accept_other_name } => case.confirm(accept_other_name),
        Action::ProveInMax => Ok(case.prove_in_max()),
        Action::RenewMaxLink => case.renew_max_link(),
        Action::TakeMaxNumber => case.take_max_number(),
        Action::SkipMax => case.skip_max(),
        Action::OpenInMax { user } => case.open_in_max(user),
        Action::ShareInMax { user, name, contact } => case.share_in_max(user, name, contact),
        Action::LeaveBot { user } => Ok(case.leave_bot(user)),
        Action::AcceptLaunch { user, name, phone } => case.accept_launch(user, name, phone),
        Action::BeginVk => case.begin_vk(),
        Action::NameVkAccount { .. } => case.name_vk_account(),
        Action::FailVk { trouble } => case.fail_vk(trouble),
        Action::BindVk { user, name } => case.bind_vk(user, name),
        Action::Cancel => Ok(case.cancel()),
        Action::SendOwnerCode => case.send_owner_code(),
        Action::Export { proof } => case.export(proof),
        Action::Unlink { proof } => case.unlink(proof),
        Action::LeaveMessenger { messenger, proof } => case.leave_messenger(messenger, proof),
        Action::AskDeletion { proof } => case.ask_deletion(proof),
        Action::KeepProfile => case.keep_profile(),
        Action::NoteDelivery { nth, delivery } => case.note_delivery(nth, delivery),
        Action::ProfileErased => Ok(case.profile_erased()),
        Action::Expire => Ok(case.expire()),
    }?;
    if !passes && case.is_about_a_blocked_profile(&decision) {
        return Err(Refusal::new(Code::ProfileBlocked));
    }
    Ok(decision)
}
