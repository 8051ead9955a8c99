//! The program as a process of its own.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use uuid::Uuid;

/// Serves from an empty folder until it is stopped.
pub struct Program {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Program {
    /// With files for browsers that have nothing in them.
    pub fn start(environment: &[(&str, &str)]) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_atrium"));
        let site = empty_site();
        let mut all = vec![
            ("LEPTOS_SITE_ROOT", site.path().to_str().unwrap()),
            ("LEPTOS_HASH_FILES", "false"),
            ("RUST_LOG", "off"),
        ];
        all.extend(environment);
        let program = Self::run(program, &all);
        drop(program.connect());
        program
    }

    /// Makes the demo, and gives the API key of its first organization.
    pub fn seed(environment: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let seeded = Command::new(env!("CARGO_BIN_EXE_atrium"))
            .args(["seed", "--json"])
            .current_dir(folder.path())
            .env_clear()
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let seeded: serde_json::Value = serde_json::from_slice(&seeded.stdout).unwrap();
        let key = seeded["organizations"][0]["api_key"].as_str().unwrap();
        key.to_owned()
    }

    /// The most memory that it has held so far, in MiB.
    pub fn most_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM"));
        let kib: u64 = line
            .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
            .unwrap();
        kib / 1024
    }

    pub fn run(program: &Path, environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let process = command(program, folder.path(), environment)
            .env("PORT", port.to_string())
            .spawn()
            .unwrap();
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    /// Why it doesn't serve, in its own words.
    pub fn refused(program: &Path, environment: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let ended = command(program, folder.path(), environment).output();
        let ended = ended.unwrap();
        assert_eq!(ended.status.code(), Some(1));
        String::from_utf8(ended.stderr).unwrap()
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
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

    /// Its answer to a request for that path, head and body.
    pub fn get(&self, path: &str) -> String {
        let mut socket = self.connect();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
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

fn command(program: &Path, folder: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .envs(environment.iter().copied());
    command
}

/// Below those that systems give to outgoing connections.
fn free_port() -> u16 {
    loop {
        let random = Uuid::now_v7().as_u128() % 12_000;
        let port = 20_000 + u16::try_from(random).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn empty_site() -> TempDir {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("pkg")).unwrap();
    for kind in ["css", "js", "wasm"] {
        std::fs::write(site.path().join(format!("pkg/atrium.{kind}")), "").unwrap();
    }
    site
}
