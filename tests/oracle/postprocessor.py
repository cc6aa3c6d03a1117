#!/usr/bin/env python3
"""postprocessor.py cases SEED N: N values for post_processor, one a line, some
with a field changed or left out.
postprocessor.py: for each line on standard input what the reference puts
before and behind a text, in the form of tests/unit/postprocessor; or that it
fails."""
import copy
import json
import random
import sys

from tokenizers import Tokenizer


def special(name, n=1):
    ids = [random.randrange(2**32) for _ in range(n)]
    return {"id": name, "ids": ids, "tokens": [name] * n}


def template():
    names = ["[CLS]", "[SEP]", "x"]
    piece = lambda: {"SpecialToken": {"id": random.choice(names), "type_id": 0}}
    a = {"Sequence": {"id": "A", "type_id": 0}}
    b = {"Sequence": {"id": "B", "type_id": 1}}
    single = [piece() for _ in range(random.randrange(3))]
    single.insert(random.randrange(len(single) + 1), a)
    if random.random() < 0.1:
        single.append(random.choice([a, b]))
    return {"type": "TemplateProcessing", "single": single,
            "pair": [piece(), a, b],
            "special_tokens": {n: special(n, random.choice([0, 1, 1, 1, 3]))
                               for n in names}}


def bert():
    return {"type": "BertProcessing", "sep": ["[SEP]", random.randrange(99)],
            "cls": ["[CLS]", random.randrange(99)]}


def roberta():
    return {**bert(), "type": "RobertaProcessing", "trim_offsets": True,
            "add_prefix_space": False}


def byte_level():
    v = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False}
    if random.random() < 0.5:
        v["use_regex"] = random.random() < 0.5
    return v


def sequence():
    kinds = [bert, roberta, byte_level, byte_level, template, sequence]
    n = random.randrange(4)
    return {"type": "Sequence",
            "processors": [random.choice(kinds)() for _ in range(n)]}


def change(v):
    """Change one thing, anywhere."""
    while True:
        keys = list(v) if isinstance(v, dict) else list(range(len(v)))
        if not keys:
            return
        k = random.choice(keys)
        if isinstance(v[k], (dict, list)) and v[k] and random.random() < 0.7:
            v = v[k]
            continue
        how = random.random()
        if how < 0.3:
            del v[k]
        elif isinstance(v, dict) and how < 0.5:
            other = random.choice([bert, roberta, byte_level, template,
                                   sequence])()
            v.update({**other, **v})
        else:
            v[k] = random.choice([None, True, 1, -1, 1.0, 2**32, "B", "A",
                                  "Sequence", "ByteLevel", "", [], {},
                                  ["a", 1], ["a", 1, 2]])
        return


def cases(n):
    for _ in range(n):
        v = random.choice([bert, roberta, byte_level, template, template,
                           sequence, sequence])()
        v = copy.deepcopy(v)
        for _ in range(random.choice([0, 1, 1, 2])):
            change(v)
        print(json.dumps(v))


PLAIN = """{"version": "1.0", "truncation": null, "padding": null,
"added_tokens": [], "normalizer": null, "pre_tokenizer": null, "decoder": null,
"model": {"type": "WordLevel", "vocab": {"u": 100}, "unk_token": "u"},
"post_processor": %s}"""


def around(spec):
    ids = Tokenizer.from_str(PLAIN % spec).encode("u").ids
    tokens = Tokenizer.from_str(PLAIN % spec).encode("").ids
    at = next(i for i in range(len(ids)) if ids[i] == 100
              and ids[:i] + ids[i + 1:] == tokens)
    return {"prefix": ids[:at], "suffix": ids[at + 1:]}


def main():
    if sys.argv[1:2] == ["cases"]:
        random.seed(int(sys.argv[2]))
        cases(int(sys.argv[3]))
        return
    for line in sys.stdin:
        try:
            print(json.dumps(around(line), separators=(",", ":")))
        except BaseException:
            print('{"refused":true}')


main()
