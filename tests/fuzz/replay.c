/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target once over every file named or found in a folder, so ordinary builds replay the corpora. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replay_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    struct stat st;

    if (in == NULL || fstat(fileno(in), &st) != 0) {
        fprintf(stderr, "%s: cannot read\n", path);
        exit(1);
    }
    size_t size = (size_t)st.st_size;
    /* Exactly as many bytes as the file has, so that a sanitizer sees a read past the end. */
    uint8_t *data = malloc(size != 0 ? size : 1);
    if (data == NULL || fread(data, 1, size, in) != size) {
        fprintf(stderr, "%s: cannot read\n", path);
        exit(1);
    }
    fclose(in);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t replay(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        fprintf(stderr, "%s: no such file or folder\n", path);
        exit(1);
    }
    if (!S_ISDIR(st.st_mode)) {
        return replay_file(path);
    }
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_visible, alphasort);
    size_t done = 0;
    for (int i = 0; i < count; i++) {
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, entries[i]->d_name);
        done += replay(child);
        free(entries[i]);
    }
    free(entries);
    return done;
}

int main(int argc, char **argv)
{
    size_t done = 0;

    for (int i = 1; i < argc; i++) {
        done += replay(argv[i]);
    }
    printf("%zu inputs replayed\n", done);
    /* An empty corpus proves nothing. */
    return done > 0 ? 0 : 1;
}
