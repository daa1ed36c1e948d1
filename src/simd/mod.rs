//! Vectors of numbers: eight doubles or sixteen floats that are worked on together.
//!
//! A computation is written once, as a [`Task`] over the trait [`Simd`], and compiled for every kind of
//! vector; [`with_widest`] runs it with the widest that the machine has. The number of lanes does not
//! depend on the machine: where its vectors are shorter, two or more stand for one. Doubles are added
//! and multiplied in the same order and with the same rounding everywhere, so that results have the
//! same bits on every machine.
//!
//! All unsafe code of the project but one call in [`crate::pages`] is here. It has one reason: an
//! instruction may be used only where the machine has it. The types [`Avx512`] and [`Avx2`] cannot be made
//! but by [`with_widest`], after it has asked, so a value of them is the proof that it did.

// Every step must become part of the function that is compiled for the machine's vectors.
#![allow(unsafe_code, clippy::inline_always)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use std::fmt;
use std::ops::{Add, Mul, Sub};
use std::str::FromStr;
use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(target_arch = "x86_64")]
use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
use avx512::Avx512;
use portable::Portable;

/// Doubles in a vector.
pub(crate) const DOUBLES: usize = 8;
/// Floats in a vector.
pub(crate) const FLOATS: usize = 16;

/// A computation that is compiled for every kind of vector.
pub(crate) trait Task {
    /// What it gives.
    type Output;

    /// Computes it. Implementations are `#[inline(always)]`, and so is all that they call in a loop. Closures
    /// there would not be compiled for the machine's vectors, and are many times slower.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// A kind of vector that the machine has; makes vectors of it.
pub(crate) trait Simd: Copy + Send + Sync {
    /// Eight doubles.
    type F64: Doubles;
    /// Sixteen floats.
    type F32: Floats;

    /// A double in all lanes.
    fn doubles(self, x: f64) -> Self::F64;
    /// Eight doubles, one a lane.
    fn load_doubles(self, x: &[f64; DOUBLES]) -> Self::F64;
    /// The first and the second numbers of eight pairs.
    fn load_pairs(self, x: &[[f64; 2]; DOUBLES]) -> [Self::F64; 2];
    /// Begins to fetch what will be read soon.
    fn prefetch<T>(self, place: &T);
    /// A float in all lanes.
    fn floats(self, x: f32) -> Self::F32;
    /// Sixteen floats, one a lane.
    fn load_floats(self, x: &[f32; FLOATS]) -> Self::F32;
    /// Sixteen small whole numbers as floats, one a lane.
    fn load_labels(self, x: &[u16; FLOATS]) -> Self::F32;
}

/// Eight doubles.
pub(crate) trait Doubles:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// One bit a lane.
    type Mask: Copy;

    /// The lanes.
    fn to_array(self) -> [f64; DOUBLES];
    /// The lanes, which hold whole numbers from 0 to below 2^31.
    fn to_labels(self) -> [u32; DOUBLES];
    /// Where these are less.
    fn less(self, other: Self) -> Self::Mask;
    /// Where both are equal.
    fn equal(self, other: Self) -> Self::Mask;
    /// The lanes of `one` where the mask is set, else those of `other`.
    fn select(mask: Self::Mask, one: Self, other: Self) -> Self;
    /// Adds `more` where the mask is set.
    fn add_where(self, mask: Self::Mask, more: Self) -> Self;
    /// The smaller of both, lane by lane; these lanes' where one is no number.
    fn min(self, other: Self) -> Self;
    /// The mask, the first lane in the lowest bit.
    fn bits(mask: Self::Mask) -> u32;

    /// The least lane.
    #[inline(always)]
    fn least(self) -> f64 {
        let lesser = |a: f64, b: f64| if b < a { b } else { a };
        let [a, b, c, d, e, f, g, h] = self.to_array();
        let (a, b, c, d) = (lesser(a, e), lesser(b, f), lesser(c, g), lesser(d, h));
        lesser(lesser(a, c), lesser(b, d))
    }

    /// The sum of the lanes, always in the same order.
    #[inline(always)]
    fn sum(self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.to_array();
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }
}

/// Sixteen floats.
pub(crate) trait Floats:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// One bit a lane.
    type Mask: Copy;

    /// The lanes.
    fn to_array(self) -> [f32; FLOATS];
    /// About 1 / √x, wrong by less than 2^-11 of it: the one thing whose bits depend on the machine. 0 of
    /// what is infinite.
    fn inverse_sqrt(self) -> Self;
    /// This times `factor` plus `term`, rounded once or twice.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// Where these are less.
    fn less(self, other: Self) -> Self::Mask;
    /// Where both differ.
    fn differ(self, other: Self) -> Self::Mask;
    /// The lanes of `one` where the mask is set, else those of `other`.
    fn select(mask: Self::Mask, one: Self, other: Self) -> Self;
    /// The smaller of both, lane by lane.
    fn min(self, other: Self) -> Self;
    /// The larger of both, lane by lane.
    fn max(self, other: Self) -> Self;
    /// The mask, the first lane in the lowest bit.
    fn bits(mask: Self::Mask) -> u32;
}

/// Kinds of vectors, from the narrowest to the widest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Vectors {
    /// What the compiler makes of plain code for any machine.
    Portable,
    /// AVX2 and FMA: most x86-64 machines.
    Avx2,
    /// AVX-512.
    Avx512,
}

