//! What a code point is to a name, by Unicode's own properties.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{BidiClass, Dash, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup},
};

/// What a code point is to a name that a person types.
pub(super) enum Kind {
    Letter,
    /// Stands on its letter.
    Mark,
    /// Stands beside its letter.
    SpacingMark,
    /// Between letters: blank, hyphen, apostrophe, full stop.
    Joint,
    Other,
}

impl Kind {
    /// Of a code point that is [`unified`].
    pub(super) fn of(c: char) -> Self {
        if is_invisible(c) {
            return Self::Other;
        }
        match CodePointMapData::<GeneralCategory>::new().get(c) {
            category if GeneralCategoryGroup::Letter.contains(category) => Self::Letter,
            GeneralCategory::NonspacingMark => Self::Mark,
            GeneralCategory::SpacingMark => Self::SpacingMark,
            _ if matches!(c, ' ' | '-' | '\'' | '.') => Self::Joint,
            _ => Self::Other,
        }
    }
}

/// One hyphen for all of them, one apostrophe, one blank. People and keyboards know no difference between them.
pub(super) fn unified(c: char) -> char {
    match c {
        // The typewriter's, the typographic ones and accents in their place; modifier letters of Ukrainian, Uzbek, Arabic in
        // Latin letters; Armenian, Hebrew, N'Ko; full-width.
        '`'
        | '´'
        | '\u{2018}'
        | '\u{2019}'
        | '\u{201b}'
        | '\u{2032}'
        | '\u{2b9}'
        | '\u{2bb}'..='\u{2bf}'
        | '\u{2c8}'
        | '\u{384}'
        | '\u{1fbd}'
        | '\u{55a}'
        | '\u{5f3}'
        | '\u{7f4}'
        | '\u{7f5}'
        | '\u{a78b}'
        | '\u{a78c}'
        | '\u{ff07}' => '\'',
        '\u{2043}' => '-',
        _ if CodePointSetData::new::<Dash>().contains(c) => '-',
        _ if CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::SpaceSeparator => ' ',
        _ => c,
    }
}

/// Draws nothing of its own: soft hyphens, joiners, selectors, fillers.
pub(super) fn is_invisible(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Control signs, line and paragraph separators.
pub(super) fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates: left open, they would turn whatever follows (UAX 9, section 2).
pub(super) const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Written from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(CodePointMapData::<BidiClass>::new().get(c), BidiClass::RightToLeft | BidiClass::ArabicLetter)
}
