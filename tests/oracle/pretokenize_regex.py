"""Random regular expressions of the grammar that trx takes, and a little more."""

LETTERS = list("aabbABsSkK1 2\n\n\t'._-é漢ſ") + [
    "\u212a", "\r", "ß", "ﬆ", "\u0301", "😀", "\u00a0", "x", "ﬁ", "f", "t"]
SIGNS = list("}]#&~!\"%:;<=>@`/,")

SETS = [r"\s", r"\S", r"\d", r"\D", r"\w", r"\W", r"\h", r"\H", r"\p{L}",
        r"\p{Lu}", r"\p{^L}", r"\P{L}", r"\P{^Ll}", r"\p{N}", r"\p{P}",
        r"\p{M}", r"\p{Z}", r"\p{C}", r"\p{Han}", r"\p{Letter}", r"\p{So}"]

ESCAPES = [r"\n", r"\t", r"\r", r"\x61", r"\x{e9}", r"\u00e9", r"\.", r"\-",
           r"\'", r"\ ", r"\_", r"\/", r"\x{1F600}", r"\\", r"\<", r"\]",
           r"\#", r"\&", r"\~", r"\`", r"\f", r"\v", r"\e", r"\a"]

QUANTIFIERS = ["?", "*", "+", "??", "*?", "+?", "?+", "*+", "++", "{2}",
               "{0}", "{1,2}", "{2,}", "{1,3}?", "{2}?", "{2}+", "{1,2}+",
               "{,1}", "{0,1}?"]
ODD_QUANTIFIERS = ["{1}", "{2,1}", "{,}", "{", "{,2}", "{0,2}", "{1,1}?"]

ASSERTIONS = ["^", "$", r"\A", r"\z", r"\Z", r"\b", r"\B"]


def item(rng, depth):
    """A part of a class."""
    r = rng.random()
    if r < 0.45:
        c = rng.choice(LETTERS if r < 0.42 else SIGNS)
        return "\\" + c if c in "-.'_" and rng.random() < 0.7 else c
    if r < 0.6:
        return rng.choice(["a-b", "a-z", "A-Z", "0-9", "à-ÿ", "一-龥", " -~",
                           r"\t-\r", r"\x{80}-\x{10ffff}", "b-a", r"\.-\x41"])
    if r < 0.75:
        return rng.choice(SETS)
    if r < 0.85:
        return rng.choice(ESCAPES + [r"\b"])
    if r < 0.9 or depth == 0:
        return rng.choice(["[:digit:]", "[:space:]", "[:word:]", "[:xdigit:]",
                           "[:alpha:]", "&", "-", "^", "(", "|", ")", "$", "*"])
    return klass(rng, depth - 1)


def klass(rng, depth):
    body = "".join(item(rng, depth) for _ in range(rng.randrange(1, 4)))
    while rng.random() < 0.15:
        body += "&&" + "".join(item(rng, depth)
                               for _ in range(rng.randrange(1, 3)))
    body = rng.choice(["", "", "", "-"]) + body + rng.choice(["", "", "", "-"])
    return "[" + rng.choice(["", "", "^"]) + body + "]"


def look_behind(rng):
    """One that isn't refused: alternatives of one length each."""
    def fixed():
        return "".join(rng.choice([rng.choice(LETTERS[:-10]), rng.choice(SETS),
                                   klass(rng, 0), r"\s{2}"])
                       for _ in range(rng.randrange(1, 3)))

    return (rng.choice(["(?<=", "(?<!"]) +
            "|".join(fixed() for _ in range(rng.choice([1, 1, 2]))) + ")")


def group(rng, depth):
    if rng.random() < 0.1:
        return look_behind(rng)
    opened = rng.choice(["(?:", "(?:", "(?:", "(", "(?>", "(?=", "(?!", "(?<=",
                         "(?<!", "(?i:", "(?i:", "(?m:", "(?-i:", "(?i)",
                         "(?mi-i:", "(?i-m:"])
    if opened == "(?i)":
        return opened + alternatives(rng, depth - 1)
    return opened + alternatives(rng, depth - 1) + ")"


def atom(rng, depth):
    r = rng.random()
    if r < 0.42 or depth == 0:
        return (rng.choice(LETTERS) if r < 0.29 else
                rng.choice(SIGNS) if r < 0.31 else rng.choice(SETS))
    if r < 0.52:
        return rng.choice(ESCAPES)
    if r < 0.58:
        return "."
    if r < 0.66:
        return rng.choice(ASSERTIONS)
    if r < 0.78:
        return klass(rng, 1)
    return group(rng, depth)


def branch(rng, depth):
    made = ""
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 2, 3, 4])):
        part = atom(rng, depth)
        made += part
        looks = part in ASSERTIONS or part[:3] in ("(?=", "(?!", "(?<")
        while rng.random() < (0.02 if looks else 0.35):
            made += rng.choice(QUANTIFIERS if rng.random() < 0.97 else
                               ODD_QUANTIFIERS)
    return made


def alternatives(rng, depth):
    return "|".join(branch(rng, depth)
                    for _ in range(rng.choice([1, 1, 1, 1, 2, 2, 3])))


def pattern(rng):
    """A pattern, and characters to make texts of."""
    letters = rng.sample(LETTERS + SIGNS, 3) + ["a", "b", rng.choice(" \n1")]
    return alternatives(rng, rng.randrange(1, 4)), letters
