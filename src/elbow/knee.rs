//! Where a curve bends.

/// The knee of a falling convex curve, by Kneedle (Satopää et al. 2011, "Finding a kneedle in a
/// haystack") with sensitivity 1: the index of the first point that stands out above the straight
/// line between the ends and after which the curve falls back towards the line far enough.
///
/// `None` when no point does: the curve is straight, bends the other way, or has fewer than three
/// points.
pub fn knee(curve: &[(f64, f64)]) -> Option<usize> {
    const SENSITIVITY: f64 = 1.0;
    let (first, last) = (curve.first()?, curve.last()?);
    let lowest = curve.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let highest = curve.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    if curve.len() < 3 || highest <= lowest {
        return None;
    }
    // The curve is turned over so that it rises and bulges upwards; what is left after taking off
    // the diagonal is how far a point stands out.
    let difference: Vec<f64> = curve
        .iter()
        .map(|(x, y)| {
            let x = (x - first.0) / (last.0 - first.0);
            let y = (highest - y) / (highest - lowest);
            y - x
        })
        .collect();
    let mean_step = 1.0 / (curve.len() - 1) as f64;
    let mut candidate: Option<(usize, f64)> = None;
    for index in 1..difference.len() {
        let here = difference[index];
        let next = difference.get(index + 1).copied().unwrap_or(f64::NEG_INFINITY);
        if here > 0.0 && here >= difference[index - 1] && here >= next && index + 1 < curve.len() {
            candidate = Some((index, here - SENSITIVITY * mean_step));
        } else if let Some((knee, threshold)) = candidate
            && here < threshold
        {
            return Some(knee);
        }
    }
    None
}
