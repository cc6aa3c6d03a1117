#!/usr/bin/env python3
"""The texts that tokenizers are timed on: FOLDER/SET.texts, each text its
length (u32, little-endian) and its bytes, always in the same order.

  speed_texts.py CHATS MANUALS FOLDER

CHATS is JSONL on which the chat sets are made; MANUALS holds man pages in
Chinese, Japanese and Russian.  The code is that of this machine's Python and C
headers.  What each set holds is at its function.
"""

import gzip
import json
import random
import struct
import sys
import sysconfig
from pathlib import Path

SIZE = 6_000_000  # bytes of each set, and half as much again of the long one


def upto(size, texts):
    """As many texts as fit into so many bytes."""
    for text in texts:
        size -= len(text.encode())
        if size < 0:
            return
        yield text


def rows(chats):
    """Each message a text, as a filter meets them that goes row by row."""
    return [message["content"] for chat in chats for message in chat]


def documents(chats):
    """Whole conversations, with the marks around every message that Qwen's
    templates make."""
    return ["".join(f"<|im_start|>{message['role']}\n{message['content']}"
                    "<|im_end|>\n" for message in chat) for chat in chats]


def files(paths):
    paths = sorted(paths)
    random.Random(1).shuffle(paths)
    for path in paths:
        data = path.read_bytes()
        try:
            yield (gzip.decompress(data) if path.suffix == ".gz" else data
                   ).decode()
        except UnicodeDecodeError:
            continue


def code():
    library = Path(sysconfig.get_path("stdlib"))
    return files([path for path in library.rglob("*.py")
                  if "site-packages" not in path.parts] +
                 list(Path("/usr/include").rglob("*.h")))


def manuals(folder):
    return files(path for path in Path(folder).rglob("*.gz")
                 if path.is_file() and not path.is_symlink())


def write(path, texts):
    with path.open("wb") as out:
        for text in texts:
            data = text.encode()
            out.write(struct.pack("<I", len(data)) + data)


def main(chats, manual, folder):
    with open(chats) as lines:
        every = [json.loads(line)["messages"] for line in lines]
    half = len(every) // 2
    sets = {"rows": upto(SIZE, rows(every[:half])),
            "documents": upto(SIZE, documents(every[half:])),
            "code": upto(SIZE, code()),
            "multilingual": upto(SIZE, manuals(manual))}
    sets = {name: list(texts) for name, texts in sets.items()}
    # One text of all kinds, as a book or a log is.
    sets["long"] = ["\n\n".join(
        text for name in ("documents", "code", "multilingual")
        for text in upto(SIZE // 2, sets[name]))]
    for name, texts in sets.items():
        write(Path(folder) / f"{name}.texts", texts)


main(*sys.argv[1:])