/// The widest vectors that may be used, a [`Vectors`].
static WIDEST_ALLOWED: AtomicU8 = AtomicU8::new(Vectors::Avx512 as u8);

impl Vectors {
    /// The widest vectors that the machine has and [`Vectors::limit`] allows.
    pub fn widest() -> Self {
        let allowed = WIDEST_ALLOWED.load(Ordering::Relaxed);
        if allowed >= Self::Avx512 as u8 && Self::Avx512.is_there() {
            Self::Avx512
        } else if allowed >= Self::Avx2 as u8 && Self::Avx2.is_there() {
            Self::Avx2
        } else {
            Self::Portable
        }
    }

    /// Lets the whole process use no wider vectors than these, to measure what they bring. Results do
    /// not depend on it.
    pub fn limit(self) {
        WIDEST_ALLOWED.store(self as u8, Ordering::Relaxed);
    }

    /// Whether the machine has them.
    pub fn is_there(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(all(target_arch = "x86_64", not(miri)))]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(all(target_arch = "x86_64", not(miri)))]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("fma")
            }
            #[cfg(any(not(target_arch = "x86_64"), miri))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }
}

impl fmt::Display for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        })
    }
}

impl FromStr for Vectors {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Portable, Self::Avx2, Self::Avx512]
            .into_iter()
            .find(|vectors| vectors.to_string() == name)
            .ok_or_else(|| format!("{name:?} is none of portable, avx2 and avx512"))
    }
}

/// Runs a task with the widest vectors that the machine has.
pub(crate) fn with_widest<T: Task>(task: T) -> T::Output {
    match Vectors::widest() {
        // SAFETY: `widest` says so only after the machine was asked for the features.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512 => unsafe { run_avx512(task) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2 => unsafe { run_avx2(task) },
        _ => task.run(Portable),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,fma")]
fn run_avx512<T: Task>(task: T) -> T::Output {
    task.run(Avx512::of_this_machine())
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_avx2<T: Task>(task: T) -> T::Output {
    task.run(Avx2::of_this_machine())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that a kind of vector does, on some numbers.
    struct Everything([f64; DOUBLES], [f64; DOUBLES], [f32; FLOATS], [f32; FLOATS], [u16; FLOATS]);

    impl Task for Everything {
        type Output = (Vec<[u64; DOUBLES]>, Vec<[u32; FLOATS]>, Vec<u32>);

        #[inline(always)]
        fn run<S: Simd>(self, simd: S) -> Self::Output {
            let (a, b) = (simd.load_doubles(&self.0), simd.load_doubles(&self.1));
            let (less, equal) = (a.less(b), a.equal(b));
            let pairs: [[f64; 2]; DOUBLES] = std::array::from_fn(|i| [self.0[i], self.1[i]]);
            let [firsts, seconds] = simd.load_pairs(&pairs);
            let doubles = [
                firsts,
                seconds,
                a + b,
                a - b,
                a * b,
                a.min(b),
                a + simd.doubles(0.5),
                S::F64::select(less, a, b),
                a.add_where(equal, b),
                simd.doubles(a.sum()),
            ];
            let (x, y) = (simd.load_floats(&self.2), simd.load_floats(&self.3));
            let (below, differ) = (x.less(y), x.differ(y));
            let floats = [
                x + y,
                x - y,
                x * y,
                x.min(y),
                x.max(y),
                S::F32::select(below, x, y),
                simd.load_labels(&self.4) + simd.floats(1.0),
                // Whole numbers, so that one rounding and two are the same.
                x.mul_add(y, x),
            ];
            let bits = [
                S::F64::bits(less),
                S::F64::bits(equal),
                S::F32::bits(below),
                S::F32::bits(differ),
            ];
            (
                doubles.map(|v| v.to_array().map(f64::to_bits)).to_vec(),
                floats.map(|v| v.to_array().map(f32::to_bits)).to_vec(),
                bits.to_vec(),
            )
        }
    }

    #[allow(clippy::cast_possible_truncation)] // small whole numbers
    fn everything() -> Everything {
        let whole = |i: usize, m: usize| ((i * 7 + m) % 11) as f64 - 5.0;
        Everything(
            std::array::from_fn(|i| whole(i, 1) / 3.0),
            std::array::from_fn(|i| whole(i, 4 * (i % 2)) / 3.0),
            std::array::from_fn(|i| whole(i, 2) as f32),
            std::array::from_fn(|i| whole(i, 2 + 3 * (i % 3)) as f32),
            std::array::from_fn(|i| (i * 4001) as u16),
        )
    }

    #[test]
    fn all_kinds_of_vectors_compute_the_same_bits() {
        let plain = everything().run(Portable);
        assert_eq!(with_widest(everything()), plain);
        #[cfg(target_arch = "x86_64")]
        if Vectors::Avx2.is_there() {
            // SAFETY: the machine was asked.
            assert_eq!(unsafe { run_avx2(everything()) }, plain);
        }
    }

    #[test]
    fn kinds_of_vectors_go_by_their_names() {
        for vectors in [Vectors::Portable, Vectors::Avx2, Vectors::Avx512] {
            assert_eq!(vectors.to_string().parse(), Ok(vectors));
        }
        assert!("mmx".parse::<Vectors>().is_err());
    }
}
