//! Vectors of AVX2: 256 bits, of which two registers stand for eight doubles or sixteen floats.

#[allow(clippy::wildcard_imports)] // the instructions
use std::arch::x86_64::*;
use std::ops::{Add, Mul, Sub};

use super::{DOUBLES, Doubles, FLOATS, Floats, Simd};

/// The proof that the machine has AVX2 and FMA.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(());

impl Avx2 {
    /// Only callers that were compiled for AVX2 and FMA may make it; they run nowhere else.
    #[target_feature(enable = "avx2,fma")]
    pub fn of_this_machine() -> Self {
        Self(())
    }
}

/// Eight doubles.
#[derive(Debug, Clone, Copy)]
pub struct F64x8(__m256d, __m256d);

/// Sixteen floats.
#[derive(Debug, Clone, Copy)]
pub struct F32x16(__m256, __m256);

// SAFETY of every call below: the machine has the instruction, since each takes a proof of it, or a
// vector, which only a proof can make. Loads read halves of an array of just the vector's size, and
// need no alignment.

impl Simd for Avx2 {
    type F64 = F64x8;
    type F32 = F32x16;

    #[inline(always)]
    fn doubles(self, x: f64) -> F64x8 {
        let half = unsafe { _mm256_set1_pd(x) };
        F64x8(half, half)
    }

    #[inline(always)]
    fn load_doubles(self, x: &[f64; DOUBLES]) -> F64x8 {
        let start = x.as_ptr();
        unsafe { F64x8(_mm256_loadu_pd(start), _mm256_loadu_pd(start.add(DOUBLES / 2))) }
    }

    #[inline(always)]
    fn load_pairs(self, x: &[[f64; 2]; DOUBLES]) -> [F64x8; 2] {
        // Four pairs in two registers become four firsts and four seconds, whose middle ones change places.
        let split = |pairs: &[[f64; 2]]| unsafe {
            let start = pairs.as_flattened().as_ptr();
            let (low, high) = (_mm256_loadu_pd(start), _mm256_loadu_pd(start.add(4)));
            let firsts = _mm256_unpacklo_pd(low, high);
            let seconds = _mm256_unpackhi_pd(low, high);
            [firsts, seconds].map(|x| _mm256_permute4x64_pd::<0b11_01_10_00>(x))
        };
        let (low, high) = x.split_at(DOUBLES / 2);
        let ([x_low, y_low], [x_high, y_high]) = (split(low), split(high));
        [F64x8(x_low, x_high), F64x8(y_low, y_high)]
    }

    #[inline(always)]
    fn prefetch<T>(self, place: &T) {
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast()) }
    }

    #[inline(always)]
    fn floats(self, x: f32) -> F32x16 {
        let half = unsafe { _mm256_set1_ps(x) };
        F32x16(half, half)
    }

    #[inline(always)]
    fn load_floats(self, x: &[f32; FLOATS]) -> F32x16 {
        let start = x.as_ptr();
        unsafe { F32x16(_mm256_loadu_ps(start), _mm256_loadu_ps(start.add(FLOATS / 2))) }
    }

    #[inline(always)]
    fn load_labels(self, x: &[u16; FLOATS]) -> F32x16 {
        let start: *const __m128i = x.as_ptr().cast();
        unsafe {
            let halves = [_mm_loadu_si128(start), _mm_loadu_si128(start.add(1))];
            let [low, high] = halves.map(|half| _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(half)));
            F32x16(low, high)
        }
    }
}

impl Add for F64x8 {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe { Self(_mm256_add_pd(self.0, other.0), _mm256_add_pd(self.1, other.1)) }
    }
}

impl Sub for F64x8 {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe { Self(_mm256_sub_pd(self.0, other.0), _mm256_sub_pd(self.1, other.1)) }
    }
}

impl Mul for F64x8 {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe { Self(_mm256_mul_pd(self.0, other.0), _mm256_mul_pd(self.1, other.1)) }
    }
}

impl Add for F32x16 {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe { Self(_mm256_add_ps(self.0, other.0), _mm256_add_ps(self.1, other.1)) }
    }
}

impl Sub for F32x16 {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe { Self(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)) }
    }
}

impl Mul for F32x16 {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe { Self(_mm256_mul_ps(self.0, other.0), _mm256_mul_ps(self.1, other.1)) }
    }
}

impl Doubles for F64x8 {
    type Mask = (__m256d, __m256d);

