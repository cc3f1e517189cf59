//! Who has which devices, and when they begin.

use std::{collections::BTreeMap, net::SocketAddr};

use crate::{
    Town,
    device::Device,
    family::{Child, Family},
    person::{Later, Person},
    random::Stream,
    time::{DAY, HOUR, MINUTE},
};

impl Town {
    /// Every family gets its devices and begins on some day of the month.
    pub(crate) fn people_move_in(&mut self) {
        let ids: Vec<u32> = self.families.keys().copied().collect();
        for id in ids {
            let family = self.families[&id].clone();
            let draw = &mut Stream::of(self.options.seed, "moving in", id.into());
            let day = draw.between(0, i64::from(self.options.days.max(1) - 1));
            let begins = day * DAY + family.begins_of_day;
            let two = draw.happens(self.options.habits.two_devices);
            let all: Vec<usize> = (0..family.children.len()).collect();
            if !family.by_pupils || two {
                self.get_device(&family, &format!("p{id}"), &all, 0, begins);
            }
            if family.by_pupils || two {
                for child in all {
                    // At the same hour, where both do it.
                    let at = begins + draw.between(0, 5 * MINUTE);
                    self.get_device(&family, &format!("k{id}x{child}"), &[child], 1 + child as u64, at);
                }
            }
        }
    }

    fn get_device(&mut self, family: &Family, account: &str, children: &[usize], nth: u64, begins: i64) {
        let mut draw = Stream::of(self.options.seed, "device", u64::from(family.id) * 8 + nth);
        let off = self.options.faults.devices_off_min;
        let off_by = if off > 0 { draw.between(-off, off) * MINUTE } else { 0 };
        let ways: BTreeMap<_, _> = children
            .iter()
            .filter_map(|child| Some((*child, family.children.get(*child).map(Child::begins_with)?)))
            .collect();
        let mut person = Person::new(children.to_vec(), ways, format!("ветер над рекой {}", family.id));
        let days = i64::from(self.options.days);
        let later = if draw.happens(self.options.habits.unlinks) {
            Some(Later::Unlinks)
        } else {
            draw.happens(self.options.habits.deletes).then_some(Later::Deletes)
        };
        if let Some(later) = later {
            let at = self.now() + begins + draw.between(HOUR, (days * DAY / 2).max(2 * HOUR));
            let child = *draw.pick(children);
            person.later.push((at, later, child));
            person.later.push((at + draw.between(HOUR, 2 * DAY), Later::Looks, child));
        }
        let household = u16::try_from(family.id % 60_000).unwrap_or_default().to_be_bytes();
        let street = u8::try_from(family.id / 60_000).unwrap_or_default();
        let device = Device {
            family: family.id,
            account: account.to_owned(),
            from: SocketAddr::from(([10, street, household[0], household[1]], 40_000)),
            person,
            state: None,
            stored: None,
            keyring: None,
            tokens: None,
            in_memory: false,
            renewing: None,
            run: 0,
            watched: None,
            sign_in: 0,
            off_by,
            offset: 0,
            draw,
        };
        self.devices.push(device);
        self.look_after(self.devices.len() - 1, begins);
    }

    /// Everything works from now on: whoever has not come to an end, or has left, sits down once more.
    pub(crate) fn everybody_tries_again(&mut self) {
        for device in 0..self.devices.len() {
            let draws = &mut self.devices[device];
            draws.person.last_days = true;
            draws.person.later.clear();
            // What was linked after the backup is not there any more, and people see that when they look.
            if self.faults.restores > 0 {
                draws.person.ends.clear();
            }
            // What was meant to be done, and had begun, is left as it is.
            let open = draws.person.children.iter().copied().find(|child| !draws.person.ends.contains_key(child));
            if let Some(child) = open {
                draws.person.at = child;
                draws.person.waits_since = None;
                let wait = draws.draw.between(0, 6 * HOUR);
                self.look_after(device, wait);
            }
        }
    }
}
