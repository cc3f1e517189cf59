//! What holds in every town, whatever the seed makes of it.

use mostik_town::{Faults, Habits, Options, Outcome, run};

/// Every rule held, and was looked at.
fn holds(options: &Options) -> Outcome {
    let outcome = run(options).unwrap();
    assert_eq!(outcome.violation, None, "{}\n--options '{options}'", outcome.history.join("\n"));
    outcome
}

#[test]
fn in_a_calm_town_everybody_is_linked() {
    let outcome = holds(&Options::calm(1, 12, 2));
    let looked = &outcome.looked;
    assert!(looked.links > 0 && looked.codes > 0 && looked.sms > 0 && looked.others > 0, "{looked:?}");
    assert_eq!(outcome.struck, Default::default());
}

#[test]
fn towns_of_many_seeds_keep_every_rule() {
    let mut struck = 0;
    for seed in 101..105 {
        let outcome = holds(&Options::of_seed(seed, 8, 3));
        struck +=
            outcome.struck.network + outcome.struck.messages + outcome.struck.killed + outcome.struck.database_refused;
    }
    assert!(struck > 100, "hardly anything went wrong: {struck}");
}

#[test]
fn with_everything_going_wrong_at_once_every_rule_holds() {
    let faults = Faults {
        request_lost: 40,
        request_doubled: 60,
        answer_lost: 60,
        portal: 5,
        pause: 40,
        node_killed: 800,
        database_refuses: 8,
        clocks_apart_ms: 1_500,
        clock_set: 3,
        restores: vec![2],
        sms_lost: 40,
        sms_late: 60,
        sms_refused: 60,
        sms_cut: 40,
        receipt_odd: 100,
        mail_refused: 60,
        mail_cut: 20,
        max_refused: 60,
        max_cut: 20,
        update_doubled: 100,
        update_late: 60,
        diary_refuses: 40,
        vk_refuses: 40,
        app_killed: 20,
        keyring_fails: 20,
        devices_off_min: 1_000,
    };
    let habits = Habits {
        double_press: 80,
        wrong_code: 100,
        older_code: 200,
        reads_late: 80,
        wrong_number: 80,
        leaves: 60,
        changes_mind: 40,
        two_devices: 400,
        photographed: 100,
        unlinks: 300,
        deletes: 100,
    };
    let outcome = holds(&Options { nodes: 3, attackers: 2, faults, habits, ..Options::calm(7, 14, 4) });
    let struck = &outcome.struck;
    assert!(
        struck.killed > 0 && struck.restores == 1 && struck.apps_killed > 0 && outcome.looked.repeated > 0,
        "{outcome:?}"
    );
}

#[test]
fn one_seed_is_one_history() {
    let options = Options::of_seed(103, 6, 2);
    let (one, other) = (run(&options).unwrap(), run(&options).unwrap());
    assert_eq!((one.lines, &one.digest, one.events), (other.lines, &other.digest, other.events));
    assert_ne!(one.digest, run(&Options { seed: 104, ..options }).unwrap().digest);
}

#[test]
fn a_run_is_had_again_by_the_line_that_it_prints() {
    let options = Options::of_seed(17, 5, 2);
    let read: Options = serde_json::from_str(&options.to_string()).unwrap();
    assert_eq!(read, options);
}
