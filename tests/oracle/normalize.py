"""normalize.py PROGRAM KIND [SEED [COUNT]]: compare the normalizers of
tests/unit/normalize with the reference's.  Says how many texts were compared,
and shows those that differ, which is status 1.

KIND: scalars  every scalar value, alone and between letters
      random   texts of what normalizers look at
      marks    every combining mark before and after others, every composition
      charsmap random texts and every scalar value in SentencePiece's maps
      sequence random Sequences of everything
      load     which of many specifications are refused; lines of those that
               only the program refuses, and their number
"""

import base64
import functools
import json
import random
import struct
import subprocess
import sys
import tempfile

from tokenizers import Tokenizer, normalizers

PLAIN = ("NFC NFD NFKC NFKD Lowercase StripAccents Nmt ByteLevel").split()
SCALARS = [cp for cp in range(0x110000) if not 0xD800 <= cp < 0xE000]
# Those but for most of the planes where no version of Unicode has anything.
FEWER = [cp for cp in SCALARS if cp < 0x33000 or 0xDFFF0 < cp < 0xE1010
         or cp % 0x10000 in (0, 1, 0xFFFE, 0xFFFF)]


def reference(spec):
    """The reference's normalizer; raises what it does on what it refuses."""
    whole = {"version": "1.0", "truncation": None, "padding": None,
             "added_tokens": [], "normalizer": spec, "pre_tokenizer": None,
             "post_processor": None, "decoder": None,
             "model": {"type": "WordLevel", "vocab": {}, "unk_token": "u"}}
    return Tokenizer.from_str(json.dumps(whole)).normalizer


def pack(texts):
    """Texts as the program reads them."""
    raws = [text.encode() for text in texts]
    return b"".join(struct.pack("<I", len(raw)) + raw for raw in raws)


def run(program, spec, data):
    """What the program makes of packed texts, or its message."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(spec, f)
        f.flush()
        done = subprocess.run([program, f.name], input=data,
                              capture_output=True, check=False)
    if done.returncode:
        return done.stderr.decode().strip()
    made, at = [], 0
    while at < len(done.stdout):
        end = at + 4 + struct.unpack_from("<I", done.stdout, at)[0]
        made.append(done.stdout[at + 4:end].decode())
        at = end
    return made


class Comparison:
    def __init__(self, program):
        self.program, self.texts, self.differ = program, 0, 0
        self.packed = (None, b"")

    def __call__(self, spec, texts):
        if self.packed[0] is not texts:
            self.packed = (texts, pack(texts))
        made = run(self.program, spec, self.packed[1])
        if isinstance(made, str):
            sys.exit(f"{json.dumps(spec)[:300]}: {made}")
        normalize = reference(spec).normalize_str
        self.texts += len(texts)
        for text, ours in zip(texts, made, strict=True):
            theirs = normalize(text)
            if ours != theirs:
                self.differ += 1
                if self.differ <= 20:
                    print(json.dumps(spec)[:200], ascii(text)[:300],
                          ascii(theirs)[:300], ascii(ours)[:300], sep="\n  ")

    def end(self):
        print(f"{self.texts} texts, {self.differ} differ")
        sys.exit(self.differ != 0)


def strip(left=True, right=True):
    return {"type": "Strip", "strip_left": left, "strip_right": right}


def replace(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern},
            "content": content}


def bert(bits, accents):
    return {"type": "BertNormalizer", "clean_text": bool(bits & 1),
            "handle_chinese_chars": bool(bits & 2),
            "lowercase": bool(bits & 4), "strip_accents": accents}


def replace_regex(pattern, content):
    return {"type": "Replace", "pattern": {"Regex": pattern},
            "content": content}


REGEXES = [replace_regex(pattern, content) for pattern in
           (" {2,}", r"\s+", r"^\s", r"\p{M}(?=\p{L})", r"\b.",
            r"[^\S\n]+$", "``|\u0027\u0027", r"(?<=\w)\s|\p{Han}+")
           for content in (" ", "", "a\u0301")]

BERTS = [bert(bits, accents) for bits in range(8)
         for accents in (None, True, False)]


@functools.cache
def charsmap(rule):
    """The map of one of SentencePiece's rules, in base64."""
    import io

    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g"] * 9), model_writer=model,
        vocab_size=12, hard_vocab_limit=False, normalization_rule_name=rule,
        minloglevel=2)
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return base64.b64encode(
        proto.normalizer_spec.precompiled_charsmap).decode()


def precompiled(rule):
    return {"type": "Precompiled", "precompiled_charsmap": charsmap(rule)}


def chunks(texts, size=500):
    return ["".join(texts[i:i + size]) for i in range(0, len(texts), size)]


