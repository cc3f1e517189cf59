//! Changes of the tables only expand, so that nodes of the version before go on beside those that have made them (ADR 25).

use std::collections::{BTreeMap, BTreeSet};

use mostik_rules::texts;

/// From the next one on a change meets nodes that run.
const FIRST_RELEASE: u32 = 13;

/// Statements of each change, under the database and the number.
fn changes() -> BTreeMap<(String, u32), Vec<String>> {
    let all = texts(&[".sql"]).into_iter().filter_map(|(path, text)| {
        let (database, file) = path.strip_prefix("crates/store/migrations/")?.split_once('/')?;
        let number: u32 = file.split('_').next()?.parse().ok()?;
        (number > FIRST_RELEASE).then(|| ((database.to_owned(), number), statements(&text)))
    });
    all.collect()
}

/// Without comments, each on one line; a trigger and a function are one with what they do.
fn statements(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let (mut all, mut statement, mut inside) = (Vec::new(), Vec::new(), false);
    for word in words {
        statement.push(word);
        if word.contains("$$") || (word == "BEGIN" && statement.starts_with(&["CREATE", "TRIGGER"])) {
            inside = !inside;
        }
        if word.ends_with(';') && (!inside || word == "END;") {
            inside = false;
            all.push(std::mem::take(&mut statement).join(" "));
        }
    }
    assert!(statement.is_empty(), "a statement has no end: {}", statement.join(" "));
    all
}

/// Why nodes of the version before could not go on; `new` are the tables that the same change makes.
fn breaks(statement: &str, new: &BTreeSet<String>) -> Option<&'static str> {
    let words: Vec<&str> = statement.split([' ', '(', ')', ',', ';']).filter(|word| !word.is_empty()).collect();
    let after = |mark: &str| words.iter().position(|word| *word == mark).and_then(|at| words.get(at + 1)).copied();
    let is_new = |table: Option<&str>| table.is_some_and(|table| new.contains(table));
    match words[..] {
        ["CREATE", "TABLE", ..] => {
            let mut rest = words.as_slice();
            while let Some(at) = rest.iter().position(|word| *word == "REFERENCES") {
                rest = &rest[at + 1..];
                let goes_along =
                    rest.get(2..5).is_some_and(|words| matches!(words, ["ON", "DELETE", "CASCADE" | "SET"]));
                if !is_new(rest.first().copied()) && !goes_along {
                    return Some("they could not delete a row that the new table names: ON DELETE CASCADE or SET NULL");
                }
            }
            None
        }
        ["CREATE", "INDEX" | "FUNCTION", ..] | ["INSERT", "INTO", ..] => None,
        ["CREATE", "UNIQUE", "INDEX", ..] | ["CREATE", "TRIGGER", ..] if is_new(after("ON")) => None,
        ["CREATE", "UNIQUE", "INDEX", ..] => Some("what they write could break it"),
        ["CREATE", "TRIGGER", ..] => Some("it would meet what they write"),
        ["ALTER", "TABLE", _, "ADD", "COLUMN", ..] => {
            let has = |mark: &str| words.contains(&mark);
            if has("UNIQUE") || has("CHECK") || has("REFERENCES") {
                Some("a new column of a table that they write is bound by nothing")
            } else if has("NOT") && !has("DEFAULT") {
                Some("they write rows without the new column: let it be empty, or give it a DEFAULT")
            } else {
                None
            }
        }
        _ => Some("what was there has to stay as it is, until the version after"),
    }
}

#[test]
fn a_change_that_would_stop_a_node_of_the_version_before_is_seen() {
    let new = BTreeSet::from(["fresh".to_owned()]);
    for broken in [
        "DROP TABLE codes;",
        "ALTER TABLE codes RENAME COLUMN contact TO address;",
        "ALTER TABLE codes ADD COLUMN channel TEXT NOT NULL;",
        "ALTER TABLE codes ADD COLUMN channel TEXT UNIQUE;",
        "ALTER TABLE codes ALTER COLUMN nth TYPE TEXT;",
        "CREATE UNIQUE INDEX one ON codes (contact);",
        "CREATE TRIGGER stays BEFORE UPDATE ON codes BEGIN SELECT 1; END;",
        "CREATE TABLE fresh (id TEXT, profile_id TEXT REFERENCES profiles (id));",
        "DELETE FROM codes;",
    ] {
        assert!(breaks(broken, &new).is_some(), "{broken}");
    }
    for fine in [
        "CREATE TABLE fresh (id TEXT, profile_id TEXT REFERENCES profiles (id) ON DELETE CASCADE, of TEXT REFERENCES fresh (id));",
        "ALTER TABLE codes ADD COLUMN channel TEXT NOT NULL DEFAULT 'sms';",
        "ALTER TABLE codes ADD COLUMN channel TEXT;",
        "CREATE INDEX some ON codes (contact);",
        "CREATE UNIQUE INDEX one ON fresh (id);",
        "INSERT INTO fresh SELECT id FROM profiles;",
    ] {
        assert_eq!(breaks(fine, &new), None, "{fine}");
    }
    let two = statements("-- A; b\nCREATE TRIGGER a BEFORE UPDATE ON t\nBEGIN SELECT 1; SELECT 2; END;\nDROP TABLE b;");
    assert_eq!(two.len(), 2, "{two:?}");
    let two = statements("CREATE FUNCTION a() AS $$\nBEGIN\n SELECT 1;\nEND\n$$;\nDROP TABLE b;");
    assert_eq!(two.len(), 2, "{two:?}");
}

#[test]
fn changes_of_the_tables_only_expand() {
    for ((database, number), statements) in changes() {
        let made = statements.iter().filter_map(|statement| statement.strip_prefix("CREATE TABLE ")?.split(' ').next());
        let new = made.map(str::to_owned).collect();
        for statement in &statements {
            if let Some(why) = breaks(statement, &new) {
                panic!("{database}/{number:04}: `{statement}` stops nodes of the version before: {why} (ADR 25)");
            }
        }
    }
}

#[test]
fn both_databases_have_the_same_changes() {
    let numbers = |database: &str| -> BTreeSet<u32> {
        changes().into_keys().filter(|(of, _)| of == database).map(|(_, number)| number).collect()
    };
    assert_eq!(numbers("sqlite"), numbers("postgres"), "give the change a file for either database, under one number");
}
