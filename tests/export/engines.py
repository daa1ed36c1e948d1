"""What other programs make of an exported model: for every customer the segment's id and the distance to
its centre, or None and NaN where the program refuses the customer."""

import math

import numpy as np


def is_missing(cell):
    return str(cell) == ""


def onnx(path, customers, features):
    import onnx as format
    import onnxruntime

    format.checker.check_model(path, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = {}
    for (name, column), given in zip(features, session.get_inputs(), strict=True):
        assert given.name == name, given.name
        cells = [customer[column] for customer in customers]
        if given.type == "tensor(string)":
            feeds[name] = np.array([[str(cell)] for cell in cells], dtype=object)
        else:
            feeds[name] = np.array([[math.nan if is_missing(c) else float(c)] for c in cells])
    ids, distance, distances = session.run(["cluster_id", "distance", "distances"], feeds)
    nearest = np.where(ids < 0, np.nan, distances.min(axis=1))
    np.testing.assert_array_equal(nearest, distance)
    return [None if id_ < 0 else int(id_) for id_ in ids], distance


def pmml(path, customers, features):
    import jpmml_evaluator
    import pandas

    evaluator = jpmml_evaluator.make_evaluator(path, backend="jpype").verify()
    given = {name: [as_pmml(customer[column]) for customer in customers] for name, column in features}
    found = evaluator.evaluateAll(pandas.DataFrame(given, dtype=object))
    refused = found["errors"].notna() if "errors" in found else [False] * len(found)
    for error in found["errors"][refused].unique() if "errors" in found else []:
        assert "cannot accept" in error, error
    ids = [None if r else int(i) for r, i in zip(refused, found["cluster_id"], strict=True)]
    return ids, np.array(found["distance"], dtype=float)


def as_pmml(cell):
    """A cell as a PMML engine takes it: numbers as such, and none for an empty one."""
    if is_missing(cell):
        return None
    return cell if isinstance(cell, str) else float(cell)


def sklearn(lines, customers, features):
    """Runs the lines that the command printed, in the folder that model.json lies in."""
    import pandas

    frame = pandas.DataFrame(
        {name: [None if is_missing(c[column]) else c[column] for c in customers] for name, column in features}
    )
    for name in frame:
        if not any(isinstance(cell, str) for cell in frame[name]):
            frame[name] = frame[name].astype(float)
    names = {"X": frame}
    exec(lines, names)
    return [int(label) for label in names["labels"]]
