#!/usr/bin/env python3
"""tokenizer_cases.py SEED N [TOKEN...]: N adversarial texts as {"text":...}
lines, built of white space, special tokens, scripts, runs and fragments."""

import json
import random
import sys

PIECES = [" ", "  ", "   ", "\n", "\r\n", "\t", "\u00a0", "\u2003", "\u3000",
          "\u2581", "\u200b", "\ufeff", "\x00", "\x01", "\x7f", "\u0085", "a",
          "the", "The", " the", "ing", "'s", "é", "e\u0301", "ß", "İ", "ﬁ",
          "日本", "語", "中文字", "한국어", "ไทย", "हिन्दी", "עברית", "العربية",
          "Привет", "😀", "👩‍👩‍👧", "🇩🇪", "\U0010ffff", "\ue000", "123", "3.14", "٣",
          "½", "-", "--", "=" * 9, ".", "...", "!?", "{}", "[", "]", "<", ">",
          "<0x41>", "<unk>", "<s>", "</s>", "<s", "s>", "aaaaaaaaaa",
          "http://x.y/z?q=1", "\\n", "```"]


def text(pieces):
    kind = random.random()
    if kind < 0.05:
        return random.choice(pieces) * random.randrange(1, 200)
    n = random.randrange(0, 12) if kind < 0.9 else random.randrange(100)
    return "".join(random.choice(pieces) for _ in range(n))


def main():
    random.seed(int(sys.argv[1]))
    pieces = PIECES + sys.argv[3:] * 3
    for _ in range(int(sys.argv[2])):
        print(json.dumps({"text": text(pieces)}))


main()
