"""What is measured: the data, which are the same on every machine, and what is asked of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

MALL = Path(__file__).parents[2] / "data" / "mall_customers.csv"

# Income in thousands and spending score, as in shops: the centres of five groups, and their shares.
GROUPS = np.array([[26, 20], [27, 78], [55, 50], [88, 17], [86, 82]], dtype=float)
SHARES = np.array([0.12, 0.11, 0.4, 0.18, 0.19])
# Wide enough for the groups to touch, so that a run takes some tens of steps to settle.
GROUP_SPREAD = 12.0
# How far from each other, in deviations, the groups in many columns lie; they touch too.
GROUP_DISTANCE = 5.5


@dataclass(frozen=True)
class Data:
    """Rows that can be made again, and centres to start from."""

    name: str
    title: str
    make: Callable[[np.random.Generator], Rows]
    # How many of the rows serve as the start.
    n_clusters: int

    def write(self, path: Path) -> tuple[Rows, list[list[float]]]:
        """Writes the rows, row after row; gives them and the start."""
        rng = np.random.default_rng([ord(letter) for letter in self.name])
        rows = np.ascontiguousarray(self.make(rng))
        rows.tofile(path)
        start = np.unique(rows[rng.choice(len(rows), 4 * self.n_clusters)], axis=0)
        start = start[rng.choice(len(start), self.n_clusters, replace=False)]
        # A start on the rows themselves puts others at exactly the same distance from two centres,
        # above all where numbers are whole, and then rounding decides; beside them none is.
        start = start + rng.normal(scale=1e-3, size=start.shape)
        return rows, start.tolist()


@dataclass(frozen=True)
class Workload:
    """One line of the table."""

    name: str
    title: str
    data: Data
    op: str
    # Who is asked beside Segmenta.
    peers: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)

    def request(self, start: list[list[float]]) -> dict[str, Any]:
        """What a worker is asked, with the data's start where one is to be used."""
        request = {"op": self.op, **self.settings}
        if self.op == "fit":
            request["k"] = self.data.n_clusters
        if self.op != "sweep":
            request["start"] = start
        return request


@dataclass(frozen=True)
class Optimum:
    """How low a sum each library ends with, on points without structure."""

    rows: int
    n_clusters: tuple[int, ...]
    seeds: int
    peers: tuple[str, ...] = ("sklearn", "bkmeans")
    name: str = "optimum"

    def data(self, seed: int) -> Data:
        """Points spread evenly over the unit square."""
        name = f"square-{seed}"
        return Data(name, name, lambda rng: rng.random((self.rows, 2)), n_clusters=1)

    def request(self, peer: str, k: int, seed: int) -> dict[str, Any]:
        """Each library's own defaults, but for scikit-learn, whose default is a single start."""
        request = {"op": "fit", "k": k, "random_state": seed}
        return request | {"n_init": 10} if peer == "sklearn" else request


def standardised(rows: Rows) -> Rows:
    """Columns of mean 0 and deviation 1."""
    rows -= rows.mean(axis=0)
    rows /= rows.std(axis=0)
    return rows


def mall(_: np.random.Generator) -> Rows:
    """Income and spending score of the customers that come with Segmenta."""
    with MALL.open(newline="") as file:
        records = list(csv.reader(file))[1:]
    return standardised(np.array([record[3:5] for record in records], dtype=float))


def customers(rng: np.random.Generator, n_rows: int, whole: bool) -> Rows:
    """Five round groups in two columns; many rows repeat when the numbers are whole."""
    group = rng.choice(len(GROUPS), size=n_rows, p=SHARES)
    rows = GROUPS[group] + rng.normal(scale=GROUP_SPREAD, size=(n_rows, 2))
    return standardised(np.rint(rows) if whole else rows)


def skewed(rng: np.random.Generator, n_rows: int) -> Rows:
    """Two log-normal columns that rise together: no groups, and a long tail."""
    covariance = np.array([[0.36, 0.3], [0.3, 0.64]])
    logarithms = rng.multivariate_normal([10.5, 6.0], covariance, size=n_rows)
    return standardised(np.exp(logarithms))


