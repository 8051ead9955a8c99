//! Those who watch: as many connections, each of which reads what it is told.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::JoinSet,
    time::timeout,
};

/// How many come in at a time.
const AT_THE_DOOR: usize = 64;
/// How many deployments there were in the last hour: the second key within what
/// the first begins.
const KEYS: [&[u8]; 2] = [b"\"eventsLastHour\":{", b"\"deployment.created\":"];

/// Open streams; whoever drops them closes them.
pub struct Viewers {
    watching: JoinSet<()>,
    news: UnboundedReceiver<News>,
    count: usize,
    newest: u64,
}

/// Somebody has been told of another count than before.
struct News {
    deployments: u64,
    at: Instant,
}

impl Viewers {
    /// Opens as many, with one cookie after the other.
    pub async fn open(port: u16, path: &str, cookies: &[String], count: usize) -> Self {
        let (tell, news) = mpsc::unbounded_channel();
        let mut watching = JoinSet::new();
        let mut coming = stream::iter(0..count)
            .map(|number| enter(port, path, &cookies[number % cookies.len()]))
            .buffer_unordered(AT_THE_DOOR);
        while let Some((socket, begun)) = coming.next().await {
            watching.spawn(watch(socket, begun, tell.clone()));
        }
        drop(coming);
        Self {
            watching,
            news,
            count,
            newest: 0,
        }
    }

    /// How many are still open.
    pub fn held(&mut self) -> usize {
        while self.watching.try_join_next().is_some() {}
        self.watching.len()
    }

    /// How many deployments somebody was told of last.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// Waits until all were told of as many deployments, and gives when each of
    /// them was. It isn't waited for longer than that for the last.
    pub async fn told_of(&mut self, deployments: u64, at_most: Duration) -> Vec<Instant> {
        let mut told = Vec::with_capacity(self.count);
        let telling = async {
            while told.len() < self.count
                && let Some(news) = self.news.recv().await
            {
                self.newest = news.deployments;
                if news.deployments >= deployments {
                    told.push(news.at);
                }
            }
        };
        let _missing = timeout(at_most, telling).await;
        told
    }
}

/// Asks for the stream, and gives what came of it with the head of the answer.
async fn enter(port: u16, path: &str, cookie: &str) -> (TcpStream, Vec<u8>) {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: text/event-stream\r\ncookie: {cookie}\r\n\r\n"
    );
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer: Vec<u8> = Vec::with_capacity(4096);
    loop {
        let read = socket.read_buf(&mut answer).await.unwrap();
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = head {
            let begun = answer.split_off(end + 4);
            let head = String::from_utf8_lossy(&answer).to_ascii_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            assert!(head.contains("transfer-encoding: chunked"), "{head}");
            return (socket, begun);
        }
        assert!(read > 0, "it was hung up: {}", answer.escape_ascii());
    }
}

async fn watch(socket: TcpStream, begun: Vec<u8>, tell: UnboundedSender<News>) {
    let mut body = Body::new(tell);
    body.read(&begun);
    drop(begun);
    while !body.is_over() && socket.readable().await.is_ok() {
        if !take(&socket, &mut body) {
            return;
        }
    }
}

/// Reads what has come; false if no more will. Its buffer isn't held while
/// nothing comes: there are thousands who wait.
fn take(socket: &TcpStream, body: &mut Body) -> bool {
    let mut buffer = [0; 16 << 10];
    loop {
        match socket.try_read(&mut buffer) {
            Ok(0) => return false,
            Ok(read) => body.read(&buffer[..read]),
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}

/// The body of an answer in chunks, read as it comes.
struct Body {
    place: Place,
    counts: Counts,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Place {
    /// The rest of the size of a chunk, which begins like that.
    Size(usize),
    /// So many bytes of a chunk.
    Chunk(usize),
    /// The end of the line after a chunk.
    Break,
    Over,
}

impl Body {
    fn new(tell: UnboundedSender<News>) -> Self {
        Self {
            place: Place::Size(0),
            counts: Counts {
                key: 0,
                matched: 0,
                number: 0,
                is_found: false,
                last: None,
                tell,
            },
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.place, Place::Over)
    }

    fn read(&mut self, mut bytes: &[u8]) {
        while let Some((&next, rest)) = bytes.split_first() {
            let mut later = rest;
            self.place = match (self.place, next) {
                (Place::Size(size), b'\r') => Place::Size(size),
                (Place::Size(0), b'\n') => Place::Over,
                (Place::Size(size), b'\n') => Place::Chunk(size),
                (Place::Size(size), digit) => {
                    let digit = char::from(digit).to_digit(16).expect("a size");
                    Place::Size(size * 16 + digit as usize)
                }
                (Place::Chunk(left), _) => {
                    let (now, others) = bytes.split_at(left.min(bytes.len()));
                    self.counts.read(now);
                    later = others;
                    if now.len() < left {
                        Place::Chunk(left - now.len())
                    } else {
                        self.counts.end_chunk();
                        Place::Break
                    }
                }
                (Place::Break, b'\n') => Place::Size(0),
                (Place::Break, _) => Place::Break,
                (Place::Over, _) => return,
            };
            bytes = later;
        }
    }
}

/// Finds how many deployments there were, without reading the JSON: there are
/// thousands who would.
struct Counts {
    /// Which of the keys is looked for, and how much of it is there.
    key: usize,
    matched: usize,
    number: u64,
    /// The rest of the chunk is of no interest.
    is_found: bool,
    last: Option<u64>,
    tell: UnboundedSender<News>,
}

impl Counts {
    fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.is_found {
                return;
            }
            self.step(*byte);
        }
    }

    fn step(&mut self, byte: u8) {
        match KEYS.get(self.key) {
            None if byte.is_ascii_digit() => {
                self.number = self.number * 10 + u64::from(byte - b'0');
            }
            None => self.found(self.number),
            // There were none.
            Some(_) if self.key > 0 && byte == b'}' => self.found(0),
            Some(key) if byte == key[self.matched] => {
                self.matched += 1;
                if self.matched == key.len() {
                    self.key += 1;
                    self.matched = 0;
                }
            }
            Some(key) => self.matched = usize::from(byte == key[0]),
        }
    }

    fn found(&mut self, deployments: u64) {
        self.is_found = true;
        if self.last.replace(deployments) != Some(deployments) {
            let at = Instant::now();
            let _gone = self.tell.send(News { deployments, at });
        }
    }

    /// An event is in one chunk as a rule; if it isn't, it goes on in the next.
    fn end_chunk(&mut self) {
        if self.is_found {
            self.is_found = false;
            (self.key, self.matched, self.number) = (0, 0, 0);
        }
    }
}
