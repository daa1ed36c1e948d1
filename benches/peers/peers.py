"""Compares Segmenta's k-means with other libraries on this machine.

All libraries take turns at each workload, each in a process of its own. Tables go to the standard
output and to results.md, everything that was measured to results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import machine
import tables
from agreement import findings
from measure import Effort, Result, measured
from optimum import REFERENCE, Sums, searched
from process import LABELS, OURS, Setting, Worker, started
from worker import PACKAGES
from workloads import Optimum, Workload, optimum, workloads


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="benches/peers/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--worker", type=Path, required=True, help="Segmenta's worker (run sets it)")
    add("--out", type=Path, required=True, help="the folder for the results (run sets it)")
    add("--quick", action="store_true", help="small data, in less than a minute")
    add("--only", nargs="+", metavar="NAME", help="workloads whose names contain one of these")
    add("--peers", type=peer_names, default=list(PACKAGES), help=f"of {','.join(PACKAGES)}")
    add("--repeats", type=positive, default=3, help="rounds of each workload (3)")
    add("--threads", type=positive, default=os.cpu_count(), help="of each library (all cores)")
    add("--n-init", type=positive, help="starts of the large sweeps (10, or 2 with --quick)")
    add(
        "--budget",
        type=float,
        default=300,
        metavar="SECONDS",
        help="who needs longer for a sweep is measured with fewer starts (300)",
    )
    add(
        "--vectors",
        choices=["avx512", "avx2", "portable"],
        help="the instructions that Segmenta may use; the results' names then tell them",
    )
    return parser.parse_args()


def peer_names(text: str) -> list[str]:
    """Peers, separated by commas."""
    names = text.split(",")
    unknown = [name for name in names if name not in PACKAGES]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}")
    return names


def positive(text: str) -> int:
    """A number of something."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


class Comparison:
    """All that is measured, and where it goes."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.setting = Setting(chosen.worker, chosen.threads, chosen.vectors)
        self.effort = Effort(chosen.repeats, chosen.budget)
        self.rows_file = chosen.out / "rows.bin"
        self.versions: dict[str, str] = {}
        self.results: list[Result] = []
        self.sums: list[Sums] = []

    def run(self, lines: Iterable[Workload], sums: Optimum | None) -> None:
        """Measures all; what is done by then stays if something goes wrong."""
        self.chosen.out.mkdir(parents=True, exist_ok=True)
        try:
            for _, same_data in groupby(lines, key=lambda workload: workload.data.name):
                self.measure(list(same_data))
            if sums is not None:
                self.search(sums)
        finally:
            self.rows_file.unlink(missing_ok=True)

    def measure(self, lines: Sequence[Workload]) -> None:
        """Measures workloads on the same data."""
        rows, start = lines[0].data.write(self.rows_file)
        n_columns, n_bytes = rows.shape[1], rows.nbytes
        # The driver needs them no more, and its memory is the workers' too.
        del rows
        with self.team({name for line in lines for name in line.peers}) as team:
            for worker in team.values():
                worker.load(self.rows_file, n_columns)
            for line in lines:
                progress(line.title)
                workers = [worker for name, worker in team.items() if name in (OURS, *line.peers)]
                result = Result(line, n_bytes, measured(line, workers, start, self.effort))
                self.results.append(result)
                for name in result.sides:
                    progress(f"    {LABELS[name]}: {tables.time_cell(result, name)}")
                self.save()

    def search(self, sums: Optimum) -> None:
        """Measures how low the sums get."""
        progress("Optimum")
        with self.team(sums.peers) as team:
            self.sums = searched(sums, team, self.rows_file)
        self.save()

    @contextmanager
    def team(self, peers: Iterable[str]) -> Iterator[dict[str, Worker]]:
        """Our worker, and those of the peers that the user wants too."""
        names = [OURS, *(name for name in self.chosen.peers if name in set(peers))]
        with started(names, self.setting) as workers:
            self.versions |= {name: worker.version for name, worker in workers.items()}
            yield workers

    def context(self) -> dict[str, Any]:
        """What the measurements depend on."""
        return {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine.facts(),
            "threads": self.chosen.threads,
            "vectors": self.chosen.vectors or "all",
            "quick": self.chosen.quick,
            "versions": self.versions,
        }

    def save(self) -> str:
        """Writes what there is by now; gives the tables."""
        found = list(findings(self.results))
        context = self.context()
        report = tables.report(context, self.results, found, self.sums)
        everything = context | {
            "workloads": [result.to_json() for result in self.results],
            "agreement": [asdict(finding) for finding in found],
            "optimum": [asdict(sums) for sums in self.sums],
        }
        name = "-".join(["results", *filter(None, [self.chosen.vectors])])
        (self.chosen.out / f"{name}.json").write_text(json.dumps(everything, indent=1) + "\n")
        (self.chosen.out / f"{name}.md").write_text(report)
        return report


def progress(text: str) -> None:
    """Tells who waits what is going on."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measures what was asked for."""
    chosen = options()

    def wanted(name: str) -> bool:
        return chosen.only is None or any(part in name for part in chosen.only)

    n_init = chosen.n_init or (2 if chosen.quick else 10)
    lines = [line for line in workloads(chosen.quick, n_init) if wanted(line.name)]
    sums = optimum(chosen.quick)
    comparison = Comparison(chosen)
    # Without a reference the sums say nothing.
    with_sums = wanted(sums.name) and REFERENCE in chosen.peers
    comparison.run(lines, sums if with_sums else None)
    print(comparison.save(), end="")


if __name__ == "__main__":
    main()
