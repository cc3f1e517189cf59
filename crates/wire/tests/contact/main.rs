//! «Телефон или почта»: what people paste, with the verdict that is expected; what holds for any text; the fuzzer's corpus.

mod any;
mod corpus;
mod found;
mod table;
