"""One workload after the other, all libraries taking turns, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from process import OURS, Worker, WorkerError
from workloads import Workload

# Who takes longer than this runs once.
SLOW_SECONDS = 60.0
# When all take less than this, the first round only warms up, and there are so many more.
BRIEF_SECONDS = 0.3
BRIEF_TIMES = 5


@dataclass(frozen=True)
class Effort:
    """How much measuring is worth."""

    repeats: int
    # The seconds that a sweep over many rows may take.
    budget: float


@dataclass
class Side:
    """One library at one workload."""

    worker: Worker
    request: dict[str, Any]
    # The starts that were asked for, and those that were affordable.
    n_init: int = 1
    n_init_measured: int = 1
    answers: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None

    @property
    def scale(self) -> float:
        """By how much the measured time must be multiplied."""
        return self.n_init / self.n_init_measured

    @property
    def scaled_seconds(self) -> list[float]:
        """The time of each round, for as many starts as were asked for."""
        return [self.scale * answer["seconds"] for answer in self.answers]

    @property
    def slow(self) -> bool:
        """Whether it takes too long to run again."""
        return any(answer["seconds"] > SLOW_SECONDS for answer in self.answers)

    @property
    def peak_bytes(self) -> int | None:
        """The most memory in any round above that of the loaded rows, if that is known."""
        peaks = [answer["peak_bytes"] for answer in self.answers if "peak_bytes" in answer]
        return max(peaks, default=None)

    def afford(self, budget: float) -> None:
        """Does with fewer starts if all would take longer than the budget, judging by one."""
        self.n_init = self.n_init_measured = self.request.get("n_init", 1)
        answer = self.asked(n_init=1) if self.n_init > 1 else None
        if answer is not None:
            affordable = max(1, int(budget / answer["seconds"]))
            self.n_init_measured = min(self.n_init, affordable)
            self.request["n_init"] = self.n_init_measured

    def run(self, **changes: Any) -> None:
        """Takes its turn."""
        answer = self.asked(**changes)
        if answer is not None:
            self.answers.append(answer)

    def asked(self, **changes: Any) -> dict[str, Any] | None:
        """The answer; none after a failure, and none to any later request."""
        if self.error is None:
            try:
                return self.worker.ask(self.request | changes)
            except WorkerError as error:
                self.error = str(error)
        return None


@dataclass
class Result:
    """All libraries at one workload."""

    workload: Workload
    feature_bytes: int
    sides: dict[str, Side]

    def seconds(self, name: str) -> float | None:
        """The median time."""
        seconds = self.sides[name].scaled_seconds
        return median(seconds) if seconds else None

    def ratio(self, name: str) -> float | None:
        """How many times as long as ours it takes: the median of what each round says."""
        theirs, ours = self.sides[name].scaled_seconds, self.sides[OURS].scaled_seconds
        # Who is slow has fewer rounds, the first.
        ratios = [their / our for their, our in zip(theirs, ours, strict=False)]
        return median(ratios) if ratios else None

    def memory(self, name: str) -> float | None:
        """The peak above the loaded rows, in multiples of the bytes of the features."""
        peak = self.sides[name].peak_bytes
        return None if peak is None else peak / self.feature_bytes

    def to_json(self) -> dict[str, Any]:
        """All that was measured."""
        return {
            "name": self.workload.name,
            "title": self.workload.title,
            "settings": self.workload.settings,
            "feature_bytes": self.feature_bytes,
            "libraries": {
                name: {
                    "seconds": self.seconds(name),
                    "ratio": self.ratio(name),
                    "memory": self.memory(name),
                    "n_init": side.n_init,
                    "n_init_measured": side.n_init_measured,
                    "rounds": side.answers,
                    "error": side.error,
                }
                for name, side in self.sides.items()
            },
        }


def measured(
    workload: Workload,
    workers: Iterable[Worker],
    start: list[list[float]],
    effort: Effort,
) -> dict[str, Side]:
    """Has all run the workload in turns."""
    sides = {worker.name: Side(worker, workload.request(start)) for worker in workers}
    for side in sides.values():
        side.afford(effort.budget)
    one_round(workload, sides, 0)
    again = range(1, effort.repeats)
    if all(seconds < BRIEF_SECONDS for side in sides.values() for seconds in side.scaled_seconds):
        for side in sides.values():
            side.answers.clear()
        again = range(BRIEF_TIMES * effort.repeats)
    for number in again:
        one_round(workload, {name: side for name, side in sides.items() if not side.slow}, number)
    return sides


def one_round(workload: Workload, sides: dict[str, Side], number: int) -> None:
    """One turn for each."""
    # Where starts are drawn, each round draws others.
    changes = {"random_state": number} if workload.op == "sweep" else {}
    for name, side in sides.items():
        if name == "faiss" and OURS in sides and sides[OURS].answers:
            # It would go on where the others end.
            side.request["max_iter"] = sides[OURS].answers[-1]["n_iter"]
        side.run(**changes)
