#!/usr/bin/env python3
"""pretokenize.py [-s SEED] [-n N] [-a] PROGRAM KIND [FILE...]: compare the
pieces of tests/unit/pretokenize with those of tokenizers.

  patterns   the patterns of well-known models, on N random texts each and on
             every assigned code point but most ideographs (with -a: on every
             code point, with each)
  models     the pre-tokenizers of tokenizer.json FILEs, on N random texts each
  sequences  N random pre-tokenizers, right and wrong
  regexes    N random regular expressions

0 unless something differs.  The program may refuse what the reference takes.
"""

import argparse
import json
import random
import subprocess
import sys
import unicodedata

import pretokenize_regex
from pretokenize_patterns import PATTERNS
from tokenizers import Tokenizer

ALPHABET = [*range(0x21, 0x7f), *range(0xa1, 0xad), *range(0xae, 0x100)]
OTHER = [b for b in range(256) if b not in ALPHABET]
BYTES = {chr(b): chr(b) for b in ALPHABET}
BYTES.update({chr(0x100 + i): chr(b) for i, b in enumerate(OTHER)})

WORDS = [" ", " ", "  ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u3000",
         "\u2028", "\u0085", "\x0b", "\x00", "\u200b", "\u200d", "'s", "'S",
         "'ſ", "'ll", "'Ve", "'rE", "'d", "'", "a", "I", "the", "The", "THE",
         "HeLLo", "worldS", "ǅ", "ªº", "é", "e\u0301", "\u0301", "ß", "K",
         "日本語", "中文", "カタ", "한국어", "ไทย", "हिन्दी", "עבר", "Привет",
         "😀", "👩‍👩‍👧", "🇩🇪", "\U0010ffff", "\ue000", "\u0378", "1", "12",
         "123", "1234567", "٣", "½", "Ⅷ", "²", "𝟘", "-", "--", "/", "_", ".",
         "...", "!?", "{}", "[", "]", "<s>", "$", "+", "^", "~", "`", "…", "。",
         "，", "“", "▁", "▁▁", "Ġ", "ⓐ", "\U0001f130", "#", "&&", "|", "a1b"]


