#!/usr/bin/env python3
"""model_cases.py SEED KIND: a random small model, unigram or wordpiece, as
model.json in the current folder, with texts for it as texts.jsonl.  Alphabets
are small and scores few, so that ties and near ties are everywhere."""
import json
import random
import sys

ALPHABETS = ["ab", "abc", "a\u2581", "aé", "日本語a", "a😀\u0301", "<0x41>A",
             "\x00\x7fz", "##a", "<unk>"]
OTHERS = ["", "Z", "é", "\u0301", "\u00a0", "中", "한", "\u0e01", "😀",
          "\U0010ffff", "\x00", " ", "\n", "A", "z", "#", "<unk>", "<0x41>"]


def strings(alphabet, most):
    n = random.randrange(1, 60)
    lengths = range(1, random.randrange(2, most))
    out = ["".join(random.choice(alphabet) for _ in range(random.choice(lengths)))
           for _ in range(n)]
    if random.random() < 0.5:
        out += list(alphabet)
    return out


def text(alphabet, vocab):
    kind = random.random()
    n = random.choice([1, 2, 3, 5, 8, 13, 40, 120])
    if kind < 0.4:
        return "".join(random.choice(alphabet) for _ in range(n))
    pool = vocab if kind < 0.6 else vocab + OTHERS + list(alphabet)
    return "".join(random.choice(pool) for _ in range(n % 15))


def unigram(alphabet):
    pieces = strings(alphabet, 7)
    if random.random() < 0.4:
        pieces += ["<0x%02X>" % b for b in range(256)]
        if random.random() < 0.3:
            pieces.remove("<0x%02X>" % random.choice([0x41, 0xc3, 0xf0]))
    if random.random() < 0.1:
        pieces.append("")
    unk = random.randrange(len(pieces) + 1)
    pieces.insert(unk, "<unk>")
    steps = random.choice([[-1.1, -2.2, -3.3, -4.4, -5.5, -6.6], [0.0], [-1.0],
                           [-0.1, -0.2, -0.3, -0.7], [30.0, 60.1, 90.3],
                           [-1e-3, -12.345678901234567, -9.87654321]])
    model = {"type": "Unigram",
             "unk_id": unk if random.random() < 0.9 else None,
             "vocab": [[p, random.choice(steps)] for p in pieces]}
    if random.random() < 0.8:
        model["byte_fallback"] = random.random() < 0.7
    return model, pieces


def wordpiece(alphabet):
    prefix = random.choice(["##", "##", "", "é", "▁日", alphabet[0]])
    pieces = strings(alphabet, 7)
    pieces += [prefix + s for s in strings(alphabet, 5)]
    unk = random.choice(["[UNK]", "", pieces[0]])
    pieces = list(dict.fromkeys(pieces + [unk]))
    ids = random.sample(range(2 * len(pieces)), len(pieces))
    model = {"type": "WordPiece", "unk_token": unk,
             "continuing_subword_prefix": prefix,
             "max_input_chars_per_word": random.choice([0, 1, 5, 100, 10**9]),
             "vocab": dict(zip(pieces, ids))}
    return model, pieces


def main():
    random.seed(sys.argv[1])
    alphabet = random.choice(ALPHABETS)
    model, pieces = {"unigram": unigram, "wordpiece": wordpiece}[
        sys.argv[2]](alphabet)
    with open("model.json", "w", encoding="utf-8") as f:
        json.dump({"model": model}, f)
    with open("texts.jsonl", "w", encoding="utf-8") as f:
        for p in pieces:
            print(json.dumps({"text": p}), file=f)
            print(json.dumps({"text": " " + p}), file=f)
        for _ in range(1500):
            print(json.dumps({"text": text(alphabet, pieces)}), file=f)


main()
