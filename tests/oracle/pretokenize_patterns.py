"""Regular expressions of the tokenizer.json of well-known models, by name."""

_CASES = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_TAIL = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
_UPPER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"
_LOWER = r"\p{Ll}\p{Lm}\p{Lo}\p{M}"


def _o200k(cases, digits, slash, limit=""):
    upper, lower = f"[{_UPPER}{limit}]", f"[{_LOWER}{limit}]"
    return (rf"[^\r\n\p{{L}}\p{{N}}]?{upper}*{lower}+{cases}|"
            rf"[^\r\n\p{{L}}\p{{N}}]?{upper}+{lower}*{cases}|{digits}|"
            rf" ?[^\s\p{{L}}\p{{N}}]+[\r\n{slash}]*" + _TAIL)


def _cl100k(digits, letters=r"\p{L}", others=r"\p{L}"):
    return (_CASES + rf"|[^\r\n\p{{L}}\p{{N}}]?{letters}+|{digits}|"
            rf" ?[^\s{others}\p{{N}}]+[\r\n]*" + _TAIL)


PATTERNS = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|"
            r"\s+(?!\S)|\s+",
    "r50k": r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|"
            r"\s++$|\s+(?!\S)|\s",
    "cl100k": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"
              r" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "llama3": _cl100k(r"\p{N}{1,3}"),
    "qwen2": _cl100k(r"\p{N}"),
    "qwen3.5": _cl100k(r"\p{N}", r"[\p{L}\p{M}]", r"\p{L}\p{M}"),
    "minicpm5": _cl100k(r"\p{N}+"),
    "o200k": _o200k(_CASES + "?", r"\p{N}{1,3}", "/"),
    "tekken": _o200k("", r"\p{N}", "/"),
    "kimi": r"[\p{Han}]+|" + _o200k(_CASES + "?", r"\p{N}{1,3}", "",
                                    r"&&[^\p{Han}]"),
    "deepseek-digits": r"\p{N}{1,3}",
    "deepseek-cjk": "[一-龥぀-ゟ゠-ヿ]+",
    "deepseek-v3": "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
                   "[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
                   " ?[\\p{P}\\p{S}]+[\r\n]*" + _TAIL,
    "llada": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}|"
             r" ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    "seed": r"'s|'t|'re|'ve|'m|'ll|'d|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}|"
            r" ?[^\s\p{L}\p{N}\r\n]+" + _TAIL,
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "falcon": "[0-9][0-9][0-9]",
    "laguna": r"(?:\r?\n)+(?!\r?\n)",
    "deepseek-llm-lines": r"[\r\n]",
    "deepseek-llm-letters": r"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵ"
                            r"Ϸ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕ]+",
    "deepseek-llm-signs": r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    "deepseek-llm-end": r"\s+$",
    "deepseek-llm-cjk": "[一-龥ࠀ-一가-퟿]+",
    "deepseek-coder": r"\s?\p{L}+",
    "deepseek-coder-signs": r"\s?\p{P}+",
    "aya": r"\d{1,3}(?=(?:\d{3})*\b)",
    "exaone": r"(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+",
    "jais": r"\s{512}(?!\S)|\s{256}(?!\S)|\s{16}(?!\S)|\s{4}(?!\S)|"
            r"\s{2}(?!\S)|\s{1}(?!\S)",
    "sarvam": " ",
    "words": r"\w+|[^\w\s]+",
    "classes": r"\h+|\d+|\W|\B.|$",
}
