//! The linking service as a program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("mostik-service: the system gives it no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let status = runtime.block_on(mostik_service::cli::run(std::env::args_os()));
    // Whoever still waits for a lock on a file does not hold up the end.
    runtime.shutdown_background();
    status
}
