/* SPDX-License-Identifier: Apache-2.0 */
/* The helper programs of Docker: docker-credential-<name>, asked for one login. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "login.h"

enum {
    PATIENCE_MS = 20000, /* somebody may have to unlock a key ring */
    MAX_SHOWN_BYTES = 200
};

/* ---- what it says ---- */

struct scan {
    char *at;
    char *end;
};

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end && char_is_blank(*scan->at)) {
        scan->at++;
    }
}

/* NUL at the end. */
static char next_byte(struct scan *scan)
{
    if (scan->at == scan->end) {
        return '\0';
    }
    return *scan->at++;
}

/* The next byte that is no blank, if it is this one. */
static bool take(struct scan *scan, char byte)
{
    skip_blanks(scan);
    if (scan->at == scan->end || *scan->at != byte) {
        return false;
    }
    scan->at++;
    return true;
}

static bool take_unit(struct scan *scan, uint32_t *ret_unit)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef";
        char byte = next_byte(scan);
        char lower = (char)(byte >= 'A' && byte <= 'F' ? byte - 'A' + 'a' : byte);
        const char *digit = lower ? strchr(digits, lower) : NULL;
        if (!digit) {
            return false;
        }
        unit = unit << 4 | (uint32_t)(digit - digits);
    }
    *ret_unit = unit;
    return true;
}

/* What follows \u, as UTF-8; always shorter than its escape. */
static bool take_point(struct scan *scan, char **out)
{
    uint32_t point = 0;
    uint32_t low = 0;
    char *to = *out;
    if (!take_unit(scan, &point) || point == 0 || (point >= 0xdc00 && point < 0xe000)) {
        return false;
    }
    if (point >= 0xd800 && point < 0xdc00) {
        if (scan->end - scan->at < 2 || memcmp(scan->at, "\\u", 2) != 0) {
            return false;
        }
        scan->at += 2;
        if (!take_unit(scan, &low) || low < 0xdc00 || low >= 0xe000) {
            return false;
        }
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    if (point < 0x80) {
        *to++ = (char)point;
    } else {
        int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        *to++ = (char)((0xff00U >> (more + 1) & 0xffU) | point >> (6 * more));
        while (more-- > 0) {
            *to++ = (char)(0x80U | (point >> (6 * more) & 0x3fU));
        }
    }
    *out = to;
    return true;
}

static bool take_escape(struct scan *scan, char **out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char bytes[] = "\"\\/\b\f\n\r\t";
    char letter = next_byte(scan);
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (letter == 'u') {
        return take_point(scan, out);
    }
    if (found) {
        *(*out)++ = bytes[found - letters];
    }
    return found != NULL;
}

/* Undoes escapes where they stand. */
static bool take_string(struct scan *scan, struct str *ret_text)
{
    if (!take(scan, '"')) {
        return false;
    }
    char *start = scan->at;
    char *out = scan->at;
    while (scan->at < scan->end && *scan->at != '"') {
        char byte = *scan->at++;
        if ((unsigned char)byte < ' ') {
            return false;
        }
        if (byte != '\\') {
            *out++ = byte;
        } else if (!take_escape(scan, &out)) {
            return false;
        }
    }
    *ret_text = (struct str){ start, (size_t)(out - start) };
    return next_byte(scan) == '"';
}

static bool take_member(struct scan *scan, struct helper_login *login)
{
    struct str name;
    struct str text = STR_EMPTY;
    if (!take_string(scan, &name) || !take(scan, ':')) {
        return false;
    }
    skip_blanks(scan);
    if (scan->at < scan->end && *scan->at == '"') {
        if (!take_string(scan, &text)) {
            return false;
        }
        struct str *wanted = str_eq_cstr(name, "Username") ? &login->username
                             : str_eq_cstr(name, "Secret") ? &login->secret
                                                           : NULL;
        if (wanted) {
            *wanted = text;
        }
        return true;
    }
    const char *start = scan->at;
    while (scan->at < scan->end && *scan->at != ',' && *scan->at != '}' && *scan->at != '{' &&
            *scan->at != '[' && *scan->at != '"') {
        scan->at++;
    }
    return scan->at > start;
}

bool helper_read(struct buf *answer, struct helper_login *ret_login)
{
    struct helper_login login = { STR_EMPTY, STR_EMPTY };
    if (answer->len == 0) {
        return false;
    }
    struct scan scan = { answer->ptr, answer->ptr + answer->len };
    if (!take(&scan, '{')) {
        return false;
    }
    if (!take(&scan, '}')) {
        do {
            if (!take_member(&scan, &login)) {
                return false;
            }
        } while (take(&scan, ','));
        if (!take(&scan, '}')) {
            return false;
        }
    }
    skip_blanks(&scan);
    *ret_login = login;
    return scan.at == scan.end;
}

/* ---- running it ---- */

/* Folders relative to where we are could be anybody's. */
static bool find_program(struct run *run, struct str program, struct str *ret_path)
{
    struct str folders = str_from(environment_get(&run->env, "PATH"));
    struct str folder;
    bool more = folders.len > 0;
    while (str_split(&folders, &more, ':', &folder)) {
        if (path_is_absolute(folder) && proc_find(run->arena, program, folder, ret_path)) {
            return true;
        }
    }
    return false;
}

/* Whatever it started goes with it when it must be stopped. */
static int converse(struct run *run, const char *program, int input_fd, struct buf *answer,
        struct proc_status *ret_status)
{
    const char *const argv[] = { program, "get", NULL };
    AUTO_FD nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) {
        return ERR_IO;
    }
    const struct proc_options options = { .argv = argv,
        .env = run->env.items,
        .folder = "/",
        .stdin_fd = input_fd,
        .stdout_fd = -1,
        .stderr_fd = nowhere,
        .own_group = true,
        .foreground = isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp() };
    /* Room for all at once: growing would leave copies of secrets behind. */
    (void)buf_reserve(answer, answer->max - answer->len);
    return proc_collect(&options, PATIENCE_MS, answer, ret_status);
}

