load helper

# kill_once STAGE: run the chain into shards, kill a stage after a moment; the
# last filter must end with a non-zero status, naming the cause, and leave
# nothing under a final name, unless it was done before.
kill_once() {
	local victim=$1 moment=$2 pids=() status
	rm -rf out
	mkdir out
	mkfifo a b c 2>/dev/null || true
	trx-template -m "$MODEL" many.jsonl >a 2>/dev/null 3>&- &
	pids+=($!)
	trx-encode -m "$MODEL/tokenizer.model" <a >b 2>/dev/null 3>&- &
	pids+=($!)
	trx-truncate -n 4096 <b >c 2>/dev/null 3>&- &
	pids+=($!)
	trx-pack -n 4096 -o 'out/s-%06d.tar.zst' --shard-size 500000 <c 2>err 3>&- &
	pids+=($!)
	sleep "$moment"
	kill -KILL "${pids[$victim]}" 2>/dev/null || true
	status=0
	wait "${pids[3]}" || status=$?
	wait
	if [ "$status" -eq 0 ]; then
		trx-cat --verify out/s-*.tar.zst 2>/dev/null
		done_before=$((done_before + 1))
	else
		[ -z "$(ls out)" ] || { ls out && return 1; }
		[ "$victim" -eq 3 ] || grep -qE 'cut short|empty' err
	fi
}

@test "kill: any stage killed, 100 times, at random moments: never a short data set" {
	for _ in $(seq 12); do cat "$DATA"/chats/*.jsonl; done >many.jsonl
	done_before=0
	RANDOM=11
	for i in $(seq 100); do
		kill_once $((i % 4)) "0.$(printf %03d $((RANDOM % 250)))"
	done
	echo "$done_before of 100 were done before the kill"
	[ "$done_before" -lt 60 ]
}

@test "kill: SIGTERM removes what was begun" {
	chats 50
	cut_tokens >cut.trx
	mkdir out
	mkfifo in
	trx-pack -n 4096 -o 'out/s-%06d.tar.zst' <in 2>err 3>&- &
	pid=$!
	exec 4>in
	head -c 20000 cut.trx >&4
	for _ in $(seq 100); do
		[ -z "$(ls -A out)" ] || break
		sleep 0.02
	done
	[ -n "$(ls -A out)" ]
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	exec 4>&-
	[ "$status" -eq 143 ]
	[ -z "$(ls -A out)" ]
}
