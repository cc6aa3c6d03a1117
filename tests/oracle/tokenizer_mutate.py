#!/usr/bin/env python3
"""Whether a program reads a changed tokenizer.json as tokenizers does, or
refuses it.

  tokenizer_mutate.py PROGRAM KEEP SEED N MODEL...

The files of the models are cut down to small ones, which are then changed at
random: flags, fields, types, patterns, added tokens, whole steps, merges.  Of
each of the N files, texts must get the ids of the reference, or the program
must refuse it, with status 1 and one line; where the reference does not load
it, the program may do either, but not crash.  Prints how often what came, and
keeps the files that came out otherwise in KEEP.
"""

import collections
import contextlib
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer, __version__  # noqa: E402
from tokenizer_json import sound  # noqa: E402
from tokenizer_texts import Maker  # noqa: E402

SIZE = 2000  # entries of a small vocabulary
TEXTS = 60

PATTERNS = [
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", r"\s+", r"\d+|\D+", " ", r"\p{L}+",
    r"\w+|[^\w\s]+", "[", "(?i)a", ".", "", r"(\s)\1", "a*"]
BEHAVIORS = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext",
             "Contiguous"]
NORMALIZERS = [
    {"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"},
    {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Nmt"},
    {"type": "ByteLevel"}, {"type": "Prepend", "prepend": "▁"},
    {"type": "Prepend", "prepend": "x "},
    {"type": "Strip", "strip_left": True, "strip_right": False},
    {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    {"type": "Replace", "pattern": {"String": "a"}, "content": ""},
    {"type": "Replace", "pattern": {"String": ""}, "content": "x"},
    {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"},
    {"type": "BertNormalizer", "clean_text": True, "strip_accents": None,
     "handle_chinese_chars": True, "lowercase": True},
    {"type": "BertNormalizer", "clean_text": False, "strip_accents": True,
     "handle_chinese_chars": False, "lowercase": False}, None]
PRE_TOKENIZERS = [
    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True,
     "use_regex": True},
    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
     "use_regex": False},
    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always",
     "split": True},
    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first",
     "split": False},
    {"type": "Metaspace", "replacement": "_", "prepend_scheme": "never"},
    {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True},
    {"type": "Digits", "individual_digits": True},
    {"type": "Digits", "individual_digits": False},
    {"type": "Whitespace"}, {"type": "WhitespaceSplit"},
    {"type": "Punctuation", "behavior": "Isolated"},
    {"type": "Punctuation", "behavior": "Contiguous"}, {"type": "Punctuation"},
    {"type": "BertPreTokenizer"}, {"type": "UnicodeScripts"},
    {"type": "CharDelimiterSplit", "delimiter": "-"},
    {"type": "FixedLength", "length": 5}, None]
CONTENTS = ["ing", " the", "the", "日本", "<x>", "<x", "ab", "  ", " ", "▁", "é",
            "e\u0301", "A", "a", "'s", "\n", "1", "#", "<|im_end|>", "", "ſ",
            "İ", "ﬁ", "Ab", "\u00a0", "x y", "half ", " half"]


def cut_bpe(model, rng):
    """Single characters, then the first merges, and what some others need."""
    merges = [tuple(m.split(" ") if isinstance(m, str) else m)
              for m in model["merges"]]
    prefix = model.get("continuing_subword_prefix") or ""
    made = {pair: pair[0] + pair[1].removeprefix(prefix) for pair in merges}
    results = set(made.values())
    single = [token for token in model["vocab"] if token not in results]
    rng.shuffle(single)
    single.sort(key=lambda token: len(token) > 1 or not token.isascii())
    bytes_ = {t for t in single if re.fullmatch("<0x..>", t)}
    # A byte-level alphabet is kept whole, of other characters some are.
    kept = bytes_ | set(single[:400]) | \
        {t for t in single if len(t) == 1 and 0xa0 < ord(t) < 0x150}
    ways = {}
    for pair in merges:
        ways.setdefault(made[pair], pair)

    def need(token):
        if token in ways and token not in kept:
            kept.update([token, *ways[token]])
            for part in ways[token]:
                need(part)
        kept.add(token)

    for token in rng.sample(list(ways), min(60, len(ways))):
        need(token)
    for pair in merges:
        if len(kept) >= SIZE:
            break
        if pair[0] in kept and pair[1] in kept:
            kept.add(made[pair])
    if model.get("unk_token"):
        kept.add(model["unk_token"])
    model["merges"] = [list(pair) for pair in merges
                       if {*pair, made[pair]} <= kept]
    return kept


