/* SPDX-License-Identifier: Apache-2.0 */
/* Which manifests can make a stack, before any is resolved. */
#ifndef TFATMOS_STACK_LOCATE_H
#define TFATMOS_STACK_LOCATE_H

#include "stack_internal.h"

/* The naming rule as pieces that stand one after the other in a name. */
struct name_part {
    enum {
        NAME_TEXT, /* `text` itself */
        NAME_WORD, /* a value of the key `word` */
        NAME_ANYTHING
    } kind;
    struct str text;
    size_t word;
    bool is_deep; /* the key stands in a map of its own, not among the variables */
};

struct name_rule {
    const struct name_part *parts;
    size_t part_count;
    const struct key **words; /* the first is always `name` at the top of a manifest */
    size_t word_count;
};

/* The texts that one file gives to a word of the rule, wherever it stands in the file. */
struct fact {
    VEC(struct str) texts;
    bool is_open; /* a function or a template gives it: it can be anything */
    bool is_var; /* one of them stands in `vars` at the top */
    bool is_odd; /* something there is no plain text: null, a number, a list */
};

struct facts {
    struct fact *words; /* by position in the rule; NULL when the file says nothing */
    bool is_open; /* it holds what other files or a template say: anything is possible */
    bool is_rendered; /* as a template, or its imports are: texts with delimiters are not final */
};

/*
 * facts.c: what a file says about names, and, in `groups`, what it imports. Only the entries of the
 * file that matter are read as YAML, so that this costs a fraction of reading the file. Of a broken
 * file whatever can be read counts; no findings come from here.
 */
const struct facts *facts_of(
        struct resolver *r, const struct name_rule *rule, struct manifest_file *file);

/*
 * locate.c: leaves of the top-level manifests those that may make a stack of this name or have this
 * key, in their order. None that does is ever lost; whether those that stay do, resolving tells.
 */
size_t manifests_narrow(struct resolver *r, struct str stack, struct str *paths, size_t count);

/*
 * Takes the manifests out of the list of which the one name of all their components is certain
 * already, and adds the names to the map. Whether they have components is not looked at.
 */
size_t manifests_name(struct resolver *r, struct str *paths, size_t count, struct map *names);

/* Adds the names of all components in the files that the manifests need, without merging them. */
void manifests_components(
        struct resolver *r, const struct str *paths, size_t count, struct map *names);

#endif
