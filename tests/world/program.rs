//! The program as a process of its own.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Serves from an empty folder until it is stopped.
pub struct Program {
    process: Child,
    pub port: u16,
    _folder: TempDir,
}

impl Program {
    pub fn start(environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let process = Command::new(env!("CARGO_BIN_EXE_atrium"))
            .arg("serve")
            .current_dir(folder.path())
            .env("PORT", port.to_string())
            .env("RUST_LOG", "off")
            .envs(environment.iter().copied())
            .spawn()
            .unwrap();
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    /// A connection to it, as soon as it takes one.
    pub fn connect(&self) -> TcpStream {
        for _ in 0..500 {
            if let Ok(socket) = TcpStream::connect(("127.0.0.1", self.port)) {
                return socket;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("nothing listens on {}", self.port);
    }

    /// Tells it to stop and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let told = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            let still = begun.elapsed() < Duration::from_secs(30);
            assert!(still, "it is still running");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}
