"""The servers that are put beside each other, as processes."""

from __future__ import annotations

import os
import pathlib
import socket
import subprocess
import sys
import time

import client

HERE = pathlib.Path(__file__).parent
CUSTOMERS = HERE.parents[1] / "data" / "mall_customers.csv"
# A start that takes longer than this has failed.
PATIENCE = 60.0


class Server:
    """A server with all its processes. `seconds` is what it took from its start to its first answer."""

    def __init__(self, name: str, command: list, env: dict[str, str], log: pathlib.Path, port: int):
        self.name, self.port = name, port
        with log.open("wb") as out:
            start = time.perf_counter()
            # All of its processes are in a group of their own, by which they are ended.
            self.process = subprocess.Popen(
                [str(part) for part in command],
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
            while not client.answers(port):
                if self.process.poll() is not None or time.perf_counter() - start > PATIENCE:
                    self.stop()
                    sys.exit(f"{name} does not answer: {log.read_text()[-2000:]}")
                time.sleep(0.0005)
        self.seconds = time.perf_counter() - start

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def memory(self) -> int:
        """The resident bytes of all its processes."""
        pids = [self.process.pid]
        for pid in pids:
            tasks = pathlib.Path(f"/proc/{pid}/task")
            pids += [int(child) for task in tasks.glob("*/children") for child in read(task).split()]
        return sum(resident(pid) for pid in pids)


def read(path: pathlib.Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def resident(pid: int) -> int:
    fields = read(pathlib.Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stable:
    """Starts servers, and ends all of them."""

    def __init__(self, segmenta: pathlib.Path, bare: pathlib.Path, out: pathlib.Path):
        self.segmenta_program, self.bare_program, self.out = segmenta, bare, out
        self.running: list[Server] = []
        (out / "peer").mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-B", HERE / "peer.py", out / "peer", CUSTOMERS], check=True)
        # The first start learns and keeps a model.
        self.segmenta().stop()

    def __enter__(self) -> Stable:
        return self

    def __exit__(self, *_) -> None:
        for server in self.running:
            server.stop()

    def start(self, name: str, command: list, env: dict[str, str], port: int) -> Server:
        server = Server(name, command, env, self.out / f"{name}.log", port)
        self.running.append(server)
        return server

    def segmenta(self) -> Server:
        port = free_port()
        folder = self.out / "segmenta-data"
        command = [self.segmenta_program, "serve", "--addr", f"127.0.0.1:{port}", "--data-dir", folder]
        # A line for each request would be written by all of them, or by none.
        return self.start("segmenta", [*command, "--log", "warn"], {}, port)

    def bare(self) -> Server:
        port = free_port()
        return self.start("bare", [self.bare_program, port], {}, port)

    def peer(self, workers: int) -> Server:
        port = free_port()
        command = [sys.executable, "-B", "-m", "uvicorn", "peer:app", "--app-dir", HERE]
        command += ["--host", "127.0.0.1", "--port", port, "--workers", workers]
        env = {"PEER_FOLDER": str(self.out / "peer"), "PYTHONDONTWRITEBYTECODE": "1"}
        # BLAS would start a thread a processor in each worker, which all wait for each other.
        env |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        return self.start(f"peer-{workers}", [*command, "--no-access-log", "--log-level", "warning"], env, port)
