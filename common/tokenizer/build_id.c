#include <elf.h>
#include <link.h>
#include <string.h>

#include "common/tokenizer/build_id.h"

/* The build ID among the notes from p to end, if it is there. */
static void
read_notes(const uint8_t *p, const uint8_t *end, uint8_t *id)
{
	ElfW(Nhdr) note;
	size_t name, desc;

	while ((size_t)(end - p) >= sizeof(note)) {
		memcpy(&note, p, sizeof(note));
		p += sizeof(note);
		name = (note.n_namesz + 3u) & ~3u;
		desc = (note.n_descsz + 3u) & ~3u;
		if ((size_t)(end - p) < name + desc)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    memcmp(p, "GNU", 4) == 0)
			memcpy(id, p + name,
			    note.n_descsz < TRX_BUILD_ID_SIZE
				? note.n_descsz
				: TRX_BUILD_ID_SIZE);
		p += name + desc;
	}
}

/* The first object is the program itself. */
static int
read_object(struct dl_phdr_info *info, size_t size, void *id)
{
	const ElfW(Phdr) * h;
	const uint8_t *p;
	int i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		h = &info->dlpi_phdr[i];
		if (h->p_type != PT_NOTE)
			continue;
		p = (const uint8_t *)(info->dlpi_addr + h->p_vaddr);
		read_notes(p, p + h->p_memsz, id);
	}
	return 1;
}

bool
trx_build_id(uint8_t id[TRX_BUILD_ID_SIZE])
{
	static const uint8_t none[TRX_BUILD_ID_SIZE];

	memset(id, 0, TRX_BUILD_ID_SIZE);
	dl_iterate_phdr(read_object, id);
	return memcmp(id, none, TRX_BUILD_ID_SIZE) != 0;
}
