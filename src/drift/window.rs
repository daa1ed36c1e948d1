//! The latest predictions, as the bins that they fell into.

/// The bins of the latest predictions. It holds a fixed number of them: each new one takes the place of the oldest.
#[derive(Debug)]
pub struct Window {
    /// The bins of a prediction, one a figure, one prediction after the other.
    bins: Vec<u16>,
    /// Where the counts of each figure begin.
    starts: Vec<usize>,
    /// How many predictions are in each bin, figure after figure.
    counts: Vec<u64>,
    most: usize,
    /// Where the next prediction goes.
    next: usize,
}

/// How many of a window's predictions are in each bin, when it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The predictions in the window.
    pub n: usize,
    /// Those in each bin, a list a figure.
    pub by_figure: Vec<Vec<u64>>,
}

impl Window {
    /// A window for the latest `most` predictions, but at least one, of figures with as many bins as `n_bins`
    /// says.
    pub fn new(n_bins: impl Iterator<Item = usize>, most: usize) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        for n_bins in n_bins {
            end += n_bins;
            starts.push(end);
        }
        let counts = vec![0; end];
        Self { bins: Vec::new(), starts, counts, most: most.max(1), next: 0 }
    }

    /// The most predictions that it holds.
    pub fn most(&self) -> usize {
        self.most
    }

    /// Takes predictions: the bins of each, one a figure. Bins that there are not are not counted.
    pub fn push(&mut self, predictions: &[u16]) {
        let width = self.starts.len() - 1;
        for prediction in predictions.chunks_exact(width.max(1)) {
            let from = self.next * width;
            if self.bins.len() <= from {
                self.bins.extend_from_slice(prediction);
            } else {
                for (figure, kept) in self.bins[from..from + width].iter_mut().enumerate() {
                    if let Some(count) =
                        self.counts.get_mut(self.starts[figure] + usize::from(*kept))
                    {
                        *count = count.saturating_sub(1);
                    }
                    *kept = prediction[figure];
                }
            }
            for (&bin, &start) in prediction.iter().zip(&self.starts) {
                if let Some(count) = self.counts.get_mut(start + usize::from(bin)) {
                    *count += 1;
                }
            }
            self.next = (self.next + 1) % self.most;
        }
    }

    /// What it holds now.
    pub fn counts(&self) -> Counts {
        let width = self.starts.len() - 1;
        let figures = self.starts.windows(2);
        Counts {
            n: self.bins.len() / width.max(1),
            by_figure: figures.map(|ends| self.counts[ends[0]..ends[1]].to_vec()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_is_counted_no_more() {
        let mut window = Window::new([3, 2].into_iter(), 4);
        window.push(&[0, 1, 1, 0]);
        window.push(&[2, 1]);
        let counts = window.counts();
        assert_eq!((counts.n, counts.by_figure), (3, vec![vec![1, 1, 1], vec![1, 2]]));
        for _ in 0..11 {
            window.push(&[2, 0]);
        }
        let counts = window.counts();
        assert_eq!((counts.n, counts.by_figure), (4, vec![vec![0, 0, 4], vec![4, 0]]));
    }
}
