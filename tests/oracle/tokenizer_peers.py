#!/usr/bin/env python3
"""One tokenizer's speed on one set of texts, in a process of its own.

  tokenizer_peers.py PEER MODEL TEXTS SECONDS THREADS IDS

Prints, as JSON, the MB/s of the first pass (every cache empty) and of the best
of the later ones, by the peer's fastest call for many texts, and of one call a
text.  The first pass ends when it has taken a second, the later ones go over
the same texts.  One thread is timed by the processor
time it took, several by the clock.  IDS gets the ids: u32 all, a text's number
of them before them.

A peer is a class: make it from the folder with the tokenizer.json and the
number of threads; many() takes texts, one() a text, both in the form that is
fastest; ids() gives a list of ids for each text of what many() gave.
"""

import json
import os
import struct
import sys
import time
from pathlib import Path

import numpy

BATCH = 1_000_000  # bytes of text in one call of many()
LIMIT = 1  # seconds after which a first pass ends


def flat(ids, offsets):
    ids = numpy.frombuffer(ids, numpy.uint32)
    offsets = numpy.frombuffer(offsets, numpy.uint64).astype(int)
    return numpy.split(ids, offsets[1:-1]) if len(offsets) > 1 else []


class Tokenizers:
    def __init__(self, model, _threads):
        from tokenizers import Tokenizer
        self.it = Tokenizer.from_file(f"{model}/tokenizer.json")

    def many(self, texts):
        return self.it.encode_batch_fast(texts, add_special_tokens=False)

    def one(self, text):
        return self.it.encode(text, add_special_tokens=False)

    def ids(self, result):
        return [encoding.ids for encoding in result]


class Gigatoken:
    def __init__(self, model, threads):
        import gigatoken
        self.it = gigatoken.Tokenizer(f"{model}/tokenizer.json")
        self.parallel = threads > 1

    def many(self, texts):
        return self.it.encode_batch(texts, parallel=self.parallel)

    def one(self, text):
        return self.it.encode(text)

    def ids(self, result):
        return [numpy.asarray(ids) for ids in result]


class Fastokens:
    def __init__(self, model, _threads):
        import fastokens
        self.it = fastokens.Tokenizer.from_file(f"{model}/tokenizer.json")

    def many(self, texts):
        return self.it.encode_batch_flat(texts)

    def one(self, text):
        return self.it.encode(text)

    def ids(self, result):
        return flat(*result)


class Snaptokens(Fastokens):
    def __init__(self, model, _threads):
        import snaptokens
        self.it = snaptokens.Tokenizer.from_file(f"{model}/tokenizer.json")


class Tokie(Tokenizers):
    def __init__(self, model, _threads):
        import tokie
        self.it = tokie.Tokenizer.from_json(f"{model}/tokenizer.json")

    def many(self, texts):
        return self.it.encode_batch(texts, False)

    def one(self, text):
        return self.it.encode(text, False)


class Splintr(Fastokens):
    """Its call for many texts puts the prefix before each."""

    def __init__(self, model, _threads):
        import splintr
        self.it = splintr.from_json(f"{model}/tokenizer.json")
        self.prefix = len(self.it.encode(""))

    def one(self, text):
        return self.it.encode_flat(text)

    def ids(self, result):
        return [ids[self.prefix:] for ids in flat(*result)]


def byte_level(model):
    """What a byte-level tokenizer.json is for those who want it otherwise:
    the bytes of each token, the pattern, the added tokens."""
    held = json.loads(Path(model, "tokenizer.json").read_text())
    steps = (held["pre_tokenizer"] or {}).get("pretokenizers", [])
    if [step["type"] for step in steps] != ["Split", "ByteLevel"]:
        raise ValueError("not one pattern over bytes")
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in plain]
    table = {chr(byte): byte for byte in plain} | \
        {chr(256 + i): byte for i, byte in enumerate(rest)}
    added = {token["content"]: token["id"] for token in held["added_tokens"]}
    order = {bytes(table[c] for c in token): number
             for token, number in held["model"]["vocab"].items()
             if token not in added}
    return order, steps[0]["pattern"]["Regex"], added


class Tiktoken:
    def __init__(self, model, threads):
        import tiktoken
        order, pattern, added = byte_level(model)
        self.threads = threads
        self.it = tiktoken.Encoding("model", pat_str=pattern,
                                    mergeable_ranks=order,
                                    special_tokens=added)

    def many(self, texts):
        if self.threads == 1:
            return [self.one(text) for text in texts]
        return self.it.encode_batch(texts, num_threads=self.threads,
                                    allowed_special="all")

    def one(self, text):
        return self.it.encode_to_numpy(text, allowed_special="all")

    def ids(self, result):
        return result


class Quicktok:
    """It brings its own vocabularies, and names of them."""

    NAMES = {"gptoss": "o200k_harmony", "qwen3": "qwen3", "llama3": "llama3"}

    def __init__(self, model, threads):
        import quicktok
        self.threads = threads
        name = self.NAMES.get(Path(model).name)
        if name is None:
            name = "model"
            quicktok.import_tokenizer(f"{model}/tokenizer.json", name)
        self.it = quicktok.get_encoding(name)

    def many(self, texts):
        return self.it.encode_batch(texts, self.threads, True)

    def one(self, text):
        return self.it.encode_with_special(text)

    def ids(self, result):
        return numpy.split(result[0], result[1][1:-1])


PEERS = {kind.__name__.lower(): kind
         for kind in (Tokenizers, Tiktoken, Gigatoken, Fastokens, Quicktok,
                      Tokie, Snaptokens, Splintr)}


def read(path):
    data, at, texts = Path(path).read_bytes(), 0, []
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        texts.append(data[at + 4:at + 4 + size].decode())
        at += 4 + size
    return texts


def batches(texts):
    batch, size = [], 0
    for text in texts:
        batch.append(text)
        size += len(text.encode())
        if size >= BATCH:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size


def first_pass(peer, parts, clock):
    """Returns the MB/s, the parts that were done, and what they gave."""
    results, done, took = [], [], 0
    for part in parts:
        start = clock()
        results.append(peer.many(part[0]))
        took += clock() - start
        done.append(part)
        if took > LIMIT:
            break
    return sum(size for _, size in done) / took / 1e6, done, results


def steady(call, parts, clock, seconds):
    best, begin = 0, clock()
    while True:
        start = clock()
        for texts, _ in parts:
            call(texts)
        took = clock() - start
        best = max(best, sum(size for _, size in parts) / took / 1e6)
        if clock() - begin > seconds:
            return best


def main(name, model, path, seconds, threads, ids):
    threads, seconds = int(threads), float(seconds)
    # Pools read the first, the reference the second.
    os.environ["RAYON_NUM_THREADS"] = str(threads)
    os.environ["TOKENIZERS_PARALLELISM"] = str(threads > 1).lower()
    clock = time.process_time if threads == 1 else time.perf_counter
    parts = list(batches(read(path)))
    peer = PEERS[name](model, threads)
    first, done, results = first_pass(peer, parts, clock)
    with open(ids, "wb") as out:
        for result in results:
            for one in peer.ids(result):
                out.write(numpy.uint32(len(one)).tobytes())
                out.write(numpy.asarray(one, numpy.uint32).tobytes())
    del results
    figures = {"first": first,
               "later": steady(peer.many, done, clock, seconds)}
    if len(done[0][0]) > 1:
        figures["single"] = steady(
            lambda texts: [peer.one(text) for text in texts], done[:1], clock, 0)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
