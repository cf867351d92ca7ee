/* SPDX-License-Identifier: Apache-2.0 */
/* Which top-level manifests can make a stack of a given name, before any of them is resolved. */
#include "locate.h"

#include <string.h>

/* Narrowing down: the rule, the name, and what the files of one manifest say. */
struct locating {
    struct resolver *r;
    struct name_rule rule;
    struct str stack;
    VEC(struct manifest_file *) files; /* the manifest and what it imports */
    bool *reached; /* by length of the part of `stack` that is explained */
    bool *next;
};

/* ---- the rule ---- */

struct rule_parts {
    struct resolver *r;
    VEC(struct name_part) parts;
    VEC(const struct key *) words;
};

static void add_text(struct rule_parts *to, struct str text)
{
    VEC_PUSH(to->r->run->arena, &to->parts,
            (struct name_part){ .kind = NAME_TEXT, .text = text });
}

static void add_word(struct rule_parts *to, struct str text)
{
    struct arena *arena = to->r->run->arena;
    VEC_PUSH(arena, &to->parts,
            (struct name_part){ .kind = NAME_WORD, .word = to->words.count });
    VEC_PUSH(arena, &to->words, key_of(to->r->run->keys, text));
}

/* Variables come from manifests alone; of anything else only resolving knows. */
static void add_piece(struct rule_parts *to, const struct template_piece *piece)
{
    if (piece->kind == TEMPLATE_TEXT) {
        add_text(to, piece->text);
    } else if (piece->kind == TEMPLATE_FIELD && piece->step_count > 1 &&
               piece->steps[0] == to->r->words.section[SECTION_VARS]) {
        add_word(to, piece->steps[piece->step_count - 1]->text);
        to->parts.items[to->parts.count - 1].is_deep = piece->step_count > 2;
    } else {
        VEC_PUSH(to->r->run->arena, &to->parts, (struct name_part){ .kind = NAME_ANYTHING });
    }
}

static struct name_rule name_rule_of(struct resolver *r)
{
    struct rule_parts to = { .r = r };
    const struct template *template = r->naming.template.parsed;
    const struct template_piece *pieces = NULL;
    size_t count = 0;
    if (template) {
        template_pieces(template, &pieces, &count);
    }
    VEC_PUSH(r->run->arena, &to.words, r->words.name);
    for (size_t i = 0; i < count; i++) {
        add_piece(&to, &pieces[i]);
    }
    for (size_t i = 0; !template && i < r->naming.token_count; i++) {
        if (i > 0) {
            add_text(&to, STR("-"));
        }
        add_word(&to, r->naming.tokens[i]);
    }
    return (struct name_rule){ to.parts.items, to.parts.count, to.words.items, to.words.count };
}

/* ---- one manifest ---- */

/* Collects the file and everything it imports. False when what they say cannot be known. */
static bool gather(struct locating *l, struct manifest_file *top)
{
    struct resolver *r = l->r;
    uint32_t stamp = ++r->stamp;
    bool is_rendered = false;
    bool has_delimiters = false;
    l->files.count = 0;
    top->stamp = stamp;
    VEC_PUSH(r->run->arena, &l->files, top);
    for (size_t next = 0; next < l->files.count; next++) {
        struct manifest_file *file = l->files.items[next];
        const struct facts *facts = facts_of(r, &l->rule, file);
        if (str_ends_with(file->path, STR(".tmpl")) &&
                str_find_str(file->text, STR("{{")) >= 0) {
            continue; /* refused when its manifest is resolved: it names nothing */
        }
        is_rendered = is_rendered || facts->is_rendered;
        has_delimiters = has_delimiters || file->has_delimiters;
        if (facts->is_open || (is_rendered && has_delimiters)) {
            return false;
        }
        for (size_t g = 0; g < file->group_count; g++) {
            for (size_t i = 0; i < file->groups[g].file_count; i++) {
                struct manifest_file *found = file->groups[g].files[i];
                if (found->stamp != stamp) {
                    found->stamp = stamp;
                    VEC_PUSH(r->run->arena, &l->files, found);
                }
            }
        }
    }
    return true;
}