def cut(held, rng):
    """The same tokenizer with a small vocabulary, its ids numbered anew."""
    held = copy.deepcopy(held)
    model = held["model"]
    added = held["added_tokens"]
    held["added_tokens"] = added[:6] + added[-4:] if len(added) > 10 else added
    names = [token["content"] for token in held["added_tokens"]]
    if model["type"] == "Unigram":
        entries = model["vocab"]
        kept = entries[:600] + [e for e in entries[600:] if len(e[0]) == 1 or
                                e[0] in names or rng.random() < .005]
        unk = entries[model["unk_id"]]
        kept = [unk] + [e for e in kept[:SIZE] if e is not unk]
        model["unk_id"], model["vocab"] = 0, kept
        number = {token: i for i, (token, _) in enumerate(kept)}
    else:
        if model["type"] == "BPE":
            tokens = cut_bpe(model, rng)
        else:
            tokens = set(list(model["vocab"])[:SIZE])
        tokens |= {name for name in names if name in model["vocab"]}
        tokens &= set(model["vocab"])
        order = sorted(tokens, key=model["vocab"].get)
        number = model["vocab"] = {token: i for i, token in enumerate(order)}
    for token in held["added_tokens"]:
        token["id"] = number.setdefault(token["content"], len(number))
    # What stands around a text is named by ids too.
    text = held.get("post_processor")
    if text:
        for one in parts(text):
            if isinstance(one.get("special_tokens"), dict):
                for name, special in one["special_tokens"].items():
                    special["ids"] = [number.get(name, 0)]
            for key in "sep", "cls":
                if isinstance(one.get(key), list):
                    one[key][1] = number.get(one[key][0], 0)
    if model["type"] != "Unigram":
        model["vocab"] = {t: i for t, i in number.items() if t in tokens}
    return held


def parts(step):
    yield step
    for key in "normalizers", "pretokenizers", "processors":
        for one in step.get(key) or []:
            yield from parts(one)


def places(held):
    """(container, key) of everything in the file but the vocabulary."""
    found = []

    def walk(one):
        keys = one if isinstance(one, dict) else range(len(one))
        for key in keys:
            if key in ("vocab", "merges", "decoder"):
                continue
            found.append((one, key))
            if isinstance(one[key], (dict, list)):
                walk(one[key])

    walk(held)
    return found