def wide(rng: np.random.Generator, n_rows: int, n_columns: int, groups: int) -> Rows:
    """Groups that overlap, in many columns."""
    scale = GROUP_DISTANCE / (2 * n_columns) ** 0.5
    centers = rng.normal(scale=scale, size=(groups, n_columns))
    rows = rng.normal(size=(n_rows, n_columns))
    rows += centers[rng.integers(groups, size=n_rows)]
    return standardised(rows)


def short(n_rows: int) -> str:
    """10,000,000 as 10M."""
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if n_rows >= unit:
            return f"{n_rows / unit:g}{letter}"
    return str(n_rows)


def two_columns(
    name: str, n_rows: int, what: str, make: Callable[[np.random.Generator], Rows]
) -> Data:
    """Customers as Segmenta's users have them."""
    return Data(name, f"{short(n_rows)} x 2 {what}", make, n_clusters=5)


def many_columns(name: str, n_rows: int, n_columns: int, groups: int) -> Data:
    """As many groups as are looked for."""
    title = f"{short(n_rows)} x {n_columns}"
    return Data(name, title, lambda rng: wide(rng, n_rows, n_columns, groups), groups)


def from_start(data: Data, name: str, what: str, max_iter: int) -> Workload:
    """Lloyd's steps from the same start for all, with no tolerance to end them early."""
    return Workload(
        f"{data.name}-{name}",
        f"{data.title}, k={data.n_clusters}: {what}",
        data,
        "fit",
        ("sklearn", "sklearnex", "faiss"),
        {"max_iter": max_iter, "tol": 0.0},
    )


def ten_steps(data: Data) -> Workload:
    """How fast a step is."""
    return from_start(data, "10-steps", "10 steps", max_iter=10)


def converge(data: Data) -> Workload:
    """Until no row changes its cluster."""
    return from_start(data, "converge", "to the end", max_iter=300)


def sweep(data: Data, n_init: int) -> Workload:
    """What an elbow curve needs, from starts that each library draws."""
    starts = "1 start each" if n_init == 1 else f"{n_init} starts each"
    # With so many rows a run without a tolerance takes hundreds of steps that move nothing visible;
    # this one is scikit-learn's default, and all get the same.
    settings = {"k_max": 10, "n_init": n_init, "max_iter": 300, "tol": 1e-4}
    title = f"{data.title}: k=1..10, {starts}"
    return Workload(f"{data.name}-sweep", title, data, "sweep", ("sklearn", "sklearnex"), settings)


def predict(data: Data) -> Workload:
    """The nearest of the start's centres for each row."""
    title = f"{data.title}, k={data.n_clusters}: predict"
    return Workload(f"{data.name}-predict", title, data, "predict", ("sklearn", "sklearnex"))


def mall_sweep() -> Workload:
    """What Segmenta does with the customers that come with it."""
    return Workload(
        "mall",
        "Mall, 200 x 2: k=1..10 then k=5, 10 starts each",
        Data("mall", "Mall, 200 x 2", mall, n_clusters=5),
        "sweep",
        ("sklearn", "sklearnex", "bkmeans"),
        {"k_max": 10, "then": 5, "n_init": 10, "max_iter": 300, "tol": 0.0},
    )


def workloads(quick: bool, n_init: int) -> list[Workload]:
    """All lines of the table; those on the same data follow each other.

    `n_init` is the starts of the sweeps over the most rows.
    """
    many, some, few = (20_000, 20_000, 5_000) if quick else (10_000_000, 1_000_000, 200_000)
    blobs = two_columns("blobs", many, "round groups", lambda rng: customers(rng, many, False))
    whole = two_columns("whole", many, "whole numbers", lambda rng: customers(rng, many, True))
    tails = two_columns("skewed", many, "log-normal", lambda rng: skewed(rng, many))
    eight = many_columns("eight-columns", some, 8, 10)
    twenty = many_columns("twenty-columns", some, 20, 8)
    widest = many_columns("sixty-four-columns", few, 64, 64 if quick else 256)
    return [
        mall_sweep(),
        ten_steps(blobs),
        converge(blobs),
        predict(blobs),
        sweep(blobs, n_init),
        converge(whole),
        sweep(whole, n_init),
        sweep(tails, n_init),
        converge(eight),
        sweep(eight, 1),
        converge(twenty),
        converge(widest),
    ]


def optimum(quick: bool) -> Optimum:
    """The table of sums."""
    return Optimum(5_000, (50,) if quick else (50, 100), 2 if quick else 5)
