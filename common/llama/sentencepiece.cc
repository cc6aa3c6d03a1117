#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include <sentencepiece_processor.h>

extern "C" {
#include "common/llama/sentencepiece.h"
}

struct trx_spm {
	sentencepiece::SentencePieceProcessor processor;
	uint32_t size = 0;
	uint32_t unknown = 0;
};

namespace
{

using Piece = sentencepiece::ImmutableSentencePieceText_ImmutableSentencePiece;

absl::string_view
view(struct trx_str s)
{
	return absl::string_view(s.n == 0 ? "" : s.p, s.n);
}

struct trx_str
slice(const std::string &s)
{
	const struct trx_str result = { s.data(), s.size() };

	return result;
}

/* How many pieces, from this one on, are the bytes of one character. */
size_t
byte_run(const struct trx_spm &spm, const Piece &piece)
{
	if (!spm.processor.IsByte(static_cast<int>(piece.id())))
		return 1;
	/* "<0xE4>": the first byte of a character tells its length. */
	const unsigned long lead =
	    std::strtoul(piece.piece().c_str() + 1, nullptr, 16);
	return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

int
give_pieces(const struct trx_spm &spm,
    const sentencepiece::ImmutableSentencePieceText &text, trx_spm_sink *sink,
    void *arg)
{
	const size_t n = text.pieces_size();
	size_t i = 0, floor = 0;

	while (i < n) {
		const size_t run = std::min(
		    n - i, byte_run(spm, text.pieces(static_cast<int>(i))));
		const Piece last = text.pieces(static_cast<int>(i + run - 1));
		const bool one_by_one = last.end() - last.begin() == run;

		for (size_t k = 1; k <= run; k++, i++) {
			const Piece piece = text.pieces(static_cast<int>(i));
			const size_t end =
			    one_by_one ? last.begin() + k : last.end();

			floor = std::max(floor, end);
			if (sink(arg, slice(piece.piece()), piece.id(),
				floor) == -1)
				return -1;
		}
	}
	return 0;
}

int
refused(const sentencepiece::util::Status &status, struct trx_error *err)
{
	return trx_error_set(
	    err, TRX_INPUT, "sentencepiece: %s", status.error_message());
}

} // namespace

struct trx_spm *
trx_spm_load(struct trx_str model, bool dummy_prefix, struct trx_error *err)
{
	/*
	 * A second normalizer_spec (field 3) is merged into the first; its
	 * add_dummy_prefix (field 3) is false.
	 */
	static const char no_dummy_prefix[] = { 0x1a, 0x02, 0x18, 0x00 };

	try {
		auto spm = std::make_unique<trx_spm>();
		std::string bytes(view(model));

		if (!dummy_prefix)
			bytes.append(no_dummy_prefix, sizeof(no_dummy_prefix));
		const auto status =
		    spm->processor.LoadFromSerializedProto(bytes);
		if (!status.ok()) {
			refused(status, err);
			return nullptr;
		}
		spm->size =
		    static_cast<uint32_t>(spm->processor.GetPieceSize());
		while (
		    spm->unknown + 1 < spm->size &&
		    !spm->processor.IsUnknown(static_cast<int>(spm->unknown)))
			spm->unknown++;
		return spm.release();
	} catch (const std::bad_alloc &) {
		trx_error_memory(err);
	} catch (const std::exception &e) {
		trx_error_set(err, TRX_INPUT, "sentencepiece: %s", e.what());
	}
	return nullptr;
}

uint32_t
trx_spm_size(const struct trx_spm *spm)
{
	return spm->size;
}

struct trx_str
trx_spm_piece(const struct trx_spm *spm, uint32_t id)
{
	return slice(spm->processor.IdToPiece(static_cast<int>(id)));
}

uint32_t
trx_spm_id(const struct trx_spm *spm, struct trx_str piece)
{
	/* A map of views: nothing is allocated, nothing thrown. */
	return static_cast<uint32_t>(spm->processor.PieceToId(view(piece)));
}

uint32_t
trx_spm_unknown(const struct trx_spm *spm)
{
	return spm->unknown;
}

int
trx_spm_encode(const struct trx_spm *spm, struct trx_str text,
    trx_spm_sink *sink, void *arg, struct trx_error *err)
{
	try {
		sentencepiece::ImmutableSentencePieceText out;
		const auto status =
		    spm->processor.Encode(view(text), out.mutable_proto());

		if (!status.ok())
			return refused(status, err);
		return give_pieces(*spm, out, sink, arg);
	} catch (const std::bad_alloc &) {
		return trx_error_memory(err);
	} catch (const std::exception &e) {
		return trx_error_set(
		    err, TRX_MACHINE, "sentencepiece: %s", e.what());
	}
}

const char *
trx_spm_version(void)
{
	/* Not in the library's headers: the Makefile asks pkg-config. */
	return "sentencepiece " SENTENCEPIECE_VERSION;
}

void
trx_spm_free(struct trx_spm *spm)
{
	delete spm;
}
