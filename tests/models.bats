load helper

@test "models: a vocabulary finds its strings and no others" {
	run -0 "$TRX_UNIT/vocab"
}