static const struct fact *fact_at(const struct locating *l, size_t file, size_t word)
{
    const struct facts *facts = l->files.items[file]->facts;
    return facts->words ? &facts->words[word] : NULL;
}

static bool has_fixed_name(const struct locating *l)
{
    for (size_t f = 0; f < l->files.count; f++) {
        const struct fact *fact = fact_at(l, f, 0);
        for (size_t i = 0; fact && i < fact->texts.count; i++) {
            if (fact->is_open || str_eq(fact->texts.items[i], l->stack)) {
                return true;
            }
        }
    }
    return false;
}

static void reach_text(struct locating *l, size_t from, struct str text)
{
    if (str_starts_with(str_from_index(l->stack, from), text)) {
        l->next[from + text.len] = true;
    }
}

static void reach_rest(struct locating *l, size_t from)
{
    for (size_t i = from; i <= l->stack.len; i++) {
        l->next[i] = true;
    }
}

static void reach_word(struct locating *l, size_t from, size_t word)
{
    for (size_t f = 0; f < l->files.count; f++) {
        const struct fact *fact = fact_at(l, f, word);
        if (fact && fact->is_open) {
            reach_rest(l, from);
        }
        for (size_t i = 0; fact && i < fact->texts.count; i++) {
            reach_text(l, from, fact->texts.items[i]);
        }
    }
}

static void reach_part(struct locating *l, size_t from, const struct name_part *part)
{
    switch (part->kind) {
    case NAME_TEXT:
        reach_text(l, from, part->text);
        break;
    case NAME_WORD:
        reach_word(l, from, part->word);
        break;
    case NAME_ANYTHING:
        reach_rest(l, from);
        break;
    }
}

/* Whether values that stand somewhere in the files put the name together. */
static bool fits_rule(struct locating *l)
{
    size_t size = l->stack.len + 1;
    memset(l->reached, 0, size);
    l->reached[0] = true;
    for (size_t i = 0; i < l->rule.part_count; i++) {
        memset(l->next, 0, size);
        for (size_t from = 0; from < size; from++) {
            if (l->reached[from]) {
                reach_part(l, from, &l->rule.parts[i]);
            }
        }
        memcpy(l->reached, l->next, size);
    }
    return l->rule.part_count > 0 && l->reached[l->stack.len];
}

static bool may_make(struct locating *l, struct manifest_file *file)
{
    return str_eq(file->key, l->stack) || !gather(l, file) || has_fixed_name(l) || fits_rule(l);
}

/* What is wrong with files that are only looked into is for `validate` to say. */
struct silence {
    struct run quiet;
    struct run *run;
    struct map said;
    int err;
};

static void silence_begin(struct silence *silence, struct resolver *r)
{
    *silence = (struct silence){ *r->run, r->run, r->said, r->err };
    diags_init(&silence->quiet.diags, r->run->arena);
    r->run = &silence->quiet;
    r->said = (struct map){ 0 };
}

static void silence_end(struct silence *silence, struct resolver *r)
{
    r->run = silence->run;
    r->said = silence->said;
    r->err = silence->err;
}

size_t manifests_narrow(struct resolver *r, struct str stack, struct str *paths, size_t count)
{
    struct silence silence;
    struct arena *arena = r->run->arena;
    silence_begin(&silence, r);
    struct locating l = { .r = r, .rule = name_rule_of(r), .stack = stack };
    l.reached = ARENA_ARRAY(arena, bool, stack.len + 1);
    l.next = ARENA_ARRAY(arena, bool, stack.len + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (may_make(&l, manifest_file_get(r, paths[i]))) {
            paths[kept++] = paths[i];
        }
    }
    silence_end(&silence, r);
    return kept;
}

/* ---- names of stacks ---- */

