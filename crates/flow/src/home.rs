//! What is kept of a diary, and whose it is.

use mostik_wire::{Lesson, LessonId, PupilId, Role};

use crate::{Family, Home, Route, Week};

impl Home {
    /// The diary of one of the account's pupils; `None` when the account does not show that pupil.
    #[must_use]
    pub fn of(family: &Family, pupil: &PupilId, date: String) -> Option<Self> {
        let Family { account, children, pages, messengers, confirmed_at, weeks, .. } = family.clone();
        let pupil = children.iter().find(|child| child.id == *pupil)?.clone();
        Some(Self { account, pupil, siblings: children, pages, messengers, date, weeks, folded: false, confirmed_at })
    }

    /// The week of the day that is shown, once read.
    #[must_use]
    pub fn week(&self) -> Option<&Week> {
        self.own_weeks().find(|week| week.schedule.day(&self.date).is_some())
    }

    /// The weeks of the open diary that are kept.
    pub fn own_weeks(&self) -> impl Iterator<Item = &Week> {
        self.weeks.iter().filter(|week| week.pupil == self.pupil.id)
    }

    /// A lesson of any week that is kept.
    #[must_use]
    pub fn lesson(&self, id: &LessonId) -> Option<&Lesson> {
        let days = self.own_weeks().flat_map(|week| &week.schedule.days);
        days.flat_map(|day| &day.lessons).find(|lesson| lesson.id == *id)
    }

    /// Keeps a week in place of what was known of it.
    pub fn keep(&mut self, week: Week) {
        /// The one before, this one, the one to come.
        const MOST: usize = 3;
        let first = |week: &Week| week.schedule.days.first().map(|day| day.date.clone());
        self.weeks.retain(|kept| kept.pupil != week.pupil || first(kept) != first(&week));
        let older = self.weeks.iter().filter(|kept| kept.pupil == week.pupil).count();
        if older >= MOST
            && let Some(oldest) = self.weeks.iter().position(|kept| kept.pupil == week.pupil)
        {
            self.weeks.remove(oldest);
        }
        self.weeks.push(week);
    }

    /// Back to the children, with what became of the open one meanwhile.
    #[must_use]
    pub fn into_family(self) -> Family {
        let Self { account, pupil, siblings, pages, messengers, confirmed_at, weeks, .. } = self;
        let children =
            siblings.into_iter().map(|child| if child.id == pupil.id { pupil.clone() } else { child }).collect();
        Family { account, children, pages, messengers, confirmed_at, weeks, pending: None, cause: None }
    }
}

impl Route {
    /// The diary that is open, or that lies behind what is shown.
    pub(crate) const fn home(&self) -> Option<&Home> {
        match self {
            Self::Diary(diary) => Some(&diary.home),
            Self::Security(security) => Some(&security.home),
            Self::Wizard(wizard) => Some(&wizard.home),
            _ => None,
        }
    }

    /// The account's pupils, as this place knows them.
    pub(crate) fn family(&self) -> Option<Family> {
        match self {
            Self::Family(family) => Some(family.clone()),
            Self::Diary(diary) => Some(diary.home.clone().into_family()),
            Self::Security(security) => Some(security.home.clone().into_family()),
            Self::Wizard(wizard) => Some(wizard.home.clone().into_family()),
            _ => None,
        }
    }

    /// Whose diary is the likeliest: the pupil's own, or the one that is open.
    pub(crate) fn likeliest_pupil(&self) -> Option<PupilId> {
        match self {
            Self::Family(family) if family.account.role == Role::Pupil || family.children.len() == 1 => {
                family.children.first().map(|child| child.id.clone())
            }
            Self::Diary(diary) => Some(diary.home.pupil.id.clone()),
            Self::Security(security) => Some(security.home.pupil.id.clone()),
            Self::Wizard(wizard) => Some(wizard.home.pupil.id.clone()),
            _ => None,
        }
    }
}
