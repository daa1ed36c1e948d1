//! How long a window of a map of ten million customers takes, which is what a reader waits for who zooms.
//!
//! `cargo bench --bench scatter` also prints the memory that such a map takes.

// There is nobody to hand an error to, and figures are what this is for.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segmenta::scatter::{Range, Scatter, Window};

const CUSTOMERS: usize = 10_000_000;
const SEGMENTS: u32 = 6;

/// Five groups of two million, and one of a hundred customers far from them.
static MAP: LazyLock<Scatter> = LazyLock::new(|| {
    let mut random = ChaCha8Rng::seed_from_u64(42);
    let mut labels = Vec::with_capacity(CUSTOMERS);
    let mut places = Vec::with_capacity(CUSTOMERS);
    for row in 0..CUSTOMERS {
        let is_rare = row % 100_000 == 3;
        let label = if is_rare { SEGMENTS - 1 } else { random.next_u32() % (SEGMENTS - 1) };
        let mut around = |middle: f64| {
            let sum: f64 = (0..4).map(|_| f64::from(random.next_u32()) / f64::from(u32::MAX)).sum();
            middle + sum - 2.0
        };
        let middle = if is_rare { 40.0 } else { f64::from(label) };
        places.push((around(middle), around(middle * 3.0 % 5.0)));
        labels.push(label);
    }
    let map = Scatter::new(&labels, SEGMENTS as usize)
        .with_axis("x", |row| places[row].0)
        .with_axis("y", |row| places[row].1);
    println!("{CUSTOMERS} customers on two axes: {} MB", map.n_bytes() / 1_000_000);
    map
});

fn main() {
    LazyLock::force(&MAP);
    divan::main();
}

fn look(bencher: Bencher, x_range: Option<Range>, y_range: Option<Range>) {
    let window = Window {
        x: "x",
        y: "y",
        x_range,
        y_range,
        columns: 120,
        rows: 80,
        hidden: Vec::new(),
        most_dots: 5000,
    };
    bencher.bench_local(|| MAP.look(black_box(&window)).expect("both axes are there"));
}

/// All customers.
#[divan::bench]
fn all(bencher: Bencher) {
    look(bencher, None, None);
}

/// About one in ten.
#[divan::bench]
fn zoomed_in(bencher: Bencher) {
    let range = |min, max| Some(Range { min, max });
    look(bencher, range(1.0, 1.8), range(2.5, 3.5));
}

/// Some hundred customers, for whom all others are looked at too.
#[divan::bench]
fn far_out(bencher: Bencher) {
    look(bencher, Some(Range { min: 30.0, max: 50.0 }), None);
}
