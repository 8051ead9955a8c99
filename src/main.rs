//! The command line.

#[cfg(feature = "ssr")]
fn main() -> std::process::ExitCode {
    atrium::program::main()
}

#[cfg(not(feature = "ssr"))]
fn main() {}
