//! Phone numbers in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::error::ContactError;
use crate::{Contact, Phone, PhoneError};

/// Moments and dates: their digits belong to no number. `12.05.2024`, `2024-05-12`, `14:30`, `12.05.24`.
static MOMENTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:\d{1,2}:\d{2}(?::\d{2})?|(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d{2}|(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T?)\b|(?:^|[^\d.-])(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d{2}(?:[^\d.-]|$)")
        .expect("a pattern")
});

/// What leads an extension in, right after a number; RFC 3966 writes `;ext=`, phones write pauses as commas, `p` and `w`.
static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[\s,;()]*(?:доб|добав|добавочн\p{L}*|доп|дополнит\p{L}*|вн|внутр\p{L}*|ext|extension)\.?\s*[:=№#]?\s*\d| ?[xх#*] ?\d{1,6}(?:\D|$)|,+\d|[pw]\d)")
        .expect("a pattern")
});

/// Words before a small number that say what it counts: a flat, a house, a class.
static COUNTED_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:№|#|\b(?:кв|квартира|д|дом|корп|корпус|стр|строение|оф|офис|каб|кабинет|под|подъезд|эт|этаж|школа|школы|шк|класс|кл|группа|гр|номер|ребёнок|сын|дочь))[\s.:]*$")
        .expect("a pattern")
});

/// Words after a small number that do so.
static COUNTED_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:-?\s?(?:й|я|го|е|м))?\s*(?:[«\x22]?\p{Lu}[»\x22]?(?:[^\p{L}]|$)|(?:класс\p{L}*|кл|лет|год\p{L}*|г|мес\p{L}*|дн\p{L}*|час\p{L}*|мин\p{L}*|руб\p{L}*|этаж|школ\p{L}*|янв\p{L}*|фев\p{L}*|мар\p{L}*|апр\p{L}*|ма[йя]|июн\p{L}*|июл\p{L}*|авг\p{L}*|сен\p{L}*|окт\p{L}*|ноя\p{L}*|дек\p{L}*)\b)")
        .expect("a pattern")
});

/// Words before digits that are the number of a paper, an account or an order.
static PAPER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:инн|снилс|огрн|огрнип|кпп|бик|уин|паспорт\p{L}*|карт[аыуе]|сч[её]т\p{L}*|р/с|полис\p{L}*|id|uid|ид|заказ\p{L}*|договор\p{L}*|трек|vin)[\s.:№#=-]*$")
        .expect("a pattern")
});

/// Groups of digits in more runs than this are no number of a person's.
const MOST_GROUPS: usize = 24;

/// Digits in a row that are, or could be, a number.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Number {
    Mobile {
        phone: Phone,
        extended: bool,
    },
    Landline,
    Foreign {
        digits: String,
    },
    /// No number; `alike`: it begins as a mobile one and is off by a digit or two.
    Broken {
        digits: String,
        alike: bool,
    },
}

impl Number {
    /// Whether it counts when it stands beside another: a landline is beside many a mobile number.
    pub(super) const fn may_be_the_persons(&self) -> bool {
        matches!(self, Self::Mobile { .. } | Self::Foreign { .. } | Self::Broken { alike: true, .. })
    }

    pub(super) fn verdict(&self) -> Result<Contact, ContactError> {
        match self {
            Self::Mobile { phone, extended: false } => Ok(Contact::Sms { phone: phone.clone() }),
            other => Err(other.error()),
        }
    }

    pub(super) fn error(&self) -> ContactError {
        match self {
            Self::Mobile { .. } => ContactError::Extension,
            Self::Landline => ContactError::Landline,
            Self::Foreign { .. } => ContactError::Foreign,
            Self::Broken { digits, .. } if digits.len() > 10 => ContactError::TooManyDigits,
            Self::Broken { digits, .. } if digits.len() > 4 => ContactError::TooFewDigits,
            Self::Broken { .. } => ContactError::NothingFound,
        }
    }
}

