#!/usr/bin/env python3
"""model_train.py KIND: train a unigram or wordpiece model on the lines of
standard input, written as model.json in the current folder; and as texts.jsonl
every string of its vocabulary, alone and with a space before, the lines, and
their pieces."""
import json
import sys

from tokenizers import (Tokenizer, models, normalizers, pre_tokenizers,
                        trainers)


def make(kind):
    if kind == "unigram":
        t = Tokenizer(models.Unigram())
        t.pre_tokenizer = pre_tokenizers.Metaspace()
        return t, trainers.UnigramTrainer(vocab_size=2000, unk_token="<unk>",
                                          special_tokens=["<unk>"],
                                          show_progress=False)
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return t, trainers.WordPieceTrainer(vocab_size=2000, show_progress=False,
                                        special_tokens=["[UNK]"])


def main():
    lines = [line.rstrip("\n") for line in sys.stdin]
    t, trainer = make(sys.argv[1])
    t.train_from_iterator(lines, trainer)
    t.save("model.json", pretty=False)
    texts = []
    for s in t.get_vocab():
        texts += [s, " " + s]
    for line in lines:
        line = t.normalizer.normalize_str(line) if t.normalizer else line
        texts += [line, "\u2581" + line.replace(" ", "\u2581")]
        texts += [p for p, _ in t.pre_tokenizer.pre_tokenize_str(line)]
    with open("texts.jsonl", "w", encoding="utf-8") as f:
        for s in dict.fromkeys(texts):
            print(json.dumps({"text": s}), file=f)


main()