class Mutator:
    def __init__(self, rng):
        self.rng = rng
        self.kinds = [self.value, self.value, self.remove, self.flag,
                      self.flag, self.add, self.add, self.added_flag,
                      self.pattern, self.behavior, self.normalizer,
                      self.normalizer, self.pre_tokenizer, self.pre_tokenizer,
                      self.post_processor, self.model, self.model, self.merges,
                      self.vocabulary, self.whole]

    def change(self, held):
        """Changes it; returns in words what was done."""
        return ", ".join(self.once(held)
                         for _ in range(self.rng.choice((1, 1, 2, 3))))

    def once(self, held):
        try:
            return self.rng.choice(self.kinds)(held) or "nothing"
        except (AttributeError, IndexError, KeyError, TypeError):
            return "nothing"  # one before has left too little for it

    def value(self, held):
        where, key = self.rng.choice(places(held))
        where[key] = self.rng.choice((None, True, False, 0, 1, -1, 1.5, "", "x",
                                      "▁", [], {}, [1], "first", " "))
        return f"{key} = {where[key]!r}"

    def remove(self, held):
        where, key = self.rng.choice(places(held))
        if isinstance(where, dict):
            del where[key]
            return f"no {key}"

    def flag(self, held):
        flags = [(where, key) for where, key in places(held)
                 if isinstance(where[key], bool)]
        if flags:
            where, key = self.rng.choice(flags)
            where[key] = not where[key]
            return f"{key} = {where[key]}"

    def add(self, held):
        """An added token, its flags at random."""
        coin = [self.rng.random() < .5 for _ in range(5)]
        keys = "single_word", "lstrip", "rstrip", "normalized", "special"
        token = {"id": self.rng.choice((0, 5, len(held["model"]["vocab"]),
                                        99999)),
                 "content": self.rng.choice(CONTENTS), **dict(zip(keys, coin))}
        held["added_tokens"].insert(
            self.rng.randrange(len(held["added_tokens"]) + 1), token)
        return f"added {json.dumps(token)}"

    def added_flag(self, held):
        for token in held["added_tokens"]:
            for key in "single_word", "lstrip", "rstrip", "normalized":
                token[key] = self.rng.random() < .3
        return "flags of all added tokens"

    def splits(self, held):
        return [step for step in parts(held.get("pre_tokenizer") or {})
                if "pattern" in step]

    def pattern(self, held):
        steps = self.splits(held)
        pattern = self.rng.choice(PATTERNS)
        if not steps:
            return self.pre_tokenizer(held)
        self.rng.choice(steps)["pattern"] = self.rng.choice(
            ({"Regex": pattern}, {"Regex": pattern}, {"String": pattern}))
        return f"pattern {pattern!r}"

    def behavior(self, held):
        steps = self.splits(held)
        if steps:
            step = self.rng.choice(steps)
            step["behavior"] = self.rng.choice(BEHAVIORS)
            step["invert"] = self.rng.random() < .3
            return f"{step['behavior']}, invert {step['invert']}"

    def split(self):
        return {"type": "Split", "pattern": {self.rng.choice(
            ("Regex", "Regex", "String")): self.rng.choice(PATTERNS)},
            "behavior": self.rng.choice(BEHAVIORS),
            "invert": self.rng.random() < .2}

    def step(self, held, key, inner, steps):
        """Another step, or one more before or behind the one there is."""
        one = copy.deepcopy(self.rng.choice(steps))
        old = held.get(key)
        kind = self.rng.randrange(4)
        if kind == 0 or not one:
            held[key] = one
        elif kind == 1:
            held[key] = {"type": "Sequence", inner: [
                one, *([copy.deepcopy(s) for s in
                        self.rng.sample(steps, 2) if s])]}
        else:
            both = [one, old] if kind == 2 else [old, one]
            held[key] = {"type": "Sequence", inner: [s for s in both if s]}
        return f"{key} {json.dumps(one)} ({kind})"

    def normalizer(self, held):
        return self.step(held, "normalizer", "normalizers", NORMALIZERS)

    def pre_tokenizer(self, held):
        return self.step(held, "pre_tokenizer", "pretokenizers",
                         PRE_TOKENIZERS + [self.split() for _ in range(8)])

    def post_processor(self, held):
        name, number = self.rng.choice(
            [(t["content"], t["id"]) for t in held["added_tokens"]
             if "content" in t and "id" in t] or [("a", 1)])
        one = {"SpecialToken": {"id": name, "type_id": 0}}
        a = {"Sequence": {"id": "A", "type_id": 0}}
        single = self.rng.choice(([one, a], [a, one], [one, a, one], [a],
                                  [one, one, a], [one], [a, one, a], []))
        held["post_processor"] = self.rng.choice((
            None,
            {"type": "TemplateProcessing", "single": single,
             "pair": single + [{"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {name: {"id": name, "ids": self.rng.choice(
                 ([number], [number, 3], [])), "tokens": [name]}}},
            {"type": "RobertaProcessing", "sep": [name, number],
             "cls": [name, number], "trim_offsets": True,
             "add_prefix_space": True},
            {"type": "BertProcessing", "sep": [name, number],
             "cls": [name, number]},
            {"type": "ByteLevel", "add_prefix_space": True,
             "trim_offsets": True},
            {"type": "Sequence", "processors": [
                {"type": "ByteLevel", "trim_offsets": False},
                {"type": "BertProcessing", "sep": [name, number],
                 "cls": [name, number]}]}))
        return f"post_processor {json.dumps(held['post_processor'])}"

    def model(self, held):
        model = held.get("model")
        if not isinstance(model, dict):
            return None
        tokens = [t if isinstance(t, str) else t[0]
                  for t in list(model.get("vocab") or [])[:300]]
        token = self.rng.choice(tokens) if tokens else "x"
        key, value = self.rng.choice((
            ("unk_token", None), ("unk_token", token), ("unk_token", "no such"),
            ("fuse_unk", True), ("fuse_unk", False), ("byte_fallback", True),
            ("byte_fallback", False), ("ignore_merges", True),
            ("ignore_merges", False), ("dropout", 0.0), ("dropout", 0.5),
            ("dropout", None), ("continuing_subword_prefix", "##"),
            ("continuing_subword_prefix", ""), ("end_of_word_suffix", "</w>"),
            ("end_of_word_suffix", ""), ("max_input_chars_per_word", 3),
            ("unk_id", None), ("unk_id", 3), ("unk_id", 99999),
            ("type", "BPE"), ("type", "Unigram"), ("type", "WordLevel"),
            ("type", "WordPiece")))
        model[key] = value
        return f"model.{key} = {value!r}"

    def merges(self, held):
        model = held.get("model")
        merges = model.get("merges") if isinstance(model, dict) else None
        if not merges or not isinstance(merges[0], list):
            return None
        i, j = (self.rng.randrange(len(merges)) for _ in range(2))
        kind = self.rng.randrange(5)
        if kind == 0:
            merges[i], merges[j] = merges[j], merges[i]
        elif kind == 1:
            merges.append(merges[i])
        elif kind == 2:
            del merges[i:i + self.rng.choice((1, 50))]
        elif kind == 3:
            model["merges"] = [" ".join(pair) for pair in merges]
        else:
            self.rng.shuffle(merges)
        return ("swapped merges", "a merge twice", "fewer merges",
                "merges as strings", "shuffled merges")[kind]

    def vocabulary(self, held):
        model = held.get("model")
        vocab = model.get("vocab") if isinstance(model, dict) else None
        if not vocab:
            return None
        if isinstance(vocab, list):
            one = self.rng.randrange(len(vocab))
            vocab[one] = [vocab[one][0], self.rng.choice((0, -1.5, -99, 1e-7))]
            return f"score of {vocab[one]}"
        one, other = self.rng.sample(list(vocab), 2)
        kind = self.rng.randrange(4)
        if kind == 0:
            vocab[one], vocab[other] = vocab[other], vocab[one]
        elif kind == 1:
            vocab[one] = self.rng.choice((70000, vocab[other]))
        elif kind == 2:
            del vocab[one]
        else:
            vocab[self.rng.choice(("日", "<0x41>", "é", "the", "##x", "▁x",
                                   "Ġzz"))] = len(vocab)
        return ("swapped ids", "another id", "an entry less",
                "an entry more")[kind] + f" {one!r}"

    def whole(self, held):
        key, value = self.rng.choice((
            ("version", "2.0"), ("version", None), ("x", 1),
            ("truncation", {"direction": "Right", "max_length": 8,
                            "strategy": "LongestFirst", "stride": 0}),
            ("padding", {"strategy": {"Fixed": 12}, "direction": "Right",
                         "pad_to_multiple_of": None, "pad_id": 0,
                         "pad_type_id": 0, "pad_token": "x"}),
            ("added_tokens", []), ("normalizer", None),
            ("pre_tokenizer", None), ("post_processor", None)))
        held[key] = value
        return f"{key} = {value!r}"


