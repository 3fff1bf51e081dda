//! A bad network between a page and its companion: it cuts, resets, half-closes, delays and slows, when it is told to.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{broadcast, watch},
};

/// The most bytes that are handed on at once.
const CHUNK_BYTES: usize = 16 * 1024;
/// The most bytes that are handed on at once while it is slow.
const SLOW_CHUNK_BYTES: usize = 64;

/// What happens to every connection that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It ends, as when somebody closes it.
    Cut,
    /// It breaks off, as when a machine on the way forgets it.
    Reset,
    /// What comes from the companion ends; the other way stays open.
    HalfClose,
    /// Everything comes so much later, for a while.
    Delay(Duration),
    /// Everything comes in small pieces with such pauses, for a while.
    Slow(Duration),
}

/// The network, until it is dropped.
pub struct Proxy {
    /// The port on 127.0.0.1 that leads to the companion.
    pub port: u16,
    target: Arc<AtomicU16>,
    blows: broadcast::Sender<Fault>,
    weather: watch::Sender<Option<Fault>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Proxy {
    /// A good network to `port`.
    pub async fn to(port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let own = listener.local_addr()?.port();
        let target = Arc::new(AtomicU16::new(port));
        let (blows, weather) = (broadcast::Sender::new(16), watch::Sender::new(None));
        let line = (Arc::clone(&target), blows.clone(), weather.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (target, blows, weather) = &line;
                let address = SocketAddr::from(([127, 0, 0, 1], target.load(Ordering::Relaxed)));
                let (blows, weather) = (blows.clone(), weather.clone());
                tokio::spawn(async move {
                    // A dead companion is a connection that is refused.
                    if let Ok(far) = TcpStream::connect(address).await {
                        carry(near, far, &blows, &weather).await;
                    }
                });
            }
        });
        Ok(Self { port: own, target, blows, weather, accepting })
    }

    /// Leads elsewhere from now on.
    pub fn lead_to(&self, port: u16) {
        self.target.store(port, Ordering::Relaxed);
    }

    /// Lets `fault` come over all connections; what lasts, lasts for `time`.
    pub async fn suffer(&self, fault: Fault, time: Duration) {
        match fault {
            Fault::Cut | Fault::Reset | Fault::HalfClose => {
                // Nobody is connected at this moment: then nobody is cut off.
                let _ = self.blows.send(fault);
                tokio::time::sleep(time).await;
            }
            Fault::Delay(_) | Fault::Slow(_) => {
                self.weather.send_replace(Some(fault));
                tokio::time::sleep(time).await;
                self.weather.send_replace(None);
            }
        }
    }
}

async fn carry(
    near: TcpStream,
    far: TcpStream,
    blows: &broadcast::Sender<Fault>,
    weather: &watch::Sender<Option<Fault>>,
) {
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    let mut there = tokio::spawn(pump(near_in, far_out, blows.subscribe(), weather.subscribe(), false));
    let mut back = tokio::spawn(pump(far_in, near_out, blows.subscribe(), weather.subscribe(), true));
    // Whichever side ends first, the other is told by the end of what it hears.
    let _ = tokio::join!(&mut there, &mut back);
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut blows: broadcast::Receiver<Fault>,
    mut weather: watch::Receiver<Option<Fault>>,
    is_back: bool,
) {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let most = match *weather.borrow_and_update() {
            Some(Fault::Slow(_)) => SLOW_CHUNK_BYTES,
            _ => CHUNK_BYTES,
        };
        let length = tokio::select! {
            blow = blows.recv() => match blow {
                Ok(Fault::HalfClose) if !is_back => continue,
                Ok(Fault::Reset) => {
                    // Whoever closes a socket that lingers for no time resets it.
                    let _ = to.as_ref().set_zero_linger();
                    to.forget();
                    return;
                }
                Ok(_) | Err(_) => return,
            },
            read = from.read(&mut chunk[..most]) => match read {
                Ok(0) | Err(_) => return,
                Ok(length) => length,
            },
        };
        let now = *weather.borrow();
        if let Some(Fault::Delay(pause) | Fault::Slow(pause)) = now {
            tokio::time::sleep(pause).await;
        }
        if to.write_all(&chunk[..length]).await.is_err() {
            return;
        }
    }
}
