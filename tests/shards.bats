load helper

# Shards read with no trx code.

make_shards() {
	chats 120
	cut_tokens >cut.trx
	trx-pack -n 4096 -o 's-%06d.tar.zst' --shard-size 60000 cut.trx 2>/dev/null
	trx-pack -n 4096 -o 's-%06d.tar' --no-compress --shard-size 60000 cut.trx 2>/dev/null
	trx-cat --json s-*.tar.zst >rows.jsonl
}

@test "shards: tar and zstd list and test them" {
	make_shards
	zstd -tq s-*.tar.zst
	tar --zstd -tvf s-000000.tar.zst >list
	head -n 1 list | grep -q ' __trx__/header$'
	tail -n 1 list | grep -q ' __trx__/manifest$'
	grep -q ' 000000000000.ids.npy$' list
	[ "$(tar -tvf s-000000.tar)" = "$(cat list)" ]
	# Nothing of the machine is in them.
	awk '{print $1, $2}' list | sort -u | grep -qx -- '-r--r--r-- 0/0'
}

@test "shards: read back by tar and NumPy they equal trx-cat --json" {
	need_python
	make_shards
	for f in s-*.tar.zst; do
		mkdir "${f%.tar.zst}.d"
		tar --zstd -xf "$f" -C "${f%.tar.zst}.d"
	done
	"$PYTHON" - <<-'END'
		import glob, json
		import numpy as np
		rows = [json.loads(line) for line in open("rows.jsonl")]
		keys = sorted(p[:-len(".ids.npy")] for p in glob.glob("s-*.d/*.ids.npy"))
		assert len(keys) == len(rows) > 0
		for key, row in zip(keys, rows):
		    ids, mask, segs = (np.load(f"{key}.{name}.npy") for name in ("ids", "mask", "segs"))
		    assert (ids.dtype, mask.dtype, segs.dtype) == (np.dtype("<u2"), np.dtype("|u1"), np.dtype("<i4"))
		    examples = json.load(open(key + ".json"))["examples"]
		    assert ids.tolist() == row["input_ids"]
		    assert segs.shape == (len(examples), 3) and segs[0, 0] == 0 and segs[-1, 2] == len(ids)
		    want = np.zeros(len(ids), dtype=np.uint8)
		    for begin, context_end, end in segs:
		        want[context_end:end] = 1
		        want[begin] = 0
		    assert (mask == want).all()
		    listed = row.get("examples") or [{k: v for k, v in row.items() if k != "input_ids"}]
		    for example, (begin, context_end, end), other in zip(examples, segs, listed):
		        example |= {"context_len": context_end - begin, "total_len": end - begin}
		        assert example == other
		    if "mask" in row:
		        assert mask.tolist() == row["mask"]
		print(len(rows), "rows")
	END
}

@test "shards: the plain tar, read by WebDataset, equals trx-cat --json" {
	need_python
	make_shards
	"$PYTHON" - <<-'END'
		import glob, json
		import webdataset
		rows = [json.loads(line) for line in open("rows.jsonl")]
		shards = sorted(glob.glob("s-*.tar"))
		data = webdataset.WebDataset(shards, shardshuffle=False).decode()
		n = 0
		for sample, row in zip(data, rows, strict=True):
		    assert sample["ids.npy"].tolist() == row["input_ids"]
		    assert set(sample) >= {"ids.npy", "mask.npy", "segs.npy", "json"}
		    n += len(sample["json"]["examples"])
		print(len(rows), "rows", n, "examples")
		assert n == 120
	END
}

@test "shards: ids are four bytes where the vocabulary has more than 65,536" {
	need_python
	run -0 "$TRX_UNIT/archive" make 'big-%06d.tar' plain 3 40 0 65537
	tar -xf big-000000.tar
	"$PYTHON" -c 'import numpy as np; assert np.load("000000000000.ids.npy").dtype == np.dtype("<i4")'
	run -0 "$TRX_UNIT/archive" make 'small-%06d.tar' plain 3 40 0 65536
	tar -xf small-000000.tar
	"$PYTHON" -c 'import numpy as np; assert np.load("000000000000.ids.npy").dtype == np.dtype("<u2")'
}

@test "shards: every flipped bit and every cut of small ones is seen, compressed and plain" {
	"$TRX_UNIT/archive" make 'z-%06d.tar.zst' zstd 2 30 0 300
	"$TRX_UNIT/archive" make 'p-%06d.tar' plain 1 8 0 300
	run -0 "$TRX_UNIT/archive" damage z-000000.tar.zst
	run -0 "$TRX_UNIT/archive" damage p-000000.tar
}

@test "shards: what the writer must not take is refused" {
	mkdir refused
	run -0 "$TRX_UNIT/archive" refuse refused
}
