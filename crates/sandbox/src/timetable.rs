//! Lessons, homework and marks for any date: computed from the date, so that the diary is never empty and never differs.

use crate::calendar::Date;
use crate::world::World;

/// Begin of each lesson in minutes since midnight; each takes 45.
const BELLS: [i64; 8] =
    [8 * 60 + 30, 9 * 60 + 25, 10 * 60 + 25, 11 * 60 + 30, 12 * 60 + 40, 13 * 60 + 35, 14 * 60 + 30, 15 * 60 + 25];
const LESSON_MINUTES: i64 = 45;

const HOMEWORK: [&str; 8] = [
    "Прочитать параграф {n}, ответить на вопросы в конце.",
    "Выполнить упражнения {n} и {m}.",
    "Повторить правила, подготовиться к проверочной.",
    "Подготовить короткое сообщение, 5–7 предложений.",
    "Решить задачи {n}, {m} из сборника.",
    "Выучить слова к теме {n}.",
    "Заполнить рабочую тетрадь, с. {n}.",
    "Закончить работу, начатую в классе.",
];

const TEACHERS: [(&str, &str, &str); 6] = [
    ("Соколова", "Мария", "Ивановна"),
    ("Гришин", "Павел", "Олегович"),
    ("Зайцева", "Елена", "Юрьевна"),
    ("Мартынов", "Игорь", "Львович"),
    ("Абрамова", "Светлана", "Петровна"),
    ("Тихонова", "Дарья", "Андреевна"),
];

/// One lesson on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lesson {
    pub(crate) id: i64,
    pub(crate) date: Date,
    /// 1 for the first of the day.
    pub(crate) number: usize,
    pub(crate) subject: String,
    pub(crate) subject_id: i64,
    pub(crate) remote: bool,
    pub(crate) room: String,
    pub(crate) teacher: (&'static str, &'static str, &'static str),
    pub(crate) homework: Option<String>,
    pub(crate) mark: Option<u8>,
    pub(crate) change: Option<Change>,
    begin: i64,
}

/// What became of a lesson that stands in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It does not take place.
    Cancelled,
    /// Another teacher gives it.
    Replaced,
}

impl Lesson {
    /// `08:30`.
    pub(crate) fn begin_time(&self) -> String {
        clock_face(self.begin)
    }

    /// `09:15`.
    pub(crate) fn end_time(&self) -> String {
        clock_face(self.begin + LESSON_MINUTES)
    }
}

/// The lessons of a class on a date. A mark is there only once the lesson is over.
pub(crate) fn lessons(world: &World, class_name: &str, date: Date, now_ms: i64) -> Vec<Lesson> {
    let Some((class_at, class)) = world.class(class_name) else { return Vec::new() };
    let Some(day) = class.week.get(usize::from(date.weekday()) - 1) else { return Vec::new() };
    let (today, minutes) = Date::in_moscow(now_ms);
    day.iter()
        .zip(BELLS)
        .enumerate()
        .map(|(at, (subject, begin))| {
            let number = at + 1;
            let id = lesson_id(date, class_at, number);
            let roll = scramble(id);
            let over = date < today || (date == today && begin + LESSON_MINUTES <= minutes);
            let (remote, subject) = subject.strip_prefix('@').map_or((false, subject.as_str()), |plain| (true, plain));
            let change = change(date, class_at, number, day.len(), remote);
            let subject_roll =
                subject.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
            Lesson {
                id,
                date,
                number,
                subject: subject.to_owned(),
                subject_id: i64::try_from(subject_roll % 90_000).unwrap_or_default() + 10_000,
                remote,
                room: format!("{}{:02}", 1 + subject_roll % 4, 1 + subject_roll / 4 % 24),
                teacher: *pick(&TEACHERS, subject_roll + u64::from(change == Some(Change::Replaced))),
                homework: (!roll.is_multiple_of(5)).then(|| {
                    let (n, m) = (11 + roll / 7 % 120, 132 + roll / 11 % 60);
                    pick(&HOMEWORK, roll / 5).replace("{n}", &n.to_string()).replace("{m}", &m.to_string())
                }),
                mark: (over && change != Some(Change::Cancelled) && roll / 3 % 5 < 2)
                    .then(|| *pick(&[5, 4, 5, 4, 3, 5], roll / 13)),
                change,
                begin,
            }
        })
        .collect()
}

/// Every other day of a class is not as planned: its last lesson is cancelled, or its third one is given by somebody else.
fn change(date: Date, class_at: usize, number: usize, lessons: usize, remote: bool) -> Option<Change> {
    match (date.number() + i64::try_from(class_at).unwrap_or_default()).rem_euclid(4) {
        _ if remote => None,
        1 if number == lessons => Some(Change::Cancelled),
        3 if number == 3 => Some(Change::Replaced),
        _ => None,
    }
}

/// The lesson that bears this id in this class.
pub(crate) fn lesson(world: &World, class_name: &str, id: i64, now_ms: i64) -> Option<Lesson> {
    let date = Date::from_number(id / 1000)?;
    lessons(world, class_name, date, now_ms).into_iter().find(|lesson| lesson.id == id)
}

fn lesson_id(date: Date, class_at: usize, number: usize) -> i64 {
    date.number() * 1000 + i64::try_from(class_at * 10 + number).unwrap_or_default()
}

fn pick<T>(from: &[T], roll: u64) -> &T {
    let at = usize::try_from(roll % from.len() as u64).unwrap_or_default();
    &from[at]
}

/// Spreads neighbouring ids far apart (the finaliser of SplitMix64).
fn scramble(id: i64) -> u64 {
    let mut x = id.unsigned_abs().wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn clock_face(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sunday_is_free_and_every_weekday_has_one_remote_lesson() {
        let world = World::default();
        let mut date = Date::parse("2026-11-16").expect("a Monday");
        for _ in 0..21 {
            for class in ["8-Б", "9-А", "5-А", "2-В"] {
                let day = lessons(&world, class, date, 0);
                let remote = day.iter().filter(|lesson| lesson.remote).count();
                match date.weekday() {
                    7 => assert!(day.is_empty()),
                    6 => assert!(remote <= 1),
                    _ => assert!(remote == 1 && day.len() >= 5, "{class} {date}"),
                }
                for lesson in &day {
                    assert_eq!(super::lesson(&world, class, lesson.id, 0).as_ref(), Some(lesson));
                }
            }
            date = date.next();
        }
    }

    #[test]
    fn each_week_has_a_cancelled_and_a_replaced_lesson() {
        let world = World::default();
        let mut date = Date::parse("2026-11-23").expect("a Monday");
        let mut seen = Vec::new();
        for _ in 0..7 {
            seen.extend(lessons(&world, "8-Б", date, 0).into_iter().filter_map(|lesson| lesson.change));
            date = date.next();
        }
        assert!(seen.contains(&Change::Cancelled) && seen.contains(&Change::Replaced), "{seen:?}");
    }

    #[test]
    fn a_mark_comes_only_after_the_lesson() {
        let world = World::default();
        let date = Date::parse("2026-11-23").expect("a Monday");
        let eve = 1_795_383_000_000 - 3_600_000;
        assert!(lessons(&world, "8-Б", date, eve).iter().all(|lesson| lesson.mark.is_none()));
        let later = eve + 30 * 86_400_000;
        let marks: usize = (0..5)
            .scan(date, |date, _| {
                let today = *date;
                *date = date.next();
                Some(lessons(&world, "8-Б", today, later).iter().filter(|lesson| lesson.mark.is_some()).count())
            })
            .sum();
        assert!(marks > 3, "a week without marks would look empty");
    }
}
