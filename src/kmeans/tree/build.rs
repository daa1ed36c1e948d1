//! From points to a tree.
//!
//! Many points are first dealt out to the branches by cuts that suit a sample of them; then each branch
//! is grown by one thread. The cuts depend on nothing but the points, so the tree is the same whatever
//! the number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::leaf::GROUP;
use super::node::{Bounds, Node};
use super::split::{Cuts, split};
use super::{Branch, LEAF};
use crate::kmeans::cancel::Cancel;
use crate::kmeans::points::{Points, Sample};
use crate::pages;

/// Points of a branch, about: few enough for them to stay in the second-level cache. Tests have few
/// points, which are to make many branches all the same.
const BRANCH: usize = if cfg!(test) { 1 << 7 } else { 1 << 16 };
/// The most levels of cuts that points are dealt out by; a byte holds the number of a branch.
const MOST_LEVELS: u32 = 7;
/// Points of the sample that the cuts suit, a branch.
const SAMPLED: usize = 64;
/// Rows that a thread deals out before it looks for more.
const CHUNK: usize = if cfg!(test) { 1 << 7 } else { 1 << 15 };

/// The numbers of the points, leaf after leaf and column after column, with a group of zeros behind;
/// and the branches. A row has `R` numbers, its weight being the last if that is more than `D`. Rows
/// without weight are left out.
pub(super) fn build<const D: usize, const R: usize>(
    sample: Sample,
    cancel: &Cancel,
) -> (Vec<f64>, Vec<Branch<D>>) {
    let n_rows = sample.points.n_rows();
    let mut numbers = pages::zeros(0.0, n_rows * R + GROUP);
    let rows = &mut numbers.as_chunks_mut::<R>().0[..n_rows];
    let levels = (n_rows / BRANCH).checked_ilog2().unwrap_or(0).min(MOST_LEVELS);
    let sizes = if levels == 0 {
        let mut places = rows.iter_mut();
        each_row::<D, R>(sample, 0..n_rows, |_, row| {
            if let Some(place) = places.next() {
                *place = row;
            }
        });
        let left = places.len();
        vec![n_rows - left]
    } else {
        deal_out::<D, R>(sample, levels, rows, cancel)
    };
    let mut branches = Vec::with_capacity(sizes.len());
    let (mut start, mut rest) = (0, rows);
    for size in sizes {
        let (rows, others) = rest.split_at_mut(size);
        branches.push((start, rows));
        (start, rest) = (start + size, others);
    }
    let branches = branches
        .into_par_iter()
        .with_max_len(1)
        .filter(|(_, rows)| !rows.is_empty() && !cancel.is_cancelled())
        .map(|(start, rows)| {
            let mut nodes = Vec::with_capacity(4 * rows.len() / LEAF + 1);
            nodes.push(Node::empty(&Bounds::none()));
            grow(rows, 0, &mut nodes, 0);
            Branch { nodes, start }
        })
        .collect();
    (numbers, branches)
}

/// Calls `f` with the place and the numbers of each row that has a weight.
#[inline(always)]
fn each_row<const D: usize, const R: usize>(
    sample: Sample,
    rows: Range<usize>,
    mut f: impl FnMut(usize, [f64; R]),
) {
    let weights = sample.weights.map(|weights| &weights[rows.clone()]);
    let mut take = |place: usize, point: [f64; D]| {
        let mut row = [0.0; R];
        row[..D].copy_from_slice(&point);
        if let Some(weights) = weights {
            if weights[place] == 0.0 {
                return;
            }
            row[R - 1] = weights[place];
        }
        f(place, row);
    };
    match sample.points {
        Points::Columns(matrix) => {
            let columns: [&[f64]; D] =
                std::array::from_fn(|feature| &matrix.column(feature)[rows.clone()]);
            for place in 0..rows.len() {
                take(place, columns.map(|column| column[place]));
            }
        }
        Points::Rows(all) => {
            let points = &all.numbers().as_chunks().0[rows];
            for (place, point) in points.iter().enumerate() {
                take(place, *point);
            }
        }
        Points::Floats(all) => {
            let points = &all.numbers().as_chunks().0[rows];
            for (place, point) in points.iter().enumerate() {
                take(place, point.map(f64::from));
            }
        }
    }
}