def reference_ids(text, texts):
    """None where the reference does not load it; in the list, None where it
    panics."""
    try:
        tokenizer = Tokenizer.from_str(text)
    except BaseException as e:
        if isinstance(e, KeyboardInterrupt):
            raise
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    found = []
    for one in texts:
        try:
            found.append(tokenizer.encode(one, add_special_tokens=False).ids)
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt):
                raise
            found.append(None)
    return found


def reference_apart(text, texts):
    """The same in a process of its own: on some files the reference aborts,
    which counts as not loading them."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            json.dump(reference_ids(text, texts), out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        held = answer.read()
    _, status = os.waitpid(child, 0)
    return json.loads(held) if status == 0 else None


def run(program, folder, lines, environment):
    try:
        return subprocess.run([program, str(folder)], input=lines, text=True,
                              capture_output=True, timeout=20, env=environment)
    except subprocess.TimeoutExpired:
        return None


def reason(line):
    """A refusal without what is the file's own: paths, numbers, strings."""
    line = re.sub(r"^\S+: (\S+: )?", "", line)
    return re.sub(r"\d+", "N", re.sub(r'"[^"]*"|\'[^\']*\'', '"…"', line))[:100]


def verdict(out, texts, wanted):
    if out is None:
        return "HANGS"
    if out.returncode == 1:
        lines = out.stderr.splitlines()
        if len(lines) != 1:
            return "REFUSED, NOT IN ONE LINE"
        if wanted is None:
            return "both refuse"
        # It may also end at a text, such as one that is too long.
        return f"refused: {reason(lines[0])}"
    if out.returncode:
        return f"CRASHED, {out.returncode}"
    if wanted is None:
        return "only the reference refuses"
    held = [json.loads(line) for line in out.stdout.splitlines()]
    if len(held) != len(texts):
        return "DIFFERENT NUMBER OF LINES"
    for one, text, theirs in zip(held, texts, wanted):
        if theirs is not None and one["ids"] != theirs:
            return "DIFFERENT"
        if not sound(one["ends"], one["ids"], text):
            return "DIFFERENT ENDS"
    return "equal"


