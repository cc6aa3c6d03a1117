#!/usr/bin/env python3
"""model.py FILE: what the model of a tokenizer.json makes of the {"text":...}
lines on standard input, in the form of tests/unit/model.  Of byte tokens the
ends go byte by byte, where the reference has those of their
run.
model.py -s FILE: the scores of a Unigram model: the bits of the doubles.
model.py -l FILE...: whether the reference loads each file: yes or no."""
import collections
import json
import struct
import sys

from tokenizers import Tokenizer

PARTS = {"version": "1.0", "truncation": None, "padding": None,
         "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
         "post_processor": None, "decoder": None}


def model_text(path):
    with open(path, encoding="utf-8") as f:
        model = f.read()
    at = model.index('"model"')
    at = model.index(":", at) + 1
    _, end = json.JSONDecoder().raw_decode(model[at:].lstrip())
    at += len(model[at:]) - len(model[at:].lstrip())
    return model[at:at + end]


def load(path):
    # The model's own text: Python would write other digits.
    head = json.dumps(PARTS)[:-1]
    return Tokenizer.from_str(head + ', "model": ' + model_text(path) + "}")


def ends(tokens):
    of = collections.Counter(t.offsets for t in tokens)
    seen = collections.Counter()
    for t in tokens:
        seen[t.offsets] += 1
        begin, end = t.offsets
        yield begin + seen[t.offsets] if of[t.offsets] > 1 else end


def encode(path):
    model = load(path).model
    for line in sys.stdin.buffer:
        try:
            tokens = model.tokenize(json.loads(line)["text"])
        except Exception:
            print('{"error":true}')
            continue
        print(json.dumps({"ids": [t.id for t in tokens],
                          "ends": list(ends(tokens))}, separators=(",", ":")))


def scores(path):
    text = load(path).to_str()
    for _, score in json.loads(text)["model"]["vocab"]:
        print(struct.pack(">d", score).hex())


def loads(paths):
    for path in paths:
        try:
            load(path)
            print("yes")
        except Exception:
            print("no")


def main():
    if sys.argv[1] == "-s":
        scores(sys.argv[2])
    elif sys.argv[1] == "-l":
        loads(sys.argv[2:])
    else:
        encode(sys.argv[1])


main()
