//! Where rows begin.

/// For each row, the line of its file on which it begins. Rows mostly follow each other line by line, and a
/// run of such takes no more memory than one row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines {
    runs: Vec<Run>,
    length: usize,
}

/// Rows that follow each other line by line, up to the row on which the next run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    row: usize,
    line: u64,
}

impl Lines {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a row.
    pub(super) fn push(&mut self, line: u64) {
        self.push_run(line, 1);
    }

    /// Adds so many rows that follow each other, the first on this line.
    pub(super) fn push_run(&mut self, line: u64, n_rows: usize) {
        let goes_on = self.runs.last().is_some_and(|last| {
            line.checked_sub(last.line) == Some((self.length - last.row) as u64)
        });
        if !goes_on && n_rows > 0 {
            self.runs.push(Run { row: self.length, line });
        }
        self.length += n_rows;
    }

    /// Adds all rows of another, so many lines further down.
    pub(super) fn append(&mut self, other: &Self, lines_before: u64) {
        for (run, n_rows) in other.runs() {
            self.push_run(lines_before + run.line, n_rows);
        }
    }

    /// The line of a row; 0 where there is no such row.
    pub(super) fn line(&self, row: usize) -> u64 {
        let n_before = self.runs.partition_point(|run| run.row <= row);
        let run = n_before.checked_sub(1).map(|last| self.runs[last]);
        run.filter(|_| row < self.length).map_or(0, |run| run.line + (row - run.row) as u64)
    }

    /// Keeps the rows for which `keep` says so.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        let mut kept = Self::default();
        for (run, n_rows) in self.runs() {
            for (line, row) in (run.line..).zip(run.row..run.row + n_rows) {
                if keep.get(row).copied().unwrap_or(true) {
                    kept.push(line);
                }
            }
        }
        *self = kept;
    }

    /// The runs, each with the number of its rows.
    fn runs(&self) -> impl Iterator<Item = (Run, usize)> {
        let ends = self.runs.iter().skip(1).map(|next| next.row).chain([self.length]);
        self.runs.iter().zip(ends).map(|(&run, end)| (run, end - run.row))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(lines: &Lines) -> Vec<u64> {
        (0..lines.len()).map(|row| lines.line(row)).collect()
    }

    proptest! {
        #[test]
        fn lines_come_back(steps in prop::collection::vec((0_u64..4, any::<bool>()), 0..50)) {
            let mut line = 1;
            let mut expected = Vec::new();
            for &(step, _) in &steps {
                line += step;
                expected.push(line);
            }
            let of = |all: &[u64], lines_before: u64| {
                let mut lines = Lines::default();
                for line in all {
                    lines.push(line - lines_before);
                }
                lines
            };
            let mut lines = of(&expected, 0);
            prop_assert_eq!(&all(&lines), &expected);
            prop_assert_eq!(lines.line(expected.len()), 0);

            let (first, second) = expected.split_at(expected.len() / 2);
            let mut joined = of(first, 0);
            joined.append(&of(second, 1), 1);
            prop_assert_eq!(&joined, &lines);

            let keep: Vec<bool> = steps.iter().map(|&(_, keep)| keep).collect();
            lines.retain(&keep);
            let kept = expected.iter().zip(&keep).filter(|(_, keep)| **keep);
            prop_assert_eq!(all(&lines), kept.map(|(&line, _)| line).collect::<Vec<_>>());
        }
    }

    #[test]
    fn rows_that_follow_each_other_are_one_run() {
        let mut lines = Lines::default();
        lines.push_run(2, 3);
        lines.push(5);
        lines.push_run(7, 0);
        lines.push_run(1, 2);
        assert_eq!(all(&lines), [2, 3, 4, 5, 1, 2]);
        assert_eq!(lines.runs.len(), 2);
    }
}
