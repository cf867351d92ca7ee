/* SPDX-License-Identifier: Apache-2.0 */
/* Glob patterns: matching texts and finding files. */
#include "glob.h"

#include <string.h>
#include <sys/stat.h>

#include "err.h"
#include "file.h"
#include "path.h"

enum {
    ALTERNATIVES_MAX = 256, /* of all braces of one pattern, multiplied out */
    FOLDER_DEPTH_MAX = 64
};

VEC_TYPE(patterns, struct str);

/* Length of the class "[...]" at the start of `p`, 0 when it is not closed. */
static size_t class_len(struct str p)
{
    size_t at = 1;
    if (at < p.len && (p.ptr[at] == '^' || p.ptr[at] == '!')) {
        at++;
    }
    for (size_t first = at; at < p.len; at++) {
        if (p.ptr[at] == '\\') {
            at++;
        } else if (p.ptr[at] == ']' && at > first) {
            return at + 1;
        }
    }
    return 0;
}

static bool class_has(struct str class, char c)
{
    size_t at = 1;
    size_t end = class.len - 1;
    bool is_negated = class.ptr[at] == '^' || class.ptr[at] == '!';
    bool is_hit = false;
    at += is_negated;
    while (at < end) {
        at += class.ptr[at] == '\\' && at + 1 < end;
        unsigned char low = (unsigned char)class.ptr[at++];
        unsigned char high = low;
        if (at + 1 < end && class.ptr[at] == '-') {
            at++;
            at += class.ptr[at] == '\\' && at + 1 < end;
            high = (unsigned char)class.ptr[at++];
        }
        is_hit = is_hit || ((unsigned char)c >= low && (unsigned char)c <= high);
    }
    return is_hit != is_negated;
}

/*
 * One pattern item that stands for exactly one byte: literal, escaped, "?", class. Its length in
 * `*ret_len`. Bytes, not characters: a "?" takes one byte of a longer character, several take it all.
 */
static bool item_matches(struct str p, char c, size_t *ret_len)
{
    *ret_len = 1;
    switch (p.ptr[0]) {
    case '?':
        return true;
    case '[':
        *ret_len = class_len(p);
        return class_has(str_sub(p, 0, *ret_len), c);
    case '\\':
        *ret_len = 2;
        return p.ptr[1] == c;
    default:
        return p.ptr[0] == c;
    }
}

/* A segment without "/" and braces: the usual two-pointer walk, linear per star. */
static bool segment_matches(struct str p, struct str s)
{
    struct str star_p = STR_EMPTY;
    struct str star_s = STR_EMPTY;
    bool has_star = false;
    while (s.len > 0) {
        size_t len = 0;
        if (p.len > 0 && p.ptr[0] == '*') {
            p = str_from_index(p, 1);
            star_p = p;
            star_s = s;
            has_star = true;
        } else if (p.len > 0 && item_matches(p, s.ptr[0], &len)) {
            p = str_from_index(p, len);
            s = str_from_index(s, 1);
        } else if (has_star) {
            star_s = str_from_index(star_s, 1);
            p = star_p;
            s = star_s;
        } else {
            return false;
        }
    }
    while (p.len > 0 && p.ptr[0] == '*') {
        p = str_from_index(p, 1);
    }
    return p.len == 0;
}

/* First segment of a pattern: a "/" inside a class does not count, as a segment has none. */
static struct str cut_segment(struct str *rest, bool *more)
{
    struct str piece = STR_EMPTY;
    (void)str_split(rest, more, '/', &piece);
    return piece;
}

/* Segments with "**": again two pointers, now over segments. */
static bool plain_matches(struct str p, struct str s)
{
    bool more_p = true;
    bool more_s = true;
    struct str star_p = STR_EMPTY;
    struct str star_s = STR_EMPTY;
    bool star_more_p = false;
    bool star_more_s = false;
    bool has_star = false;
    while (more_s) {
        struct str next_p = p;
        struct str next_s = s;
        bool next_more_p = more_p;
        bool next_more_s = more_s;
        struct str piece_p = more_p ? cut_segment(&next_p, &next_more_p) : STR_EMPTY;
        struct str piece_s = cut_segment(&next_s, &next_more_s);
        if (more_p && str_eq(piece_p, STR("**"))) {
            p = next_p;
            more_p = next_more_p;
            star_p = p;
            star_more_p = more_p;
            star_s = s;
            star_more_s = more_s;
            has_star = true;
            if (!more_p) {
                return true;
            }
        } else if (more_p && segment_matches(piece_p, piece_s)) {
            p = next_p;
            more_p = next_more_p;
            s = next_s;
            more_s = next_more_s;
        } else if (has_star && star_more_s) {
            (void)cut_segment(&star_s, &star_more_s);
            p = star_p;
            more_p = star_more_p;
            s = star_s;
            more_s = star_more_s;
        } else {
            return false;
        }
    }
    while (more_p) {
        if (!str_eq(cut_segment(&p, &more_p), STR("**"))) {
            return false;
        }
    }
    return true;
}

