"""Write common/ucd/tables.c: what tokenizers thinks of every code point.

Nothing is taken from this Python's own Unicode data: the reference holds
several versions of Unicode, and is asked.
"""

import struct

from tokenizers import Regex, normalizers, pre_tokenizers

SCALARS = [cp for cp in range(0x110000) if not 0xD800 <= cp < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)

CATEGORIES = ("Cn Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po "
              "Sm Sc Sk So Zs Zl Zp Cc Cc_space Cf Co Cs").split()


def kept(pre_tokenizer, cps):
    """The places in cps of those that a pre-tokenizer does not remove."""
    rest = pre_tokenizer.pre_tokenize_str("".join(map(chr, cps)))
    return {i for _, (a, b) in rest for i in range(a, b)}


def matches(pattern, cps=SCALARS):
    """Those of cps that the regular expression matches."""
    split = pre_tokenizers.Split(Regex(f"(?:{pattern})+"), "removed")
    places = kept(split, cps)
    return {cp for i, cp in enumerate(cps) if i not in places}


def between(pre_tokenizer, before, after):
    """The pieces of every scalar value between two texts, joined by '|'."""
    width = len(before) + 1 + len(after)
    text = "".join(before + chr(cp) + after for cp in SCALARS)
    pieces = [[] for _ in SCALARS]
    for piece, (a, _) in pre_tokenizer.pre_tokenize_str(text):
        pieces[a // width].append(piece)
    return dict(zip(SCALARS, ("|".join(p) for p in pieces)))


def apart(normalizer, cps, before="", after="", mark="\n"):
    """What a normalizer makes of each of cps, which stand between marks."""
    cps = [cp for cp in cps if chr(cp) != mark]
    text = mark.join(before + chr(cp) + after for cp in cps)
    made = normalizer.normalize_str(text).split(mark)
    assert len(made) == len(cps)
    return dict(zip(cps, made))


def changed(normalizer, mark="\n"):
    """What a normalizer changes."""
    made = apart(normalizer, SCALARS, mark=mark)
    return {cp: text for cp, text in made.items() if text != chr(cp)}


def bert(**flags):
    off = dict.fromkeys(["clean_text", "handle_chinese_chars",
                         "strip_accents", "lowercase"], False)
    return normalizers.BertNormalizer(**off | flags)


def categories():
    """The number of each code point's category."""
    table = [CATEGORIES.index("Cs")] * 0x110000
    left = SCALARS
    # The large ones first: what is left is soon short.
    for name in sorted(CATEGORIES, key=lambda c: c not in ("Cn", "Co", "Lo")):
        if name in ("Cs", "Cc_space"):
            continue
        found = matches(rf"\p{{{name}}}", left)
        left = [cp for cp in left if cp not in found]
        for cp in found:
            table[cp] = CATEGORIES.index(name)
    assert not left
    controls = [cp for cp in SCALARS if CATEGORIES[table[cp]] == "Cc"]
    for cp in matches(r"\s", controls):
        table[cp] = CATEGORIES.index("Cc_space")
    return table


def properties():
    """The bits of enum trx_ucd_property, in its order."""
    spaces = matches(r"\s")
    places = kept(pre_tokenizers.WhitespaceSplit(), SCALARS)
    assert spaces == {c for i, c in enumerate(SCALARS) if i not in places}
    digits = between(pre_tokenizers.Digits(), "a", "")
    words = between(pre_tokenizers.Whitespace(), "a", "a ")
    punctuation = kept(pre_tokenizers.Punctuation("removed"), SCALARS)
    # In this order white space is what only becomes a space.
    cleaned = changed(bert(clean_text=True), mark="|")
    stripped = changed(bert(strip_accents=True))
    sets = [
        matches(r"\p{Han}"), matches(r"\p{Hiragana}"),
        matches(r"\p{Katakana}"), matches(r"\p{Hangul}"), matches(r"\w"),
        {cp for cp in SCALARS if words[cp] == f"a{chr(cp)}a"},
        {cp for cp in SCALARS if chr(cp) in digits[cp].split("|")},
        {c for i, c in enumerate(SCALARS) if i not in punctuation},
        {cp for cp, text in cleaned.items() if text == ""},
        changed(bert(handle_chinese_chars=True)).keys(),
        {cp for cp, text in stripped.items() if text == ""},
        changed(normalizers.StripAccents()).keys(),
    ]
    table = [0] * 0x110000
    for bit, cps in enumerate(sets):
        for cp in cps:
            table[cp] |= 1 << bit
    return table


def combining(nfd):
    """The rank of each combining class that is not 0, of what has one."""
    def sort(text):
        return normalizers.NFD().normalize_str("x" + text)[1:]

    low, high = "\u0334", "\u0345"
    plain = [cp for cp in SCALARS if cp not in nfd]
    after = apart(normalizers.NFD(), plain, "x" + high)
    before = apart(normalizers.NFD(), plain, "x", low)
    marks = [cp for cp in plain if cp != 10 and (
        after[cp] != "x" + high + chr(cp) or before[cp] != "x" + chr(cp) + low)]
    ranks, rank = {}, 0
    ordered = sort("".join(map(chr, marks)))
    for left, right in zip(" " + ordered, ordered):
        if left == " " or sort(right + left) != right + left:
            rank += 1
        ranks[ord(right)] = rank
    return ranks


def pairs(nfc, nfd):
    """(first, second, both) of every composition but Hangul's."""
    compose = normalizers.NFC().normalize_str
    found = []
    for cp, text in nfd.items():
        if cp in nfc or cp in HANGUL:
            continue
        first = compose(text[:-1])
        assert len(first) == 1 and compose(first + text[-1]) == chr(cp)
        found.append((ord(first), ord(text[-1]), cp))
    return sorted(found)


def forms(made, pairs):
    """Combining class, and what each form has to look at."""
    ranks = combining(made["NFD"])
    joining = {second for _, second, _ in pairs}
    joining.update(range(0x1161, 0x1176), range(0x11A8, 0x11C3))
    table = [0] * 0x110000
    for bit, (name, texts) in enumerate(made.items()):
        looked_at = set(texts) | (joining if "C" in name else set())
        whole = made[name.replace("C", "D")]
        for cp in SCALARS:
            if cp in looked_at:
                table[cp] |= 0x100 << bit
            elif cp not in ranks:
                # So that a span can end before it.
                first = ord(whole.get(cp, chr(cp))[0])
                assert first not in ranks
                assert "D" in name or first not in joining
    for cp, rank in ranks.items():
        table[cp] |= rank
    return table


def wildcard():
    """A charsmap that makes each character but a newline a '!'."""
    root, last, third, fourth, leaf, end = range(256, 1792, 256)
    units = [1 << 31] * end  # a value, 0: the label of none

    def unit(at, label, base, ends=False):
        units[at] = label | ends << 8 | (at ^ base) << 10

    unit(0, 0, root)
    for byte in range(1, 0x80):
        if byte != 10:
            unit(root ^ byte, byte, leaf, True)
    for byte in range(0xC2, 0xF5):
        unit(root ^ byte, byte,
             last if byte < 0xE0 else third if byte < 0xF0 else fourth)
    for byte in range(0x80, 0xC0):
        unit(last ^ byte, byte, leaf, True)
        unit(third ^ byte, byte, last)
        unit(fourth ^ byte, byte, third)
    blob = struct.pack(f"<{end}I", *units)
    return struct.pack("<I", len(blob)) + blob + b"!\0"


def graphemes():
    """The class of each code point, of enum trx_ucd_grapheme.

    Of a cluster of less than 6 bytes the wildcard leaves one '!', of another
    one for each character.  So what joins shows where clusters are made just
    too long by it, or are short only with it.
    """
    cps = [cp for cp in SCALARS if chr(cp) not in "\0\r\n"]
    normalizer = normalizers.Precompiled(wildcard())
    mark, ka, virama, zwj, copyright = "\u0301\u0915\u094d\u200d\u00a9"
    prefix, l, v, t, smile = "\u0600\u1100\u1161\u11a8\U0001f600"

    def where(before, after, length):
        made = apart(normalizer, cps, before, after)
        return {cp for cp, text in made.items() if len(text) == length}

    joins = where("a", "", 1)
    control = where("", mark + mark, 2)
    prepend = where("", "a", 1)
    picture = where("", zwj + copyright + mark, 4)
    extend = where(smile, zwj + copyright + mark, 5) & joins
    consonant = where("", virama + ka + mark, 4)
    linker = where(ka, ka + mark, 4) - prepend
    joins_consonants = where(ka, virama + ka + mark, 5) & joins
    before = {one: where("", one + mark, 3) - prepend for one in (l, v, t)}
    after = {one: where(prefix + one, "", 3) - joins for one in (l, v, t)}
    assert linker <= extend and control.isdisjoint(joins)
    assert joins_consonants - extend == {ord(zwj)}
    classes = [
        set(cps), {13}, {10}, control | {0}, extend,
        extend - joins_consonants, linker, {ord(zwj)},
        joins - extend - {ord(zwj)}, prepend, before[l],
        before[v] & after[v], before[t] & after[t] - before[v],
        before[v] & after[l] - before[l] - after[v],
        before[t] & after[l] - before[v] - after[v], picture, consonant,
    ]
    table = [0] * 0x110000
    for number, found in enumerate(classes):
        for cp in found:
            assert number == 0 or table[cp] == 0 or found < extend
            table[cp] = number
    return table


def numbers(values):
    """Values as lines of C."""
    line = "\t"
    for value in values:
        cell = f"{value},"
        if len(line) + len(cell) > 73:
            yield line
            line = "\t"
        line += cell
    yield line


def array(kind, name, values):
    print(f"const {kind} trx_ucd_{name} = {{")
    print("\n".join(numbers(values)))
    print("};\n")


def two_levels(kind, name, table):
    """Print a table of two levels: name_index and name_blocks."""
    blocks = {}
    index = []
    for i in range(0, len(table), 128):
        block = tuple(table[i:i + 128])
        index.append(blocks.setdefault(block, len(blocks)))
    array("uint16_t", f"{name}_index[]", index)
    print(f"const {kind} trx_ucd_{name}_blocks[][128] = {{")
    for block in blocks:
        print("\t{\n" + "\n".join(numbers(block)) + "\n\t},")
    print("};\n")


def rows(table):
    """For rows of 64 code points, the forms in which one is looked at."""
    for i in range(0, 0x30000, 64):
        bits = 0
        for value in table[i:i + 64]:
            bits |= value >> 8 | (0xF if value & 0xFF else 0)
        yield bits


def slots(pairs):
    """Where the pairs are, plus 1, by the hash of trx_ucd_pair_hash."""
    table = [0] * 4096
    for number, (first, second, _) in enumerate(pairs):
        at = (first * 31 + second) * 0x9E3779B1 >> 20 & 0xFFF
        while table[at]:
            at = (at + 1) & 0xFFF
        table[at] = number + 1
    return table


def mappings(pool, texts):
    """Where in the pool is the text that each code point becomes."""
    table = [0] * 0x110000
    for cp, text in texts.items():
        raw = text.encode()
        entry = bytes([len(raw)]) + raw
        at = pool.find(entry)
        if at < 0:
            at = len(pool)
            pool += entry
        table[cp] = at
    assert len(pool) < 0x10000
    return table


def main():
    made = {name: changed(getattr(normalizers, name)())
            for name in ("NFC", "NFD", "NFKC", "NFKD")}
    composed = pairs(made["NFC"], made["NFD"])
    canonical = {cp: text for cp, text in made["NFD"].items()
                 if cp not in HANGUL}
    compatible = {cp: text for cp, text in made["NFKD"].items()
                  if cp not in HANGUL}
    pool = bytearray(1)
    print("/* Generated by tests/oracle/ucd_tables.py from tokenizers. */")
    print('#include "common/ucd/tables.h"\n')
    print("/* clang-format off */\n")
    two_levels("uint8_t", "category", categories())
    two_levels("uint16_t", "properties", properties())
    two_levels("uint8_t", "grapheme", graphemes())
    form = forms(made, composed)
    two_levels("uint16_t", "form", form)
    array("uint8_t", "form_rows[]", rows(form))
    two_levels("uint16_t", "canonical", mappings(pool, canonical))
    two_levels("uint16_t", "compatible", mappings(pool, compatible))
    two_levels("uint16_t", "lower",
               mappings(pool, changed(normalizers.Lowercase())))
    array("uint8_t", "pool[]", pool)
    print("const struct trx_ucd_pair trx_ucd_pairs[] = {")
    for i in range(0, len(composed), 3):
        print("\t" + " ".join(f"{{ 0x{a:x}, 0x{b:x}, 0x{c:x} }},"
                              for a, b, c in composed[i:i + 3]))
    print("};\n")
    array("uint16_t", "pair_slots[]", slots(composed))


if __name__ == "__main__":
    main()
