//! What all parts of an open store share: where it is and whose, the peppers, the revocation log,
//! and whether it may still be used.

use crate::address::Address;
use crate::error;
use crate::gate::Gate;
use crate::link::Link;
use crate::log::Log;
use crate::tls::Secure;
use keywright_core::Result;
use keywright_core::pepper::PepperRing;
use keywright_core::secret::Brand;
use keywright_core::time::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// See the module.
pub(crate) struct Base {
    pub(crate) address: Address,
    pub(crate) secure: Option<Secure>,
    pub(crate) peppers: Arc<PepperRing>,
    pub(crate) store_id: String,
    pub(crate) brand: Brand,
    pub(crate) log: Log,
    pub(crate) gate: Gate,
    /// What tells the time of the events that the store itself has to tell.
    pub(crate) clock: Arc<dyn Clock>,
    /// The process that opened the store; its threads and connections are not a child's.
    pub(crate) process: u32,
    pub(crate) closed: AtomicBool,
}

impl Base {
    /// Whether this process is a child of the one that opened the store.
    pub(crate) fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }

    /// Refuses all use once the store was closed or carried through a fork.
    pub(crate) fn ready(&self) -> Result<()> {
        if self.is_forked() {
            return Err(error::forked());
        }
        if self.closed.load(Ordering::Acquire) {
            return Err(error::closed());
        }
        Ok(())
    }

    /// A new connection; after a failure not before a while has passed.
    pub(crate) fn connect(&self) -> Result<Link> {
        self.gate.pass()?;
        let link = Link::connect(&self.address, self.secure.as_ref());
        match &link {
            Ok(_) => self.gate.open(),
            Err(why) => self.gate.shut(why),
        }
        link
    }
}
