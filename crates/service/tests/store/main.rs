//! The store's operations, each against what it promises; on a file of their own.

mod linkings;
mod world;
