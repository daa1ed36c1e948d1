//! Vectors of AVX-512: 512 bits, which is one register for eight doubles or sixteen floats.

#[allow(clippy::wildcard_imports)] // the instructions
use std::arch::x86_64::*;
use std::ops::{Add, Mul, Sub};

use super::{DOUBLES, Doubles, FLOATS, Floats, Simd};

/// The proof that the machine has AVX-512.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(());

impl Avx512 {
    /// Only callers that were compiled for AVX-512 may make it; they run nowhere else.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,fma")]
    pub fn of_this_machine() -> Self {
        Self(())
    }
}

/// Eight doubles.
#[derive(Debug, Clone, Copy)]
pub struct F64x8(__m512d);

/// Sixteen floats.
#[derive(Debug, Clone, Copy)]
pub struct F32x16(__m512);

// SAFETY of every call below: the machine has the instruction, since each takes a proof of it, or a
// vector, which only a proof can make. Loads read an array of just the vector's size, and need no
// alignment.

impl Simd for Avx512 {
    type F64 = F64x8;
    type F32 = F32x16;

    #[inline(always)]
    fn doubles(self, x: f64) -> F64x8 {
        unsafe { F64x8(_mm512_set1_pd(x)) }
    }

    #[inline(always)]
    fn load_doubles(self, x: &[f64; DOUBLES]) -> F64x8 {
        unsafe { F64x8(_mm512_loadu_pd(x.as_ptr())) }
    }

    #[inline(always)]
    fn load_pairs(self, x: &[[f64; 2]; DOUBLES]) -> [F64x8; 2] {
        let start = x.as_flattened().as_ptr();
        unsafe {
            let low = _mm512_loadu_pd(start);
            let high = _mm512_loadu_pd(start.add(DOUBLES));
            let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
            let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
            [even, odd].map(|places| F64x8(_mm512_permutex2var_pd(low, places, high)))
        }
    }

    #[inline(always)]
    fn prefetch<T>(self, place: &T) {
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast()) }
    }

    #[inline(always)]
    fn floats(self, x: f32) -> F32x16 {
        unsafe { F32x16(_mm512_set1_ps(x)) }
    }

    #[inline(always)]
    fn load_floats(self, x: &[f32; FLOATS]) -> F32x16 {
        unsafe { F32x16(_mm512_loadu_ps(x.as_ptr())) }
    }

    #[inline(always)]
    fn load_labels(self, x: &[u16; FLOATS]) -> F32x16 {
        unsafe {
            let narrow = _mm256_loadu_si256(x.as_ptr().cast());
            F32x16(_mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(narrow)))
        }
    }
}

impl Add for F64x8 {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe { Self(_mm512_add_pd(self.0, other.0)) }
    }
}

impl Sub for F64x8 {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe { Self(_mm512_sub_pd(self.0, other.0)) }
    }
}

impl Mul for F64x8 {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe { Self(_mm512_mul_pd(self.0, other.0)) }
    }
}

impl Add for F32x16 {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe { Self(_mm512_add_ps(self.0, other.0)) }
    }
}

impl Sub for F32x16 {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe { Self(_mm512_sub_ps(self.0, other.0)) }
    }
}

impl Mul for F32x16 {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe { Self(_mm512_mul_ps(self.0, other.0)) }
    }
}

impl Doubles for F64x8 {
    type Mask = __mmask8;

    #[inline(always)]
    fn to_array(self) -> [f64; DOUBLES] {
        let mut lanes = [0.0; DOUBLES];
        unsafe { _mm512_storeu_pd(lanes.as_mut_ptr(), self.0) };
        lanes
    }

    #[inline(always)]
    fn to_labels(self) -> [u32; DOUBLES] {
        let mut labels = [0; DOUBLES];
        unsafe {
            let narrow = _mm512_cvttpd_epi32(self.0);
            _mm256_storeu_si256(labels.as_mut_ptr().cast(), narrow);
        }
        labels
    }

    #[inline(always)]
    fn less(self, other: Self) -> __mmask8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn equal(self, other: Self) -> __mmask8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn select(mask: __mmask8, one: Self, other: Self) -> Self {
        unsafe { Self(_mm512_mask_blend_pd(mask, other.0, one.0)) }
    }

    #[inline(always)]
    fn add_where(self, mask: __mmask8, more: Self) -> Self {
        unsafe { Self(_mm512_mask_add_pd(self.0, mask, self.0, more.0)) }
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // The instruction gives its second operand where one is no number.
        unsafe { Self(_mm512_min_pd(other.0, self.0)) }
    }

    #[inline(always)]
    fn bits(mask: __mmask8) -> u32 {
        u32::from(mask)
    }
}

impl Floats for F32x16 {
    type Mask = __mmask16;

    #[inline(always)]
    fn to_array(self) -> [f32; FLOATS] {
        let mut lanes = [0.0; FLOATS];
        unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), self.0) };
        lanes
    }

    #[inline(always)]
    fn inverse_sqrt(self) -> Self {
        unsafe { Self(_mm512_rsqrt14_ps(self.0)) }
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        unsafe { Self(_mm512_fmadd_ps(self.0, factor.0, term.0)) }
    }

    #[inline(always)]
    fn less(self, other: Self) -> __mmask16 {
        unsafe { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn differ(self, other: Self) -> __mmask16 {
        unsafe { _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn select(mask: __mmask16, one: Self, other: Self) -> Self {
        unsafe { Self(_mm512_mask_blend_ps(mask, other.0, one.0)) }
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        unsafe { Self(_mm512_min_ps(other.0, self.0)) }
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        unsafe { Self(_mm512_max_ps(other.0, self.0)) }
    }

    #[inline(always)]
    fn bits(mask: __mmask16) -> u32 {
        u32::from(mask)
    }
}