def in_ranges(*ranges):
    return [cp for first, last in ranges for cp in range(first, last + 1)]


@functools.cache
def marks():
    """Code points that NFD reorders, by their classes."""
    normalize = normalizers.NFD().normalize_str
    found = []
    for cp in FEWER:
        mark = chr(cp)
        if (normalize(f"x\u0345{mark}") != f"x\u0345{mark}"
                or normalize(f"x{mark}\u0334") != f"x{mark}\u0334"):
            found.append(cp)
    return found


@functools.cache
def compositions():
    """Decomposing code points; the first and last parts of the others."""
    nfd, nfkd = normalizers.NFD(), normalizers.NFKD()
    made = {cp: nfd.normalize_str(chr(cp)) for cp in FEWER}
    whole = [cp for cp in FEWER if not 0xAC00 <= cp < 0xD7A4
             and nfkd.normalize_str(chr(cp)) != chr(cp)]
    parts = [made[cp] for cp in whole if len(made[cp]) > 1]
    nfc = normalizers.NFC().normalize_str
    return (whole, sorted({ord(nfc(part[:-1])[0]) for part in parts}),
            sorted({ord(part[-1]) for part in parts}))


def pools():
    whole, first, last = compositions()
    return [
        marks(), whole, first, last, SCALARS,
        in_ranges((0x1100, 0x11FF)), in_ranges((0xAC00, 0xD7FF)),
        in_ranges((0x1160, 0x1176), (0x11A6, 0x11C4), (0xAC00, 0xAC3F)),
        in_ranges((0x20, 0x7E)), in_ranges((0, 0x20), (0x7F, 0xA0)),
        in_ranges((0xA0, 0x24F)), in_ranges((0x300, 0x36F)),
        in_ranges((0x590, 0x74F)), in_ranges((0x900, 0xDFF)),
        in_ranges((0x1F1E6, 0x1F1FF)), in_ranges((0x1F600, 0x1F64F)),
        [0x200D, 0x200C, 0xFE0F, 0xA9, 0xAE, 0x1F3FB, 0x2764],
        in_ranges((0xF900, 0xFAFF), (0x2F800, 0x2FA1F), (0x4E00, 0x4EFF)),
        in_ranges((0x10D00, 0x11A4F)), in_ranges((0x1D150, 0x1D1EF)),
        in_ranges((0x2000, 0x206F), (0x3000, 0x303F), (0xFF00, 0xFFEF)),
        [0xFDFA, 0x344, 0x345, 0x1E9B, 0x323, 0x307, 0xFB2C, 0x130, 0x3A3],
        [0x600, 0x6DD, 0x70F, 0x110BD], [0x915, 0x916, 0x9A4, 0x94D, 0x9CD],
        [0x94D, 0x93C, 0x200D, 0x301, 0x915], [13, 10, 9, 32],
    ]


def random_texts(rng, count):
    choices = pools()
    texts = []
    for _ in range(count):
        text = ""
        for _ in range(rng.randrange(1, 8)):
            one, other = rng.choice(choices), rng.choice(choices)
            for _ in range(rng.choice([1, 1, 2, 3, 5, rng.randrange(1, 60)])):
                text += chr(rng.choice(one))
                if rng.random() < 0.4:
                    text += chr(rng.choice(other))
        texts.append(text)
    return texts


def scalars(compare):
    alone = [chr(cp) for cp in FEWER]
    between = chunks([f"a{chr(cp)}" for cp in SCALARS])
    plain = [{"type": kind} for kind in PLAIN] + [strip()]
    for spec in plain:
        compare(spec, alone)
    for spec in plain + BERTS:
        compare(spec, between)


