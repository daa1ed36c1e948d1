//! Vectors as plain arrays, for any machine.

use std::array::from_fn;
use std::ops::{Add, Mul, Sub};

use super::{DOUBLES, Doubles, FLOATS, Floats, Simd};

/// Needs nothing of the machine.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

/// The lanes of a vector.
#[derive(Debug, Clone, Copy)]
pub struct Lanes<T, const N: usize>([T; N]);

impl<T: Copy, const N: usize> Lanes<T, N> {
    #[inline(always)]
    fn with(self, other: Self, f: impl Fn(T, T) -> T) -> Self {
        Self(from_fn(|lane| f(self.0[lane], other.0[lane])))
    }

    #[inline(always)]
    fn compare(self, other: Self, f: impl Fn(T, T) -> bool) -> [bool; N] {
        from_fn(|lane| f(self.0[lane], other.0[lane]))
    }

    #[inline(always)]
    fn choose(mask: [bool; N], one: Self, other: Self) -> Self {
        Self(from_fn(|lane| if mask[lane] { one.0[lane] } else { other.0[lane] }))
    }
}

impl<T: Copy + Add<Output = T>, const N: usize> Add for Lanes<T, N> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }
}

impl<T: Copy + Sub<Output = T>, const N: usize> Sub for Lanes<T, N> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
}

impl<T: Copy + Mul<Output = T>, const N: usize> Mul for Lanes<T, N> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(other, |a, b| a * b)
    }
}

#[inline(always)]
fn bits<const N: usize>(mask: [bool; N]) -> u32 {
    (0..).zip(mask).map(|(lane, set)| u32::from(set) << lane).sum()
}

impl Simd for Portable {
    type F64 = Lanes<f64, DOUBLES>;
    type F32 = Lanes<f32, FLOATS>;

    #[inline(always)]
    fn doubles(self, x: f64) -> Self::F64 {
        Lanes([x; DOUBLES])
    }

    #[inline(always)]
    fn load_doubles(self, x: &[f64; DOUBLES]) -> Self::F64 {
        Lanes(*x)
    }

    #[inline(always)]
    fn load_pairs(self, x: &[[f64; 2]; DOUBLES]) -> [Self::F64; 2] {
        [0, 1].map(|place| Lanes(x.map(|pair| pair[place])))
    }

    #[inline(always)]
    fn prefetch<T>(self, _: &T) {}

    #[inline(always)]
    fn floats(self, x: f32) -> Self::F32 {
        Lanes([x; FLOATS])
    }

    #[inline(always)]
    fn load_floats(self, x: &[f32; FLOATS]) -> Self::F32 {
        Lanes(*x)
    }

    #[inline(always)]
    fn load_labels(self, x: &[u16; FLOATS]) -> Self::F32 {
        Lanes(x.map(f32::from))
    }
}

impl Doubles for Lanes<f64, DOUBLES> {
    type Mask = [bool; DOUBLES];

    #[inline(always)]
    fn to_array(self) -> [f64; DOUBLES] {
        self.0
    }

    #[inline(always)]
    fn to_labels(self) -> [u32; DOUBLES] {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // labels
        self.0.map(|label| label as u32)
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        self.compare(other, |a, b| a < b)
    }

    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        self.compare(other, |a, b| a == b)
    }

    #[inline(always)]
    fn select(mask: Self::Mask, one: Self, other: Self) -> Self {
        Self::choose(mask, one, other)
    }

    #[inline(always)]
    fn add_where(self, mask: Self::Mask, more: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] + if mask[lane] { more.0[lane] } else { 0.0 }))
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.with(other, |a, b| if b < a { b } else { a })
    }

    #[inline(always)]
    fn bits(mask: Self::Mask) -> u32 {
        bits(mask)
    }
}

impl Floats for Lanes<f32, FLOATS> {
    type Mask = [bool; FLOATS];

    #[inline(always)]
    fn to_array(self) -> [f32; FLOATS] {
        self.0
    }

    #[inline(always)]
    fn inverse_sqrt(self) -> Self {
        Self(self.0.map(|x| 1.0 / x.sqrt()))
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        self * factor + term
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        self.compare(other, |a, b| a < b)
    }

    #[inline(always)]
    fn differ(self, other: Self) -> Self::Mask {
        self.compare(other, |a, b| a != b)
    }

    #[inline(always)]
    fn select(mask: Self::Mask, one: Self, other: Self) -> Self {
        Self::choose(mask, one, other)
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.with(other, |a, b| if b < a { b } else { a })
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.with(other, |a, b| if b > a { b } else { a })
    }

    #[inline(always)]
    fn bits(mask: Self::Mask) -> u32 {
        bits(mask)
    }
}
