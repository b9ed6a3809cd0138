//! The `sparkproof` command. All of it is in the library; here its exit status becomes the process's.

use std::process::ExitCode;

/// Half of a run is making and dropping small trees, in several threads at once; this allocator takes a quarter less time for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A fault of ours is told in one line, on standard error, with exit code 2; a backtrace helps nobody who runs this.
    std::panic::set_hook(Box::new(|_| {}));
    let run = || sparkproof::cli::main(std::env::args_os());
    std::panic::catch_unwind(run).unwrap_or_else(|_| sparkproof::cli::fault()).into()
}