class Program:
    """The pieces of PROGRAM, and what differs from the reference."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.equal = self.refused = self.differ = self.texts = 0
        self.whys = {}

    def ours(self, spec, texts):
        line = json.dumps({"pre_tokenizer": spec, "texts": texts})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def complain(self, spec, text, ours, theirs):
        self.differ += 1
        print(json.dumps({"pre_tokenizer": spec, "text": text, "ours": ours,
                          "theirs": theirs}))

    def compare(self, spec, texts):
        ours = self.ours(spec, texts)
        if "error" in ours:
            self.refused += 1
            why = ours["error"].split("': ")[-1][-60:]
            self.whys[why] = self.whys.get(why, 0) + 1
            return
        try:
            theirs = reference(spec)
        except Exception as e:
            self.complain(spec, None, "taken", str(e))
            return
        for text, pieces, ends in zip(texts, ours["pieces"], ours["ends"]):
            got = list(zip(pieces, positions(text, ends)))
            try:
                want = expected(theirs, text, ours["bytes"])
            except BaseException as e:  # a panic is no Exception
                if isinstance(e, KeyboardInterrupt):
                    raise
                want = str(e)
            self.texts += 1
            if got != want:
                self.complain(spec, text, got, want)
                return
        self.equal += 1

    def finish(self):
        self.process.stdin.close()
        print(f"{self.equal} equal ({self.texts} texts), {self.refused} "
              f"refused, {self.differ} differ", file=sys.stderr)
        for why, n in sorted(self.whys.items(), key=lambda w: -w[1]):
            print(f"  {n} {why}", file=sys.stderr)
        return self.process.wait() != 0 or self.differ > 0


def reference(spec):
    return Tokenizer.from_str(json.dumps({
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [], "normalizer": None, "pre_tokenizer": spec,
        "post_processor": None, "decoder": None,
        "model": {"type": "BPE", "vocab": {}, "merges": []}})).pre_tokenizer


def expected(theirs, text, is_bytes):
    """The reference's pieces, a byte to a character, and where they end; an
    empty one, which only no step at all leaves of an empty text, has no tokens."""
    if theirs is None:
        pieces = [(text, (0, len(text)))] if text else []
    else:
        pieces = theirs.pre_tokenize_str(text)
    return [("".join(map(BYTES.get, piece)) if is_bytes else
             piece.encode().decode("latin-1"), end)
            for piece, (_, end) in pieces if piece]


def positions(text, ends):
    """Bytes of text, as characters: that which holds the last of them."""
    at = []
    for i, c in enumerate(text):
        at += [i + 1] * len(c.encode())
    return [at[end - 1] for end in ends]


def text(rng):
    if rng.random() < 0.05:
        return rng.choice(WORDS) * rng.randrange(1, 60)
    n = rng.randrange(12) if rng.random() < 0.9 else rng.randrange(80)
    return "".join(chr(rng.randrange(0xd800)) if rng.random() < 0.02 else
                   rng.choice(WORDS) for _ in range(n))


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior,
            "invert": invert}


def is_rare(cp):
    """Of those, of which there are so many, some will do."""
    category = unicodedata.category(chr(cp))
    return category in ("Cn", "Co") or (category == "Lo" and cp > 0x3100)


def probes(every):
    """Texts with each code point among letters, spaces and itself."""
    scalars = [cp for cp in range(0x110000)
               if not 0xd800 <= cp < 0xe000 and
               (every or cp % 97 == 0 or not is_rare(cp))]
    for i in range(0, len(scalars), 2000):
        yield "".join(f"a{c}b {c}{c} {c}" for c in map(chr, scalars[i:i + 2000]))


def patterns(program, rng, args):
    specs = [split(p) for p in PATTERNS.values()]
    for spec in specs:
        program.compare(spec, [text(rng) for _ in range(args.n)])
    everything = list(probes(args.a))
    chosen = specs if args.a else [split(PATTERNS[k]) for k in (
        "o200k", "deepseek-v3", "kimi", "classes")]
    for kind in ("Whitespace", "BertPreTokenizer"):
        chosen.append({"type": kind})
    chosen.append({"type": "Digits", "individual_digits": True})
    chosen.append({"type": "ByteLevel", "add_prefix_space": False,
                   "trim_offsets": True})
    letters = "abcdefghijklmnopqrstuvwxyz"
    chosen.append(split("(?i:" + "|".join("a" + c for c in letters) + ")"))
    chosen += [split(f"(?i){pattern}") for pattern in (
        "a[k_]", "[^ks]", "as", "a[A-JL-Z]")]
    for spec in chosen:
        program.compare(spec, everything)
    if program.refused:
        program.complain("patterns", None, "refused", "known")


def models(program, rng, args):
    for file in args.files:
        program.compare(json.load(open(file))["pre_tokenizer"],
                        [text(rng) for _ in range(args.n)])
    if program.refused:
        program.complain("models", None, "refused", "known")


BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext",
             "Contiguous"]


def step(rng):
    """A random pre-tokenizer."""
    flag = rng.random() < 0.5
    behavior = rng.choice(BEHAVIORS)
    pattern = rng.choice(list(PATTERNS.values()))
    made = rng.choice([
        lambda: split(pattern, behavior, flag),
        lambda: split(rng.choice(["\\s", "a*", "\\b", "", "x??", "$", "^", "b|"]),
                      behavior, flag),
        lambda: split(rng.choice(WORDS + [""]), behavior, flag, "String"),
        lambda: {"type": "ByteLevel", "add_prefix_space": flag,
                 "trim_offsets": True, "use_regex": rng.random() < 0.7},
        lambda: {"type": "ByteLevel", "add_prefix_space": flag,
                 "trim_offsets": False},
        lambda: {"type": "Digits", "individual_digits": flag},
        lambda: {"type": "Metaspace", "replacement": rng.choice("▁_ a"),
                 "prepend_scheme": rng.choice(["always", "never", "first"]),
                 "split": flag},
        lambda: {"type": "Metaspace", "replacement": "▁",
                 "add_prefix_space": flag},
        lambda: {"type": "Whitespace"}, lambda: {"type": "WhitespaceSplit"},
        lambda: {"type": "BertPreTokenizer"},
        lambda: {"type": "Punctuation", "behavior": behavior},
        lambda: {"type": "Punctuation"},
        lambda: {"type": "CharDelimiterSplit", "delimiter": rng.choice("a é語")},
        lambda: {"type": "FixedLength", "length": rng.randrange(1, 9)},
        lambda: {"type": "FixedLength"}, lambda: {"type": "UnicodeScripts"},
        lambda: {"type": "Sequence", "pretokenizers": [step(rng)]},
        lambda: {"type": "Sequence", "pretokenizers": []},
    ])()
    return spoil(rng, made) if rng.random() < 0.05 else made


def spoil(rng, made):
    """The same with a field missing, or of another value."""
    key = rng.choice(list(made))
    if rng.random() < 0.5:
        del made[key]
    else:
        made[key] = rng.choice([None, True, 0, 1.5, "", "a", "ab", [], {},
                                {"String": "a", "Regex": "b"}, "Isolated",
                                "isolated", "Always"])
    return made


def sequences(program, rng, args):
    program.compare(None, [text(rng) for _ in range(20)])
    for _ in range(args.n):
        steps = [step(rng) for _ in range(rng.randrange(1, 5))]
        spec = steps[0] if len(steps) == 1 else {
            "type": "Sequence", "pretokenizers": steps}
        program.compare(spec, [text(rng) for _ in range(6)])


def regexes(program, rng, args):
    for _ in range(args.n):
        pattern, letters = pretokenize_regex.pattern(rng)
        texts = ["".join(rng.choice(letters)
                         for _ in range(rng.randrange(1, most)))
                 for most in [14] * 11 + [100]]
        program.compare(split(pattern, rng.choice(BEHAVIORS)
                              if rng.random() < 0.1 else "Isolated"), texts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", type=int, default=1)
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("-a", action="store_true")
    parser.add_argument("program")
    parser.add_argument("kind", choices=["patterns", "models", "sequences",
                                         "regexes"])
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    program = Program(args.program)
    globals()[args.kind](program, random.Random(args.s), args)
    sys.exit(program.finish())


main()
