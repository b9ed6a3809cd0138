//! The `sparkproof` command. All of it is in the library; here its exit status becomes the process's.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A fault of ours is told in one line, on standard error, with exit code 2; a backtrace helps nobody who runs this.
    std::panic::set_hook(Box::new(|_| {}));
    let run = || sparkproof::cli::main(std::env::args_os());
    std::panic::catch_unwind(run).unwrap_or_else(|_| sparkproof::cli::fault()).into()
}
