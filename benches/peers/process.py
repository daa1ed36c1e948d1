"""Workers as processes: starting them, asking them, and watching the memory they take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker import PACKAGES

# The name of our own worker among the others.
OURS = "segmenta"
LABELS = {OURS: "Segmenta", **PACKAGES}

# Who counts its threads by what; scikit-learn-intelex is told by its worker.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
# Which instructions our worker uses.
VECTORS_VARIABLE = "KMEANS_VECTORS"


class WorkerError(Exception):
    """A worker that ended, or that answered with what went wrong."""


@dataclass(frozen=True)
class Setting:
    """What all workers are started with."""

    ours: Path
    threads: int
    vectors: str | None

    def command(self, name: str) -> list[str]:
        """The command that starts a worker."""
        if name == OURS:
            return [str(self.ours)]
        script = Path(__file__).with_name("worker.py")
        return [sys.executable, str(script), name, "--threads", str(self.threads)]

    def environment(self) -> dict[str, str]:
        """The environment of this process, and what is set for the workers."""
        environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(self.threads))
        if self.vectors is not None:
            environment[VECTORS_VARIABLE] = self.vectors
        return environment


class Worker:
    """A process that answers requests about the rows it was told to load."""

    def __init__(self, name: str, setting: Setting) -> None:
        self.name = name
        self.version = ""
        self.loaded_bytes: int | None = None
        self.process = subprocess.Popen(
            setting.command(name),
            env=setting.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def greet(self) -> None:
        """Waits until the worker has started."""
        self.version = self._answer()["version"]

    def load(self, path: Path, columns: int) -> None:
        """Has the rows read that all further requests are about."""
        self._send({"op": "load", "path": str(path), "columns": columns})
        self._answer()
        self.loaded_bytes = self._memory("VmRSS")

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer, and the peak of the memory above that of the loaded rows, if it is known."""
        self._forget_peak()
        self._send(request)
        answer = self._answer()
        peak = self._memory("VmHWM")
        if peak is not None and self.loaded_bytes is not None:
            answer["peak_bytes"] = peak - self.loaded_bytes
        return answer

    def close(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.communicate()

    def _send(self, request: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise WorkerError("its process has ended") from error

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise WorkerError(f"its process ended with {self.process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    def _forget_peak(self) -> None:
        """Has VmHWM start anew, where the system can do that."""
        try:
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        except OSError:
            self.loaded_bytes = None

    def _memory(self, name: str) -> int | None:
        """A number of bytes from the system's account of the process, where there is one."""
        try:
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        except OSError:
            return None
        sizes = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
        return 1024 * int(sizes[0]) if sizes else None


@contextmanager
def started(names: Sequence[str], setting: Setting) -> Iterator[dict[str, Worker]]:
    """Workers by name, in that order, which live as long as the context."""
    workers = {name: Worker(name, setting) for name in names}
    try:
        for worker in workers.values():
            try:
                worker.greet()
            except WorkerError as error:
                raise SystemExit(f"{LABELS[worker.name]} does not start: {error}") from error
        yield workers
    finally:
        for worker in workers.values():
            worker.close()
