"""Learns from, scores and queries files in an S3-compatible server, and compares that with the same files on disk.

check.py BINARY [--endpoint URL]: without an endpoint a server of moto is started.
"""

import argparse
import contextlib
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile

import boto3
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)

ROOT = pathlib.Path(__file__).resolve().parents[2]
MALL = ROOT / "data" / "mall_customers.csv"
FEATURES = ["--features", "annual_income,spending_score", "--n-clusters", "5"]


@contextlib.contextmanager
def server(endpoint):
    if endpoint:
        yield endpoint
        return
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    moto.start()
    host, port = moto.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        moto.stop()


class Program:
    def __init__(self, binary, folder, endpoint):
        self.binary, self.folder = binary, folder
        self.variables = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID", "test"),
            "AWS_SECRET_ACCESS_KEY": os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
        }

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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--endpoint")
    options = parser.parse_args()
    with server(options.endpoint) as endpoint, tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        program = Program(os.path.abspath(options.binary), folder, endpoint)
        s3 = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=program.variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=program.variables["AWS_SECRET_ACCESS_KEY"],
        )
        s3.create_bucket(Bucket="shop")

        # Two files of Parquet, made by predict, which are one table.
        lines = MALL.read_text().splitlines()
        for part, rows in enumerate([lines[1:120], lines[120:]]):
            (folder / "part.csv").write_text("\n".join([lines[0], *rows]) + "\n")
            program.model(MALL)
            program.done("predict", "--model", "model.json", "part.csv", "--out", f"{part}.parquet")
            s3.upload_file(str(folder / f"{part}.parquet"), "shop", f"sales/2026/{part}.parquet")
        s3.upload_file(str(MALL), "shop", "mall.csv")
        known = program.model(MALL)

        for path in ["s3://shop/mall.csv", "s3://shop/sales/2026/", "s3://shop/sales/*/*.parquet"]:
            same(program.model(path), known)
        # In passes, of each only what is needed.
        model = program.model("s3://shop/sales/2026/", "--memory-limit", "1KiB")
        assert model["out_of_core"]["passes"] >= 4
        same(model, known)

        query = (
            'SELECT "Annual Income (k$)", "Spending Score (1-100)" FROM sales '
            "JOIN mall USING (\"CustomerID\")"
        )
        query = query.replace('"Annual', 'sales."Annual').replace('"Spending', 'sales."Spending')
        same(program.model("sales=s3://shop/sales/2026/", "s3://shop/mall.csv", "--sql", query), known)

        scored = [
            program.done("predict", "--model", "model.json", path, "--json").stdout
            for path in ["s3://shop/mall.csv", str(MALL)]
        ]
        label = lambda text: [json.loads(line)["cluster_id"] for line in text.splitlines()]
        assert label(scored[0]) == label(scored[1]) and len(label(scored[0])) == 200

        for path, part in [
            ("s3://shop/nothing/*.parquet", "there is no table"),
            ("s3://nowhere/x.parquet", "s3://nowhere/x.parquet"),
            ("ftp://shop/x.parquet", "ftp://shop/x.parquet"),
        ]:
            found = program.run("train", path)
            assert found.returncode == 2 and part in found.stderr, found.stderr
    print("Files in object storage give what files on disk give.")


if __name__ == "__main__":
    sys.exit(main())
