"""Learning in passes over files, beside scikit-learn's MiniBatchKMeans and beside K-Means in memory."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import time
import urllib.request

import numpy
import pyarrow.parquet
from sklearn.cluster import MiniBatchKMeans

KINDS = ["round", "skewed", "rare"]
GROUP = 1 << 20
# How many times our time MiniBatchKMeans may take to be as good.
TIMES = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=float, default=1e8, help="customers of each kind (default: %(default).0e)")
    parser.add_argument("--more", type=float, default=0, help="customers of a larger run, for its memory (400 million take 6 GB of disk)")
    parser.add_argument("--reference", type=float, default=3e6, help="customers of the runs beside memory (default: %(default).0e)")
    parser.add_argument("--starts", type=int, default=50, help="starts of full Lloyd in those (default: %(default)s)")
    parser.add_argument("--cluster", type=pathlib.Path, help="a Segmenta built with clusters: only compares engines (see run)")
    parser.add_argument("--no-peer", action="store_true", help="do without MiniBatchKMeans")
    args = parser.parse_args()
    bench = Bench(args)
    if args.cluster:
        return engines(bench, args)
    results = {"wcss": [bench.against_memory(kind) for kind in KINDS]}
    results["learn"] = [bench.large(kind, int(args.rows), not args.no_peer) for kind in KINDS]
    if args.more:
        results["more"] = bench.large("round", int(args.more), False)
    (args.out / "results.json").write_text(json.dumps(results, indent=1))
    text = report(results)
    (args.out / "results.md").write_text(text)
    print(text)


class Bench:
    def __init__(self, args):
        self.args = args

    def made(self, kind: str, rows: int, packed: str = "snappy") -> pathlib.Path:
        """A folder of customers, made anew: other sizes and kinds are gone, as the disk may not hold all."""
        folder = self.args.out / "customers"
        shutil.rmtree(folder, ignore_errors=True)
        self.worker("make", kind, rows, max(2, rows // 25_000_000), folder, packed)
        return folder

    def worker(self, *command) -> str:
        command = [str(part) for part in [self.args.worker, *command]]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def against_memory(self, kind: str) -> dict:
        """WCSS for each k, beside that of the best of many starts of full Lloyd, on fewer customers."""
        rows = int(self.args.reference)
        folder = self.made(kind, rows)
        passes = json.loads(self.worker("learn", folder, 0))
        memory = json.loads(self.worker("memory", folder, self.args.starts))
        # The first WCSS is that of one cluster.
        above = [ours / best - 1 for ours, best in zip(passes["wcss"], memory["wcss"])][1:]
        print(f"{kind}, {rows:,} rows: WCSS at most {max(above):+.4%}", flush=True)
        return {"kind": kind, "rows": rows, "above": above}

    def large(self, kind: str, rows: int, with_peer: bool) -> dict:
        folder = self.made(kind, rows)
        found = {"kind": kind, "rows": rows, **json.loads(self.worker("learn", folder))}
        found["step"] = step(found)
        print(f"{kind}, {rows:,} rows: {seconds(found):.1f} s, {found['peak_bytes'] / 1e6:.0f} MB", flush=True)
        if with_peer:
            found["peer"] = self.peer(folder, found)
            # The same step over files that are not packed, and in memory.
            folder = self.made(kind, rows, "none")
            found["unpacked_step"] = step(json.loads(self.worker("learn", folder)))
            memory_rows = min(rows, 20_000_000)
            found["memory"] = json.loads(self.worker("memory", self.made(kind, memory_rows), 0))
        return found

    def peer(self, folder: pathlib.Path, ours: dict) -> dict:
        """MiniBatchKMeans for the same number of clusters and the same scaler, until its WCSS is as low as ours, or
        it has taken many times as long: all chunks again and again, and from other starts when WCSS has not fallen by
        a thousandth in a pass. WCSS is found out beside the clock."""
        mean, scale = numpy.array(ours["mean"]), numpy.array(ours["scale"])
        taken, n_passes, starts, best = 0.0, 0, 0, float("inf")
        while best > ours["inertia"] and taken < TIMES * seconds(ours):
            model = MiniBatchKMeans(n_clusters=ours["n_clusters"], n_init=3, random_state=starts)
            starts, last, inertia = starts + 1, float("inf"), float("inf")
            while taken < TIMES * seconds(ours):
                start = time.perf_counter()
                for points in chunks(folder, mean, scale):
                    model.partial_fit(points)
                taken += time.perf_counter() - start
                last, inertia = inertia, sum(-model.score(points) for points in chunks(folder, mean, scale))
                n_passes, best = n_passes + 1, min(best, inertia)
                if best <= ours["inertia"] or inertia > last * 0.999:
                    break
        above = best / ours["inertia"] - 1
        print(f"  MiniBatchKMeans: {taken:.1f} s, {n_passes} passes, {starts} starts, WCSS {above:+.3%}", flush=True)
        return {"seconds": taken, "passes": n_passes, "starts": starts, "inertia": best}


def engines(bench: Bench, args) -> None:
    """The same passes over the files, by the query engine in the process, and by a cluster of two executors here."""
    lines = ["| rows | engine | a step of k = 10, median | elbow | all | WCSS beside that by files |", "| --- | --- | --- | --- | --- | --- |"]
    with cluster(args.cluster) as address:
        for rows in [200_000, int(args.rows)]:
            folder = bench.made("round", rows)
            known = None
            for engine in ["files", "embedded", address]:
                found = json.loads(bench.worker("learn", folder, 10, engine))
                steps = sorted(each["seconds"] for each in found["passes"] if each["what"] == "Refine")
                elbow = sum(each["seconds"] for each in found["passes"] if each["what"] != "Refine")
                known = known or found
                line = (
                    f"| {rows:,} | {'cluster' if engine == address else engine} | {steps[len(steps) // 2] * 1000:.0f} ms "
                    f"| {elbow:.1f} s | {seconds(found):.1f} s | {found['inertia'] / known['inertia'] - 1:+.2e} |"
                )
                print(line, flush=True)
                lines.append(line)
    (args.out / "engines.md").write_text("\n".join(lines) + "\n")


@contextlib.contextmanager
def cluster(binary: pathlib.Path):
    """A scheduler and two executors on this machine, with half its cores each."""
    first, started = 50150, []
    tasks = str(max(1, (os.cpu_count() or 2) // 2))

    def start(*arguments) -> None:
        command = [str(binary), "cluster", *map(str, arguments)]
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    try:
        start("scheduler", "--addr", f"127.0.0.1:{first}")
        for port in [first + 10, first + 20]:
            start("executor", "--scheduler", f"127.0.0.1:{first}", "--addr", f"127.0.0.1:{port}", "--tasks", tasks)
        for _ in range(200):
            time.sleep(0.1)
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"http://127.0.0.1:{first}/readyz") as answer:
                    if b"2 executors" in answer.read():
                        break
        yield f"df://127.0.0.1:{first}?partitions={2 * int(tasks)}"
    finally:
        for process in started:
            process.kill()


def chunks(folder: pathlib.Path, mean, scale):
    """Chunks of a million rows through pandas, as one feeds partial_fit."""
    for file in sorted(folder.glob("*.parquet")):
        for batch in pyarrow.parquet.ParquetFile(file).iter_batches(GROUP):
            yield (batch.to_pandas()[["visits", "spent"]].to_numpy() - mean) / scale


def step(found: dict) -> dict:
    """A step for the chosen number of clusters, on average."""
    steps = [each for each in found["passes"] if each["what"] == "Refine"]
    return {key: sum(each[key] for each in steps) / max(len(steps), 1) for key in ("seconds", "processor_seconds")}


def seconds(found: dict) -> float:
    return sum(each["seconds"] for each in found["passes"])


def report(results: dict) -> str:
    lines = ["| customers | rows | WCSS for k = 2 to 10 above full Lloyd's best, at worst |", "| --- | --- | --- |"]
    lines += [f"| {each['kind']} | {each['rows']:,} | {max(each['above']):+.4%} |" for each in results["wcss"]]
    lines += ["", "| customers | rows | k | passes | elbow | all | peak memory | MiniBatchKMeans to be as good | its WCSS |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for each in [*results["learn"], *([results["more"]] if "more" in results else [])]:
        elbow = sum(part["seconds"] for part in each["passes"] if part["what"] != "Refine")
        n_passes = sum(part["what"] != "Search" for part in each["passes"])
        peer = each.get("peer")
        beside = (f"{peer['seconds']:.1f} s, {peer['passes']} passes, {peer['starts']} starts", f"{peer['inertia'] / each['inertia'] - 1:+.3%}") if peer else ("", "")
        lines.append(
            f"| {each['kind']} | {each['rows']:,} | {each['n_clusters']} | {n_passes} | {elbow:.1f} s "
            f"| {seconds(each):.1f} s | {each['peak_bytes'] / 1e6:.0f} MB | {beside[0]} | {beside[1]} |"
        )
    lines += ["", "Million rows per processor-second of a step:", ""]
    lines += ["| customers | all k, Snappy | chosen k, Snappy | chosen k, not packed | chosen k in memory |"]
    lines += ["| --- | --- | --- | --- | --- |"]
    for each in results["learn"]:
        rate = lambda processor_seconds, rows=each["rows"]: rows / max(processor_seconds, 1e-9) / 1e6
        sweep = min(part["processor_seconds"] for part in each["passes"] if part["what"] == "Sweep")
        line = f"| {each['kind']} | {rate(sweep):.0f} | {rate(each['step']['processor_seconds']):.0f} |"
        if memory := each.get("memory"):
            unpacked = rate(each["unpacked_step"]["processor_seconds"])
            line += f" {unpacked:.0f} | {rate(memory['step_processor_seconds'], memory['rows']):.0f} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
