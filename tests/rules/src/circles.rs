//! Circles among the files of one crate: files that need each other, over one or more steps.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

use crate::modules::Crate;

/// Files that need each other. Shown with the path by which each one names the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Circle {
    steps: Vec<(String, String)>,
}

impl Circle {
    /// The files, each before the one that it needs; the last one needs the first.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        self.steps.iter().map(|(file, _)| file.as_str()).collect()
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (file, path) in &self.steps {
            write!(f, "{file} —({path})→ ")?;
        }
        f.write_str(&self.steps[0].0)
    }
}

/// The shortest circle through each file that is in one, each circle once. `root` is the crate's root file and `text` gives the
/// text of a file, if there is one.
///
/// Seen are imports and paths; a method that one file calls and another one defines for the same type is not. Modules and functions
/// for tests are left out. A `pub use` needs nothing: whoever names a thing through it needs the file that defines the thing.
#[must_use]
pub fn circles_of(root: &str, text: &dyn Fn(&str) -> Option<String>) -> Vec<Circle> {
    let read = Crate::read(root, text);
    // Per file, the files that it needs, with one path that says so.
    let mut needs: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for (id, module) in read.modules.iter().enumerate() {
        for path in &module.used {
            if let Some(file) = read.file_of(id, path).filter(|file| *file != module.file) {
                needs.entry(&module.file).or_default().entry(file).or_insert_with(|| path.join("::"));
            }
        }
    }
    let circles: BTreeSet<Circle> = needs.keys().filter_map(|file| shortest(file, &needs)).collect();
    circles.into_iter().collect()
}

fn shortest(start: &str, needs: &BTreeMap<&str, BTreeMap<&str, String>>) -> Option<Circle> {
    let mut reached_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for next in needs.get(file).into_iter().flat_map(BTreeMap::keys) {
            if *next == start {
                let mut files = vec![file];
                while files[0] != start {
                    files.insert(0, reached_from[files[0]]);
                }
                return Some(circle(files, needs));
            }
            if !reached_from.contains_key(next) {
                reached_from.insert(next, file);
                open.push_back(next);
            }
        }
    }
    None
}

/// Begins with the first file by name, so that one circle is one value.
fn circle(mut files: Vec<&str>, needs: &BTreeMap<&str, BTreeMap<&str, String>>) -> Circle {
    let first = files.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(n, _)| n);
    files.rotate_left(first);
    let next = files.iter().cycle().skip(1);
    let steps = files.iter().zip(next).map(|(file, next)| ((*file).to_owned(), needs[file][next].clone()));
    Circle { steps: steps.collect() }
}
