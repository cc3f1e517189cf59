//! Counters, gauges and histograms as they are described: with the labels of their description, and no others.

use std::sync::atomic::AtomicU64;

use mostik_wire::Code;
use prometheus_client::{
    encoding::{EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::described::{Description, Values};
use crate::contract;

/// Half a millisecond to half a minute; a person waits for no answer longer than that.
const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// What a label says: by its type a word of the program's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Word {
    /// One that stands in the source.
    Written(&'static str),
    /// The name of a refusal.
    Refusal(Code),
}

impl EncodeLabelValue for Word {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> Result<(), std::fmt::Error> {
        match self {
            Self::Written(word) => EncodeLabelValue::encode(word, encoder),
            Self::Refusal(code) => EncodeLabelValue::encode(&contract::name(*code), encoder),
        }
    }
}

impl From<&'static str> for Word {
    fn from(word: &'static str) -> Self {
        Self::Written(word)
    }
}

/// The labels of one series.
type Series<const N: usize> = [(&'static str, Word); N];

fn series<const N: usize>(of: &'static Description, values: [Word; N]) -> Series<N> {
    assert_eq!(N, of.labels.len(), "the labels of {}", of.name);
    std::array::from_fn(|at| (of.labels[at].name, values[at]))
}

/// A counter for each combination of its labels' values.
pub(super) struct Counters<const N: usize> {
    of: &'static Description,
    family: Family<Series<N>, Counter>,
}

impl<const N: usize> Counters<N> {
    /// Registers it. Where all values are known beforehand, each begins at zero: a first event that is a series' first sample is no
    /// increase to Prometheus.
    pub(super) fn new(registry: &mut Registry, of: &'static Description) -> Self {
        let family = Family::<Series<N>, Counter>::default();
        registry.register(of.name, of.meaning, family.clone());
        let counters = Self { of, family };
        let mut known = vec![[Word::Written(""); N]];
        for (at, label) in of.labels.iter().enumerate() {
            let Values::Words(words) = label.values else { return counters };
            let with = |values: [Word; N]| {
                words.iter().map(move |word| {
                    let mut values = values;
                    values[at] = Word::Written(word);
                    values
                })
            };
            known = known.into_iter().flat_map(with).collect();
        }
        for values in known {
            drop(counters.family.get_or_create(&series(of, values)));
        }
        counters
    }

    /// Counts one more.
    pub(super) fn count(&self, values: [Word; N]) {
        self.family.get_or_create(&series(self.of, values)).inc();
    }
}

/// A histogram of seconds for each combination of its labels' values.
pub(super) struct Durations<const N: usize> {
    of: &'static Description,
    family: Family<Series<N>, Histogram>,
}

impl<const N: usize> Durations<N> {
    /// Registers it.
    pub(super) fn new(registry: &mut Registry, of: &'static Description) -> Self {
        let family = Family::<Series<N>, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        registry.register(of.name, of.meaning, family.clone());
        Self { of, family }
    }

    /// Notes that something took so many seconds.
    pub(super) fn observe(&self, values: [Word; N], seconds: f64) {
        self.family.get_or_create(&series(self.of, values)).observe(seconds);
    }
}

/// Gauges of what was just read; a value may be a name out of the settings.
pub(super) struct Gauges {
    of: &'static Description,
    family: Family<Vec<(&'static str, String)>, Gauge<f64, AtomicU64>>,
}

impl Gauges {
    /// Registers it.
    pub(super) fn new(registry: &mut Registry, of: &'static Description) -> Self {
        let family = Family::default();
        registry.register(of.name, of.meaning, Family::clone(&family));
        Self { of, family }
    }

    /// Says how much it is.
    pub(super) fn set(&self, values: &[&str], now: f64) {
        assert_eq!(values.len(), self.of.labels.len(), "the labels of {}", self.of.name);
        let labels = self.of.labels.iter().zip(values).map(|(label, value)| (label.name, (*value).to_owned()));
        self.family.get_or_create(&labels.collect()).set(now);
    }
}
