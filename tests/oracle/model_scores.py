#!/usr/bin/env python3
"""model_scores.py SEED N: a tokenizer.json with N Unigram scores written in
all the ways that JSON has, most of them as models have them."""
import random
import sys


def digits(n):
    return "".join(random.choice("0123456789") for _ in range(n))


def whole():
    n = random.choice([1, 1, 2, 3, 19, 20, 21, 25, 40, 330])
    s = digits(random.randrange(1, n + 1)).lstrip("0") or "0"
    if random.random() < 0.1:
        s = str(2**64 + random.randrange(-20, 20)) + digits(random.randrange(3))
    return s


def score():
    kind = random.random()
    if kind < 0.4:
        return repr(random.uniform(-20, 0))
    if kind < 0.5:
        return repr(random.uniform(-1, 1) * 10.0 ** random.randrange(-320, 300))
    s = random.choice(["", "-"]) + whole()
    if random.random() < 0.7:
        s += "." + digits(random.choice([1, 2, 5, 15, 18, 20, 30, 350]))
    if random.random() < 0.4:
        s += random.choice("eE") + random.choice(["", "-", "+"])
        s += random.choice([digits(1), digits(2), str(random.randrange(400)),
                            "0" * 30 + digits(2)])
    return s


def main():
    random.seed(int(sys.argv[1]))
    vocab = ['["<unk>", -0.0]', '["<inf>", -0e99999999999]',
             '["<tiny>", 123e-99999999999]']
    while len(vocab) < int(sys.argv[2]):
        s = score()
        # The reference refuses the file if one is out of range.
        if abs(float(s)) < 1e307:
            vocab.append('["%d", %s]' % (len(vocab), s))
    print('{"model": {"type": "Unigram", "unk_id": 0, "vocab": ['
          + ", ".join(vocab) + "]}}")


main()
