/* SPDX-License-Identifier: Apache-2.0 */
/* Functions by their names, and what the engine offers them. */
#include <string.h>

#include "evaluate.h"

enum {
    SURVEY_DEPTH_MAX = 200
};

/* ---- names ---- */

const struct template_function *function_find(
        const struct template_functions *functions, struct str name)
{
    for (; functions; functions = functions->next) {
        for (size_t i = 0; i < functions->count; i++) {
            if (str_eq_cstr(name, functions->rows[i].name)) {
                return &functions->rows[i];
            }
        }
    }
    return NULL;
}

/* Functions and families of functions that templates of stacks use and that no table has yet. */
static const char *const not_yet[] = { "abbrev", "abbrevboth", "ago", "aws", "adler32sum",
    "all", "any", "atmos", "b32dec", "b32enc", "b64dec", "b64enc", "base64", "bcrypt",
    "buildCustomCert", "camelcase", "chunk", "clean", "coll", "conv", "crypto", "data", "date",
    "dateInZone", "dateModify", "datasource", "ds", "decryptAES", "deepCopy", "deepEqual",
    "derivePassword", "dig", "dir", "base", "duration", "durationRound", "encryptAES", "env",
    "expandenv", "ext", "file", "filepath", "fromJson", "genCA", "genPrivateKey",
    "genSelfSignedCert", "genSignedCert", "getHostByName", "gcp", "getenv", "htmlDate",
    "htpasswd", "include", "initials", "isAbs", "kebabcase", "math", "merge", "mergeOverwrite",
    "mustMerge", "mustRegexMatch", "mustToJson", "net", "now", "osBase", "osClean", "osDir",
    "osExt", "osIsAbs", "path", "pick", "omit", "pluck", "plural", "randAlpha", "randAlphaNum",
    "randAscii", "randBytes", "randInt", "randNumeric", "random", "regexFindAll",
    "regexQuoteMeta", "regexSplit", "semver", "semverCompare", "set", "sha1sum", "sha256sum",
    "sha512sum", "shuffle", "snakecase", "sockaddr", "splitn", "strings", "test", "time",
    "tmpl", "toDate", "toYAML", "toJSON", "toYaml", "unixEpoch", "unset", "urlJoin", "urlParse",
    "uuid", "uuidv4", "wrap", "wrapWith" };

static size_t count_all(const struct template_functions *functions)
{
    size_t count = go_functions.count + 2;
    for (; functions; functions = functions->next) {
        count += functions->count;
    }
    return count;
}

static struct str nearest(
        struct arena *arena, const struct template_functions *functions, struct str name)
{
    struct str *names = ARENA_ARRAY(arena, struct str, count_all(functions));
    size_t count = 0;
    names[count++] = STR("and");
    names[count++] = STR("or");
    for (size_t i = 0; i < go_functions.count; i++) {
        names[count++] = str_from(go_functions.rows[i].name);
    }
    for (; functions; functions = functions->next) {
        for (size_t i = 0; i < functions->count; i++) {
            names[count++] = str_from(functions->rows[i].name);
        }
    }
    return suggest_hint(arena, name, names, count);
}

int function_unknown(struct arena *arena, const struct template_functions *functions,
        struct str name, struct str *ret_message, struct str *ret_hint)
{
    ptrdiff_t dot = str_find(name, '.');
    struct str first = dot < 0 ? name : str_sub(name, 0, (size_t)dot);
    *ret_hint = STR_EMPTY;
    for (size_t i = 0; i < sizeof(not_yet) / sizeof(not_yet[0]); i++) {
        if (str_eq_cstr(first, not_yet[i])) {
            *ret_message = arena_printf(
                    arena, "the function \"%.*s\" is not supported yet", STR_ARG(name));
            return ERR_UNSUPPORTED;
        }
    }
    *ret_message = arena_printf(arena, "there is no function \"%.*s\"", STR_ARG(name));
    *ret_hint = nearest(arena, functions, name);
    return ERR_PARSE;
}

/* ---- what functions need ---- */

__attribute__((format(printf, 3, 0))) static int fail_with(
        struct template_call *call, int err, const char *format, va_list args)
{
    struct evaluation *e = call->evaluation;
    struct str message = arena_vprintf(call->arena, format, args);
    return evaluation_fail(
            e, err, e->at, "the function \"%s\": %.*s", e->function, STR_ARG(message));
}

int template_fail(struct template_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int err = fail_with(call, ERR_INVALID, format, args);
    va_end(args);
    return err;
}

int template_refuse(struct template_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int err = fail_with(call, ERR_UNSUPPORTED, format, args);
    va_end(args);
    return err;
}

int template_work(struct template_call *call, size_t bytes)
{
    return evaluation_work(call->evaluation, call->evaluation->at, bytes / 64);
}

size_t template_room(const struct template_call *call)
{
    const struct evaluation *e = call->evaluation;
    return e->memory < e->limits.max_memory ? e->limits.max_memory - e->memory : 0;
}

static int pay(struct template_call *call, size_t bytes)
{
    struct evaluation *e = call->evaluation;
    e->memory += bytes;
    if (bytes > e->limits.max_memory || e->memory > e->limits.max_memory) {
        return evaluation_fail(e, ERR_LIMIT, e->at,
                "the template makes more than %zu bytes of texts and lists",
                e->limits.max_memory);
    }
    return template_work(call, bytes);
}

int template_give(struct template_call *call, struct buf *text, struct datum *ret)
{
    size_t more = text->is_full ? template_room(call) + 1 : text->len;
    int err = pay(call, more);
    if (err == 0) {
        *ret = datum_text(arena_dup(call->arena, buf_str(text)));
    }
    buf_clear(text);
    return err;
}

int template_pay(struct template_call *call, size_t nodes)
{
    size_t size = sizeof(struct value) + sizeof(struct value_entry) + 2 * sizeof(void *);
    return pay(call, nodes > SIZE_MAX / 2 / size ? SIZE_MAX / 2 : (nodes + 1) * size);
}

static int survey(struct template_call *call, const struct value *value, unsigned depth)
{
    struct evaluation *e = call->evaluation;
    bool is_map = value_is(value, VALUE_MAP);
    size_t count = value_count(value);
    int err = evaluation_work(e, e->at, 1 + count);
    if (err == 0 && depth > SURVEY_DEPTH_MAX) {
        return evaluation_fail(e, ERR_LIMIT, e->at,
                "lists and maps in each other are more than %d deep", SURVEY_DEPTH_MAX);
    }
    for (size_t i = 0; i < count && err == 0; i++) {
        const struct value *item = is_map ? value->as.map.entries[i].value : value_at(value, i);
        if (!value_is_scalar(item)) {
            err = survey(call, item, depth + 1);
        }
    }
    return err;
}

int template_survey(struct template_call *call, struct datum datum)
{
    bool is_tree = datum.kind == DATUM_LIST || datum.kind == DATUM_MAP;
    return is_tree ? survey(call, datum.as.tree, 0) : 0;
}

int template_write(struct template_call *call, struct buf *out, struct datum datum)
{
    struct evaluation *e = call->evaluation;
    return datum_print(e, out, e->at, datum);
}

int template_text(struct template_call *call, struct datum datum, struct str *ret_text)
{
    if (datum.kind == DATUM_STRING) {
        *ret_text = datum.as.text;
        return 0;
    }
    struct buf out = BUF_INIT(template_room(call));
    struct datum text = { .kind = DATUM_NULL };
    int err = template_write(call, &out, datum);
    err = err ? err : template_give(call, &out, &text);
    buf_clear(&out);
    *ret_text = err ? STR_EMPTY : text.as.text;
    return err;
}
