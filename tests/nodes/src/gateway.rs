//! A way to a server that can be led to another one, as a virtual address is when a database fails over.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// Listens at a port of its own, and passes on what comes.
pub struct Gateway {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    // `None`: nobody is let through.
    to: Option<u16>,
    open: Vec<TcpStream>,
}

impl Gateway {
    /// Leads to this port of this machine.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn to(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State { to: Some(port), open: Vec::new() }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for came in listener.incoming().flatten() {
                let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let through = state.to.and_then(|port| TcpStream::connect(("127.0.0.1", port)).ok());
                // Nobody there: the connection ends at once.
                let Some(through) = through else { continue };
                if let Ok((here, there)) = pair(&came, &through) {
                    state.open.extend([here, there]);
                    pass(came, through);
                }
            }
        });
        Ok(Self { address, state })
    }

    /// The port that it listens at.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Leads elsewhere from now on, or nowhere; connections that are open end.
    pub fn lead_to(&self, port: Option<u16>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.to = port;
        for open in state.open.drain(..) {
            // It may have ended by itself.
            open.shutdown(Shutdown::Both).ok();
        }
    }
}

fn pair(one: &TcpStream, other: &TcpStream) -> io::Result<(TcpStream, TcpStream)> {
    one.set_nodelay(true)?;
    other.set_nodelay(true)?;
    Ok((one.try_clone()?, other.try_clone()?))
}

fn pass(one: TcpStream, other: TcpStream) {
    let Ok((one_back, other_back)) = pair(&one, &other) else { return };
    for (mut from, mut to) in [(one, other), (other_back, one_back)] {
        thread::spawn(move || {
            io::copy(&mut from, &mut to).ok();
            to.shutdown(Shutdown::Both).ok();
            from.shutdown(Shutdown::Both).ok();
        });
    }
}
