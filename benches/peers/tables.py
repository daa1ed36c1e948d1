"""What was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from agreement import OWN_STARTS, SAME_START, Finding
from measure import SLOW_SECONDS, Result
from optimum import REFERENCE, Sums
from process import LABELS, OURS

# Marks a time that was measured with fewer starts.
SCALED = "†"
NOTHING = "–"
# Below this, what a process needs anyway hides what the rows need.
LEAST_BYTES = 1_000_000


def report(
    context: dict[str, Any], results: list[Result], findings: list[Finding], sums: list[Sums]
) -> str:
    """All tables, and what they were measured on."""
    large = [result for result in results if result.feature_bytes >= LEAST_BYTES]
    parts = [conditions(context)]
    if results:
        parts.append(times(results))
    if findings:
        parts.append(agreement(results, findings))
    if large:
        parts.append(memory(large))
    if sums:
        parts.append(optimum(sums))
    return "\n\n".join(parts) + "\n"


def conditions(context: dict[str, Any]) -> str:
    """What stands above all tables."""
    facts = context["machine"]
    versions = [f"{LABELS[name]} {version}" for name, version in context["versions"].items()]
    lines = [
        f"{facts['cpu']}, {facts['cores']} cores, {facts['memory']}, {facts['os']}",
        f"{', '.join(versions)}, Python {facts['python']}",
        f"threads: {context['threads']}, vectors of the processor: {facts['vectors']}, "
        f"of Segmenta: {context['vectors']}",
        context["date"],
    ]
    return "\n".join(f"- {line}" for line in lines)


def times(results: list[Result]) -> str:
    """How long each takes, and how many times as long as ours."""
    return section("Time", *by_library(results, time_cell), time_notes(results))


def time_cell(result: Result, name: str) -> str:
    """As in "1.2 s (3.4x)"."""
    seconds, ratio = result.seconds(name), result.ratio(name)
    if seconds is None:
        return "failed"
    mark = SCALED if result.sides[name].scale > 1 else ""
    times_ours = "" if name == OURS or ratio is None else f" ({ratio:.3g}x)"
    return f"{duration(seconds)}{mark}{times_ours}"


def time_notes(results: list[Result]) -> Iterator[str]:
    """What one must know to read the times."""
    yield (
        "Medians of rounds in which all take turns; in brackets the median of each round's time "
        f"divided by Segmenta's. Who takes over {SLOW_SECONDS:g} s runs once."
    )
    sides = [(result, name, side) for result in results for name, side in result.sides.items()]
    scaled = [
        f"{side.n_init_measured} of {side.n_init} by {at(result, name)}"
        for result, name, side in sides
        if side.scale > 1
    ]
    if scaled:
        yield (
            f"{SCALED} All starts would take too long: fewer were measured, and their time is "
            "multiplied to stand for all. What a library does once and not for each start, such "
            f"as checking the rows, is multiplied with the rest. {listed(scaled)}"
        )
    failed = [
        f"{at(result, name)}: {side.error}"
        for result, name, side in sides
        if side.error is not None
    ]
    if failed:
        yield f"What failed: {listed(failed)}"


def agreement(results: list[Result], findings: list[Finding]) -> str:
    """Whether the times are of the same result."""
    verdicts = {(one.workload, one.peer): one.verdict for one in findings}

    def cell(result: Result, name: str) -> str:
        verdict = verdicts.get((result.workload.title, name))
        return NOTHING if verdict is None else verdict.text

    header, rows = by_library(results, cell)
    # Our own column has nothing to say.
    rows = [[title, *others] for title, _, *others in rows]
    return section("Result", [header[0], *header[2:]], rows, agreement_notes(findings))


def agreement_notes(findings: list[Finding]) -> Iterator[str]:
    """How to read the verdicts, and a summary of them."""
    yield (
        f"From the same start: how far the WCSS lie apart, at most {SAME_START:.0e}, and our steps "
        "and theirs, which must be as many for scikit-learn. faiss-cpu counts in single precision "
        "and is not judged."
    )
    yield (
        "Sweeps, from starts that each draws itself: for how many k our WCSS is lower by more than "
        f"{OWN_STARTS:.0e}, equal, or higher, which none should be; and by how much in the mean. "
        "The fewer starts, the more of this is luck."
    )
    differences = [one.verdict.difference for one in findings if one.verdict.difference is not None]
    if differences:
        yield f"The largest difference from the same start is {max(differences):.1e}."
    bad = [f"{LABELS[one.peer]} at {one.workload}" for one in findings if not one.verdict.good]
    yield f"To be looked at: {listed(bad)}" if bad else "All are the same, or as low."


def memory(results: list[Result]) -> str:
    """What each takes beside the rows that it was given."""
    note = "The peak above the loaded rows, in multiples of the bytes of the features."
    return section("Memory", *by_library(results, memory_cell), [note])


def memory_cell(result: Result, name: str) -> str:
    """As in "1.5x"."""
    multiple = result.memory(name)
    return NOTHING if multiple is None else f"{multiple:.2f}x"


def optimum(sums: list[Sums]) -> str:
    """How low each gets."""
    reference = {one.k: one for one in sums if one.library == REFERENCE}
    rows = [
        [
            str(one.k),
            LABELS[one.library],
            f"{one.above(reference[one.k]):+.2%}",
            duration(one.mean_seconds),
        ]
        for one in sums
    ]
    note = (
        f"Points spread evenly over a square, means over {len(sums[0].wcss)} data sets. "
        f"{LABELS[REFERENCE]} takes the best of 10 starts; the others have their defaults."
    )
    header = ["k", "", f"WCSS against {LABELS[REFERENCE]}", "Time"]
    return section("Optimum", header, rows, [note])


def by_library(
    results: list[Result], cell: Callable[[Result, str], str]
) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a table with a line for each workload."""
    taking_part = {name for result in results for name in result.sides}
    names = [name for name in LABELS if name in taking_part]
    rows = [
        [
            result.workload.title,
            *(cell(result, name) if name in result.sides else NOTHING for name in names),
        ]
        for result in results
    ]
    return ["", *(LABELS[name] for name in names)], rows


def at(result: Result, name: str) -> str:
    """A library and what it was at."""
    return f"{LABELS[name]} at {result.workload.title}"


def listed(parts: Sequence[str]) -> str:
    """The end of a sentence."""
    return "; ".join(parts) + "."


def duration(seconds: float) -> str:
    """Three digits, in seconds or thousandths of them."""
    if seconds < 1:
        return f"{1000 * seconds:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 1000 else f"{seconds:.0f} s"


def section(title: str, header: Sequence[str], rows: list[list[str]], notes: Iterable[str]) -> str:
    """A heading, a table that is also readable as it is, and what is to be said of it."""
    widths = [max(3, *map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (header, ["-" * width for width in widths], *rows)
    ]
    return "\n\n".join([f"## {title}", "\n".join(lines), *notes])
