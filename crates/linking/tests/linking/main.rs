//! The rules of linking, from outside: every step with every action, refusals, and walks at random.

mod blocked;
mod budgets;
mod document;
mod owner;
mod refusals;
mod steps;
mod vk;
mod walks;
mod world;
