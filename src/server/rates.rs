//! How often one address, or the holder of one token, may ask.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::ApiError;
use super::limits::{Limit, Limits};

/// How often those are forgotten that have not asked for a while.
const TIDY_EVERY: Duration = Duration::from_mins(1);
/// Wrong tokens that may come from one address in a minute.
const MOST_ATTEMPTS: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Whoever has one IPv6 address has all that share so many bits with it.
const SITE_BITS: u32 = 64;

/// So many requests a second from each.
struct Rate<K: Clone + Eq + Hash> {
    limiter: DefaultKeyedRateLimiter<K>,
    limit: Limit,
    since: Instant,
    tidied: AtomicU64,
}

impl<K: Clone + Eq + Hash> Rate<K> {
    fn new(quota: Quota, limit: Limit) -> Self {
        let limiter = RateLimiter::keyed(quota);
        Self { limiter, limit, since: Instant::now(), tidied: AtomicU64::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), ApiError> {
        self.tidy();
        self.limiter.check_key(key).map_err(|soonest| {
            let wait = soonest.wait_time_from(DefaultClock::default().now());
            ApiError::TooFast { limit: self.limit, seconds: wait.as_secs() + 1 }
        })
    }

    /// Forgets those that have not asked for so long that all of their requests are there again: they count as if
    /// they had never asked.
    fn tidy(&self) {
        let now = self.since.elapsed().as_secs();
        let last = self.tidied.load(Ordering::Relaxed);
        let is_due = now >= last + TIDY_EVERY.as_secs();
        let relaxed = Ordering::Relaxed;
        if is_due && self.tidied.compare_exchange(last, now, relaxed, relaxed).is_ok() {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
    }
}

/// How often may be asked.
pub(super) struct Rates {
    address: Option<Rate<IpAddr>>,
    token: Option<Rate<String>>,
    attempts: Rate<IpAddr>,
}

impl Rates {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            address: per_second(limits.rate_per_address, Limit::RatePerAddress),
            token: per_second(limits.rate_per_token, Limit::RatePerToken),
            attempts: Rate::new(Quota::per_minute(MOST_ATTEMPTS), Limit::Attempts),
        }
    }

    /// Counts a request of an address.
    ///
    /// # Errors
    ///
    /// 429.
    pub(super) fn address(&self, address: IpAddr) -> Result<(), ApiError> {
        self.address.as_ref().map_or(Ok(()), |rate| rate.check(&site(address)))
    }

    /// Counts a wrong token.
    ///
    /// # Errors
    ///
    /// 429.
    pub(super) fn attempt(&self, address: IpAddr) -> Result<(), ApiError> {
        self.attempts.check(&site(address))
    }

    /// Counts a request with a token.
    ///
    /// # Errors
    ///
    /// 429.
    pub(super) fn token(&self, id: &String) -> Result<(), ApiError> {
        self.token.as_ref().map_or(Ok(()), |rate| rate.check(id))
    }
}

fn per_second<K: Clone + Eq + Hash>(rate: Option<NonZeroU32>, limit: Limit) -> Option<Rate<K>> {
    rate.map(|rate| Rate::new(Quota::per_second(rate), limit))
}

/// What counts as one address.
fn site(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> SITE_BITS)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_a_rate_of_its_own() {
        let limits = Limits { rate_per_address: NonZeroU32::new(3), ..Limits::default() };
        let rates = Rates::new(&limits);
        let here = IpAddr::from([10, 0, 0, 1]);
        let asked = (0..5).map(|_| rates.address(here).is_ok());
        assert_eq!(asked.collect::<Vec<_>>(), [true, true, true, false, false]);
        assert!(rates.address([10, 0, 0, 2].into()).is_ok());
        let refused = rates.address(here);
        assert!(matches!(refused, Err(ApiError::TooFast { seconds: 1, .. })), "{refused:?}");
    }

    #[test]
    fn neighbours_in_ipv6_are_one() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(site(address("2001:db8:1:2::3")), site(address("2001:db8:1:2:ffff::9")));
        assert_ne!(site(address("2001:db8:1:2::3")), site(address("2001:db8:1:3::3")));
    }
}
