#!/usr/bin/env python3
"""The reference of trx-encode on a tokenizer.json: tokenizers 0.23.3.

chain_json.py [--special-tokens MODE] [--as-text] TOKENIZER.json TEXT ROWS

TEXT is the rows as trx-cat --json shows them between trx-template and
trx-encode, ROWS what they were made of.  Prints {"id", "context_len",
"total_len", "input_ids"} a row.  With --as-text all rows have been rendered by
a template in the manner of ChatML, and what it did not print has no special
tokens."""
import argparse
import json

from tokenizers import Tokenizer


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--special-tokens", default="auto",
                        choices=["auto", "always", "never"])
    parser.add_argument("--as-text", action="store_true")
    parser.add_argument("tokenizer")
    parser.add_argument("text")
    parser.add_argument("rows")
    return parser.parse_args()


class Reference:
    def __init__(self, path):
        self.it = Tokenizer.from_file(path)
        self.it.no_truncation()
        self.it.no_padding()
        whole = self.it.encode("a", add_special_tokens=True)
        mask = whole.special_tokens_mask
        first = mask.index(0)
        self.prefix = whole.ids[:first]
        self.suffix = whole.ids[mask.index(1, first):] \
            if 1 in mask[first:] else []

    def ids(self, text):
        return self.it.encode(text, add_special_tokens=False).ids

    def context(self, text, rendered, mode):
        ids = self.ids(text)
        if mode == "always":
            return self.prefix + ids + self.suffix
        if mode == "auto" and not rendered and ids[:1] != self.prefix[:1]:
            return self.prefix + ids
        return ids

    def as_text(self, text):
        self.it.encode_special_tokens = True
        ids = self.ids(text)
        self.it.encode_special_tokens = False
        return ids

    def chatml(self, text, messages):
        """The context: what the template printed, and what it did not."""
        ids, whole = [], ""

        def printed(token):
            nonlocal ids, whole
            ids, whole = ids + [self.it.token_to_id(token)], whole + token

        def written(text):
            nonlocal ids, whole
            ids, whole = ids + self.as_text(text), whole + text

        for message in messages:
            printed("<|im_start|>")
            written(message["role"] + "\n" + message["content"])
            printed("<|im_end|>")
            written("\n")
        printed("<|im_start|>")
        written("assistant\n")
        assert whole == text
        return ids


def main():
    options = arguments()
    reference = Reference(options.tokenizer)
    with open(options.text) as texts, open(options.rows) as rows:
        for text, row in zip(texts, rows, strict=True):
            text, row = json.loads(text), json.loads(row)
            messages = row.get("messages")
            if options.as_text:
                k = row.get("decision_idx", len(messages) - 1)
                context = reference.chatml(text["context"], messages[:k])
                ids = reference.as_text(text["continuation"])
            else:
                context = reference.context(
                    text["context"], messages is not None,
                    options.special_tokens)
                ids = reference.ids(text["continuation"])
            print(json.dumps({
                "id": text["id"], "context_len": len(context),
                "total_len": len(context) + len(ids),
                "input_ids": context + ids},
                ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