/* The last byte of an escaped byte or a class that begins here, where braces mean nothing; else this one. */
static size_t unit_end(struct str p, size_t at)
{
    if (p.ptr[at] == '\\') {
        return at + 1;
    }
    size_t len = p.ptr[at] == '[' ? class_len(str_from_index(p, at)) : 0;
    return len ? at + len - 1 : at;
}

/* Position of the brace that closes the one at `open`, or the length when there is none. */
static size_t closing_brace(struct str p, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < p.len; i = unit_end(p, i) + 1) {
        if (p.ptr[i] == '{') {
            depth++;
        } else if (p.ptr[i] == '}' && --depth == 0) {
            return i;
        }
    }
    return p.len;
}

static size_t find_brace(struct str p)
{
    for (size_t i = 0; i < p.len; i = unit_end(p, i) + 1) {
        if (p.ptr[i] == '{') {
            return i;
        }
    }
    return p.len;
}

/* Multiplies braces out into plain patterns. False beyond the cap. */
static bool expand(struct arena *arena, struct str p, struct patterns *patterns)
{
    size_t open = find_brace(p);
    if (open == p.len) {
        if (patterns->count >= ALTERNATIVES_MAX) {
            return false;
        }
        VEC_PUSH(arena, patterns, p);
        return true;
    }
    size_t close = closing_brace(p, open);
    size_t start = open + 1;
    size_t depth = 0;
    for (size_t i = start; i <= close; i++) {
        bool is_end = i == close || (p.ptr[i] == ',' && depth == 0);
        if (!is_end) {
            depth += p.ptr[i] == '{';
            depth -= p.ptr[i] == '}';
            i += p.ptr[i] == '\\';
            continue;
        }
        struct str pieces[3] = { str_sub(p, 0, open), str_sub(p, start, i),
            str_from_index(p, close + 1) };
        if (!expand(arena, arena_join(arena, pieces, 3, STR_EMPTY), patterns)) {
            return false;
        }
        start = i + 1;
    }
    return true;
}

bool glob_has_magic(struct str pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] == '\\') {
            i++;
        } else if (strchr("*?[{", pattern.ptr[i]) && pattern.ptr[i] != '\0') {
            return true;
        }
    }
    return false;
}

static bool is_well_formed(struct str p)
{
    for (size_t i = 0; i < p.len; i++) {
        if (p.ptr[i] == '\\') {
            if (++i == p.len) {
                return false;
            }
        } else if (p.ptr[i] == '[') {
            size_t len = class_len(str_from_index(p, i));
            if (len == 0) {
                return false;
            }
            i += len - 1;
        } else if (p.ptr[i] == '{' && closing_brace(p, i) == p.len) {
            return false;
        }
    }
    return true;
}

/* The plain patterns of a glob; false when it is malformed. */
static bool compile(struct arena *arena, struct str pattern, struct patterns *patterns)
{
    if (!is_well_formed(pattern) || !expand(arena, pattern, patterns)) {
        return false;
    }
    for (size_t i = 0; i < patterns->count; i++) {
        /* "[a/b]" is closed as a whole, but no segment can hold it. */
        struct str rest = patterns->items[i];
        bool more = true;
        while (more) {
            if (!is_well_formed(cut_segment(&rest, &more))) {
                return false;
            }
        }
    }
    return true;
}

bool glob_is_valid(struct str pattern)
{
    struct arena *scratch = arena_new();
    struct patterns patterns = { 0 };
    bool is_valid = compile(scratch, pattern, &patterns);
    arena_free(scratch);
    return is_valid;
}

bool glob_match(struct str pattern, struct str path)
{
    struct arena *scratch = arena_new();
    struct patterns patterns = { 0 };
    bool is_hit = false;
    if (compile(scratch, pattern, &patterns)) {
        for (size_t i = 0; i < patterns.count && !is_hit; i++) {
            is_hit = plain_matches(patterns.items[i], path);
        }
    }
    arena_free(scratch);
    return is_hit;
}

