#!/usr/bin/env python3
"""encode.py MODEL: the ids that transformers 4.57's slow LlamaTokenizer gives
the {"text":...} lines on standard input, in the form of tests/unit/encode."""
import json
import os
import shutil
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
from transformers import LlamaTokenizer  # noqa: E402

SETTINGS = ("tokenizer_config.json", "special_tokens_map.json",
            "added_tokens.json")


def load(model):
    if os.path.isdir(model):
        model = os.path.join(model, "tokenizer.model")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(model, os.path.join(folder, "tokenizer.model"))
        for name in SETTINGS:
            path = os.path.join(os.path.dirname(model), name)
            if os.path.exists(path):
                shutil.copy(path, folder)
        return LlamaTokenizer.from_pretrained(folder)


def main():
    tokenizer = load(sys.argv[1])
    for line in sys.stdin.buffer:
        text = json.loads(line)["text"]
        ids = tokenizer.encode(text, add_special_tokens=False)
        print(json.dumps({"ids": ids}, separators=(",", ":")))


if __name__ == "__main__":
    main()
