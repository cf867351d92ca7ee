/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over a given number of damaged copies of its corpus, always the same ones. Without a fuzzer, so
 * that every build can do it: `mutate ROUNDS FOLDER` prints how many, and what memory they took. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    SEEDS_MAX = 512,
    SEED_MAX_BYTES = 1 << 16,
    EDITS_MAX = 6,
    GROWTH_MAX_KB = 2048 /* above what the seeds themselves take */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seed {
    uint8_t *bytes;
    size_t size;
};

struct mutator {
    struct seed seeds[SEEDS_MAX];
    size_t seed_count;
    uint64_t state;
};

/* xorshift64*: the same numbers on every machine. */
static uint64_t next_number(struct mutator *mutator, uint64_t bound)
{
    mutator->state ^= mutator->state >> 12;
    mutator->state ^= mutator->state << 25;
    mutator->state ^= mutator->state >> 27;
    return (mutator->state * UINT64_C(0x2545F4914F6CDD1D) >> 33) % bound;
}

static void add_seed(struct mutator *mutator, const char *path)
{
    struct seed *seed = &mutator->seeds[mutator->seed_count];
    FILE *in = fopen(path, "rb");

    seed->bytes = calloc(1, SEED_MAX_BYTES);
    if (in == NULL || seed->bytes == NULL) {
        fprintf(stderr, "%s: cannot read\n", path);
        exit(1);
    }
    seed->size = fread(seed->bytes, 1, SEED_MAX_BYTES, in);
    fclose(in);
    mutator->seed_count += seed->size > 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void add_folder(struct mutator *mutator, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_visible, alphasort);

    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (mutator->seed_count < SEEDS_MAX) {
            add_seed(mutator, path);
        }
        free(entries[i]);
    }
    free(entries);
}

/* Bytes of a seed, changed in a few places; numbers at the edges come often, since headers are numbers. */
static size_t damage(struct mutator *mutator, const struct seed *seed, uint8_t *bytes)
{
    static const uint64_t edges[] = { 0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFF, INT64_MAX, UINT64_MAX };
    size_t size = seed->size;

    memcpy(bytes, seed->bytes, size);
    for (uint64_t edits = 1 + next_number(mutator, EDITS_MAX); edits > 0; edits--) {
        /* Half of them where headers lie. */
        size_t at =
                next_number(mutator, next_number(mutator, 2) == 0 && size > 1024 ? 1024 : size);
        size_t width = (size_t)1 << next_number(mutator, 4);
        uint64_t number = edges[next_number(mutator, sizeof edges / sizeof edges[0])];
        switch (next_number(mutator, 4)) {
        case 0:
            bytes[at] ^= (uint8_t)(1U << next_number(mutator, 8));
            break;
        case 1:
            bytes[at] = (uint8_t)next_number(mutator, 256);
            break;
        case 2:
            memcpy(bytes + at, &number, width < size - at ? width : size - at);
            break;
        default:
            size = next_number(mutator, 8) == 0 ? at + 1 : size;
        }
    }
    return size;
}

static long peak_kb(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

int main(int argc, char **argv)
{
    static struct mutator mutator;
    uint64_t rounds = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;

    mutator.state = UINT64_C(0x9E3779B97F4A7C15);
    if (rounds > 0) {
        add_folder(&mutator, argv[2]);
    }
    if (mutator.seed_count == 0) {
        fprintf(stderr, "usage: mutate ROUNDS FOLDER\n");
        return 2;
    }
    long before = peak_kb();
    for (uint64_t round = 0; round < rounds; round++) {
        const struct seed *seed = &mutator.seeds[round % mutator.seed_count];
        /* Exactly as many bytes as there are, so that a sanitizer sees a read past the end. */
        uint8_t *bytes = malloc(seed->size);
        if (bytes == NULL) {
            return 1;
        }
        (void)LLVMFuzzerTestOneInput(bytes, damage(&mutator, seed, bytes));
        free(bytes);
    }
    long grown = peak_kb() - before;
    printf("%llu damaged inputs, %ld KB more memory at the most\n", (unsigned long long)rounds,
            grown);
#ifdef __SANITIZE_ADDRESS__
    return 0; /* freed memory is kept back */
#else
    return grown < GROWTH_MAX_KB ? 0 : 1;
#endif
}