/* A program that failed says why on its output; nothing that could hold a secret is repeated. */
static struct str words_of(struct arena *arena, const struct buf *answer)
{
    struct str text = str_trim(buf_str(answer));
    bool is_message = text.len > 0 && text.len <= MAX_SHOWN_BYTES && str_find(text, '{') < 0 &&
                      str_find(text, '\n') < 0;
    return is_message ? arena_printf(arena, ": %.*s", STR_ARG(text)) : STR_EMPTY;
}

static struct str why_not(struct arena *arena, int code, const struct proc_status *status,
        const struct buf *answer)
{
    switch (code) {
    case ERR_CANCELLED:
        return arena_printf(arena, "did not end within %d s", PATIENCE_MS / 1000);
    case ERR_LIMIT:
        return arena_printf(arena, "answers with more than %d KiB", LOGIN_MAX_BYTES / 1024);
    case 0:
        break;
    default:
        return arena_printf(arena, "cannot be started: %s", strerrordesc_np(errno));
    }
    if (status->is_signaled) {
        return arena_printf(arena, "was ended by signal %d", status->code);
    }
    struct str words = words_of(arena, answer);
    return arena_printf(arena, "failed with exit code %d%.*s", status->code, STR_ARG(words));
}

static int input_with(struct str host, int *ret_fd)
{
    int fd = memfd_create("registry", MFD_CLOEXEC);
    if (fd < 0 || fd_write_all(fd, host) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        fd_cleanup(&fd);
        return ERR_IO;
    }
    *ret_fd = fd;
    return 0;
}

int helper_ask(struct run *run, struct str name, struct str host, struct buf *answer,
        struct helper_login *ret_login, struct str *ret_why)
{
    struct arena *arena = run->arena;
    struct proc_status status = { .code = 0 };
    struct str path;
    AUTO_FD input = -1;
    if (!find_program(
                run, arena_printf(arena, "docker-credential-%.*s", STR_ARG(name)), &path)) {
        *ret_why = STR("is in no folder of PATH");
        return ERR_UNAVAILABLE;
    }
    int code = input_with(host, &input);
    code = code == 0 ? converse(run, path.ptr, input, answer, &status) : code;
    if (code != 0 || status.is_signaled || status.code != 0) {
        if (code == 0 && status.code != 0 &&
                str_starts_with(str_trim(buf_str(answer)), STR("credentials not found"))) {
            return ERR_NOT_FOUND;
        }
        *ret_why = why_not(arena, code, &status, answer);
        return ERR_UNAVAILABLE;
    }
    if (!helper_read(answer, ret_login)) {
        *ret_why = STR("answers with something else than Username and Secret");
        return ERR_UNAVAILABLE;
    }
    return ret_login->username.len == 0 && ret_login->secret.len == 0 ? ERR_NOT_FOUND : 0;
}
