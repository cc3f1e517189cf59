//! The machine through its public interface: stories, random walks, and the documents it prints.

mod documents;
mod stories;
mod walks;
mod world;