/// Moves the rows of each branch next to each other, and says how many each has.
fn deal_out<const D: usize, const R: usize>(
    sample: Sample,
    levels: u32,
    to: &mut [[f64; R]],
    cancel: &Cancel,
) -> Vec<usize> {
    let n_rows = sample.points.n_rows();
    let cuts = cuts_of::<D, R>(sample, levels);
    let chunk = |index: usize| index * CHUNK..((index + 1) * CHUNK).min(n_rows);
    let dealt: Vec<(Vec<u8>, Vec<usize>)> = (0..n_rows.div_ceil(CHUNK))
        .into_par_iter()
        .map(|index| {
            let mut parts = vec![0; chunk(index).len()];
            let mut sizes = vec![0; cuts.n_parts()];
            if !cancel.is_cancelled() {
                each_row::<D, R>(sample, chunk(index), |place, row| {
                    let part = cuts.part(&row);
                    #[allow(clippy::cast_possible_truncation)] // below 2^MOST_LEVELS
                    let number = part as u8;
                    parts[place] = number;
                    sizes[part] += 1;
                });
            }
            (parts, sizes)
        })
        .collect();
    // Each chunk has a place of its own in each branch.
    let mut places: Vec<Vec<_>> = dealt.iter().map(|_| Vec::new()).collect();
    let mut totals = vec![0; cuts.n_parts()];
    let mut rest = to;
    for (part, total) in totals.iter_mut().enumerate() {
        for ((_, sizes), places) in dealt.iter().zip(&mut places) {
            let (rows, others) = rest.split_at_mut(sizes[part]);
            places.push(rows.iter_mut());
            rest = others;
            *total += sizes[part];
        }
    }
    dealt.into_par_iter().zip(places).enumerate().for_each(|(index, ((parts, _), mut places))| {
        if cancel.is_cancelled() {
            return;
        }
        each_row::<D, R>(sample, chunk(index), |place, row| {
            if let Some(to) = places[usize::from(parts[place])].next() {
                *to = row;
            }
        });
    });
    totals
}

/// The cuts that part evenly some rows, which are spread over all.
fn cuts_of<const D: usize, const R: usize>(sample: Sample, levels: u32) -> Cuts {
    let n_rows = sample.points.n_rows();
    let n_sampled = (SAMPLED << levels).min(n_rows);
    let mut sampled = Vec::with_capacity(n_sampled);
    for index in 0..n_sampled {
        let row = index * (n_rows / n_sampled);
        each_row::<D, R>(sample, row..row + 1, |_, row| sampled.push(row));
    }
    Cuts::of::<D, R>(&mut sampled, levels)
}

/// Grows the node at a place from some rows, the first of which is the number `first` of its branch. The
/// rows of each leaf become columns.
fn grow<const D: usize, const R: usize>(
    rows: &mut [[f64; R]],
    first: usize,
    nodes: &mut Vec<Node<D>>,
    at: usize,
) {
    let bounds = Bounds::of(rows);
    if rows.len() <= LEAF || bounds.is_point() {
        let n_points = if bounds.is_point() { 1 } else { rows.len() };
        let mut node = Node::leaf(&bounds, rows);
        node.first = narrow(first);
        node.n_points = narrow(n_points);
        nodes[at] = node;
        to_columns(&mut rows[..n_points]);
        return;
    }
    let children = nodes.len();
    nodes.extend([Node::empty(&bounds); 2]);
    let (n_first, _) = split(rows, &bounds, 16);
    let (one, other) = rows.split_at_mut(n_first);
    grow(one, first, nodes, children);
    grow(other, first + n_first, nodes, children + 1);
    nodes[at] = Node::parent(&bounds, &nodes[children], &nodes[children + 1]);
    nodes[at].children = narrow(children);
}

/// Writes the numbers of at most [`LEAF`] rows column after column.
fn to_columns<const R: usize>(rows: &mut [[f64; R]]) {
    let mut copy = [[0.0; R]; LEAF];
    let copy = &mut copy[..rows.len()];
    copy.copy_from_slice(rows);
    for (column, numbers) in rows.as_flattened_mut().chunks_exact_mut(copy.len()).enumerate() {
        for (number, row) in numbers.iter_mut().zip(&*copy) {
            *number = row[column];
        }
    }
}

/// A place in a branch. No machine holds as many points as would be too many for it.
#[allow(clippy::cast_possible_truncation)]
fn narrow(place: usize) -> u32 {
    place as u32
}
