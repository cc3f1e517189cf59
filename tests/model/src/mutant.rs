//! Mistakes that are put into the protocol on purpose, to see that the properties find them.

/// One mistake, in the frame around the rules or in what the rules are told and say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutant {
    /// Failures are counted for each linking apart: Ory Kratos.
    FailuresOfEachLinking,
    /// Failures are counted in a node's memory: MAS.
    FailuresInMemory,
    /// A new code begins with no failures.
    ReissueForgetsFailures,
    /// The tries of a code are not written down with its step.
    TriesNotKept,
    /// Two transactions count the same contact past each other.
    BudgetNotLocked,
    /// Codes that are sent are counted for each linking apart.
    SendsOfEachLinking,
    /// A step is written whatever has become of the linking since it was read.
    NoCompareAndSet,
    /// Two profiles may have one number.
    NumberNotUnique,
    /// Two pupils may be linked to one profile, and nobody holds it meanwhile.
    LinkNotUnique,
    /// One MAX account may be bound to two profiles, and nobody looks.
    MaxAccountNotUnique,
    /// The step is committed before what goes with it: a node that dies in between leaves half of a change.
    HalfOfAChange,
    /// Codes are weighed by a clock that lags.
    CodeOutlivesItsLife,
    /// Each code of the linking is as good as its newest.
    OlderCodeWorks,
    /// What is no change of the step's name is not written: a spent code is as good as new.
    SpentCodeNotKept,
    /// Codes are looked up among those of all linkings.
    CodeOfAnotherLinking,
    /// Codes are known by their place among those of any purpose.
    CodeOfAnotherPurpose,
    /// The message leaves before the transaction is committed.
    MessageBeforeCommit,
    /// The answer leaves before the transaction is committed.
    AnswerBeforeCommit,
    /// No answer is kept under its key.
    AnswerNotKept,
    /// The app sends the same request again under another key.
    AnotherKeyForRepeats,
    /// The app sends what was under way again after a restart.
    SentAgainAfterRestart,
    /// The version that a request is based on is not looked at.
    StaleVersionTaken,
    /// The number in MAX is taken for the expected one.
    NumberInMaxNotCompared,
    /// Whose contact was shared in MAX is not looked at.
    ForeignContactTaken,
    /// Where no number is known, whoever has come in MAX is joined without a yes in the window.
    NobodyAsked,
    /// Who comes with the ticket second takes the place of the first.
    VisitorNotHeld,
    /// Tickets are weighed by a clock that lags.
    TicketOutlivesItsLife,
    /// Whoever is asked about in the window can be replaced while the yes is under way.
    QuestionLeavesOldAnswers,
    /// An update that MAX brings twice is handled twice.
    UpdateHandledTwice,
    /// The code of a letter opens the address's profile.
    LetterOpensProfile,
    /// Who has signed in with a password that was replaced stays signed in.
    OldPasswordStays,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::FailuresOfEachLinking,
        Self::FailuresInMemory,
        Self::ReissueForgetsFailures,
        Self::TriesNotKept,
        Self::BudgetNotLocked,
        Self::SendsOfEachLinking,
        Self::NoCompareAndSet,
        Self::NumberNotUnique,
        Self::LinkNotUnique,
        Self::MaxAccountNotUnique,
        Self::HalfOfAChange,
        Self::CodeOutlivesItsLife,
        Self::OlderCodeWorks,
        Self::SpentCodeNotKept,
        Self::CodeOfAnotherLinking,
        Self::CodeOfAnotherPurpose,
        Self::MessageBeforeCommit,
        Self::AnswerBeforeCommit,
        Self::AnswerNotKept,
        Self::AnotherKeyForRepeats,
        Self::SentAgainAfterRestart,
        Self::StaleVersionTaken,
        Self::NumberInMaxNotCompared,
        Self::ForeignContactTaken,
        Self::NobodyAsked,
        Self::VisitorNotHeld,
        Self::TicketOutlivesItsLife,
        Self::QuestionLeavesOldAnswers,
        Self::UpdateHandledTwice,
        Self::LetterOpensProfile,
        Self::OldPasswordStays,
    ];
}
