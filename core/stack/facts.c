/* SPDX-License-Identifier: Apache-2.0 */
/* What a file says about the names of stacks, from as little YAML as possible. */
#include <string.h>

#include "locate.h"

/*
 * Nearly all manifests are block maps at the left margin. Such a text can be cut into the entries of
 * the map without parsing it, and an entry in which no word of the naming rule stands cannot give it
 * a value. Whatever is not certain to have this form is read as a whole: a shortcut may cost time, it
 * may never miss anything.
 */

enum {
    BYTE_NAME = 1u << 0, /* of words */
    BYTE_OPEN = 1u << 1, /* quotes and brackets: may go on in the next line */
    BYTE_ODD = 1u << 2 /* escapes and ends of lines other than a line feed */
};

struct scanning {
    struct resolver *r;
    const struct name_rule *rule;
    struct manifest_file *file;
    struct facts *facts;
    unsigned char classes[256];
    uint64_t lengths; /* of words: bit n for n bytes */
    struct buf chosen; /* entries that matter */
    size_t entry; /* where the current one begins */
    bool has_entry;
    bool is_chosen; /* the current one matters */
    bool is_whole; /* the text cannot be cut */
    const struct value *root; /* what was read */
};

static void classify(struct scanning *s)
{
    static const char names[] =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    for (const char *c = names; *c; c++) {
        s->classes[(unsigned char)*c] = BYTE_NAME;
    }
    for (const char *c = "\"'[{"; *c; c++) {
        s->classes[(unsigned char)*c] = BYTE_OPEN;
    }
    /* The last two begin the line ends that only Unicode has. */
    for (const char *c = "\\\r\xC2\xE2"; *c; c++) {
        s->classes[(unsigned char)*c] = BYTE_ODD;
    }
    for (size_t i = 1; i < s->rule->word_count; i++) {
        size_t length = s->rule->words[i]->text.len;
        s->lengths |= (uint64_t)1 << (length < 63 ? length : 63);
    }
}

static bool is_one_of(char byte, struct str bytes)
{
    return memchr(bytes.ptr, byte, bytes.len) != NULL;
}

static bool is_name(const struct scanning *s, char byte)
{
    return s->classes[(unsigned char)byte] & BYTE_NAME;
}

static bool is_word(const struct scanning *s, struct str token)
{
    if (!(s->lengths & (uint64_t)1 << (token.len < 63 ? token.len : 63))) {
        return false;
    }
    for (size_t i = 1; i < s->rule->word_count; i++) {
        if (str_eq(token, s->rule->words[i]->text)) {
            return true;
        }
    }
    return false;
}

/* ---- lines ---- */

static bool is_rest_blank(struct str rest)
{
    rest = str_trim(rest);
    return rest.len == 0 || rest.ptr[0] == '#';
}

/* Behind the quoted text that begins at `at`; 0: it does not end in this one, or has a quote inside. */
static size_t quoted_end(struct str text, size_t at)
{
    ptrdiff_t length = str_find(str_from_index(text, at + 1), text.ptr[at]);
    size_t end = at + (size_t)length + 2;
    return length < 0 || (end < text.len && text.ptr[end] == text.ptr[at]) ? 0 : end;
}

/* True when the text is one quoted scalar or one bracket that ends in it. */
static bool is_closed(struct str text)
{
    size_t depth = 0;
    char before = ','; /* the last byte that is not blank */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ') {
            continue;
        }
        if (is_one_of(c, STR("#&*!\t")) ||
                (is_one_of(c, STR("\"'[{")) && !is_one_of(before, STR("[{,:")))) {
            return false;
        }
        if (c == '"' || c == '\'') {
            size_t end = quoted_end(text, i);
            if (end == 0 || depth == 0) {
                return end > 0 && is_rest_blank(str_from_index(text, end));
            }
            i = end - 1;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            return is_rest_blank(str_from_index(text, i + 1));
        } else if (c == ':' && (i + 1 == text.len || text.ptr[i + 1] != ' ')) {
            c = 'x'; /* within a plain text */
        }
        before = c;
    }
    return false;
}

