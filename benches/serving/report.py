"""What was measured, as tables to read."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

NAMES = {
    "peer-1": "peer, 1 worker",
    "peer-4": "peer, 4 workers",
    "segmenta": "Segmenta",
    "bare": "bare axum route",
}
MB = 2**20


def text(results: dict) -> str:
    facts = results["machine"]
    parts = [
        f"{facts['cores']} processors ({facts['cpu']}), {facts['memory']}, {facts['os']}, Python {facts['python']}. "
        "The load generator shares the processors. The peer is FastAPI and scikit-learn behind "
        "uvicorn[standard]. Medians of rounds in which all take turns.",
        loads(results),
        memory(results),
        starts(results),
        long_bodies(results),
        batches(results),
    ]
    return "\n\n".join(parts) + "\n"


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def loads(results: dict) -> str:
    rows = []
    kinds = dict.fromkeys((one["request"], one["connections"]) for one in results["load"])
    for request, connections in kinds:
        of_kind = [
            one for one in results["load"] if (one["request"], one["connections"]) == (request, connections)
        ]
        rates = by_server(of_kind, "rate")
        for server in rates:
            own = [one for one in of_kind if one["server"] == server]
            figure: Callable = lambda name: median(one[name] for one in own)  # noqa: E731
            ratio = "" if server == "segmenta" else f"{times(rates['segmenta'], rates[server])}"
            rows.append(
                [
                    request,
                    str(connections),
                    NAMES[server],
                    f"{figure('rate'):,.0f}",
                    ratio,
                    f"{figure('p50_ms'):.2f} ms",
                    f"{figure('p99_ms'):.2f} ms",
                    f"{sum(one['errors'] for one in own)}",
                ]
            )
    header = ["request", "connections", "server", "requests/s", "Segmenta is", "p50", "p99", "errors"]
    return table(header, rows)


def by_server(found: list[dict], figure: str) -> dict[str, list[float]]:
    """A figure of every round, by server."""
    servers: dict[str, list[float]] = {}
    for one in found:
        servers.setdefault(one["server"], []).append(one[figure])
    return servers


def times(ours: list[float], theirs: list[float]) -> str:
    """The median of the ratios of each round."""
    ratio = median(own / other for own, other in zip(ours, theirs))
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.0f}x"


def memory(results: dict) -> str:
    rows = []
    for server, idle in results["idle"].items():
        peak = max(one["memory"] for one in results["load"] if one["server"] == server)
        rows.append([NAMES[server], f"{idle / MB:.1f} MB", f"{peak / MB:.1f} MB"])
    soak = results["soak"]
    growth = (
        f"Over {soak['seconds']} seconds of {soak['rate']:,.0f} predictions a second, with {soak['errors']} "
        f"errors, Segmenta's memory went from {soak['from'] / MB:.1f} to {soak['to'] / MB:.1f} MB."
    )
    return table(["server", "resident, idle", "resident, under load"], rows) + "\n\n" + growth


def starts(results: dict) -> str:
    rows = [
        [NAMES[server], f"{median(seconds) * 1e3:,.0f} ms", f"{max(seconds) * 1e3:,.0f} ms"]
        for server, seconds in results["starts"].items()
    ]
    return table(["from start to first answer, with a saved model", "median", "longest"], rows)


def long_bodies(results: dict) -> str:
    rows = [
        [
            one["body"],
            NAMES[one["server"]],
            str(one["status"]),
            f"{one['first_ms']:,.1f} ms",
            f"{one['answer_bytes']:,} bytes",
            f"{one['others_waited_ms']:,.1f} ms",
            f"{(one['memory_after'] - one['memory_before']) / MB:+.1f} MB",
        ]
        for one in sorted(results["long"], key=lambda one: one["body"])
    ]
    header = ["body of /predict", "server", "status", "answered after", "answer", "others waited", "memory"]
    return table(header, rows)


def batches(results: dict) -> str:
    rates = by_server(results["batch"], "rate")
    rows = [
        [
            NAMES[server],
            f"{results['batch'][0]['rows']:,}",
            f"{median(own):,.0f}",
            "" if server == "segmenta" else times(rates["segmenta"], own),
        ]
        for server, own in rates.items()
    ]
    return table(["POST /predict/batch, NDJSON", "rows", "rows/s", "Segmenta is"], rows)