/* State of one glob_find. */
struct finder {
    struct arena *arena;
    struct patterns patterns;
    size_t max_files;
    VEC(struct str) found;

    /* Folders on the way down, to cut loops of links. */
    struct {
        dev_t device;
        ino_t inode;
    } chain[FOLDER_DEPTH_MAX];
};

/* The part of a plain pattern before its first segment with a wildcard. */
static struct str fixed_folder(struct str pattern)
{
    size_t end = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] == '/') {
            end = i;
        } else if (strchr("*?[\\", pattern.ptr[i])) {
            return str_sub(pattern, 0, end ? end : 1);
        }
    }
    return str_sub(pattern, 0, end ? end : 1);
}

/* Can a file below `folder` match? Compares as many segments as the folder has. */
static bool may_match_below(struct str pattern, struct str folder)
{
    bool more_p = true;
    bool more_f = true;
    while (more_f) {
        struct str piece_f = cut_segment(&folder, &more_f);
        if (!more_p) {
            return false;
        }
        struct str piece_p = cut_segment(&pattern, &more_p);
        if (str_eq(piece_p, STR("**"))) {
            return true;
        }
        if (!segment_matches(piece_p, piece_f)) {
            return false;
        }
    }
    return more_p;
}

static bool wants_file(const struct finder *finder, struct str path)
{
    for (size_t i = 0; i < finder->patterns.count; i++) {
        if (plain_matches(finder->patterns.items[i], path)) {
            return true;
        }
    }
    return false;
}

static bool wants_folder(const struct finder *finder, struct str path)
{
    for (size_t i = 0; i < finder->patterns.count; i++) {
        if (may_match_below(finder->patterns.items[i], path)) {
            return true;
        }
    }
    return false;
}

static bool is_loop(struct finder *finder, struct str path, size_t depth)
{
    struct stat info;
    if (stat(path.ptr, &info) != 0) {
        return false; /* listing it will fail and say so */
    }
    for (size_t i = 0; i < depth; i++) {
        if (finder->chain[i].device == info.st_dev && finder->chain[i].inode == info.st_ino) {
            return true;
        }
    }
    finder->chain[depth].device = info.st_dev;
    finder->chain[depth].inode = info.st_ino;
    return false;
}

static int keep(struct finder *finder, struct str path)
{
    if (finder->found.count >= finder->max_files) {
        return ERR_LIMIT;
    }
    VEC_PUSH(finder->arena, &finder->found, path);
    return 0;
}

static int walk(struct finder *finder, struct str folder, size_t depth)
{
    struct folder_entry *entries = NULL;
    size_t count = 0;
    if (depth >= FOLDER_DEPTH_MAX || is_loop(finder, folder, depth)) {
        return 0;
    }
    int err = folder_list(finder->arena, folder, &entries, &count);
    if (err != 0) {
        return err == ERR_NOT_FOUND ? 0 : keep(finder, folder);
    }
    for (size_t i = 0; i < count; i++) {
        struct str path = path_join(finder->arena, folder, entries[i].name);
        bool is_gone = entries[i].kind == FILE_MISSING && !entries[i].is_link;
        if (entries[i].kind == FILE_FOLDER || is_gone || !wants_file(finder, path)) {
            continue;
        }
        err = keep(finder, path);
        if (err != 0) {
            return err;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct str path = path_join(finder->arena, folder, entries[i].name);
        if (entries[i].kind == FILE_FOLDER && wants_folder(finder, path)) {
            int code = walk(finder, path, depth + 1);
            if (code != 0) {
                return code;
            }
        }
    }
    return 0;
}

int glob_find(struct arena *arena, struct str pattern, size_t max_files, struct str **ret_paths,
        size_t *ret_count)
{
    struct finder finder = { .arena = arena, .max_files = max_files };
    if (!compile(arena, pattern, &finder.patterns) || !path_is_absolute(pattern)) {
        return ERR_INVALID;
    }
    /* All alternatives share their start with the first one up to the first brace. */
    struct str start = fixed_folder(str_sub(pattern, 0, find_brace(pattern)));
    int code = walk(&finder, arena_dup(arena, start), 0);
    if (code == 0) {
        *ret_paths = finder.found.items;
        *ret_count = finder.found.count;
    }
    return code;
}
