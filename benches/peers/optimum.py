"""How low a sum each library ends with: one table of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from process import Worker
from workloads import Optimum

# Whose sums the others are told against.
REFERENCE = "sklearn"


@dataclass
class Sums:
    """What one library found for one k, seed after seed."""

    library: str
    k: int
    wcss: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def mean_seconds(self) -> float:
        """How long it takes."""
        return mean(self.seconds)

    def above(self, reference: Sums) -> float:
        """How far its sums lie above the reference's, as a share; below 0 where they lie below."""
        pairs = zip(self.wcss, reference.wcss, strict=True)
        return mean(mine / theirs - 1 for mine, theirs in pairs)


def searched(optimum: Optimum, workers: dict[str, Worker], path: Path) -> list[Sums]:
    """Has all libraries cluster all data sets in turns."""
    sums = [Sums(name, k) for k in optimum.n_clusters for name in workers]
    for seed in range(optimum.seeds):
        rows, _ = optimum.data(seed).write(path)
        for worker in workers.values():
            worker.load(path, rows.shape[1])
            if seed == 0:
                # The first request to a new process finds it cold.
                worker.ask(optimum.request(worker.name, min(optimum.n_clusters), seed))
        for one in sums:
            answer = workers[one.library].ask(optimum.request(one.library, one.k, seed))
            one.wcss.append(answer["inertia"])
            one.seconds.append(answer["seconds"])
    return sums
