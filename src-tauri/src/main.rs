//! The program: all of it is in the library, which the phones start from their own side.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    mostik_app::run();
}
