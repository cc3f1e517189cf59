//! What is audited.

macro_rules! actions {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal,)*) => {
        /// What was done. The words stay in the log for good: none may change its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[doc = $doc])* $name,)*
        }

        impl Action {
            /// As it stands in the log.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

actions! {
    /// A profile was made.
    ProfileMade = "profile_made",
    /// A legal representative agreed to it.
    ConsentGiven = "consent_given",
    /// A profile's password was set, for the first time or anew.
    PasswordSet = "password_set",
    /// A pupil was linked to a profile.
    LinkMade = "link_made",
    /// That link was ended.
    LinkEnded = "link_ended",
    /// A MAX account was bound to a profile.
    MaxBound = "max_bound",
    /// A MAX account was let go.
    MaxLeft = "max_left",
    /// A VK account was bound to a profile.
    VkBound = "vk_bound",
    /// A VK account was let go.
    VkLeft = "vk_left",
    /// All that is held about a profile was given out.
    Exported = "exported",
    /// A profile's deletion was asked for.
    DeletionAsked = "deletion_asked",
    /// It was called off.
    DeletionCalledOff = "deletion_called_off",
    /// It was carried out.
    DeletionDone = "deletion_done",
    /// A session was ended by who was signed in, or because its tokens were used twice.
    SessionEnded = "session_ended",
    /// An operator blocked an account of the diary.
    AccountBlocked = "account_blocked",
    /// An operator unblocked it.
    AccountUnblocked = "account_unblocked",
    /// An operator blocked a profile.
    ProfileBlocked = "profile_blocked",
    /// An operator unblocked it.
    ProfileUnblocked = "profile_unblocked",
    /// An operator brought a profile in, or changed it by that.
    ProfileImported = "profile_imported",
    /// A backup was put in the place of what was there: nothing that was done after it is known.
    BackupRestored = "backup_restored",
    /// An operator looked somebody up.
    SupportLooked = "support_looked",
    /// An operator had a day counted.
    SupportCounted = "support_counted",
    /// A support command was refused: for an unknown token, a right that the operator has not, or who asked for the deletion.
    SupportRefused = "support_refused",
}
