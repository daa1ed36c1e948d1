//! The elbow as a picture of plain text: a bar of WCSS for each k.

use segmenta::elbow::ElbowPoint;

const WIDTH: f64 = 50.0;

/// One bar a k; the knee is marked.
pub fn wcss(by_k: &[ElbowPoint], knee: Option<usize>) -> String {
    let highest = by_k.iter().map(|point| point.wcss).fold(0.0, f64::max);
    let mut text = String::from("WCSS by k\n");
    for point in by_k {
        let bar = "#".repeat(length(point.wcss, highest));
        let mark = if knee == Some(point.k) { "  <- knee" } else { "" };
        let line = format!("{:>3} |{bar}{mark}", point.k);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and the width
fn length(wcss: f64, highest: f64) -> usize {
    if highest > 0.0 { (wcss / highest * WIDTH).round() as usize } else { 0 }
}
