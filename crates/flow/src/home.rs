//! What is kept of a diary, and whose it is.

use mostik_wire::{Lesson, LessonId, PupilId};

use crate::{Family, Home, Week};

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
