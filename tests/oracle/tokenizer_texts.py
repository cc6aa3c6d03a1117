"""Texts on which a tokenizer.json may be misread: every string of its
vocabulary, and random ones made of what its steps look at."""

import functools
import random
import unicodedata

SPACES = list(" \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2000\u2002"
              "\u2003\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000"
              "\ufeff\u2581") + ["  ", "   ", "\r\n", "\n\n", " \n", "\n ",
                                 "\t\t", "\n\r", " \t ", "\u3000\u3000"]
APOSTROPHES = ["'", "\u2019", "\u02bc", "''", " '", "' "]
ENDINGS = ["s", "S", "t", "T", "re", "RE", "Re", "rE", "ve", "VE", "m", "M",
           "ll", "LL", "lL", "d", "D", "\u017f", "\u017ft", "\u212a", "x", "r",
           "l", "v", "es"]
WORDS = ["the", "The", "THE", "hello", "Hello World", "don't", "I'M", "we'LL",
         "camelCase", "HTTPServer", "snake_case", "x1y2", "naïve", "café",
         "Straße", "ΟΔΟΣ", "İstanbul", "ǅ", "ǅuro", "ᾳ", "ﬁne", "Привет",
         "МОСКВА", "日本語", "中文字符", "한국어", "ไทย", "हिन्दी", "עברית", "العربية",
         "ქართული", "ᲐᲑ", "ꭰꭱ", "http://x.y/z?q=1&r=2", "a@b.cc", "3.14",
         "1,234,567", "0x1F", "1e10", "def f(x):", "if (a==b) {", "};", "/*",
         "*/", "//", "-->", "\\n", "\"", "`", "```", "$x$", "#include",
         "!!!", "???", "...", "…", "--", "—", "___", "===", "~", "^", "|",
         "\u3002", "、", "「", "」", "¿", "«", "»"]
DIGITS = ["0", "1", "12", "123", "1234", "1234567890", "٣", "٣٤٥٦", "१२", "½",
          "²", "①", "Ⅷ", "〇", "三", "1\u0660", "𝟙", "𝟘𝟙𝟚𝟛", "\U0001e950", "௧"]
# Sequences that normalization changes, composes, or leaves alone only because
# the data it uses are old; order of marks; Hangul in parts; signs that fold.
COMPOSED = ["e\u0301", "E\u0301\u0323", "a\u0323\u0301", "a\u0301\u0323",
            "\u1e69", "s\u0323\u0307", "s\u0307\u0323", "\u212b", "\u2126",
            "\u0958", "\u0915\u093c", "\u1100\u1161", "\u1100\u1161\u11a8",
            "\uac00\u11a8", "\uac01", "\u1112\u1173", "\uf900", "\U0002f800",
            "\ufb01", "\u2460", "\uff21", "\uff76\uff9e", "\u304b\u3099",
            "\u0344", "\u0374", "\u1fef", "\u2000", "\u0340\u0341", "\u0f73",
            "\u0301", "\u0301\u0301\u0301", "\u05b8\u05bc", "\u05bc\u05b8",
            "\U00011935\U00011930", "\U00011382\U000113c9", "\U0001d15e",
            "\u1e9b\u0323", "i\u0307", "\u0130", "\u01c5", "\u0149", "\ufdfa"]
EMOJI = ["😀", "👍🏽", "👩‍👩‍👧", "🇩🇪", "🇩", "🏴\U000e0067\U000e0062\U000e007f", "❤️", "❤",
         "1️⃣", "☺", "\u200d", "\ufe0f", "🫩"]
ODD = ["\0", "\x01", "\x07", "\x1b[0m", "\x7f", "\x80", "\xad", "\ufffd",
       "\ufffe", "\uffff", "\ue000", "\U0010ffff", "\U000e0001", "\u202e",
       "\u2066", "\ud7ff", "\U0001fffe", "\u0378", "\U00013000", "\U0001e000"]


def byte_table():
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | \
        {chr(256 + i): byte for i, byte in enumerate(rest)}


TABLE = byte_table()


def named(held, kind):
    """Whether a step of that type stands anywhere in the file."""
    if isinstance(held, dict):
        return held.get("type") == kind or \
            any(named(one, kind) for one in held.values())
    return isinstance(held, list) and any(named(one, kind) for one in held)


def vocabulary(held):
    """The text of every string of the vocabulary, where it has one."""
    model = held["model"]["vocab"]
    tokens = list(model) if isinstance(model, dict) else [t for t, _ in model]
    steps = [held.get("normalizer"), held.get("pre_tokenizer"),
             held.get("decoder")]
    if not named(steps, "ByteLevel"):
        end = held["model"].get("end_of_word_suffix") or ""
        return [token.removesuffix(end).removeprefix("##").replace("▁", " ")
                for token in tokens]
    return [bytes(TABLE[c] for c in token).decode(errors="replace")
            if all(c in TABLE for c in token) else token for token in tokens]


@functools.cache
def categories():
    """The characters of each general category."""
    found = {}
    for number in range(0x110000):
        if not 0xd800 <= number < 0xe000:
            one = chr(number)
            found.setdefault(unicodedata.category(one), []).append(one)
    return found


def fragments(held):
    """The bytes of tokens that begin or end inside a character."""
    found = []
    for token in held["model"]["vocab"]:
        if all(c in TABLE for c in token):
            text = bytes(TABLE[c] for c in token)
            try:
                text.decode()
            except UnicodeDecodeError:
                found.append(text)
    return found