def keep(path, text, why, texts, out, wanted):
    path.mkdir(parents=True, exist_ok=True)
    (path / "tokenizer.json").write_text(text)
    ours = [json.loads(line)["ids"] for line in out.stdout.splitlines()] \
        if out and out.returncode == 0 else []
    (path / "texts.jsonl").write_text("".join(
        json.dumps({"text": one}) + "\n" for one, a, b in
        zip(texts, ours or [0] * len(texts), wanted or texts) if a != b))
    (path / "why").write_text(f"{why}\n{out.stderr if out else ''}")
    print(f"  {path}: {why}", flush=True)


@contextlib.contextmanager
def quiet():
    """The reference's panics would be printed, thousands of lines."""
    shown = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        yield
    finally:
        os.dup2(shown, 2)


def main(program, folder, seed, n, *models):
    rng = random.Random(int(seed))
    bases = [cut(json.loads(Path(model, "tokenizer.json").read_text()), rng)
             for model in models]
    mutator = Mutator(rng)
    tally = collections.Counter()
    with tempfile.TemporaryDirectory() as tmp, quiet():
        environment = {**os.environ, "XDG_CACHE_HOME": f"{tmp}/cache",
                       # What sanitizers find is a crash, no refusal.
                       "ASAN_OPTIONS": "exitcode=99",
                       "UBSAN_OPTIONS": "exitcode=99"}
        for number in range(int(n)):
            base = number % len(bases)
            held = copy.deepcopy(bases[base])
            why = mutator.change(held) if number >= len(bases) else "unchanged"
            text = json.dumps(held, ensure_ascii=number % 2 == 0)
            Path(tmp, "tokenizer.json").write_text(text)
            try:
                texts = list(Maker(held, number).texts(TEXTS))
            except (KeyError, TypeError, ValueError, AttributeError):
                texts = list(Maker(bases[base], number).texts(TEXTS))
            lines = "".join(json.dumps({"text": t}) + "\n" for t in texts)
            out = run(program, tmp, lines, environment)
            wanted = reference_apart(text, texts)
            what = verdict(out, texts, wanted)
            tally[what] += 1
            if what.isupper():
                keep(Path(folder, str(number)), text,
                     f"{what}: {Path(models[base]).name}, {why}", texts, out,
                     wanted)
    bad = sum(count for what, count in tally.items() if what.isupper())
    for what, count in tally.most_common():
        print(f"{count:6} {what}")
    print(f"{n} changed files, seed {seed}: {bad} neither refused nor as "
          f"tokenizers {__version__} reads them")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
