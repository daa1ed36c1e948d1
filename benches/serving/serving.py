"""Measures Segmenta's server beside the same service by FastAPI and scikit-learn, in turn on one machine."""

from __future__ import annotations

import argparse
import json
import pathlib
import subprocess
import sys
import threading
import time

import client
import report
from servers import HERE, Server, Stable

sys.path.insert(0, str(HERE.parent / "peers"))
import machine  # noqa: E402 - beside the comparison of k-means

CONNECTIONS = (32, 256)
PEER_WORKERS = (1, 4)
REQUESTS = {"POST /predict": ("/predict", client.CUSTOMER.decode()), "GET /stats": ("/stats", None)}
# The length of a list in the place of a number: one that no limit lets pass, and one that every limit does.
LISTS = (5_000_000, 900_000)
TOO_LONG = 50_000_000
STARTS = 5


def load(server: Server, path: str, body: str | None, connections: int, options) -> dict:
    """Lets wrk ask for so many seconds."""
    command = ["wrk", f"-t{options.threads}", f"-c{connections}", f"-d{options.seconds}s", "--timeout", "10s"]
    command += ["--script", HERE / "load.lua", f"http://127.0.0.1:{server.port}{path}"]
    env = {"SERVING_BODY": body} if body else {}
    process = subprocess.Popen(command, env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    memory = 0
    while process.poll() is None:
        memory = max(memory, server.memory())
        time.sleep(0.2)
    told = process.stderr.read()
    if process.returncode != 0:
        sys.exit(f"wrk failed: {told}")
    found = json.loads(told.splitlines()[-1])
    return {
        "rate": found["requests"] / found["microseconds"] * 1e6,
        "p50_ms": found["p50"] / 1e3,
        "p99_ms": found["p99"] / 1e3,
        "errors": found["refused"] + found["broken"],
        "memory": memory,
    }


def measure_load(servers: list[Server], options) -> list[dict]:
    """Rounds in which all servers take turns."""
    found = []
    for number in range(options.rounds):
        for request, (path, body) in REQUESTS.items():
            for connections in CONNECTIONS:
                for server in servers:
                    if server.name == "bare" and path != "/predict":
                        continue
                    one = load(server, path, body, connections, options)
                    about = {"round": number, "request": request, "connections": connections}
                    found.append({**about, "server": server.name, **one})
                    print(f"  {request} {connections:4} {server.name:9} {one['rate']:9,.0f}/s", flush=True)
    return found


def measure_starts(stable: Stable) -> dict[str, list[float]]:
    """Seconds from a process's start to its first answer, with a saved model."""
    starts: dict[str, list[float]] = {}
    for _ in range(STARTS):
        for begin in (stable.segmenta, lambda: stable.peer(1)):
            server = begin()
            server.stop()
            starts.setdefault(server.name, []).append(server.seconds)
    return starts


def measure_long_bodies(server: Server) -> list[dict]:
    """What bodies do that are far too long or hold a list where a number belongs."""
    bodies = {f"{TOO_LONG // 10**6} MB": b'{"annual_income": "' + b"x" * TOO_LONG + b'"}'}
    for length in LISTS:
        items = b",".join([b"1"] * (length // 2))
        bodies[f"a list of {length / 1e6} MB"] = b'{"annual_income": [%s], "spending_score": 50}' % items
    found = []
    for what, body in bodies.items():
        before = server.memory()
        with client.Bystander(server.port) as bystander:
            answer = client.post(server.port, "/predict", body)
        time.sleep(1)
        found.append(
            {
                "body": what,
                "server": server.name,
                "status": answer.status,
                "first_ms": answer.first * 1e3,
                "answer_bytes": answer.length,
                "others_waited_ms": bystander.longest * 1e3,
                "memory_before": before,
                "memory_after": server.memory(),
            }
        )
    return found


def measure_batches(servers: list[Server], n_rows: int, rounds: int) -> list[dict]:
    """Rows a second of `/predict/batch`, from the first byte sent to the last one read."""
    row = '{"annual_income": %d, "spending_score": %d}\n'
    body = "".join(row % (15 + i % 123, 1 + i * 7 % 99) for i in range(n_rows)).encode()
    found = []
    for number in range(rounds):
        for server in servers:
            answer = client.post(server.port, "/predict/batch", body, "application/x-ndjson")
            # The last line of pandas has no end in some versions.
            if answer.status != 200 or n_rows - answer.lines not in (0, 1):
                sys.exit(f"{server.name} answered {answer.lines} rows of {n_rows}, with {answer.status}")
            rate = n_rows / answer.seconds
            found.append({"round": number, "server": server.name, "rows": n_rows, "rate": rate})
            print(f"  POST /predict/batch {server.name:9} {rate:12,.0f} rows/s", flush=True)
    return found


def soak(server: Server, options) -> dict:
    """Resident memory over a long run, a figure a second."""
    wrk = argparse.Namespace(threads=options.threads, seconds=options.soak)
    memory: list[int] = []
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(1):
            memory.append(server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    path, body = REQUESTS["POST /predict"]
    found = load(server, path, body, CONNECTIONS[0], wrk)
    is_over.set()
    watcher.join()
    # What is allocated once, as connections come, is no growth.
    settled = memory[len(memory) // 5 :] or [server.memory()]
    return {"seconds": options.soak, **found, "from": settled[0], "to": settled[-1], "memory": memory}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segmenta", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--bare", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3, help="rounds in which all take turns")
    parser.add_argument("--seconds", type=int, default=8, help="seconds of load for each figure")
    parser.add_argument("--threads", type=int, default=1, help="threads of wrk")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of a batch")
    parser.add_argument("--soak", type=int, default=30, help="seconds of load over which memory is watched")
    parser.add_argument("--quick", action="store_true", help="smaller figures, in less than two minutes")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.rows, options.soak = 1, 2, 100_000, 5

    # Programs are named from where they start, which is elsewhere.
    options.segmenta, options.bare, options.out = (
        path.resolve() for path in (options.segmenta, options.bare, options.out)
    )
    results: dict = {"machine": machine.facts(), "options": {k: str(v) for k, v in vars(options).items()}}
    with Stable(options.segmenta, options.bare, options.out) as stable:
        results["starts"] = measure_starts(stable)
        peers = [stable.peer(workers) for workers in PEER_WORKERS]
        segmenta, bare = stable.segmenta(), stable.bare()
        fair = peers[-1]
        time.sleep(1)
        results["idle"] = {server.name: server.memory() for server in (segmenta, *peers)}
        results["load"] = measure_load([*peers, segmenta, bare], options)
        results["soak"] = soak(segmenta, options)
        results["batch"] = measure_batches([segmenta, peers[0]], options.rows, options.rounds)
        results["long"] = [*measure_long_bodies(segmenta), *measure_long_bodies(peers[0])]
        results["loaded"] = {server.name: server.memory() for server in (segmenta, fair)}
    text = report.text(results)
    (options.out / "results.md").write_text(text)
    (options.out / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print("\n" + text)


if __name__ == "__main__":
    main()
