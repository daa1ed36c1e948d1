"""Compares what other programs make of exported models with `segmenta predict`, customer by customer.

check.py BINARY [--without-pmml]
"""

import atexit
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import customers
import databases
import engines
import numpy as np

ROWS = 4000
MALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/mall_customers.csv")
# The options of `train` for each model; without features it learns from the bundled customers.
MODELS = {
    # Standard scaling and nothing else.
    "mall": {},
    # Every step of the preparation, of numbers and of texts.
    "shop": {
        "features": "income,age,visits,balance,city,vip",
        "prepare": [
            "income=missing:median,log1p,robust",
            "age=missing:mode,weight:2",
            "visits=clip:0.01-0.95,log1p,standard",
            "balance=missing:refuse,no-clip,no-log1p,robust",
            "city=missing:mode,weight:0.5",
            "vip=missing:refuse",
        ],
        "n_clusters": 6,
    },
    # No logarithm, so distances are the same to the last bit; and ids that are no places.
    "texts": {
        "ids": [2, 3, 5, 8, 13, 21, 34],
        "features": "age,balance,city,vip",
        "prepare": ["balance=clip:0.05-0.9,no-log1p", "city=weight:3"],
        "n_clusters": 7,
    },
}


def segmenta(*args):
    ran = subprocess.run([BINARY, *args], capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"segmenta {' '.join(args)} ended with {ran.returncode}:\n{ran.stderr}")
    return ran


def train(options):
    """Learns a model, and returns it with new customers, which are in new.csv too."""
    if not options:
        new = customers.mall(ROWS, seed=1)
        segmenta("train", "--out", "learned.json")
    else:
        customers.write("learn.csv", customers.shop(1500, seed=2, is_new=False))
        new = customers.shop(ROWS, seed=3, is_new=True)
        prepare = [arg for steps in options["prepare"] for arg in ("--prepare", steps)]
        n_clusters = str(options["n_clusters"])
        segmenta(
            *("train", "learn.csv", "--features", options["features"], *prepare),
            *("--n-clusters", n_clusters, "--out", "learned.json"),
        )
    if "ids" in options:
        rename_segments("learned.json", options["ids"])
    with open("learned.json", encoding="utf-8") as file:
        return json.load(file), customers.write("new.csv", new)


def rename_segments(path, ids):
    """Gives the segments other ids, as a model has that is learned after another one, and a true checksum."""
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    del model["sha256"]
    for segment, id_ in zip(model["segments"], ids, strict=True):
        segment["cluster_id"] = id_
    body = json.dumps(model, indent=2, ensure_ascii=False).removesuffix("\n}")
    digest = hashlib.sha256(body.encode()).hexdigest()
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(f'{body},\n  "sha256": "{digest}"\n}}\n')


def predicted(new):
    """What Segmenta itself predicts: ids and distances, None and NaN for a customer it refuses."""
    segmenta(
        *("predict", "--model", "learned.json", "new.csv", "--on-error", "skip"),
        *("--out", "scored.csv"),
    )
    ids, distances = [None] * len(new), np.full(len(new), np.nan)
    with open("scored.csv", newline="", encoding="utf-8") as file:
        for scored in csv.DictReader(file):
            row = int(scored["row"])
            ids[row], distances[row] = int(scored["cluster_id"]), float(scored["distance"])
    return ids, distances


def export(name, out):
    """Writes the model in another form, and returns what the command says of it."""
    return segmenta("export", "--model", "learned.json", "--format", name, "--out", out).stderr


def compare_ids(what, expected, found):
    different = [row for row, pair in enumerate(zip(expected, found, strict=True)) if len({*pair}) > 1]
    for row in different[:1]:
        sys.exit(
            f"{what}: {len(different)} of {len(expected)} customers differ; number {row} is "
            f"{expected[row]} for segmenta predict and {found[row]} here"
        )
    refused = expected.count(None)
    print(f"{what}: {len(expected)} customers, {refused} of them refused, all as segmenta predict")


def compare(what, expected, found, tolerance):
    compare_ids(what, expected[0], found[0])
    np.testing.assert_allclose(found[1], expected[1], rtol=tolerance, atol=0, err_msg=what)


def is_written_as_learned(customer, features, categories):
    """Whether each text is a category as it was learned, or none of them in any way of writing: that is all
    that scikit-learn's encoder knows."""
    texts = [cell for _, column in features if isinstance(cell := customer[column], str)]
    return all(text in ("", "Atlantis") or text in categories for text in texts)


def check(name, options, has_java):
    learned, new = train(options)
    features = [(feature["name"], feature["column"]) for feature in learned["features"]]
    prepared = learned["preparation"]
    expected = predicted(new)
    # Every kind of answer must be there to be compared.
    assert {*expected[0]} == {None, *(s["cluster_id"] for s in learned["segments"])}, {*expected[0]}
    tolerance = 1e-12 if any(steps.get("log1p") for steps in prepared) else 0

    export("onnx", "model.onnx")
    found = engines.onnx("model.onnx", new, features)
    compare(f"{name}, onnxruntime", expected, found, tolerance)
    if has_java:
        export("pmml", "model.pmml")
        found = engines.pmml("model.pmml", new, features)
        compare(f"{name}, JPMML", expected, found, tolerance)

    check_sql(name, learned, new, expected)

    lines = export("sklearn", "model.json")
    categories = {category for steps in prepared for category in steps.get("categories", [])}
    rows = [
        row
        for row, id_ in enumerate(expected[0])
        if id_ is not None and is_written_as_learned(new[row], features, categories)
    ]
    labels = engines.sklearn(lines, [new[row] for row in rows], features)
    compare_ids(f"{name}, scikit-learn", [expected[0][row] for row in rows], labels)


def check_sql(name, learned, new, expected):
    """New customers get their segments in databases, and a step over those of training gives what training gave."""
    export("sql", "model.sql")
    with open("model.sql", encoding="utf-8") as file:
        score, step = (query for query in file.read().split(";\n") if query.strip())
    of_training = customers.read("learn.csv" if os.path.exists("learn.csv") else MALL)
    for database in databases.found():
        rows = database.ask(score, new)
        found = [None] * len(new), np.full(len(new), np.nan)
        for row in rows:
            if row["cluster_id"] not in (None, ""):
                at = int(float(row["row"]))
                found[0][at], found[1][at] = int(row["cluster_id"]), float(row["distance"])
        compare(f"{name}, {database.name}", expected, found, 1e-9)
        steps = database.ask(step, of_training)
        sizes = {segment["cluster_id"]: segment["size"] for segment in learned["segments"]}
        assert {int(each["cluster_id"]): int(each["size"]) for each in steps} == sizes, steps
        inertia = sum(float(each["wcss"]) for each in steps)
        np.testing.assert_allclose(inertia, learned["kmeans"]["inertia_"], rtol=1e-9, err_msg=database.name)
        # Training ended where a step moves nothing.
        centers = [[float(each[f"z{at}"]) for at in range(len(learned["scaler"]["mean_"]))] for each in steps]
        np.testing.assert_allclose(centers, learned["kmeans"]["cluster_centers_"], rtol=1e-9, atol=1e-9)


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv[1])
    atexit.register(databases.stop)
    for name, options in MODELS.items():
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            check(name, options, has_java="--without-pmml" not in sys.argv[2:])
            os.chdir("/")
