//! The town sees what it looks for: towns in which something is changed behind everybody's back.

use mostik_town::{Options, Tampering, run, shortest};

#[test]
fn what_is_tampered_with_is_seen_and_the_smallest_town_that_shows_it_is_found() {
    for (tampering, rule) in [
        (Tampering::VersionBack, "no acknowledged step is lost"),
        (Tampering::StrangersAccount, "nobody is linked to a stranger"),
        (Tampering::LinkRemoved, "who is told of a link has one"),
    ] {
        let options = Options { tampering: Some(tampering), ..Options::calm(3, 6, 1) };
        let failed = run(&options).unwrap();
        let violation = failed.violation.as_ref().unwrap_or_else(|| panic!("{tampering:?} was not seen"));
        assert_eq!(violation.rule, rule);
        let smallest = shortest(&failed, 4).unwrap();
        assert_eq!(smallest.violation.as_ref().map(|violation| violation.rule), Some(rule));
        assert!(smallest.options.only.as_ref().is_some_and(|only| only.len() < 6), "{}", smallest.options);
        assert!(smallest.history.iter().any(|line| line.contains("VIOLATION")));
    }
}
