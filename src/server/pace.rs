//! Bodies that have to keep coming.

use std::time::Duration;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use tokio::time::{Instant, timeout};

use super::store::Bits;
use crate::error::AppError;

/// How much has to come, in how long, unless the body ends before.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub window: Duration,
    pub least: usize,
}

/// 1 KiB a second, which any line has that carries files at all.
pub const SLOWEST: Pace = Pace {
    window: Duration::from_secs(30),
    least: 30 << 10,
};

/// 64 KiB a second, for those in whose place somebody else could be served.
pub const WHILE_OTHERS_WAIT: Pace = Pace {
    window: Duration::from_secs(10),
    least: 640 << 10,
};

/// A body, until it comes too slowly. What isn't asked for can't be late: the
/// time in which nobody waits for it doesn't count.
///
/// Its errors are `TooSlow`, and `CutOff` for whatever ends the connection.
pub fn paced(pace: Pace, body: axum::body::Body) -> Bits {
    let body = body.into_data_stream();
    kept_up(pace, body.map_err(|_| AppError::CutOff), || true)
}

/// A body, until it comes too slowly at a time when that matters.
pub fn kept_up(
    pace: Pace,
    body: impl Stream<Item = Result<Bytes, AppError>> + Send + Unpin + 'static,
    matters: impl Fn() -> bool + Send + 'static,
) -> Bits {
    let state = Some((body, pace, matters));
    Box::pin(stream::unfold(state, move |state| async move {
        let (mut body, mut left, matters) = state?;
        loop {
            let asked = Instant::now();
            match timeout(left.window, body.next()).await {
                Ok(Some(Ok(chunk))) => {
                    left.window = left.window.saturating_sub(asked.elapsed());
                    left.least = left.least.saturating_sub(chunk.len());
                    let next = if left.least == 0 { pace } else { left };
                    return Some((Ok(chunk), Some((body, next, matters))));
                }
                Ok(Some(Err(why))) => return Some((Err(why), None)),
                Ok(None) => return None,
                Err(_) if matters() => return Some((Err(AppError::TooSlow), None)),
                Err(_) => left = pace,
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const PACE: Pace = Pace {
        window: Duration::from_millis(400),
        least: 100,
    };

    /// So many bytes in all, so many at once, each after a pause in
    /// milliseconds.
    async fn sent(
        all: usize,
        at_once: usize,
        pause: u64,
        matters: bool,
    ) -> Result<usize, AppError> {
        let chunks = stream::iter(0..all / at_once).then(move |_| async move {
            sleep(Duration::from_millis(pause)).await;
            Ok(Bytes::from(vec![7; at_once]))
        });
        let read = kept_up(PACE, Box::pin(chunks), move || matters).map_ok(|chunk| chunk.len());
        read.try_fold(0, async |sum, more| Ok(sum + more)).await
    }

    #[tokio::test]
    async fn whoever_trickles_is_too_slow() {
        assert_eq!(sent(1000, 100, 50, true).await, Ok(1000));
        assert_eq!(sent(1000, 10, 50, true).await, Err(AppError::TooSlow));
        assert_eq!(sent(200, 10, 50, false).await, Ok(200), "nobody minds");
        assert_eq!(sent(10, 10, 50, true).await, Ok(10), "it ends in time");
        assert_eq!(sent(100, 100, 900, true).await, Err(AppError::TooSlow));
    }

    #[tokio::test]
    async fn whoever_is_not_asked_is_not_late() {
        let chunks = stream::iter(["x"; 4].map(|x| Ok(Bytes::from_static(x.as_bytes()))));
        let mut body = kept_up(PACE, chunks, || true);
        while let Some(chunk) = body.next().await {
            assert_eq!(chunk, Ok(Bytes::from_static(b"x")));
            // The store takes its time.
            sleep(Duration::from_millis(200)).await;
        }
    }
}
