#!/usr/bin/env python3
"""How much faster than the reference trx and its peers turn texts into ids.

  tokenizer_speed.py UNIT TEXTS SECONDS MODEL...

UNIT is the folder of encode_speed and encode, TEXTS that of the sets of
speed_texts.py; MODEL a folder with a tokenizer.json.  For each model and set it
prints the MB/s of the reference, on one core, and for each peer how many times
as fast it is: in the first pass, its caches empty; in a later one; in a later
one, called text by text; and, on whole conversations, with two threads.  The
ids of all are compared with the reference's, on the texts that it came to.
"""

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy
from tokenizer_peers import PEERS, read

PACKAGES = {"quicktok": "quicktok-v1", "splintr": "splintr-rs"}
REFERENCE = "tokenizers"
PATIENCE = 300  # seconds until a peer is given up


def last_line(text):
    return (text.strip().splitlines() or ["says nothing"])[-1][:160]


def measure(peer, model, texts, seconds, threads, ids):
    """The figures of a peer, or why there are none."""
    script = Path(__file__).with_name("tokenizer_peers.py")
    try:
        run = subprocess.run([sys.executable, script, peer, model, texts,
                              seconds, str(threads), ids],
                             capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"took more than {PATIENCE} s"
    if run.returncode < 0:
        return f"died of signal {-run.returncode}"
    if run.returncode:
        return last_line(run.stderr)
    return json.loads(last_line(run.stdout))


def lists(path):
    """What a peer wrote: a list of ids for each text."""
    data, at, ids = numpy.fromfile(path, numpy.uint32), 0, []
    while at < len(data):
        ids.append(data[at + 1:at + 1 + data[at]])
        at += 1 + data[at]
    return ids


def differing(ids, wanted):
    return sum(not numpy.array_equal(one, other)
               for one, other in zip(ids, wanted))


class Trx:
    def __init__(self, unit, model):
        self.unit, self.model = unit, model

    def speed(self, texts, seconds, threads):
        return subprocess.run([f"{self.unit}/encode_speed", self.model, texts,
                               seconds, str(threads)],
                              capture_output=True, text=True)

    def figures(self, texts, seconds, threads):
        run = self.speed(texts, seconds, threads)
        if run.returncode:
            return last_line(run.stderr)
        first, later, *_ = run.stdout.split()
        return {"first": float(first), "later": float(later)}

    def differing(self, texts, wanted):
        """On how many of the first texts the ids are not the wanted ones; in
        earnest only where the digest of all is another one."""
        every = hashlib.sha256()
        with tempfile.NamedTemporaryFile(suffix=".texts") as some:
            for text, ids in zip(texts, wanted):
                data = text.encode()
                some.write(struct.pack("<I", len(data)) + data)
                every.update(struct.pack("<I", len(ids)) + ids.tobytes())
            some.flush()
            run = self.speed(some.name, "0", 2)
        if run.stdout.split()[-1:] == [every.hexdigest()]:
            return 0
        lines = "".join(json.dumps({"text": text}) + "\n"
                        for text, _ in zip(texts, wanted))
        run = subprocess.run([f"{self.unit}/encode", self.model], input=lines,
                             stdout=subprocess.PIPE, text=True)
        ids = [json.loads(line)["ids"] for line in run.stdout.splitlines()]
        return differing(ids, wanted) + len(wanted) - len(ids)


def table_line(name, rate, one, two, wrong, checked):
    if isinstance(one, str):
        return f"  {name:18} {one}"
    cells = [one["first"], one["later"], one.get("single"),
             two["later"] if isinstance(two, dict) else None]
    cells = [f"{cell / rate:8.1f}" if cell else f"{'-':>8}" for cell in cells]
    verdict = f"exact ({checked})" if wrong == 0 else \
        f"WRONG in {wrong} of {checked}"
    return f"  {name:18} {''.join(cells)}  {verdict}"


def compare(unit, model, path, seconds, tmp):
    def peer(name, threads):
        return measure(name, model, path, seconds, threads, f"{tmp}/{name}")

    threaded = path.stem == "documents"
    texts = read(path)
    size = sum(len(text.encode()) for text in texts)
    reference = peer(REFERENCE, 1)
    if isinstance(reference, str):
        print(f"{Path(model).name}, {path.stem}: {REFERENCE} {reference}")
        return
    wanted = lists(f"{tmp}/{REFERENCE}")
    rate = reference["later"]
    print(f"{Path(model).name}, {path.stem}: {len(texts)} texts, "
          f"{size / 1e6:.1f} MB; {REFERENCE} {rate:.2f} MB/s\n"
          f"  {'':18}   first   later  single   two threads")
    for name in PEERS:
        one = reference if name == REFERENCE else peer(name, 1)
        ids = lists(f"{tmp}/{name}") if isinstance(one, dict) else []
        two = peer(name, 2) if ids and threaded else None
        print(table_line(name, rate, one, two, differing(ids, wanted),
                         min(len(ids), len(wanted))), flush=True)
    trx = Trx(unit, model)
    one = trx.figures(path, seconds, 1)
    two = trx.figures(path, seconds, 2) if threaded else None
    wrong = trx.differing(texts, wanted) if isinstance(one, dict) else 0
    print(table_line("trx", rate, one, two, wrong, len(wanted)), flush=True)


def main(unit, folder, seconds, *models):
    print(", ".join(f"{name} {version(PACKAGES.get(name, name))}"
                    for name in PEERS))
    for model in models:
        for name in "rows", "documents", "code", "multilingual", "long":
            with tempfile.TemporaryDirectory() as tmp:
                compare(unit, model, Path(folder, f"{name}.texts"), seconds,
                        tmp)


main(*sys.argv[1:])