/// The numbers of a text of plain signs, in order.
pub(super) fn find(text: &str) -> Vec<Number> {
    let text = MOMENTS.replace_all(text, ";");
    let signs: Vec<char> = text.chars().collect();
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        if signs[at].is_ascii_digit() {
            let run = Run::at(&signs, at);
            at = run.groups.last().map_or(at + 1, |group| group.to);
            run.read(&signs, &mut numbers);
        } else {
            at += 1;
        }
    }
    numbers
}

/// Digits that nothing parts.
struct Group {
    digits: String,
    from: usize,
    to: usize,
}

/// Groups of digits with nothing between them but what numbers are written with.
struct Run {
    plus: bool,
    groups: Vec<Group>,
    /// What stands between each group and the next.
    gaps: Vec<String>,
}

impl Run {
    fn at(signs: &[char], from: usize) -> Self {
        let group = |from: usize| {
            let digits: String = signs[from..].iter().take_while(|sign| sign.is_ascii_digit()).collect();
            Group { to: from + digits.len(), digits, from }
        };
        let before = signs[..from].iter().rev().take(3).take_while(|sign| matches!(sign, ' ' | '(' | '+'));
        let before: String = before.collect();
        let mut open = before.matches('(').count();
        let mut run = Self { plus: before.contains('+'), groups: vec![group(from)], gaps: Vec::new() };
        while let Some(last) = run.groups.last() {
            let gap: String = signs[last.to..].iter().take(5).take_while(|sign| " -()./_".contains(**sign)).collect();
            let next = last.to + gap.len();
            let goes_on = !gap.is_empty() && signs.get(next).is_some_and(char::is_ascii_digit);
            open += gap.matches('(').count();
            let closes = gap.matches(')').count();
            // «1) 8 900…», «2. 8 900…»: a list, or the end of a sentence.
            let listed = closes > open && run.groups.len() == 1 && last.digits.len() < 3;
            if !goes_on || listed || gap.contains(". ") || gap.contains("/ ") && gap.contains('.') {
                break;
            }
            open = open.saturating_sub(closes);
            run.groups.push(group(next));
            run.gaps.push(gap);
        }
        run
    }

    fn read(self, signs: &[char], numbers: &mut Vec<Number>) {
        let before = |at: usize| signs[at.saturating_sub(24)..at].iter().collect::<String>();
        let after = |at: usize| signs[at..signs.len().min(at + 24)].iter().collect::<String>();
        let paper = self.groups.first().is_some_and(|first| !self.plus && PAPER.is_match(&before(first.from)));
        // Small numbers at the edges that count something: «кв. 12 8 900…», «…33-44 5Б».
        let glued = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(|sign| sign.is_alphabetic());
        let counts_before =
            |group: &Group| glued(group.from.checked_sub(1)) || COUNTED_BEFORE.is_match(&before(group.from));
        let counts_after = |group: &Group| glued(Some(group.to)) || COUNTED_AFTER.is_match(&after(group.to));
        let first = self.groups.first().is_some_and(|group| self.is_edge(group, 0) && counts_before(group));
        let last = self
            .groups
            .last()
            .is_some_and(|group| self.is_edge(group, self.gaps.len().saturating_sub(1)) && counts_after(group));
        let whole = (0, self.groups.len());
        let cut = [first.then_some((1, whole.1)), last.then_some((0, whole.1 - 1))].into_iter().flatten();
        let both = (first && last && whole.1 > 2).then_some((1, whole.1 - 1));
        let mut ways = std::iter::once(vec![whole]).chain([cut.collect(), both.into_iter().collect::<Vec<_>>()]);
        // The more of the run is a number, the likelier it is; where two cuts make one, neither is.
        let read = ways.find_map(|ways| {
            let mut read: Vec<_> = ways.into_iter().filter_map(|(from, to)| self.parts(from, to)).collect();
            (!read.is_empty()).then(|| if read.len() == 1 { read.pop() } else { None })
        });
        let Some((mut parts, end)) = read.flatten() else {
            return numbers.extend((!paper).then(|| self.broken()));
        };
        if let Some(Number::Mobile { extended, .. }) = parts.last_mut() {
            *extended = EXTENSION.is_match(&after(end));
        }
        numbers.extend(parts.into_iter().skip(usize::from(paper)));
    }

