"""One peer in a process of its own, so that its threads and memory are no other's.

Reads one request a line from the standard input and answers with one line of JSON. Times are taken
around the library's calls alone. examples/kmeans_worker.rs answers the same requests.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

PACKAGES = {
    "sklearn": "scikit-learn",
    "sklearnex": "scikit-learn-intelex",
    "faiss": "faiss-cpu",
    "bkmeans": "bkmeans",
}


class Peer:
    """A library with the interface of scikit-learn's KMeans, and the rows it works on."""

    def __init__(self, kmeans: Any, **settings: Any) -> None:
        self.kmeans = kmeans
        self.settings = settings
        self.rows = np.empty((0, 0))

    def load(self, path: str, columns: int) -> dict[str, Any]:
        """Reads the rows that all further requests are about."""
        self.rows = np.fromfile(path).reshape(-1, columns)
        return {"rows": len(self.rows)}

    def fitted(self, k: int, start: list[list[float]] | None = None, **settings: Any) -> Any:
        """A model with so many clusters."""
        if start is not None:
            settings |= {"init": np.array(start), "n_init": 1}
        return self.kmeans(n_clusters=k, **settings, **self.settings).fit(self.rows)

    def fit(self, k: int, **settings: Any) -> dict[str, Any]:
        """Clusters, from `start` or from starts that the library draws."""
        begin = time.perf_counter()
        model = self.fitted(k, **settings)
        seconds = time.perf_counter() - begin
        return {
            "seconds": seconds,
            "inertia": float(model.inertia_),
            "n_iter": int(model.n_iter_),
        }

    def sweep(self, k_max: int, then: int | None = None, **settings: Any) -> dict[str, Any]:
        """Clusters for each k, and once more for the k that was chosen."""
        begin = time.perf_counter()
        wcss = [float(self.fitted(k, **settings).inertia_) for k in range(1, k_max + 1)]
        if then is not None:
            self.fitted(then, **settings)
        return {"seconds": time.perf_counter() - begin, "wcss": wcss}

    def predict(self, start: list[list[float]]) -> dict[str, Any]:
        """The nearest of the given centres for each row."""
        centers = np.array(start)
        # Fitting to the centres themselves leaves each where it is.
        settings = self.settings | {"init": centers, "n_init": 1, "max_iter": 1}
        points = np.repeat(centers, 2, axis=0)
        model = self.kmeans(n_clusters=len(centers), **settings).fit(points)
        begin = time.perf_counter()
        labels = model.predict(self.rows)
        seconds = time.perf_counter() - begin
        return {"seconds": seconds, "sizes": np.bincount(labels, minlength=len(centers)).tolist()}


class Breathing(Peer):
    """bkmeans, which carries a single start on to a better optimum and sets all else itself."""

    def fitted(self, k: int, start: list[list[float]] | None = None, **settings: Any) -> Any:
        """A model with so many clusters."""
        assert start is None, "it would only begin there"
        return super().fitted(k, random_state=settings.get("random_state"))


class Faiss(Peer):
    """faiss, which takes so many of Lloyd's steps in single precision."""

    def load(self, path: str, columns: int) -> dict[str, Any]:
        """Reads the rows, and makes them single before the clock starts."""
        answer = super().load(path, columns)
        self.rows = self.rows.astype(np.float32)
        return answer

    def fit(self, k: int, **settings: Any) -> dict[str, Any]:
        """Clusters from `start` with all of `max_iter` steps; no tolerance means the same here."""
        start = np.array(settings["start"], dtype=np.float32)
        begin = time.perf_counter()
        model = self.kmeans(
            self.rows.shape[1],
            k,
            niter=settings["max_iter"],
            # It would look at no more than 256 rows a cluster.
            max_points_per_centroid=len(self.rows),
            # 0 ends where the sum stays the same, and a single-precision sum soon does.
            early_stop_threshold=-1.0,
        )
        model.train(self.rows, init_centroids=start)
        seconds = time.perf_counter() - begin
        # Its own sum belongs to the centres before the last step.
        distances, _ = model.assign(self.rows)
        return {
            "seconds": seconds,
            "inertia": float(distances.sum(dtype=np.float64)),
            "n_iter": len(model.obj),
        }


def peer_named(name: str, threads: int) -> Peer:
    """The peer, whose library alone is imported."""
    if name == "sklearn":
        from sklearn.cluster import KMeans

        return Peer(KMeans)
    if name == "sklearnex":
        from sklearnex.cluster import KMeans

        # Its threads are not OpenMP's and know nothing of OMP_NUM_THREADS.
        return Peer(KMeans, n_jobs=threads)
    if name == "faiss":
        from faiss import Kmeans

        return Faiss(Kmeans)
    from bkmeans import BKMeans

    return Breathing(BKMeans)


def main() -> None:
    """Answers requests until there are no more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PACKAGES)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    peer = peer_named(options.peer, options.threads)
    ops: dict[str, Callable[..., dict[str, Any]]] = {
        "load": peer.load,
        "fit": peer.fit,
        "sweep": peer.sweep,
        "predict": peer.predict,
    }
    hello = {"version": importlib.metadata.version(PACKAGES[options.peer])}
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = ops[request.pop("op")](**request)
        except Exception as error:  # The driver tells what went wrong where.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