class Maker:
    """Random texts for one tokenizer.json, always the same for a seed."""

    def __init__(self, held, seed):
        self.random = random.Random(seed)
        self.added = [token["content"] for token in held["added_tokens"]
                      if token["content"]] or ["<s>"]
        self.tokens = [token for token in vocabulary(held) if token] or ["a"]
        self.fragments = fragments(held) if named(
            held["pre_tokenizer"], "ByteLevel") else []
        self.categories = list(categories().values())
        pick = self.random.choice
        self.pieces = [lambda: pick(SPACES), lambda: pick(SPACES),
                       lambda: pick(WORDS), lambda: pick(WORDS),
                       lambda: pick(APOSTROPHES) + pick(ENDINGS),
                       lambda: pick(DIGITS), lambda: pick(COMPOSED),
                       lambda: pick(EMOJI), lambda: pick(ODD), self.special,
                       lambda: pick(self.tokens), lambda: pick(self.tokens),
                       lambda: chr(self.random.randrange(32, 127)),
                       self.character, self.block, self.run]
        self.kinds = [self.soup, self.soup, self.soup, self.glued, self.words,
                      self.seams, self.around, self.narrow, self.blank]

    def character(self):
        return self.random.choice(self.random.choice(self.categories))

    def block(self):
        """Neighbours in Unicode: mostly of one script."""
        start = self.random.choice((0x80, 0x300, 0x400, 0x900, 0xac00, 0x4e00,
                                    0x3040, 0x1e00, 0x2000, 0xff00, 0x1f300,
                                    0x10400, 0x1d400, 0x11000,
                                    self.random.randrange(0x80, 0x1ff00)))
        return "".join(chr(c) for c in (start + self.random.randrange(128)
                                        for _ in range(3))
                       if not 0xd800 <= c < 0xe000)

    def run(self):
        one = self.random.choice((self.random.choice(SPACES), "a", "A", "=",
                                  "1", "\n", "é", "日", "😀", "ab", "'s",
                                  self.character()))
        return one * self.random.choice((2, 3, 4, 7, 15, 16, 17, 31, 33, 64))

    def special(self):
        one, rng = self.random.choice(self.added), self.random
        kind = rng.randrange(8)
        if kind == 0:
            return one[:rng.randrange(len(one) + 1)]
        if kind == 1:
            return one[rng.randrange(len(one)):]
        if kind == 2:
            return one * 2
        if kind == 3:
            return one[:-1] + one
        if kind == 4:
            return one.swapcase()
        return one

    def soup(self):
        n = self.random.choice((1, 2, 3, 4, 6, 8, 12, 20))
        return "".join(self.random.choice(self.pieces)() for _ in range(n))

    def glued(self):
        """Strings of the vocabulary, one behind the other."""
        n = self.random.randrange(1, 9)
        return "".join(self.random.choice(self.tokens) for _ in range(n))

    def mended(self):
        """A token that begins or ends inside a character, and what the
        character lacks."""
        rest = [bytes([byte]) for byte in range(0x80, 0xc0)]
        text, one = self.random.choice(self.fragments), self.random.choice
        lacks = next((i for i, byte in enumerate(text)
                      if not 0x80 <= byte < 0xc0), len(text))
        if lacks:
            text = bytes([one(range(0xe1, 0xed))]) + b"".join(
                one(rest) for _ in range(2 - lacks)) + text
        for _ in range(3):
            try:
                return text.decode()
            except UnicodeDecodeError:
                text += one(rest)
        return text.decode(errors="ignore")

    def seams(self):
        """Letters of a script without spaces, which merges may join or not."""
        letters = [token for token in (self.random.choice(self.tokens)
                                       for _ in range(60))
                   if ord(token[0]) > 0x7f][:8] or ["日"]
        parts = letters + ([self.mended() for _ in range(4)]
                           if self.fragments else [])
        return "".join(self.random.choice(parts)
                       for _ in range(self.random.randrange(3, 24)))

    def words(self):
        n = self.random.randrange(1, 12)
        return "".join(self.random.choice(WORDS) + self.random.choice(
            (" ", " ", " ", "  ", "\n", ", ", ". ", "'s ", "")) for _ in range(n))

    def around(self):
        """A special token and what stands next to it."""
        one = self.random.choice
        near = ["", "", " ", "  ", "\n", " \n ", "a", "é", "1", "_", "'", ".",
                "\u0301", "日", "\u3000"]
        return "".join(one(near) + self.special()
                       for _ in range(self.random.randrange(1, 4))) + one(near)

    def narrow(self):
        """Few letters, in all orders: many merges that compete."""
        letters = [self.random.choice((self.character(), "a", "b", "A", " ",
                                       "e", "é", "n", "t", "i", "s"))
                   for _ in range(self.random.randrange(1, 5))]
        return "".join(self.random.choice(letters)
                       for _ in range(self.random.randrange(1, 40)))

    def blank(self):
        """White space, and little else."""
        return "".join(self.random.choice(SPACES) if self.random.random() < .8
                       else self.random.choice(("a", "1", ".", "'s", "é"))
                       for _ in range(self.random.randrange(1, 12)))

    def texts(self, n):
        for _ in range(n):
            yield self.random.choice(self.kinds)()
