//! What is kept of each customer while the log goes by.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use super::amount::{Amount, rounded};
use super::log::{Entry, Kind};
use super::{Counts, Customer};
use crate::dataset::number::{self, DecimalMark};

/// An account for each customer.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    as_of: Option<Date>,
    newest: Option<Date>,
    accounts: HashMap<String, Account>,
    /// Which customer came on which day, or placed which order.
    visits: HashSet<u64>,
    counts: Counts,
}

#[derive(Debug, Clone, Default)]
struct Account {
    number: u32,
    /// The days of the first and the last purchase.
    bought: Option<(Date, Date)>,
    frequency: u64,
    purchases: Amount,
    returns: Amount,
}

impl Ledger {
    /// Rows later than `as_of` will be left out.
    pub(super) fn new(as_of: Option<Date>) -> Self {
        Self { as_of, ..Self::default() }
    }

    /// Enters a row with its day.
    pub(super) fn post(&mut self, entry: &Entry<'_>, day: Date) {
        if self.as_of.is_some_and(|as_of| day > as_of) {
            self.counts.after_as_of += 1;
            return;
        }
        self.newest = self.newest.max(Some(day));
        // Asked first, since an id is copied for a new customer only.
        if !self.accounts.contains_key(entry.customer) {
            let number = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
            let account = Account { number, ..Account::default() };
            self.accounts.insert(entry.customer.to_owned(), account);
        }
        let Some(account) = self.accounts.get_mut(entry.customer) else { return };
        match entry.kind {
            Kind::Purchase => {
                account.purchases += entry.amount;
                if account.visit(entry.order, day, &mut self.visits) {
                    account.frequency += 1;
                }
                account.bought = Some(match account.bought {
                    None => (day, day),
                    Some((first, last)) => (first.min(day), last.max(day)),
                });
            }
            Kind::Return | Kind::Cancelled => {
                account.returns += entry.amount;
                self.counts.returns += 1;
                self.counts.cancelled += u64::from(entry.kind == Kind::Cancelled);
            }
            Kind::Free => self.counts.free += 1,
        }
    }

    /// The day as of which customers are described: the one given, else that of the newest row.
    pub(super) fn as_of(&self) -> Option<Date> {
        self.as_of.or(self.newest)
    }

    /// The customers who bought something, in the order of their ids, and what was counted.
    pub(super) fn close(self) -> (Vec<Customer>, Counts) {
        let mut counts = self.counts;
        let Some(as_of) = self.as_of.or(self.newest) else { return (Vec::new(), counts) };
        let n_accounts = self.accounts.len();
        let customers: Vec<Customer> = self
            .accounts
            .into_iter()
            .filter_map(|(id, account)| account.customer(id, as_of))
            .collect();
        counts.without_purchase = (n_accounts - customers.len()) as u64;
        (sort(customers), counts)
    }
}

impl Account {
    /// Whether this is the customer's first row of an order or, without an order, of a day.
    fn visit(&self, order: Option<&str>, day: Date, visits: &mut HashSet<u64>) -> bool {
        match order {
            Some(order) => {
                // 64 bits keep apart as many orders as any shop has: one pair in 10^19 falls together.
                let mut hasher = DefaultHasher::new();
                (self.number, order).hash(&mut hasher);
                visits.insert(hasher.finish())
            }
            None if self.bought.is_some_and(|(_, last)| last == day) => false,
            None => visits.insert(u64::from(self.number) << 32 | u64::from(packed(day))),
        }
    }

    /// None without a purchase.
    fn customer(self, id: String, as_of: Date) -> Option<Customer> {
        let (first, last) = self.bought?;
        let purchases = self.purchases.to_f64();
        Some(Customer {
            id,
            recency: days(last, as_of),
            frequency: self.frequency,
            monetary: (self.purchases - self.returns).to_f64(),
            average_basket: rounded(purchases / self.frequency as f64),
            tenure: days(first, as_of),
            returns_share: rounded(self.returns.to_f64() / purchases),
        })
    }
}

fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// A number of its own for each day.
fn packed(day: Date) -> u32 {
    let part = |number: i8| u32::from(number.unsigned_abs());
    u32::from(day.year().unsigned_abs()) << 9 | part(day.month()) << 5 | part(day.day())
}

/// Numbers in their order if all ids are such, else texts in theirs.
fn sort(customers: Vec<Customer>) -> Vec<Customer> {
    let number = |customer: &Customer| number::parse(&customer.id, DecimalMark::Point).ok();
    let are_numbers = customers.iter().all(|customer| number(customer).is_some());
    let keyed = customers.into_iter().map(|customer| {
        let key = if are_numbers { number(&customer) } else { None };
        (key.unwrap_or(0.0), customer)
    });
    let mut keyed: Vec<(f64, Customer)> = keyed.collect();
    keyed.sort_unstable_by(|(a, one), (b, other)| {
        a.total_cmp(b).then_with(|| one.id.cmp(&other.id))
    });
    keyed.into_iter().map(|(_, customer)| customer).collect()
}
