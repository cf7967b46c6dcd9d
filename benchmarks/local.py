"""Local end to end: JSON Lines in, decode, map, check, decide, state; then the same again.

Each size runs in a process of its own, so that the peak memory is its own. `python benchmarks/local.py [SIZES...]`
prints records a second for a first plan (everything is new: staged, matched, mapped, decided, an operation each), for
the first sync (the same, then journalled, written to a file, linked and remembered), for a second sync (the
target is a new file to it), and for a third one with nothing changed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

SOURCE = """
version: 1
system: left
title: Left
connector: files
settings: {path: {type: text, required: true}}
objects:
  person:
    title: Person
    id: id
    changes: {kind: sweep}
    operations: {list: {request: GET /people}}
    fields:
      id: {type: text, writable: false}
      name: {type: text}
      mail: {type: email}
      phone: {type: text}
      street: {type: text}
      city: {type: text}
      zip: {type: text}
      country: {type: country}
      vat: {type: text}
"""
TARGET = """
version: 1
system: right
title: Right
connector: files
settings: {path: {type: text, required: true}}
objects:
  account:
    title: Account
    id: id
    changes: {kind: sweep}
    operations:
      list: {request: GET /accounts}
      create: {request: POST /accounts, effect: keyed, natural_key: ext}
      update: {request: "PUT /accounts/{{ id }}", effect: repeatable}
    fields:
      id: {type: text, writable: false}
      ext: {type: text}
      name: {type: text}
      email: {type: email}
      phone: {type: text}
      vat: {type: text}
      address:
        type: object
        fields: {street: {type: text}, city: {type: text}, zip: {type: text}, country: {type: country}}
"""
MAPPING = """
version: 1
flow: left-to-right
source: left.person
target: right.account
fields:
  ext: id
  name: {first_of: [name, id]}
  email: {from: mail, else: {template: "{{ source.id }}@none.invalid"}}
  phone: phone
  vat: vat
  address: {fields: {street: street, city: city, zip: zip, country: country}}
"""
RULES = """
version: 1
flow: left-to-right
match:
  rules: [{id: mail, left: mail, right: email, compare: email}]
  outcome: {none: create, one: link, many: first, taken: link_also, unknown: hold}
push_policy:
  default: {push: always, empty: keep, conflict: source, drift: keep}
guards: {creates: 100000000, updates: 100000000}
"""


RUNS = (
    ("first plan", "plan"),
    ("first sync", "sync"),
    ("second sync", "sync"),
    ("unchanged third sync", "sync"),
)


def people(path: Path, count: int) -> None:
    with path.open("w") as file:
        for n in range(count):
            record = {
                "id": f"p{n:08d}", "name": f"Company {n} GmbH", "mail": f"user{n}@x.example", "phone": f"+49 30 {n}",
                "street": f"{n} Road", "city": "Berlin", "zip": "10115", "country": "DE", "vat": None, "note": "x" * 40,
            }  # fmt: skip
            file.write(json.dumps(record) + "\n")


def lay_out(folder: Path, count: int) -> None:
    for name, text in {
        "systems/left.yaml": SOURCE,
        "systems/right.yaml": TARGET,
        "mappings/left-to-right.yaml": MAPPING,
        "rules/left-to-right.yaml": RULES,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text)
    for side in ("in", "out"):
        (folder / side).mkdir()
    people(folder / "in" / "person.jsonl", count)
    (folder / "out" / "account.jsonl").write_text("")


def measure(folder: Path, verb: str) -> dict[str, float]:
    """One run in this process: records a second and peak memory."""
    from engine.config.load import load_ruleset
    from engine.pipeline.decide_flow import Task
    from engine.pipeline.sync import Order, run_flow
    from engine.pipeline.workshop import Workshop
    from engine.store.opening import open_store

    accounts = {side: {"settings": {"path": str(folder / way)}} for side, way in (("left", "in"), ("right", "out"))}
    ruleset, findings = load_ruleset(folder, settings=accounts)
    assert ruleset is not None, findings
    store = open_store(folder / "state.db", create=True)
    shop = Workshop(ruleset, store)
    started, worked = time.perf_counter(), time.process_time()
    report = run_flow(shop, Order(Task(ruleset.flows["left-to-right"]), verb=verb))  # type: ignore[arg-type]
    shop.close()
    seconds = time.perf_counter() - started
    worked = time.process_time() - worked
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"records": report.counts["read"], "rate": report.counts["read"] / seconds,
            "cpu": report.counts["read"] / worked, "peak": peak}  # fmt: skip


def in_process(folder: Path, verb: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(folder), verb], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(sizes: list[int]) -> None:
    print(f"{'records':>10}  {'run':<24} {'records/s':>10} {'a CPU s':>10} {'peak MB':>8}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            lay_out(folder, size)
            for label, verb in RUNS:
                if label == "first sync":
                    for path in folder.glob("state.db*"):
                        path.unlink()
                found = in_process(folder, verb)
                print(f"{size:>10,}  {label:<24} {found['rate']:>10,.0f} {found['cpu']:>10,.0f} {found['peak']:>8.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(Path(sys.argv[2]), sys.argv[3])))
    else:
        main([int(one) for one in sys.argv[1:]] or [20_000, 100_000])
