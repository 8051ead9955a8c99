//! What the program tells of its work.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc,
};

use crate::world::Program;

/// Takes what is posted, and gives the first line and the body of each.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, posted) = mpsc::channel();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut reader = BufReader::new(socket.unwrap());
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap() <= 2 {
                    break;
                }
                head.push(line.trim().to_lowercase());
            }
            let length = head
                .iter()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _gone = sender.send((head.swap_remove(0), body));
            reader.get_mut().write_all(answer).unwrap();
        }
    });
    (url, posted)
}

#[test]
fn a_collector_is_told_of_each_request_even_of_the_last() {
    let (url, posted) = collector();
    let mut program = Program::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let answer = program.get("/auth/signin?secret=in-a-query");
    let id = answer
        .lines()
        .find_map(|line| line.strip_prefix("x-request-id: "))
        .expect("an id");
    assert!(program.stop().success());

    let (mut lines, mut bodies) = (Vec::new(), Vec::new());
    for (line, body) in posted.try_iter() {
        lines.push(line);
        bodies.extend(body);
    }
    assert!(!lines.is_empty());
    assert!(lines.iter().all(|line| line == "post /v1/traces http/1.1"));
    let told = String::from_utf8_lossy(&bodies);
    for part in ["atrium", "/auth/signin", "http.response.status_code", id] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("in-a-query"), "a query may hold a token");
}

#[test]
fn a_collector_that_is_not_there_stops_nothing() {
    let mut program = Program::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]);
    assert!(program.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(program.stop().success());
}
