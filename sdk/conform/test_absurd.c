/* SPDX-License-Identifier: Apache-2.0 */
/* Tests with values no schema lets through: the host stops them, a plugin has to survive them. */
#include <string.h>

#include "lint.h"
#include "session.h"

enum {
    BASES = 4, /* intents that are disturbed */
    MANY = 400,
    SMALL = 40 /* what is multiplied, so that nesting does not multiply again */,
    DEPTH = 110,
    LONG_TEXT = 1 << 20
};

/* The largest intents are the ones with most places. */
static struct str base_of(const struct conform *conform, size_t rank)
{
    struct str best = STR("{}");
    size_t last = SIZE_MAX;
    for (size_t r = 0; r <= rank; r++) {
        size_t longest = 0;
        for (size_t i = 0; i < conform->intents.count; i++) {
            struct str one = conform->intents.items[i];
            if (one.len < last && one.len >= longest) {
                longest = one.len;
                best = one;
            }
        }
        last = longest;
    }
    return best;
}

static size_t count_nodes(const struct node *node)
{
    size_t count = 1;
    for (size_t i = 0; i < node->count; i++) {
        count += count_nodes(node->entries[i].node);
    }
    return count;
}

static struct node *nth(struct node *node, size_t *n)
{
    if ((*n)-- == 0) {
        return node;
    }
    for (size_t i = 0; i < node->count; i++) {
        struct node *found = nth(node->entries[i].node, n);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* ---- one place, one other kind ---- */

static void become(struct pool *pool, struct node *node, int32_t kind)
{
    static const char *const texts[] = { "", "null", "true", "7", "text", "", "", "" };
    bool is_container = kind == TFA_KIND_LIST || kind == TFA_KIND_MAP;
    node->kind = kind;
    node->truth = true;
    node->count = 0;
    node->text = is_container || kind == TFA_KIND_UNKNOWN
                         ? NULL
                         : pool_text(pool, texts[kind], strlen(texts[kind]));
    node->text_len = node->text == NULL ? 0 : strlen(texts[kind]);
}

static void try_kind(
        struct session *session, const struct node *base, size_t index, int32_t kind)
{
    struct node *copy = session_copy(session, base);
    size_t n = index;
    struct node *node = nth(copy, &n);
    if (node == NULL) {
        return;
    }
    become(&session->kit->run, node, kind);
    session->intent = str_from(node_json_text(&session->kit->run, copy, false));
    /* A value that is not known yet satisfies every schema: it is to be borne like any sound one. */
    session_all(session, kind == TFA_KIND_UNKNOWN, NULL);
    session->intent = STR_EMPTY;
}

void test_types(struct conform *conform)
{
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    session.is_strict = true;
    for (size_t b = 0; b < BASES; b++) {
        session_intent(&session, base_of(conform, b));
        const struct node *base = session.kit->intent;
        size_t count = count_nodes(base);
        /* The intent itself is always a map. */
        for (size_t i = 1; i < count && i < 200; i++) {
            for (int32_t kind = TFA_KIND_NULL; kind <= TFA_KIND_UNKNOWN; kind++) {
                try_kind(&session, base, i, kind);
            }
        }
    }
    session_end(&session);
}

/* ---- all places at once ---- */

static struct node *text_node(struct pool *pool, const char *ptr, size_t len)
{
    return node_scalar(pool, TFA_KIND_STRING, ptr, len);
}

static void set_text(struct pool *pool, struct node *node, const char *ptr, size_t len)
{
    if (node->kind == TFA_KIND_STRING) {
        node->text = pool_text(pool, ptr, len);
        node->text_len = len;
    }
}

static void make_long(struct pool *pool, struct node *node)
{
    static char text[LONG_TEXT];
    memset(text, 'a', sizeof(text));
    set_text(pool, node, text, sizeof(text));
}

static void make_empty(struct pool *pool, struct node *node)
{
    set_text(pool, node, "", 0);
    node->count = 0;
}

static void make_nul(struct pool *pool, struct node *node)
{
    set_text(pool, node, "a\0b\0", 4);
}

static void make_formats(struct pool *pool, struct node *node)
{
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what it tries */
    static const char text[] = "%s%n%p%1000000d ${x} {{.y}} \x1b[31m \xe2\x80\xae \"quote\\";
    set_text(pool, node, text, sizeof(text) - 1);
}

/* The host never gives such text; a plugin that decodes by hand must not run past the end. */
static void make_broken(struct pool *pool, struct node *node)
{
    set_text(pool, node, "\xf0\x9f\x98", 3);
}

static void make_numbers(struct pool *pool, struct node *node)
{
    static const char *const texts[] = { "-9223372036854775809", "1e308",
        "123456789012345678901234567890123456789012345678901234567890", "-0", "1e-400" };
    if (node->kind == TFA_KIND_NUMBER) {
        const char *text = texts[node->line % 5];
        node->text = pool_text(pool, text, strlen(text));
        node->text_len = strlen(text);
    }
}

static void make_many(struct pool *pool, struct node *node)
{
    if (count_nodes(node) > SMALL) {
        return;
    }
    if (node->kind == TFA_KIND_LIST) {
        struct node *item = node->count > 0 ? node->entries[0].node : text_node(pool, "x", 1);
        for (size_t i = 0; i < MANY; i++) {
            (void)node_add(pool, node, NULL, 0, item);
        }
    } else if (node->kind == TFA_KIND_MAP) {
        for (size_t i = 0; i < MANY; i++) {
            const char *key = pool_format(pool, "unknown-%zu", i);
            (void)node_add(pool, node, key, strlen(key), text_node(pool, "x", 1));
        }
    }
}

static void make_odd_keys(struct pool *pool, struct node *node)
{
    if (node->kind == TFA_KIND_MAP) {
        (void)node_add(pool, node, "", 0, text_node(pool, "empty", 5));
        (void)node_add(pool, node, "a/b~c", 5, text_node(pool, "pointer", 7));
        (void)node_add(pool, node, "n\0l", 3, text_node(pool, "nul", 3));
    }
}

static void make_deep(struct pool *pool, struct node *node)
{
    struct node *inner = node_copy(pool, node, false);
    if (node->kind == TFA_KIND_MAP) {
        return;
    }
    for (size_t i = 0; i < DEPTH; i++) {
        struct node *outer = node_new(pool, i % 2 == 0 ? TFA_KIND_LIST : TFA_KIND_MAP);
        outer->frozen = true;
        (void)node_add(pool, outer, i % 2 == 0 ? NULL : "k", i % 2 == 0 ? 0 : 1, inner);
        inner = outer;
    }
    node->kind = inner->kind;
    node->entries = inner->entries;
    node->count = inner->count;
    node->capacity = inner->capacity;
    node->text = NULL;
    node->text_len = 0;
}

static void each(
        struct pool *pool, struct node *node, void (*make)(struct pool *, struct node *))
{
    size_t count = node->count; /* what is added is not visited */
    for (size_t i = 0; i < count; i++) {
        each(pool, node->entries[i].node, make);
    }
    make(pool, node);
}

void test_absurd(struct conform *conform)
{
    static const struct {
        const char *name;
        void (*make)(struct pool *pool, struct node *node);
        bool is_quiet; /* no host does that, so only survival counts */
    } makers[] = { { "empty texts and containers", make_empty, false },
        { "texts of a mebibyte", make_long, false }, { "texts with NUL", make_nul, true },
        { "texts with formats and controls", make_formats, false },
        { "texts that are not UTF-8", make_broken, true },
        { "numbers beyond every type", make_numbers, false },
        { "hundreds of entries", make_many, false }, { "odd keys", make_odd_keys, false },
        { "deep nesting", make_deep, false } };
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    for (size_t m = 0; m < sizeof(makers) / sizeof(makers[0]); m++) {
        for (size_t b = 0; b < BASES; b++) {
            session_intent(&session, base_of(conform, b));
            struct node *copy = session_copy(&session, session.kit->intent);
            each(&session.kit->run, copy, makers[m].make);
            session.intent = str_from(makers[m].name);
            session.is_strict = !makers[m].is_quiet;
            session_all(&session, false, NULL);
        }
    }
    session.intent = STR_EMPTY;
    session_end(&session);
}

void test_context(struct conform *conform)
{
    static const char *const contexts[] = { "{aws: {}, targets: [{alias: self}]}",
        "{vars: null, settings: {}, metadata: {}}", "{vars: {region: 7, tags: []}}",
        "{aws: {account_id: '000000000000', region: '', partition: aws-cn}}",
        "{targets: [{alias: self}, {alias: other, account_id: '111122223333'}]}",
        "{stack: '', component: '', module: a/b/c}", "{vars: {region: !unknown x}}",
        "{future_key: {a: [1, 2]}, vars: {password: !sensitive hunter2hunter2}}" };
    struct session session = session_new(conform, plugin_open(conform));
    if (session_init(&session) != TFA_OK) {
        skip(conform, "the plugin does not start");
        return;
    }
    session.is_strict = true;
    for (size_t c = 0; c < sizeof(contexts) / sizeof(contexts[0]); c++) {
        tfa_testkit_context(session.kit, contexts[c]);
        for (size_t i = 0; i < conform->intents.count; i++) {
            session_intent(&session, conform->intents.items[i]);
            session_all(&session, false, NULL);
        }
    }
    session_end(&session);
}
