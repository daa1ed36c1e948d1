"""Learns from, scores and queries files in object storage, and compares that with the same files on disk.

check.py BINARY [--endpoint URL]: an endpoint is that of an S3-compatible server, which is then tried alone.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import stores

ROOT = pathlib.Path(__file__).resolve().parents[2]
MALL = ROOT / "data" / "mall_customers.csv"
FEATURES = ["--features", "annual_income,spending_score", "--n-clusters", "5"]


class Program:
    def __init__(self, binary, folder, variables):
        self.binary, self.folder, self.variables = binary, folder, variables

    def run(self, *arguments):
        command = [self.binary, *map(str, arguments)]
        return subprocess.run(
            command, cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False
        )

    def done(self, *arguments):
        found = self.run(*arguments)
        assert found.returncode == 0, found.stderr
        return found

    def model(self, *arguments):
        self.done("train", *arguments, *FEATURES, "--out", "model.json")
        return json.loads((self.folder / "model.json").read_text())


def close(one, other):
    assert abs(one - other) <= 1e-9 * abs(other), f"{one} is not {other}"


def same(model, known):
    close(model["kmeans"]["inertia_"], known["kmeans"]["inertia_"])
    told = lambda each: (each["cluster_id"], each["persona"], each["size"])
    assert [told(each) for each in model["segments"]] == [told(each) for each in known["segments"]]


def check(program, store):
    shop = store.address
    # Two files of Parquet, made by predict, which are one table.
    lines = MALL.read_text().splitlines()
    for part, rows in enumerate([lines[1:120], lines[120:]]):
        (program.folder / "part.csv").write_text("\n".join([lines[0], *rows]) + "\n")
        program.model(MALL)
        program.done("predict", "--model", "model.json", "part.csv", "--out", f"{part}.parquet")
        store.upload(program.folder / f"{part}.parquet", f"sales/2026/{part}.parquet")
    store.upload(MALL, "mall.csv")
    known = program.model(MALL)

    for path in [f"{shop}/mall.csv", f"{shop}/sales/2026/", f"{shop}/sales/*/*.parquet"]:
        same(program.model(path), known)
    # In passes, of each only what is needed.
    model = program.model(f"{shop}/sales/2026/", "--memory-limit", "1KiB")
    assert model["out_of_core"]["passes"] >= 4
    same(model, known)

    query = (
        'SELECT sales."Annual Income (k$)", sales."Spending Score (1-100)" FROM sales '
        "JOIN mall USING (\"CustomerID\")"
    )
    same(program.model(f"sales={shop}/sales/2026/", f"{shop}/mall.csv", "--sql", query), known)

    scored = [
        program.done("predict", "--model", "model.json", path, "--json").stdout
        for path in [f"{shop}/mall.csv", str(MALL)]
    ]
    label = lambda text: [json.loads(line)["cluster_id"] for line in text.splitlines()]
    assert label(scored[0]) == label(scored[1]) and len(label(scored[0])) == 200

    scheme = shop.split(":")[0]
    for path, part in [
        (f"{shop}/nothing/*.parquet", "there is no table"),
        (f"{scheme}://nowhere/x.parquet", f"{scheme}://nowhere/x.parquet"),
        ("ftp://shop/x.parquet", "ftp://shop/x.parquet"),
    ]:
        found = program.run("train", path)
        assert found.returncode == 2 and part in found.stderr, found.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--endpoint")
    options = parser.parse_args()
    all_stores = [stores.s3(), stores.google(), stores.azure()]
    for opened in [stores.s3(options.endpoint)] if options.endpoint else all_stores:
        with opened as store, tempfile.TemporaryDirectory() as folder:
            check(Program(os.path.abspath(options.binary), pathlib.Path(folder), store.variables), store)
            print(f"Files in {store.address} give what files on disk give.")


if __name__ == "__main__":
    sys.exit(main())
