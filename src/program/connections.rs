//! Connections: taken as they come, kept as long as their client keeps up, and
//! closed in order when the program is to stop.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::{ServiceExt, service_fn};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may leave what it was sent lying, which is held for it
/// meanwhile.
#[cfg(target_os = "linux")]
const UNREAD_TIMEOUT: Duration = Duration::from_secs(600);
/// How much of what a client was sent may wait for it, in bytes: whoever reads a
/// live view slowly is to be told the newest state, and not all that was.
const UNSENT: u32 = 32 * 1024;
const BUFFERED: usize = 64 * 1024;
/// How long requests under way may take to end once the program is told to.
const GRACE: Duration = Duration::from_secs(6);

/// Takes connections until told to stop, then lets requests under way end.
pub async fn accept(listener: TcpListener, router: Router, stop: &CancellationToken) {
    let connections = GracefulShutdown::new();
    // Browsers speak HTTP/2 to a proxy, and a proxy HTTP/1 to us; to tell the two
    // apart, a connection would have to be waited for without a limit.
    let mut server = auto::Builder::new(TokioExecutor::new()).http1_only();
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(BUFFERED);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((socket, peer)) => serve(&server, &connections, &router, socket, peer),
            Err(error) => {
                // Out of file descriptors, most likely: others will be closed.
                tracing::warn!(%error, "a connection wasn't taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    // Whoever comes now is refused, and goes elsewhere.
    drop(listener);
    if tokio::time::timeout(GRACE, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests were still under way");
    }
}

fn serve(
    server: &auto::Builder<TokioExecutor>,
    connections: &GracefulShutdown,
    router: &Router,
    socket: TcpStream,
    peer: SocketAddr,
) {
    let _without_delay = socket.set_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        end_unread(&socket, UNREAD_TIMEOUT);
        hold_little(&socket);
    }
    let router = router.clone();
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            router
                .oneshot(request)
                .await
                .map_err(|never: Infallible| never)
        }
    });
    let connection = server
        .serve_connection(TokioIo::new(socket), TowerToHyperService::new(service))
        .into_owned();
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

/// Asks for as many open files as the system would give: each connection is one,
/// and what is usual is for programs that have few.
pub fn allow_many() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "no more connections than usual can be held");
    }
}

/// Has the system end a connection whose other side takes nothing for so long.
#[cfg(target_os = "linux")]
fn end_unread(socket: &TcpStream, after: Duration) {
    if let Err(error) = socket2::SockRef::from(socket).set_tcp_user_timeout(Some(after)) {
        tracing::warn!(%error, "a client that reads nothing may stay for long");
    }
}

/// Has the system take no more for the other side than that side will take soon.
#[cfg(target_os = "linux")]
fn hold_little(socket: &TcpStream) {
    if let Err(error) = socket2::SockRef::from(socket).set_tcp_notsent_lowat(UNSENT) {
        tracing::warn!(%error, "a client that reads slowly may be told what is old");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{body::Bytes, routing::get};
    use futures_util::stream;
    use tokio::{io::AsyncWriteExt, net::TcpSocket};

    use super::*;

    const CHUNK: usize = 4096;

    /// An answer without an end, that tells how much of it was asked for.
    fn endless(asked: &Arc<AtomicUsize>) -> Body {
        let asked = Arc::clone(asked);
        Body::from_stream(stream::repeat_with(move || {
            asked.fetch_add(CHUNK, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from_static(&[7; CHUNK]))
        }))
    }

    #[tokio::test]
    async fn who_reads_slowly_is_not_sent_far_ahead() {
        let asked = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&asked);
        let answer = move || async move { endless(&counted) };
        let router = Router::new().route("/", get(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(async move { accept(listener, router, &stop).await });

        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut reads_nothing = socket.connect(addr).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        reads_nothing.write_all(request).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let ahead = asked.load(Ordering::Relaxed);
        serving.abort();
        assert!((1..256 * 1024).contains(&ahead), "{ahead} bytes ahead");
    }

    #[tokio::test]
    async fn who_reads_nothing_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _reads_nothing = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (mut socket, _) = listener.accept().await.unwrap();
        end_unread(&socket, Duration::from_millis(500));
        let writing = async {
            loop {
                if let Err(error) = socket.write_all(&[7; 65_536]).await {
                    return error.kind();
                }
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(30), writing).await;
        assert_eq!(ended.unwrap(), std::io::ErrorKind::TimedOut);
    }
}
