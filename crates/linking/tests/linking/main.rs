//! The rules of linking, from outside: every step with every action, refusals, and walks at random.

mod budgets;
mod document;
mod refusals;
mod walks;
mod world;
