#!/usr/bin/env python3
"""The reference: what a small class over transformers makes of chat rows.

chain.py --model FILE.model [--special-tokens MODE] [--max N]
[--too-long reject|keep] ROWS.jsonl...

Prints {"id", "context_len", "total_len", "input_ids"} a row.  Context and
continuation are tokenized apart; of what is too long, the context is cut from
the left; with `reject`, rows whose continuation alone is too long are left
out."""

import argparse
import json
import os

from encode import load


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--special-tokens", default="auto",
                        choices=["auto", "always", "never"])
    parser.add_argument("--max", type=int, default=0)
    parser.add_argument("--too-long", default="reject",
                        choices=["reject", "keep"])
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


class Chain:
    def __init__(self, options):
        self.options = options
        self.tokenizer = load(options.model)

    def texts(self, row):
        """The context, whether it was rendered, and the continuation."""
        if "messages" not in row:
            return row["context"], False, row["continuation"]
        messages = row["messages"]
        k = row.get("decision_idx", len(messages) - 1)
        answer = row.get("better_response", messages[-1]["content"])
        context = self.tokenizer.apply_chat_template(
            messages[:k], tools=row.get("tools"),
            documents=row.get("documents"), tokenize=False,
            add_generation_prompt=True,
            **row.get("chat_template_kwargs", {}))
        return context, True, answer

    def context_ids(self, text, rendered):
        mode = self.options.special_tokens
        encode = self.tokenizer.encode
        if mode == "always":
            return encode(text, add_special_tokens=True)
        ids = encode(text, add_special_tokens=False)
        bos = self.tokenizer.bos_token_id
        if mode == "auto" and not rendered and ids[:1] != [bos]:
            if self.tokenizer.add_bos_token:
                ids = [bos] + ids
        return ids

    def example(self, row, name):
        context, rendered, continuation = self.texts(row)
        context = self.context_ids(context, rendered)
        ids = self.tokenizer.encode(continuation, add_special_tokens=False)
        longest = self.options.max
        if longest:
            if len(ids) > longest and self.options.too_long == "reject":
                return None
            excess = max(0, len(context) + len(ids) - longest)
            context = context[excess:]
        return {"id": row.get("id", name), "context_len": len(context),
                "total_len": len(context) + len(ids),
                "input_ids": context + ids}


def main():
    options = arguments()
    chain = Chain(options)
    for path in options.files:
        with open(path, encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                name = f"{os.path.basename(path)}:{number}"
                example = chain.example(json.loads(line), name)
                if example is not None:
                    print(json.dumps(example, ensure_ascii=False,
                                     separators=(",", ":")))


if __name__ == "__main__":
    main()
