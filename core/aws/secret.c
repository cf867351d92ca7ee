/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials in memory and their end. */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Behind the struct: the three texts, each with a NUL. */
struct holder {
    struct credentials credentials;
    size_t size;
    char bytes[];
};

static struct str put(char **at, struct str text)
{
    char *start = *at;
    if (text.len > 0) {
        memcpy(start, text.ptr, text.len);
    }
    start[text.len] = '\0';
    *at = start + text.len + 1;
    return (struct str){ start, text.len };
}

struct credentials *credentials_new(struct str key_id, struct str secret, struct str token)
{
    size_t size = key_id.len + secret.len + token.len + 3;
    struct holder *holder = malloc(sizeof(*holder) + size);
    if (!holder) {
        out_of_memory();
    }
    char *at = holder->bytes;
    holder->size = size;
    holder->credentials = (struct credentials){ .key_id = put(&at, key_id) };
    holder->credentials.secret = put(&at, secret);
    holder->credentials.token = put(&at, token);
    return &holder->credentials;
}

void credentials_free(struct credentials *credentials)
{
    if (credentials) {
        struct holder *holder = (struct holder *)credentials;
        explicit_bzero(holder, sizeof(*holder) + holder->size);
        free(holder);
    }
}

void secret_wipe(struct str text)
{
    if (text.len > 0) {
        /* The view is const for readers; the owner may write. */
        explicit_bzero((void *)(uintptr_t)text.ptr, text.len);
    }
}

/* Reads until the end or until `size` bytes are there. */
static int read_all(int fd, char *bytes, size_t size, size_t *ret_len)
{
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(fd, bytes + len, size - len);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return ERR_IO;
        }
        if (got == 0) {
            break;
        }
        len += (size_t)got;
    }
    *ret_len = len;
    return 0;
}

int secret_file_read(const char *path, size_t max_bytes, struct str *ret_content)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
    }
    if (fstat(fd, &info) != 0) {
        return ERR_IO;
    }
    if (!S_ISREG(info.st_mode)) {
        return ERR_INVALID;
    }
    if (info.st_size < 0 || (uintmax_t)info.st_size > max_bytes) {
        return ERR_LIMIT;
    }
    size_t size = (size_t)info.st_size;
    char *bytes = malloc(size + 1);
    size_t len = 0;
    if (!bytes) {
        out_of_memory();
    }
    if (read_all(fd, bytes, size, &len) != 0) {
        int saved = errno;
        explicit_bzero(bytes, size + 1);
        free(bytes);
        errno = saved;
        return ERR_IO;
    }
    bytes[len] = '\0';
    *ret_content = (struct str){ bytes, len };
    return 0;
}

void secret_file_free(struct str content)
{
    secret_wipe(content);
    free((void *)(uintptr_t)content.ptr);
}