    /// Whether a group is small and stands apart from the rest.
    fn is_edge(&self, group: &Group, gap: usize) -> bool {
        group.digits.len() <= 4 && self.gaps.get(gap).is_some_and(|gap| gap.contains(' '))
    }

    /// The numbers that the run consists of without a digit to spare, and where it ends; nothing where that can be read in
    /// two ways.
    fn parts(&self, from: usize, to: usize) -> Option<(Vec<Number>, usize)> {
        let groups = &self.groups[from..to];
        let end = groups.last()?.to;
        if let Some(number) = number(groups, self.plus && from == 0) {
            return Some((vec![number], end));
        }
        if groups.len() > MOST_GROUPS {
            return None;
        }
        let mut ways = Vec::new();
        self.cut(from, to, &mut Vec::new(), &mut ways);
        let mut ways: Vec<Vec<Number>> = ways
            .iter()
            .filter_map(|way| {
                way.windows(2).map(|cut| number(&self.groups[cut[0]..cut[1]], self.plus && cut[0] == 0)).collect()
            })
            .collect();
        if ways.len() == 1 { ways.pop().map(|way| (way, end)) } else { None }
    }

    /// All ways to cut the run at blanks and slashes into numbers grouped as people group them.
    fn cut(&self, from: usize, end: usize, way: &mut Vec<usize>, ways: &mut Vec<Vec<usize>>) {
        way.push(from);
        if from == end {
            ways.push(way.clone());
        }
        let mut digits = 0;
        for to in from..end {
            digits += self.groups[to].digits.len();
            let cuttable = self.gaps.get(to).is_none_or(|gap| gap.contains([' ', '/']));
            if digits > 11 || ways.len() > 1 {
                break;
            }
            if cuttable
                && is_grouped(&self.groups[from..=to], digits)
                && number(&self.groups[from..=to], self.plus && from == 0).is_some()
            {
                self.cut(to + 1, end, way, ways);
            }
        }
        way.pop();
    }

    fn broken(&self) -> Number {
        let digits: String = self.groups.iter().map(|group| group.digits.as_str()).collect();
        // Neighbours' numbers (+37x, +38x, +99x) are often written without the plus.
        let neighbours = digits.len() == 12 && ["37", "38", "99"].iter().any(|zone| digits.starts_with(zone));
        if neighbours && Phone::of_digits(&digits, true) == Err(PhoneError::Foreign) {
            return Number::Foreign { digits };
        }
        let national = digits.strip_prefix(['7', '8']).unwrap_or(&digits);
        let alike = national.starts_with('9') && (9..=13).contains(&digits.len());
        Number::Broken { digits, alike }
    }
}

/// The one number that groups of digits make.
fn number(groups: &[Group], plus: bool) -> Option<Number> {
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    match Phone::of_digits(&digits, plus) {
        Ok(phone) => Some(Number::Mobile { phone, extended: false }),
        Err(PhoneError::Landline) => Some(Number::Landline),
        Err(PhoneError::Foreign) => Some(Number::Foreign { digits }),
        Err(PhoneError::Malformed) => None,
    }
}

/// `89002223344`, `9002223344`, `8 900…`, `8900 222…`, `900 222-33-44`: beside another number, only what is grouped so is one.
fn is_grouped(groups: &[Group], digits: usize) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    let trunk = groups.first().is_some_and(|first| first.digits.starts_with(['7', '8']));
    match (lengths.as_slice(), digits) {
        ([11] | [1, 3 | 10, ..] | [4, ..], 11) => trunk,
        ([10] | [3, ..], 10) => true,
        _ => false,
    }
}