/* The text that a variable of the manifest has in every component; false when it may differ. */
static bool is_certain(const struct locating *l, size_t word, struct str *ret_text)
{
    bool is_var = false;
    bool has_text = false;
    for (size_t f = 0; f < l->files.count; f++) {
        const struct fact *fact = fact_at(l, f, word);
        if (fact && (fact->is_open || fact->is_odd)) {
            return false;
        }
        for (size_t i = 0; fact && i < fact->texts.count; i++) {
            if (has_text && !str_eq(*ret_text, fact->texts.items[i])) {
                return false;
            }
            *ret_text = fact->texts.items[i];
            has_text = true;
        }
        is_var = is_var || (fact && fact->is_var);
    }
    return is_var && ret_text->len > 0;
}

static bool has_name_fact(const struct locating *l)
{
    for (size_t f = 0; f < l->files.count; f++) {
        const struct fact *fact = fact_at(l, f, 0);
        if (fact && (fact->texts.count > 0 || fact->is_odd)) {
            return true;
        }
    }
    return false;
}

/* The name by the rule, when every part of it is certain. */
static bool name_of(struct locating *l, struct manifest_file *file, struct str *ret_name)
{
    struct arena *arena = l->r->run->arena;
    if (l->rule.part_count == 0 || !gather(l, file) || has_name_fact(l)) {
        return false;
    }
    struct str *pieces = ARENA_ARRAY(arena, struct str, l->rule.part_count);
    for (size_t i = 0; i < l->rule.part_count; i++) {
        const struct name_part *part = &l->rule.parts[i];
        pieces[i] = part->text;
        if (part->kind == NAME_ANYTHING || part->is_deep ||
                (part->kind == NAME_WORD && !is_certain(l, part->word, &pieces[i]))) {
            return false;
        }
    }
    *ret_name = arena_join(arena, pieces, l->rule.part_count, STR_EMPTY);
    return true;
}

size_t manifests_name(struct resolver *r, struct str *paths, size_t count, struct map *names)
{
    struct silence silence;
    struct arena *arena = r->run->arena;
    silence_begin(&silence, r);
    struct locating l = { .r = r, .rule = name_rule_of(r) };
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct str name;
        if (name_of(&l, manifest_file_get(r, paths[i]), &name)) {
            map_put(arena, names, name, r);
        } else {
            paths[kept++] = paths[i];
        }
    }
    silence_end(&silence, r);
    return kept;
}

/* ---- names of components ---- */

static void add_components(
        struct resolver *r, const struct manifest_file *file, struct map *names)
{
    const struct value *types = value_get(file->own, r->words.components);
    for (size_t t = 0; value_is(types, VALUE_MAP) && t < value_count(types); t++) {
        const struct value *map = types->as.map.entries[t].value;
        for (size_t i = 0; value_is(map, VALUE_MAP) && i < value_count(map); i++) {
            map_put(r->run->arena, names, map->as.map.entries[i].key->text, r);
        }
    }
}

void manifests_components(
        struct resolver *r, const struct str *paths, size_t count, struct map *names)
{
    struct silence silence;
    VEC(struct manifest_file *) files = { 0 };
    silence_begin(&silence, r);
    uint32_t stamp = ++r->stamp;
    for (size_t i = 0; i < count; i++) {
        struct manifest_file *top = manifest_file_get(r, paths[i]);
        top->stamp = stamp;
        VEC_PUSH(r->run->arena, &files, top);
    }
    for (size_t next = 0; next < files.count; next++) {
        struct manifest_file *file = files.items[next];
        (void)manifest_file_read(r, file, MARK_NONE);
        add_components(r, file, names);
        for (size_t g = 0; g < file->group_count; g++) {
            for (size_t i = 0; i < file->groups[g].file_count; i++) {
                struct manifest_file *found = file->groups[g].files[i];
                if (found->stamp != stamp) {
                    found->stamp = stamp;
                    VEC_PUSH(r->run->arena, &files, found);
                }
            }
        }
    }
    silence_end(&silence, r);
}