/* False when something that begins in this line of a block may go on in the next. */
static bool is_line_closed(const struct scanning *s, struct str line)
{
    line = str_trim(line);
    while (str_starts_with(line, STR("- "))) {
        line = str_trim(str_from_index(line, 2));
    }
    size_t key = 0;
    while (key < line.len &&
            (is_name(s, line.ptr[key]) || line.ptr[key] == '/' || line.ptr[key] == '.')) {
        key++;
    }
    if (key > 0 && key + 1 < line.len && line.ptr[key] == ':' && line.ptr[key + 1] == ' ') {
        line = str_trim(str_from_index(line, key + 1));
    }
    if (line.len == 0 || line.ptr[0] == '#') {
        return true;
    }
    if (is_one_of(line.ptr[0], STR("\"'[{"))) {
        return is_closed(line);
    }
    /* Quotes and brackets within a plain text mean themselves, unless it is the key of more. */
    return !is_one_of(line.ptr[0], STR("&*!|>?%@`")) && str_find_str(line, STR(": ")) < 0 &&
           str_find_str(line, STR(":\t")) < 0 && line.ptr[line.len - 1] != ':';
}

static bool is_line_end(struct str text, size_t at)
{
    const unsigned char *c = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at;
    return *c == '\\' || *c == '\r' || (*c == 0xC2 && left > 1 && c[1] == 0x85) ||
           (*c == 0xE2 && left > 2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9));
}

/* Looks at the bytes of one line; `from` to `to` without its end. */
static void scan_line(struct scanning *s, struct str text, size_t from, size_t to)
{
    unsigned seen = 0;
    for (size_t i = from; i < to;) {
        unsigned class = s->classes[(unsigned char)text.ptr[i]];
        if (!(class & BYTE_NAME)) {
            seen |= class;
            s->is_whole = s->is_whole || ((class & BYTE_ODD) && is_line_end(text, i));
            s->file->has_delimiters |=
                    text.ptr[i] == '{' && i + 1 < to && text.ptr[i + 1] == '{';
            i++;
            continue;
        }
        size_t start = i;
        while (i < to && is_name(s, text.ptr[i])) {
            i++;
        }
        struct str token = str_sub(text, start, i);
        s->is_chosen = s->is_chosen || is_word(s, token);
        s->facts->is_rendered |= str_eq(token, STR("locals"));
        s->facts->is_open |=
                start > from && text.ptr[start - 1] == '!' && str_eq(token, STR("include"));
    }
    if (seen & BYTE_OPEN) {
        s->is_whole = s->is_whole || !is_line_closed(s, str_sub(text, from, to));
    }
}

/* ---- entries ---- */

static void end_entry(struct scanning *s, struct str text, size_t end)
{
    if (s->is_chosen) {
        buf_add(&s->chosen, str_sub(text, s->entry, end));
    }
    s->is_chosen = false;
    s->entry = end;
}

/* Whether the line at the left margin begins an entry, goes on with one, or is something else. */
static void begin_line(struct scanning *s, struct str text, size_t from, size_t to)
{
    struct str line = str_sub(text, from, to);
    size_t key = 0;
    if (line.len == 0 || is_one_of(line.ptr[0], STR(" #\t")) ||
            (s->has_entry ? str_starts_with(line, STR("- ")) ||
                                    is_one_of(line.ptr[0], STR("]}"))
                          : str_eq(line, STR("---")))) {
        return;
    }
    while (key < line.len && is_name(s, line.ptr[key])) {
        key++;
    }
    if (key == 0 || key == line.len || line.ptr[0] == '-' || line.ptr[key] != ':' ||
            (key + 1 < line.len && line.ptr[key + 1] != ' ')) {
        s->is_whole = true;
        return;
    }
    end_entry(s, text, from);
    struct str name = str_sub(line, 0, key);
    s->has_entry = true;
    s->is_chosen = str_eq(name, STR("import")) || str_eq(name, s->rule->words[0]->text);
}

static void scan(struct scanning *s, struct str text)
{
    for (size_t from = 0; from < text.len;) {
        const char *end = memchr(text.ptr + from, '\n', text.len - from);
        size_t to = end ? (size_t)(end - text.ptr) : text.len;
        begin_line(s, text, from, to);
        scan_line(s, text, from, to);
        from = to + 1;
    }
    end_entry(s, text, text.len);
    /* The map may begin further in. */
    s->is_whole = s->is_whole || (!s->has_entry && text.len > 0);
}

