"""Reads the same customers with Segmenta, polars and pandas, each in a process of its own.

Every reader turns the whole file into columns in memory, and gives back the number of rows and the sum of
one column, which must agree. The fastest of the runs counts, since what else a machine does only adds to
it. Files are read once before, so that all of them come from memory and not from the disk.
"""

import argparse
import json
import pathlib
import subprocess
import sys

PEERS = ("polars", "pandas")
COLUMN = "annual_income"


def make(path, n_rows):
    """Customers with an id, two amounts, an age and a city."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(42)
    cities = np.array(["Bandung", "Jakarta", "Medan", "Surabaya", "Semarang"])
    table = pl.DataFrame(
        {
            "customer_id": np.arange(1, n_rows + 1),
            "annual_income": np.round(rng.lognormal(4, 0.5, n_rows), 2),
            "spending_score": np.round(rng.uniform(1, 100, n_rows), 3),
            "age": rng.integers(18, 90, n_rows),
            "city": cities[rng.integers(0, len(cities), n_rows)],
        }
    )
    if path.suffix == ".csv":
        table.write_csv(path)
    else:
        table.write_parquet(path, compression="snappy")


def read(library, path):
    """What a worker does: prints seconds, rows and the sum of a column as JSON."""
    import time

    if library == "polars":
        import polars

        functions = {".csv": polars.read_csv, ".parquet": polars.read_parquet}
    else:
        import pandas

        functions = {".csv": pandas.read_csv, ".parquet": pandas.read_parquet}
    start = time.perf_counter()
    table = functions[path.suffix](path)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "rows": len(table), "sum": float(table[COLUMN].sum())}))


def measure(command, runs):
    found = [json.loads(subprocess.check_output(command, text=True)) for _ in range(runs)]
    return min(found, key=lambda one: one["seconds"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", type=pathlib.Path, help="Segmenta's reader")
    parser.add_argument("--out", type=pathlib.Path, help="where files and results go")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--read", nargs=2, metavar=("LIBRARY", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        return read(options.read[0], pathlib.Path(options.read[1]))

    results = []
    for form in ("csv", "parquet"):
        path = options.out / f"customers-{options.rows}.{form}"
        if not path.exists():
            make(path, options.rows)
        path.read_bytes()
        size = path.stat().st_size / 1e6
        print(f"{form}: {options.rows:,} rows, 5 columns, {size:,.0f} MB", flush=True)
        commands = {"segmenta": [options.worker, path, COLUMN]}
        for peer in PEERS:
            commands[peer] = [sys.executable, "-B", __file__, "--read", peer, path]
        found = {name: measure(command, options.runs) for name, command in commands.items()}
        ours = found["segmenta"]
        for name, one in found.items():
            if one["rows"] != ours["rows"] or abs(one["sum"] / ours["sum"] - 1) > 1e-9:
                sys.exit(f"{name} read something else than segmenta: {one} and {ours}")
            ratio = ours["seconds"] / one["seconds"]
            note = "" if name == "segmenta" else f"   segmenta takes {ratio:.2f} times as long"
            print(f"    {name:9} {one['seconds']:6.2f} s{note}", flush=True)
            results.append({"form": form, "library": name, "ratio": ratio, **one})
    (options.out / "results.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