def random_kind(compare, rng, count):
    texts = random_texts(rng, count)
    for spec in [{"type": kind} for kind in PLAIN] + [strip()]:
        compare(spec, texts)
    few = rng.sample(texts, count // 8)
    for spec in BERTS + REGEXES:
        compare(spec, few)


def all_marks(compare):
    _, first, last = compositions()
    first += in_ranges((0x1100, 0x1112), (0xAC00, 0xADFF))
    last += in_ranges((0x1160, 0x1176), (0x11A6, 0x11C3))
    both = chunks([f"x{chr(a)}{chr(b)}" for a in first for b in last])
    # One mark of each class: those that sort as they stood are of one.
    some = []
    ordered = normalizers.NFD().normalize_str(
        "x" + "".join(map(chr, marks())))[1:]
    for left, right in zip("x" + ordered, ordered):
        turned = normalizers.NFD().normalize_str(f"x{right}{left}")
        if turned != f"x{right}{left}" or left == "x":
            some.append(right)
    near = chunks([f"x{chr(cp)}{mark}x{mark}{chr(cp)}"
                   for cp in marks() for mark in some])
    for kind in PLAIN[:4]:
        compare({"type": kind}, both)
        compare({"type": kind}, near)


def charsmaps(compare, rng, count):
    from ucd_tables import wildcard

    every = {"type": "Precompiled",
             "precompiled_charsmap": base64.b64encode(wildcard()).decode()}
    specs = [every] + [precompiled(rule) for rule in
                       ("nmt_nfkc", "nfkc", "nmt_nfkc_cf", "nfkc_cf")]
    texts = random_texts(rng, count)
    near = [""] * 3 + ["a", "\u0301", "\u200d", "\u0600", "\u1100", "\u1161",
                       "\uac00", "\u094d", "\u0915", "\u00a9", "\r", "\n"]
    for spec in specs:
        compare(spec, texts)
    near = ["".join(rng.choices(near, k=3)) for _ in range(10000)]
    for _ in range(2):
        contexts = chunks([rng.choice(near) + chr(cp) for cp in SCALARS])
        compare(every, contexts)
        compare(rng.choice(specs), contexts)


def random_spec(rng, depth=0):
    kind = rng.randrange(8 if depth < 3 else 7)
    if kind == 0:
        return strip(rng.random() < 0.5, rng.random() < 0.5)
    if kind == 1:
        return {"type": "Prepend",
                "prepend": rng.choice(["\u2581", " ", "e", "\u0301"])}
    if kind == 2:
        return replace(rng.choice([" ", "\u2581", "a", "e", "\u0301", "\n",
                                   "  ", ".", "``", "\u1161"]),
                       rng.choice([" ", "\u2581", "", "a\u0301", "\u0327"]))
    if kind == 3:
        return rng.choice(BERTS)
    if kind == 4:
        return precompiled(rng.choice(["nmt_nfkc", "nmt_nfkc_cf"]))
    if kind == 5:
        return {"type": rng.choice(PLAIN)}
    if kind == 6:
        return rng.choice(REGEXES)
    return {"type": "Sequence", "normalizers": [
        random_spec(rng, depth + 1) for _ in range(rng.randrange(5))]}


def sequences(compare, rng, count):
    texts = random_texts(rng, 2000)
    for _ in range(count):
        spec = {"type": "Sequence", "normalizers": [
            random_spec(rng) for _ in range(rng.randrange(1, 6))]}
        compare(spec, rng.sample(texts, 50))


def specifications():
    """Specifications as files have them, and with parts changed."""
    whole = [{"type": kind} for kind in PLAIN] + BERTS[:3] + [
        strip(), {"type": "Prepend", "prepend": "x"}, replace("a", "b"),
        {"type": "Sequence", "normalizers": []}, precompiled("nmt_nfkc"),
        {"type": "Sequence", "normalizers": [{"type": "NFC"}, strip()]}]
    yield from whole
    yield from [{}, [], 5, True, "NFC", {"type": "nfc"}, {"type": 5},
                {"type": "Other"}, replace("", "b"),
                {"type": "Prepend", "prepend": ""},
                {"type": "Sequence", "normalizers": [None]},
                {"type": "Sequence", "normalizers": [{"type": "Other"}]},
                {"type": "Replace", "pattern": {"Regex": "("},
                 "content": ""}]
    for spec in whole:
        for key in spec:
            yield {k: v for k, v in spec.items() if k != key}
            for value in (None, 1, "AAAA", [], {}, True):
                yield spec | {key: value}
        yield spec | {"unknown": 1}


def load(program):
    count = 0
    for spec in specifications():
        count += 1
        try:
            reference(spec)
            theirs = True
        except BaseException:  # Rust's panics are no Exceptions
            theirs = False
        made = run(program, spec, b"")
        if not isinstance(made, str):
            if not theirs:
                sys.exit(f"{json.dumps(spec)[:200]}: the reference refuses")
        elif not made.startswith("normalize: normalizer"):
            sys.exit(f"{json.dumps(spec)[:200]}: {made}")
        elif theirs:
            print(json.dumps(spec)[:80], made, sep="\t")
    print(count)


def main(program, kind, seed="1", count="1000"):
    compare, rng, count = Comparison(program), random.Random(seed), int(count)
    if kind == "load":
        return load(program)
    if kind == "scalars":
        scalars(compare)
    elif kind == "random":
        random_kind(compare, rng, count)
    elif kind == "marks":
        all_marks(compare)
    elif kind == "charsmap":
        charsmaps(compare, rng, count)
    else:
        sequences(compare, rng, count)
    return compare.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