/* ---- what the entries say ---- */

static void add_fact(struct scanning *s, size_t word, const struct value *value, bool is_var)
{
    struct arena *arena = s->r->run->arena;
    if (!s->facts->words) {
        s->facts->words = ARENA_ARRAY(arena, struct fact, s->rule->word_count);
    }
    struct fact *fact = &s->facts->words[word];
    fact->is_var = fact->is_var || is_var;
    fact->is_odd = fact->is_odd || !value_is(value, VALUE_STRING);
    if (!value_is_scalar(value) || value_is(value, VALUE_NULL)) {
        return; /* makes no name */
    }
    struct str text = value_text(value);
    int64_t number;
    fact->is_open |= (value->flags & VALUE_FUNCTION) || str_find_str(text, STR("{{")) >= 0;
    VEC_PUSH(arena, &fact->texts, text);
    if (value_is(value, VALUE_INT) && value_int(value, &number)) {
        VEC_PUSH(arena, &fact->texts, arena_printf(arena, "%lld", (long long)number));
    }
    /* A float is written in more than one way. */
    fact->is_open |= value_is(value, VALUE_FLOAT) ||
                     (value_is(value, VALUE_INT) && !value_int(value, &number));
}

/* `are_vars`: the entries are variables of the whole manifest. */
static void collect(struct scanning *s, const struct value *value, bool are_vars)
{
    bool is_map = value_is(value, VALUE_MAP);
    if (!is_map && !value_is(value, VALUE_LIST)) {
        return;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value_entry *entry = is_map ? &value->as.map.entries[i] : NULL;
        const struct value *child = is_map ? entry->value : value_at(value, i);
        for (size_t w = 1; is_map && w < s->rule->word_count; w++) {
            if (entry->key == s->rule->words[w]) {
                add_fact(s, w, child, are_vars);
            }
        }
        s->facts->is_rendered |= is_map && entry->key == s->r->words.section[SECTION_LOCALS];
        bool is_vars =
                value == s->root && is_map && entry->key == s->r->words.section[SECTION_VARS];
        collect(s, child, is_vars);
    }
}

static void read_imports(struct scanning *s, const struct value *list)
{
    (void)imports_find(s->r, s->file, list);
    for (size_t i = 0; i < s->file->group_count; i++) {
        s->facts->is_rendered |= s->file->groups[i].has_context;
        s->facts->is_open |= str_find_str(s->file->groups[i].path, STR("{{")) >= 0;
    }
}

static void read_entries(struct scanning *s)
{
    const struct value *root = NULL;
    struct str text = s->is_whole ? s->file->text : buf_str(&s->chosen);
    if (text.len == 0) {
        return;
    }
    int err = manifest_parse(s->r, s->file, arena_dup(s->r->run->arena, text), NULL, &root);
    if (err && !s->is_whole) {
        /* An alias, perhaps, whose anchor stands in another entry. */
        err = manifest_parse(s->r, s->file, s->file->text, NULL, &root);
    }
    if (err || !value_is(root, VALUE_MAP)) {
        return;
    }
    const struct value *import = value_get(root, s->r->words.import);
    const struct value *name = value_get(root, s->rule->words[0]);
    if (import) {
        read_imports(s, import);
    }
    if (name) {
        add_fact(s, 0, name, false);
    }
    s->root = root;
    collect(s, root, false);
}

const struct facts *facts_of(
        struct resolver *r, const struct name_rule *rule, struct manifest_file *file)
{
    if (file->facts) {
        return file->facts;
    }
    file->facts = ARENA_NEW(r->run->arena, struct facts);
    file->facts->is_rendered = str_ends_with(file->path, STR(".tmpl"));
    struct scanning s = {
        .r = r,
        .rule = rule,
        .file = file,
        .facts = file->facts,
        .chosen = BUF_INIT(BUF_UNBOUNDED),
        /* A delimiter makes keys of parts of words. */
        .is_whole = config_text(r->config, "settings.yaml.key_delimiter").len > 0,
    };
    if (manifest_text(r, file) == 0) {
        classify(&s);
        scan(&s, file->text);
        read_entries(&s);
    }
    buf_clear(&s.chosen);
    return file->facts;
}
