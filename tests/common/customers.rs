//! Made-up customers, the same each time.

use std::fmt::Write as _;
use std::ops::Range;

/// Numbers that look drawn at random, the same each time.
fn noise(i: u32) -> f64 {
    let mixed = (u64::from(i) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / 2f64.powi(53)
}

/// Visits and amounts of four groups, of which one is rare.
pub fn customer(i: u32) -> (f64, f64) {
    let (x, y, spread) = match i % 100 {
        0 => (90.0, 900.0, 2.0),
        1..30 => (10.0, 100.0, 4.0),
        30..70 => (40.0, 300.0, 8.0),
        _ => (20.0, 600.0, 5.0),
    };
    let around = |seed: u32| (noise(i * 4 + seed) + noise(i * 4 + seed + 1) - 1.0) * spread;
    (x + around(0), y + 10.0 * around(2))
}

/// Rows of them as CSV.
pub fn customers(rows: Range<u32>) -> String {
    rows.fold("id,visits,spent,city\n".to_owned(), |mut text, i| {
        let (visits, spent) = customer(i);
        let city = ["Rome", "Bandung", "Oslo"][i as usize % 3];
        let _ = writeln!(text, "{i},{visits:.4},{spent:.3},{city}");
        text
    })
}
