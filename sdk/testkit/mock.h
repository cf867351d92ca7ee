/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the test kit: the value tree, the state of a kit, and what its files offer each other. */
#ifndef TF_ATMOS_TESTKIT_MOCK_H
#define TF_ATMOS_TESTKIT_MOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <tf-atmos/testkit.h>
#include <tf-atmos/tfa.h>

#include "rules.h"

/* ---- memory: every block is a malloc of its own, so that sanitizers see each overrun ---- */

struct block;

struct pool {
    struct block *blocks;
};

/* Zeroed; aborts when there is no memory. */
void *pool_alloc(struct pool *pool, size_t size);
char *pool_text(struct pool *pool, const char *ptr, size_t len);
/* Formatted text. */
char *pool_format(struct pool *pool, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void pool_free(struct pool *pool);

/* A mistake in the test itself: says so and aborts. */
__attribute__((noreturn, format(printf, 1, 2))) void test_mistake(const char *format, ...);

/* ---- text that grows ---- */

struct text {
    char *ptr;
    size_t len;
    size_t capacity;
};

void text_add(struct text *text, const char *ptr, size_t len);
void text_puts(struct text *text, const char *s);
/* The whole file, to be freed; a file that cannot be read is a mistake in the test. */
struct text file_text(const char *path);
/* The text in a pool; the builder is empty again. */
char *text_take(struct text *text, struct pool *pool);

/* ---- tree (tree.c) ---- */

struct node;

struct entry {
    char *key; /* NULL in lists */
    size_t key_len;
    struct node *node;
    uint32_t line; /* of the key */
    uint32_t column;
};

struct node {
    int32_t kind; /* TFA_KIND_... */
    bool sensitive;
    bool frozen;
    bool is_made; /* by the plugin or by AWS: written nowhere */
    bool truth; /* of a bool */
    char *text; /* scalars: as written */
    size_t text_len;
    const char *tag; /* NULL without */
    const char *file; /* NULL without a place */
    uint32_t line;
    uint32_t column;
    struct node *parent; /* in the tree it was read in */
    size_t slot; /* entry of the parent that holds it */
    struct entry *entries;
    size_t count;
    size_t capacity;
    uint64_t handle; /* last one given out for it */
};

struct node *node_new(struct pool *pool, int32_t kind);
struct node *node_scalar(struct pool *pool, int32_t kind, const char *ptr, size_t len);
/* Adds an entry; `key` NULL for lists. No look for an earlier one. */
struct entry *node_add(struct pool *pool, struct node *container, const char *key,
        size_t key_len, struct node *v);
/* Sets or replaces a key. */
void node_set(
        struct pool *pool, struct node *map, const char *key, size_t key_len, struct node *v);
struct node *node_get(const struct node *map, const char *key, size_t key_len);
/* Same for names. */
struct node *node_key(const struct node *map, const char *key);
/* One step of a JSON pointer, NULL when there is nothing; `index` gets the entry. */
struct node *node_step(const struct node *node, const char *step, size_t len, size_t *ret_slot);
struct node *node_find(struct node *node, const char *pointer, size_t len);
/* Undoes ~0 and ~1 in place; returns the new length. */
size_t pointer_decode(char *step, size_t len);
/* JSON pointer of a node within the tree it was read in. */
char *node_pointer(struct pool *pool, const struct node *node);
bool node_is_sensitive(const struct node *node);
/* 1, 0, or TFA_E_UNKNOWN. */
int32_t node_equal(const struct node *a, const struct node *b);
/* Canonical JSON; `mask` hides sensitive values. False when a part is unknown. */
bool node_json(struct text *out, const struct node *node, bool mask);
char *node_json_text(struct pool *pool, const struct node *node, bool mask);
/* Text of a scalar member, "" when it is missing. */
const char *node_text_of(const struct node *map, const char *key);
/* A copy of all of it. */
struct node *node_copy(struct pool *pool, const struct node *node, bool sensitive);

/* Numbers. */
bool number_int(const char *ptr, size_t len, int64_t *ret_number);
bool number_double(const char *ptr, size_t len, double *ret_number);
bool number_is_json(const char *ptr, size_t len);
/* Room for any number in JSON. */
#define NUMBER_MAX 64
/* The shortest JSON text of a number; false when it is not finite. */
bool number_json(const char *ptr, size_t len, char *ret_text);
/* TFA_KIND_... of a plain YAML scalar. */
int32_t plain_kind(const char *ptr, size_t len, bool *ret_truth);
bool utf8_valid(const char *ptr, size_t len);

/* Readers. NULL when the text is malformed; *ret_error then says why. */
struct node *json_parse(struct pool *pool, const char *ptr, size_t len, const char **ret_error);
struct node *yaml_parse(
        struct pool *pool, const char *text, const char *file, const char **ret_error);

/* ---- the kit ---- */

enum service {
    SERVICE_CALL,
    SERVICE_LOG,
    SERVICE_DIAG,
    SERVICE_VALUE,
    SERVICE_BUILD,
    SERVICE_LOOKUP,
    SERVICE_CLOCK,
    SERVICE_AWS
};

struct list {
    void **items;
    size_t count;
    size_t capacity;
};

void list_add(struct list *list, void *item);

struct script_answer {
    struct tfa_testkit_answer answer; /* texts in the pool of the kit's results */
    uint32_t used;
};

enum {
    NEWER_MORE = 32 /* bytes that structs of a newer host have behind those we know */
};

struct tfa_call {
    struct tfa_testkit *kit;

    struct {
        struct tfa_who who;
        unsigned char more[NEWER_MORE]; /* what a newer host has there */
    } shown;

    struct pool pool;
    pthread_t thread;
    uint64_t generation;
    uint64_t services; /* service calls so far */
    atomic_uint strays; /* of them on other threads; those are not counted above */
    uint64_t allocated;
    struct list handles; /* struct node * */
    int32_t broken; /* first failure of build.h, 0 without */
    const char *broken_why; /* NULL when the failure was ordered by the test */
    enum rule broken_rule;
    uint64_t findings;
    uint64_t errors; /* findings of that severity */
    uint64_t results;
    struct node *item; /* the check item that runs */
    struct tfa_mark mark; /* scratch for value.mark */
};

struct tfa_testkit {
    const struct tfa_plugin *plugin;
    const struct tfa_host *host; /* what init is given: &own_host, or another one of a test */
    struct tfa_host own_host;
    void *self;
    int init_state; /* 0 not yet, 1 done, -1 failed */
    int32_t init_code;
    struct pool lasting; /* until free */
    struct pool run; /* until clear */
    struct node *manifest; /* NULL without */
    struct node *intent;
    struct node *context;
    struct list instances;
    struct list hidden; /* char * */
    struct list findings; /* struct tfa_testkit_finding * */
    struct list results;
    struct list misuse; /* struct breach * */
    struct list logs;
    struct list answers; /* struct script_answer * */
    struct list requests;
    struct node *vars;
    struct node *items;
    const char *vars_json;
    const char *items_json;
    int64_t wall_ns;
    int64_t monotonic_ns;
    int32_t cancelled;
    uint64_t fail_at;
    int32_t fail_code;
    uint64_t calls;
    uint64_t generation;
    struct tfa_call *current;
    bool is_newer; /* structs of a later minor: larger, with unknown flags */
    uint64_t stop_at; /* from this service call of a callback on: cancelled; 0: never */
    int32_t stop_code; /* what services return then */
    uint64_t error_at; /* requests from this one on get `error`; 0: none */
    struct tfa_testkit_answer error;
    /* who is asked where nothing is scripted; NULL: nobody */
    int32_t (*ask)(void *user, const struct tfa_testkit_request *request,
            struct tfa_testkit_answer *ret_answer);
    void *ask_user;
};

/* A struct of the host in a pool, its struct_size set: larger where the host is newer. */
void *host_struct(struct tfa_call *call, size_t size);

/* Is the callback past the point at which the test tells it to stop? */
bool call_is_stopped(const struct tfa_call *call);

/* A kit for a manifest given as the text of a JSON object, called `what` in messages; NULL: none. */
struct tfa_testkit *kit_new(
        const struct tfa_plugin *plugin, const char *what, const char *json, size_t len);

/* shutdown, and what the last run produced goes. The kit stays, for plugins that still ask it. */
void kit_end(struct tfa_testkit *kit);

/* Scripts an answer given as a map: an entry of a file of recorded answers. */
void kit_add_answer(struct tfa_testkit *kit, const struct node *node);

/* What the test asks instead of AWS says to a request, from now on scripted; NULL when it says nothing. */
struct script_answer *kit_ask(
        struct tfa_testkit *kit, const struct tfa_testkit_request *request);

/* Runs one check item, completed with target and region. */
int32_t kit_run_item(struct tfa_testkit *kit, const struct node *given);

/* What the host offers under an id: hidden and unlisted ones are NULL. */
const void *host_ext(void *ctx, const char *id);

/* A breach of the contract. */
struct breach {
    enum rule rule;
    const char *text;
};

/* Notes one. */
__attribute__((format(printf, 3, 4))) void misuse(
        struct tfa_testkit *kit, enum rule rule, const char *format, ...);

/* To be called first by every function of a service: counts, fails on order, checks phase and
 * thread. TFA_OK, or what the function has to return. */
int32_t service_enter(struct tfa_call *call, enum service service, const char *function);

/* Node of a handle: TFA_E_ABSENT for TFA_NONE, TFA_E_STALE (and misuse) for a wrong one. */
int32_t handle_node(
        struct tfa_call *call, const char *function, tfa_val v, struct node **ret_node);
tfa_val handle_of(struct tfa_call *call, struct node *node);
/* View on texts of the mock. */
struct tfa_str str_view(const char *s);
/* Copy with NUL; texts that are not UTF-8 or hold NUL give NULL. */
char *str_copy(struct pool *pool, struct tfa_str s);
/* Replaces the texts of sensitive values of intent and context. */
char *hide_secrets(struct tfa_testkit *kit, struct pool *pool, const char *text);
/* The entry of the manifest's catalogue ("codes" by "code", "checks" by "id"), or NULL. */
const struct node *catalogue(
        const struct tfa_testkit *kit, const char *list, const char *member, const char *id);

extern const struct tfa_call_v1 mock_call;
extern const struct tfa_log_v1 mock_log;
extern const struct tfa_diag_v1 mock_diag;
extern const struct tfa_value_v1 mock_value;
extern const struct tfa_build_v1 mock_build;
extern const struct tfa_lookup_v1 mock_lookup;
extern const struct tfa_clock_v1 mock_clock;
extern const struct tfa_aws_v1 mock_aws;

#endif
