//! Who comes in: so many connections at a time, and so many from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::gauge::Gauge;

use crate::server::limits::{Limit, Limits};

/// Connections beyond the limits that are told so, and may still ask for the server's health.
const AT_THE_DOOR: usize = 64;

/// Counts connections.
pub(super) struct Door {
    connections: usize,
    per_address: usize,
    counts: Mutex<Counts>,
    open: Gauge,
}

#[derive(Default)]
struct Counts {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// What becomes of a connection.
pub(super) enum Admission {
    In(Place),
    /// It is told to come back later.
    AtTheDoor(Place, Limit),
    /// There is not even room for telling so.
    Away(Limit),
}

/// A connection that counts until this is dropped.
pub(super) struct Place {
    door: Arc<Door>,
    address: IpAddr,
}

impl Door {
    /// `open` tells how many there are.
    pub(super) fn new(limits: &Limits, open: Gauge) -> Arc<Self> {
        Arc::new(Self {
            connections: limits.connections,
            per_address: limits.connections_per_address,
            counts: Mutex::default(),
            open,
        })
    }

    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Admission {
        let mut counts = self.counts();
        let from_there = counts.by_address.get(&address).copied().unwrap_or_default();
        let met = if counts.all >= self.connections {
            Some(Limit::Connections)
        } else if from_there >= self.per_address {
            Some(Limit::ConnectionsPerAddress)
        } else {
            None
        };
        if let Some(limit) = met
            && (counts.all >= self.connections + AT_THE_DOOR
                || from_there >= self.per_address + AT_THE_DOOR)
        {
            return Admission::Away(limit);
        }
        counts.all += 1;
        self.open.inc();
        *counts.by_address.entry(address).or_default() += 1;
        let place = Place { door: Arc::clone(self), address };
        match met {
            None => Admission::In(place),
            Some(limit) => Admission::AtTheDoor(place, limit),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.door.counts();
        counts.all -= 1;
        self.door.open.dec();
        if let Some(from_there) = counts.by_address.get_mut(&self.address) {
            *from_there -= 1;
            if *from_there == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    #[test]
    fn so_many_come_in_and_a_few_are_told_to_wait() {
        let limits = Limits { connections: 3, connections_per_address: 2, ..Limits::default() };
        let door = Door::new(&limits, Gauge::default());
        let mut places = Vec::new();
        let mut admit = |from| match door.admit(address(from)) {
            Admission::In(place) => {
                places.push(place);
                "in"
            }
            Admission::AtTheDoor(place, limit) => {
                places.push(place);
                limit.name()
            }
            Admission::Away(_) => "away",
        };
        assert_eq!([admit(1), admit(1)], ["in"; 2]);
        assert_eq!(admit(1), "connections_per_address");
        // That one counts as well.
        assert_eq!(admit(2), "connections");
        let rest: Vec<_> = (0..100).map(|_| admit(3)).collect();
        assert_eq!(rest.iter().filter(|what| **what == "connections").count(), AT_THE_DOOR - 1);
        assert_eq!(rest.last(), Some(&"away"));
        assert_eq!(door.open.get(), 67);
        drop(places);
        assert_eq!((door.open.get(), door.counts().all), (0, 0));
        assert!(door.counts().by_address.is_empty());
        assert!(matches!(door.admit(address(3)), Admission::In(_)));
    }

    #[test]
    fn one_address_cannot_fill_the_door() {
        let limits = Limits { connections: 1000, connections_per_address: 1, ..Limits::default() };
        let door = Door::new(&limits, Gauge::default());
        let places: Vec<_> = (0..200).map(|_| door.admit(address(1))).collect();
        let away = |place: &&Admission| matches!(place, Admission::Away(_));
        assert_eq!(places.iter().filter(away).count(), 200 - 1 - AT_THE_DOOR);
        assert!(matches!(door.admit(address(2)), Admission::In(_)));
    }
}