    #[inline(always)]
    fn to_array(self) -> [f64; DOUBLES] {
        let mut lanes = [0.0; DOUBLES];
        let (low, high) = lanes.split_at_mut(DOUBLES / 2);
        unsafe {
            _mm256_storeu_pd(low.as_mut_ptr(), self.0);
            _mm256_storeu_pd(high.as_mut_ptr(), self.1);
        }
        lanes
    }

    #[inline(always)]
    fn to_labels(self) -> [u32; DOUBLES] {
        let mut labels = [0; DOUBLES];
        let (low, high) = labels.split_at_mut(DOUBLES / 2);
        unsafe {
            _mm_storeu_si128(low.as_mut_ptr().cast(), _mm256_cvttpd_epi32(self.0));
            _mm_storeu_si128(high.as_mut_ptr().cast(), _mm256_cvttpd_epi32(self.1));
        }
        labels
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        unsafe {
            (
                _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0),
                _mm256_cmp_pd::<_CMP_LT_OQ>(self.1, other.1),
            )
        }
    }

    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        unsafe {
            (
                _mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0),
                _mm256_cmp_pd::<_CMP_EQ_OQ>(self.1, other.1),
            )
        }
    }

    #[inline(always)]
    fn select(mask: Self::Mask, one: Self, other: Self) -> Self {
        unsafe {
            Self(_mm256_blendv_pd(other.0, one.0, mask.0), _mm256_blendv_pd(other.1, one.1, mask.1))
        }
    }

    #[inline(always)]
    fn add_where(self, mask: Self::Mask, more: Self) -> Self {
        unsafe {
            Self(
                _mm256_add_pd(self.0, _mm256_and_pd(more.0, mask.0)),
                _mm256_add_pd(self.1, _mm256_and_pd(more.1, mask.1)),
            )
        }
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // The instruction gives its second operand where one is no number.
        unsafe { Self(_mm256_min_pd(other.0, self.0), _mm256_min_pd(other.1, self.1)) }
    }

    #[inline(always)]
    fn bits(mask: Self::Mask) -> u32 {
        let halves = unsafe { (_mm256_movemask_pd(mask.0), _mm256_movemask_pd(mask.1)) };
        (halves.0 | halves.1 << (DOUBLES / 2)).cast_unsigned()
    }
}

impl Floats for F32x16 {
    type Mask = (__m256, __m256);

    #[inline(always)]
    fn to_array(self) -> [f32; FLOATS] {
        let mut lanes = [0.0; FLOATS];
        let (low, high) = lanes.split_at_mut(FLOATS / 2);
        unsafe {
            _mm256_storeu_ps(low.as_mut_ptr(), self.0);
            _mm256_storeu_ps(high.as_mut_ptr(), self.1);
        }
        lanes
    }

    #[inline(always)]
    fn inverse_sqrt(self) -> Self {
        unsafe { Self(_mm256_rsqrt_ps(self.0), _mm256_rsqrt_ps(self.1)) }
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        unsafe {
            Self(
                _mm256_fmadd_ps(self.0, factor.0, term.0),
                _mm256_fmadd_ps(self.1, factor.1, term.1),
            )
        }
    }

    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        unsafe {
            (
                _mm256_cmp_ps::<_CMP_LT_OQ>(self.0, other.0),
                _mm256_cmp_ps::<_CMP_LT_OQ>(self.1, other.1),
            )
        }
    }

    #[inline(always)]
    fn differ(self, other: Self) -> Self::Mask {
        unsafe {
            (
                _mm256_cmp_ps::<_CMP_NEQ_UQ>(self.0, other.0),
                _mm256_cmp_ps::<_CMP_NEQ_UQ>(self.1, other.1),
            )
        }
    }

    #[inline(always)]
    fn select(mask: Self::Mask, one: Self, other: Self) -> Self {
        unsafe {
            Self(_mm256_blendv_ps(other.0, one.0, mask.0), _mm256_blendv_ps(other.1, one.1, mask.1))
        }
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        unsafe { Self(_mm256_min_ps(other.0, self.0), _mm256_min_ps(other.1, self.1)) }
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        unsafe { Self(_mm256_max_ps(other.0, self.0), _mm256_max_ps(other.1, self.1)) }
    }

    #[inline(always)]
    fn bits(mask: Self::Mask) -> u32 {
        let halves = unsafe { (_mm256_movemask_ps(mask.0), _mm256_movemask_ps(mask.1)) };
        (halves.0 | halves.1 << (FLOATS / 2)).cast_unsigned()
    }
}
