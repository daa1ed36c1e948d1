//! What the tree knows of the points in a box.

/// The least box around some points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds<const D: usize> {
    pub(super) low: [f64; D],
    pub(super) high: [f64; D],
}

impl<const D: usize> Bounds<D> {
    /// Around nothing.
    pub(super) fn none() -> Self {
        Self { low: [f64::INFINITY; D], high: [f64::NEG_INFINITY; D] }
    }

    /// Around rows, which begin with their coordinates.
    pub(super) fn of<const R: usize>(rows: &[[f64; R]]) -> Self {
        // Several at once, since one comparison would wait for the one before.
        const ABREAST: usize = 4;
        let mut low = [[f64::INFINITY; R]; ABREAST];
        let mut high = [[f64::NEG_INFINITY; R]; ABREAST];
        let (groups, rest) = rows.as_chunks::<ABREAST>();
        for group in groups {
            for lane in 0..ABREAST {
                for column in 0..R {
                    low[lane][column] = lesser(group[lane][column], low[lane][column]);
                    high[lane][column] = greater(group[lane][column], high[lane][column]);
                }
            }
        }
        let mut bounds = Self::none();
        for row in low.iter().chain(&high).chain(rest) {
            bounds.include(row);
        }
        bounds
    }

    /// Grows to hold a row, which begins with its coordinates. One of infinities says nothing.
    fn include<const R: usize>(&mut self, row: &[f64; R]) {
        for feature in 0..D {
            if row[feature].is_finite() {
                self.low[feature] = lesser(row[feature], self.low[feature]);
                self.high[feature] = greater(row[feature], self.high[feature]);
            }
        }
    }

    /// The feature in which the box is widest.
    pub(super) fn widest(&self) -> usize {
        let width = |feature: usize| self.high[feature] - self.low[feature];
        (1..D).fold(
            0,
            |widest, feature| if width(feature) > width(widest) { feature } else { widest },
        )
    }

    /// Whether all points are equal.
    pub(super) fn is_point(&self) -> bool {
        self.low == self.high
    }
}

#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// Some points, and where they and the nodes below are.
///
/// The two children of a node are next to each other.
// In this order: the walk looks at the first numbers of many nodes, and at the others of few.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) struct Node<const D: usize> {
    /// The middle of the box.
    pub(super) middle: [f64; D],
    /// No point is farther from the middle than this.
    pub(super) half: [f64; D],
    /// The place of the first child in its branch; 0 for a leaf.
    pub(super) children: u32,
    /// The place of a leaf's first point among those of its branch.
    pub(super) first: u32,
    /// The number of a leaf's points; 1 if they are all equal.
    pub(super) n_points: u32,
    /// The weighted sum of the points' differences from the middle. It keeps digits that a sum of the
    /// points themselves would lose where they are far from 0.
    pub(super) lean: [f64; D],
    pub(super) weight: f64,
    /// The weighted sum of the points' squared distances from their mean.
    pub(super) scatter: f64,
}

impl<const D: usize> Node<D> {
    /// One of no points.
    pub(super) fn empty(bounds: &Bounds<D>) -> Self {
        let mut middle = [0.0; D];
        let mut half = [0.0; D];
        for feature in 0..D {
            let (low, high) = (bounds.low[feature], bounds.high[feature]);
            middle[feature] = low.midpoint(high);
            // A little more than the larger part, which rounding may have made smaller than it is.
            let part = greater(high - middle[feature], middle[feature] - low);
            half[feature] = part * (1.0 + 2.0 * f64::EPSILON);
        }
        Self {
            middle,
            half,
            lean: [0.0; D],
            weight: 0.0,
            scatter: 0.0,
            children: 0,
            first: 0,
            n_points: 0,
        }
    }

    /// One that holds rows of coordinates and perhaps a weight.
    pub(super) fn leaf<const R: usize>(bounds: &Bounds<D>, rows: &[[f64; R]]) -> Self {
        let mut node = Self::empty(bounds);
        for row in rows {
            let weight = weight(row, D);
            node.weight += weight;
            for feature in 0..D {
                node.lean[feature] += weight * (row[feature] - node.middle[feature]);
            }
        }
        if bounds.is_point() {
            return node;
        }
        let from_middle = node.lean.map(|lean| lean / node.weight);
        for row in rows {
            let mut square = 0.0;
            for feature in 0..D {
                let difference = (row[feature] - node.middle[feature]) - from_middle[feature];
                square += difference * difference;
            }
            node.scatter += weight(row, D) * square;
        }
        node
    }

    /// One that holds the points of two.
    pub(super) fn parent(bounds: &Bounds<D>, first: &Self, second: &Self) -> Self {
        let mut node = Self::empty(bounds);
        node.weight = first.weight + second.weight;
        let mut square = 0.0;
        for feature in 0..D {
            for child in [first, second] {
                let shift = child.middle[feature] - node.middle[feature];
                node.lean[feature] += child.lean[feature] + child.weight * shift;
            }
            let difference = (first.middle[feature] - second.middle[feature])
                + (first.lean[feature] / first.weight - second.lean[feature] / second.weight);
            square += difference * difference;
        }
        let apart = first.weight / node.weight * second.weight;
        node.scatter = first.scatter + second.scatter + apart * square;
        node
    }

    /// Whether there are no nodes below.
    #[inline(always)]
    pub(super) fn is_leaf(&self) -> bool {
        self.children == 0
    }

    /// Whether all points are equal, and so at the middle.
    #[inline(always)]
    pub(super) fn is_point(&self) -> bool {
        self.half == [0.0; D]
    }

    /// The weighted sum of the points' squared distances to a centre.
    #[inline(always)]
    pub(super) fn cost(&self, center: &[f64; D]) -> f64 {
        let share = 1.0 / self.weight;
        let mut square = 0.0;
        for feature in 0..D {
            let difference = (self.middle[feature] - center[feature]) + self.lean[feature] * share;
            square += difference * difference;
        }
        self.scatter + self.weight * square
    }
}

/// The weight of a row: the number that follows its coordinates, or 1.
#[inline(always)]
pub(super) fn weight<const R: usize>(row: &[f64; R], n_features: usize) -> f64 {
    row.get(n_features).copied().unwrap_or(1.0)
}
