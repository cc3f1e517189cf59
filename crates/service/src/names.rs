//! A name at the end of a sentence.

/// A name that ends a sentence, with the full stop: a masked one, `Михаил О.`, has its own, also within the signs that isolate
/// what is written from right to left.
#[must_use]
pub fn ending(name: &str) -> String {
    let seen = name.trim_end_matches('\u{2069}');
    if seen.ends_with(['.', '…', '!', '?']) { name.to_owned() } else { format!("{name}.") }
}

#[cfg(test)]
mod tests {
    use mostik_wire::FullName;

    use super::*;

    #[test]
    fn a_sentence_that_ends_with_a_name_ends_once() {
        for (first, last, ended) in [
            ("Михаил", "Орлов", "Михаил О."),
            ("Михаил", "", "Михаил."),
            ("", "Орлов", "О."),
            ("Миша…", "", "Миша…"),
            ("Миша!", "", "Миша!"),
            ("محمد", "علي", "\u{2068}محمد ع.\u{2069}"),
            ("محمد", "", "\u{2068}محمد\u{2069}."),
        ] {
            assert_eq!(ending(&FullName::new(first, last).masked()), ended);
        }
    }
}
