"""Whether the libraries came to the same result, without which their times mean nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from measure import Result
from process import OURS

# How far sums may lie apart, as a share: from the same start, and from starts that each draws.
SAME_START = 1e-9
OWN_STARTS = 1e-3

Answers = list[dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """What comparing two results says."""

    text: str
    # That is, the same, or ours is as low.
    good: bool
    # Between the sums from the same start, as a share.
    difference: float | None = None


@dataclass(frozen=True)
class Finding:
    """How a library's results at a workload compare with ours."""

    workload: str
    peer: str
    verdict: Verdict


def findings(results: list[Result]) -> Iterator[Finding]:
    """Compares all results of all libraries with ours."""
    for result in results:
        ours = result.sides[OURS].answers
        compare = COMPARE[result.workload.op]
        for peer, side in result.sides.items():
            if peer != OURS and ours and side.answers:
                yield Finding(result.workload.title, peer, compare(peer, ours, side.answers))


def compare_fits(peer: str, ours: Answers, theirs: Answers) -> Verdict:
    """From the same start the sums are the same, and scikit-learn takes the same steps."""
    mine, other = ours[0], theirs[0]
    difference = abs(other["inertia"] / mine["inertia"] - 1)
    text = f"{difference:.0e}, {mine['n_iter']} and {other['n_iter']} steps"
    if peer == "faiss":
        return Verdict(text, good=True)
    same_steps = peer != "sklearn" or mine["n_iter"] == other["n_iter"]
    same = difference <= SAME_START and same_steps
    return Verdict(f"{'same' if same else 'DIFFERS'}: {text}", same, difference)


def compare_predictions(_: str, ours: Answers, theirs: Answers) -> Verdict:
    """The same rows are nearest to each centre, so there are as many."""
    pairs = zip(ours[0]["sizes"], theirs[0]["sizes"], strict=True)
    moved = sum(abs(mine - other) for mine, other in pairs) // 2
    return Verdict(f"DIFFERS: {moved} rows" if moved else "same sizes", moved == 0)


def compare_sweeps(_: str, ours: Answers, theirs: Answers) -> Verdict:
    """Our sum, as the median of all rounds, is for no k above the other's."""
    pairs = list(zip(sums_by_k(ours), sums_by_k(theirs), strict=True))
    lower = sum(mine < other * (1 - OWN_STARTS) for mine, other in pairs)
    higher = sum(mine > other * (1 + OWN_STARTS) for mine, other in pairs)
    equal = len(pairs) - lower - higher
    difference = mean(mine / other - 1 for mine, other in pairs)
    text = f"{lower} lower, {equal} equal, {higher} higher, {difference:+.2%}"
    return Verdict(f"{'HIGHER' if higher else 'as low'}: {text}", higher == 0)


def sums_by_k(answers: Answers) -> list[float]:
    """The median for each k."""
    return [median(rounds) for rounds in zip(*(answer["wcss"] for answer in answers), strict=True)]


COMPARE = {"fit": compare_fits, "predict": compare_predictions, "sweep": compare_sweeps}
