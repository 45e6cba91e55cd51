"""What redaction costs: ours beside logfire's scrubber and presidio's pattern recognisers, in one process, taking turns.

``python -m benchmarks.privacy [--json] [--rounds N]``

Three measurements, medians of the rounds, each also as a ratio to logfire's:

- *benign span*: what an agent span holds that has nothing to hide: 10 ids, 3 texts of 200 characters, one of 2 KB, one of 20 KB;
- *rows*: the evaluation rows of tiers 1 and 2, every row once a round (only where the evaluation data lies beside the checkout);
- *rows, first sight*: the same rows with what was remembered of them forgotten before every round.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

Scrub = Callable[[str, str], object]
Pairs = list[tuple[str, str]]
_WORDS = """
the agent reads a page of the report and writes a short summary of what it found then asks for the next step of the plan results are
sorted by score before they go back to the caller who compares them with the earlier answer every section has a title some figures and a
list of open points the model was asked twice because its first reply had no sources in the second one each claim names the file and the
line it came from tests passed after the change and nothing else in the folder was touched
""".split()  # noqa: SIM905 - a text reads better than a list of words


def prose(size: int, seed: int) -> str:
    """Plain text of ``size`` characters with some punctuation, numbers and code names."""
    chooser = random.Random(seed)
    words: list[str] = []
    length = 0
    while length < size:
        word = chooser.choice(_WORDS)
        draw = chooser.random()
        if draw < 0.04:
            word = str(chooser.randint(1, 1999))
        elif draw < 0.07:
            word = f"`{word}_{chooser.choice(_WORDS)}`"
        elif draw < 0.17:
            word += chooser.choice((".", ",", ":", "\n"))
        words.append(word)
        length += len(word) + 1
    return " ".join(words)[:size]


def benign_span() -> Pairs:
    """Attributes of an agent span without anything to redact."""
    chooser = random.Random(7)
    pairs = [(f"step.id.{place}", str(uuid.UUID(int=chooser.getrandbits(128), version=4))) for place in range(10)]
    pairs += [(f"step.note.{place}", prose(200, place)) for place in range(3)]
    return [*pairs, ("step.result", prose(2_000, 11)), ("step.context", prose(20_000, 12))]


def rows() -> Pairs:
    """Keys and values of the evaluation rows, empty where they are not there."""
    folder = Path(os.environ.get("SMART_AGENTS_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data" / "pii"
    found: Pairs = []
    for file in sorted(folder.glob("pii*.jsonl")):
        parsed = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        found += [(row["key"], row["value"]) for row in parsed if row["tier"] < 3 and "value" in row]
    return found


def scrubbers() -> dict[str, Scrub]:
    """Ours, and every peer that is installed."""
    from otel_smart_agents.privacy import redact_value

    found: dict[str, Scrub] = {"ours": redact_value}
    try:
        from logfire._internal.scrubbing import Scrubber
    except ImportError:
        pass
    else:
        scrubber = Scrubber(None)
        found["logfire"] = lambda key, value: scrubber.scrub_value(("attributes",), {key: value})
    try:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NlpArtifacts
    except ImportError:
        return found
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers()
    recognisers = [one for one in registry.recognizers if type(one).__mro__[1].__name__ == "PatternRecognizer"]
    nothing = NlpArtifacts([], [], [], [], None, "en")
    assert AnalyzerEngine
    found["presidio patterns"] = lambda _, value: [one.analyze(value, one.supported_entities, nothing) for one in recognisers]
    return found


def measure(peers: dict[str, Scrub], pairs: Pairs, *, rounds: int, before: Callable[[], None]) -> dict[str, float]:
    """Median microseconds of one round over all pairs, for each peer."""
    times: dict[str, list[float]] = {name: [] for name in peers}
    for turn in range(rounds + 1):
        for name, scrub in peers.items():
            before()
            start = time.perf_counter()
            for key, value in pairs:
                scrub(key, value)
            if turn:
                times[name].append((time.perf_counter() - start) * 1e6)
    return {name: statistics.median(values) for name, values in times.items()}


def run(rounds: int) -> dict[str, dict[str, float]]:
    """Every measurement: name → peer → microseconds."""
    from otel_smart_agents.privacy.values import forget

    peers = scrubbers()
    quick = {name: scrub for name, scrub in peers.items() if name != "presidio patterns"}
    results = {"benign span": measure(quick, benign_span(), rounds=rounds * 5, before=lambda: None)}
    if len(peers) > len(quick):
        slow = {name: scrub for name, scrub in peers.items() if name not in quick}
        results["benign span"] |= measure(slow, benign_span(), rounds=3, before=lambda: None)
    pairs = rows()
    if pairs:
        results["rows"] = measure(quick, pairs, rounds=rounds, before=lambda: None)
        results["rows, first sight"] = measure(quick, pairs, rounds=rounds, before=forget)
    return results


def table(results: dict[str, dict[str, float]]) -> Iterable[str]:
    """Lines for people."""
    yield f"{'measurement':<20}{'':<20}{'median':>14}{'x logfire':>12}"
    for name, peers in results.items():
        reference = peers.get("logfire")
        for peer, value in peers.items():
            ratio = f"{value / reference:>12.3f}" if reference else f"{'-':>12}"
            yield f"{name:<20}{peer:<20}{value:>11.1f} µs{ratio}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    results = run(arguments.rounds)
    print(json.dumps(results, indent=1) if arguments.json else "\n".join(table(results)))


if __name__ == "__main__":
    main()
