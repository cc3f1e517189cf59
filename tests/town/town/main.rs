//! Towns in short. What is looked for takes `mostik-town` longer: see `cargo xtask soak`.

mod bookkeeping;
mod towns;
