#!/usr/bin/env bats

load helper

@test "device: what is staged in any sizes is what the device holds" {
	run -0 "$TRX_UNIT/device" staging
	[ -z "$output" ]
}

@test "device: every call to a device may fail, once, with nothing leaked" {
	run -0 "$TRX_UNIT/device" faults
	[ -z "$output" ]
}

@test "device: a byte changed on its way is found and named" {
	run -0 "$TRX_UNIT/device" verify 0
	[[ $output == "test: ids: block 0, byte 0: wrote 0x"* ]]
	run -0 "$TRX_UNIT/device" verify 99
	[[ $output == "test: ids: block 0, byte 99: wrote 0x"* ]]
	run -0 "$TRX_UNIT/device" verify 305
	[[ $output == "test: ids: block 2, byte 5: wrote 0x"* ]]
	run -0 "$TRX_UNIT/device" verify 999
	[[ $output == "test: ids: block 5, byte 99: wrote 0x"* ]]
}

@test "device: faithful copies verify" {
	run -0 "$TRX_UNIT/device" verify 1000
	[ "$output" = "not seen" ]
}

@test "device: nothing is read back where verifying is not asked for" {
	run -0 "$TRX_UNIT/device" trust 305
	[ "$output" = "not seen" ]
}

@test "device: the host stores and gives back" {
	run -0 "$TRX_UNIT/device" store host
	[ "$output" = host ]
}

@test "device: a name that is no device is a usage error" {
	local name

	for name in "" gpu cuda cuda: cuda:x cuda:00 cuda:-1 cuda:0x0 \
	    cuda:9999999999 HOST; do
		run -2 "$TRX_UNIT/device" store "$name"
		[ "$output" = "no such device: '$name' (host, or cuda:N)" ]
	done
}

@test "device: the default falls back to the host only with a note" {
	run -0 "$TRX_UNIT/device" store
	case ${lines[0]} in
	host)
		[[ ${lines[1]} == *": rows go to host memory" ]]
		;;
	*)
		[ "$output" = cuda:0 ]
		;;
	esac
}

@test "device: a CUDA device that is not there is status 3" {
	run -3 "$TRX_UNIT/device" store cuda:999999
	[[ $output == "cuda:999999: "* ]]
}

@test "device: without CUDA or its driver, cuda:0 says so" {
	run "$TRX_UNIT/device" store
	[[ $output == *"rows go to host memory" ]] || skip "CUDA is here"
	local why=${lines[1]%: rows*}

	run -3 "$TRX_UNIT/device" store cuda:0
	[ "$output" = "cuda:0: $why" ]
	run -0 "$TRX_UNIT/device" version
	[ "$why" = "no CUDA driver" ] || [ "$output" = "$why" ]
}

@test "device: a CUDA device stores and gives back" {
	run "$TRX_UNIT/device" store
	[[ $output != host* ]] || skip "${lines[1]}"
	run -0 "$TRX_UNIT/device" store cuda:0
	[ "$output" = cuda:0 ]
}
