#!/usr/bin/env python3
"""json_cases.py make SEED N: N lines of JSON, most of them damaged.
json_cases.py check LINES REJECTS: is what trx-template rejected as no JSON
(REJECTS) what Python's json, read strictly, rejects?"""

import json
import random
import sys

SEEDS = [
    rb'{"id":"x","context":"a b","continuation":"c","m":[1,2.5e3,-0,true,false,'
    rb'null,{"k":"v","l":[[],{}]}],"s":"\u00e9\ud83d\ude00\n\"q\\"}',
    '{"context":"é日本😀","continuation":"x","n":12345678901234567890,'
    '"f":1e400,"g":1.50}'.encode(),
    b'  {"context" : "" , "continuation":"y" , "a":[ ] , "b" : { } }  ',
    b"[1,2,3]", b'"text"', b"12",
    b'{"a":{"b":{"c":[{"d":1},{"d":2}]}}}',
]
PIECES = [b",", b":", b"[", b"]", b"{", b"}", b'"', b"\\", b" ", b"\t", b"0",
          b"1", b"-", b"+", b".", b"e", b"E", b"t", b"true", b"null", b"NaN",
          b"Infinity", b"\\ud800", b"\\udc00", b"\\u0041", b"\x00", b"\x01",
          b"\x7f", b"\xc3", b"\xed\xa0\x80", b'"a":1', b"a", b"\r",
          b"\xef\xbb\xbf", b"/", b"\\/", b"\\q"]
REASONS = {"not_json", "not_utf8", "lone_surrogate", "duplicate_key",
           "too_deep"}


def damaged():
    text = bytearray(random.choice(SEEDS))
    for _ in range(random.choice([0, 1, 1, 1, 2, 3])):
        i = random.randrange(len(text) + 1)
        kind = random.random()
        if kind < 0.4:
            text[i:i] = random.choice(PIECES)
        elif kind < 0.7:
            del text[i:i + random.choice([1, 1, 1, 2, 5])]
        elif kind < 0.9 and i < len(text):
            text[i] = random.choice(b',:[]{}"\\ 01-.etn\xc3\x80u')
        else:
            j = random.randrange(len(text) + 1)
            text[i:i] = text[j:j + random.randrange(8)]
    return bytes(text).replace(b"\n", b" ")


def make(seed, n):
    random.seed(seed)
    for _ in range(n):
        line = damaged()
        if line.strip(b" \t\r"):
            sys.stdout.buffer.write(line + b"\n")


def pairs(items):
    keys = [key for key, _ in items]
    if len(set(keys)) != len(keys):
        raise ValueError("a key stands twice")
    return dict(items)


def constant(name):
    raise ValueError(name)


def is_json(line):
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=pairs,
                           parse_constant=constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True


def check(lines, rejects):
    rejected = {row["line"] for row in map(json.loads, open(rejects))
                if row["reason"] in REASONS}
    n = 0
    for number, line in enumerate(open(lines, "rb"), 1):
        n += 1
        if is_json(line.rstrip(b"\n")) == (number in rejected):
            sys.exit(f"line {number}: not as Python has it: {line!r}")
    print(n, "lines,", len(rejected), "of them no JSON: as Python has it")


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    check(sys.argv[2], sys.argv[3])
