//! The linking service as a program; everything is in the library.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    mostik_service::cli::run(std::env::args_os()).await
}
