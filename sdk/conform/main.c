/* SPDX-License-Identifier: Apache-2.0 */
/* tf-atmos-conform: runs the conformance tests over one plugin; `tf-atmos plugin conform` starts it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conform.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#define IS_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define IS_SANITIZED false
#endif

enum {
    CASES = 300,
    LIMIT_MS = IS_SANITIZED ? 100000 : 20000,
    ANSWERS_MAX_BYTES = 4 << 20
};

/* The command line. */
struct wishes {
    const char *plugin;
    struct texts tests;
    struct texts intents;
    const char *answers;
    enum report_format format;
    bool has_color;
    bool is_verbose;
    bool want_list;
};

static const char usage[] =
        "usage: tf-atmos-conform [options] <file.so>\n"
        "  --test NAME      only tests with this in their name (more than once: any of them)\n"
        "  --format FORMAT  table, json or junit\n"
        "  --seed NUMBER    of everything random (default 1)\n"
        "  --cases NUMBER   of the fuzz test (default 300)\n"
        "  --limit MS       processor time of each test (default 20000)\n"
        "  --intent FILE    an intent to start from, beside those made from the schema\n"
        "  --answers FILE   AWS answers for checks: a JSON list of {action, status, body, "
        "path}\n"
        "  --list           print the tests and exit\n"
        "  --color, --verbose\n";

_Noreturn static void wrong_usage(const char *what, const char *value)
{
    (void)fprintf(stderr, "tf-atmos-conform: %s `%s`\n%s", what, value, usage);
    exit(EXIT_USAGE);
}

static uint64_t number_of(const char *option, const char *text, uint64_t most)
{
    uint64_t number = 0;
    if (!str_to_u64(str_from(text), &number) || number > most) {
        wrong_usage(option, text);
    }
    return number;
}

static enum report_format format_of(const char *text)
{
    static const char *const names[] = { "table", "json", "junit" };
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            return (enum report_format)i;
        }
    }
    wrong_usage("no such format:", text);
}

static void parse(struct conform *conform, int argc, char **argv, struct wishes *wishes)
{
    static const struct option options[] = { { "test", required_argument, NULL, 't' },
        { "format", required_argument, NULL, 'f' }, { "seed", required_argument, NULL, 's' },
        { "cases", required_argument, NULL, 'c' }, { "limit", required_argument, NULL, 'l' },
        { "intent", required_argument, NULL, 'i' }, { "answers", required_argument, NULL, 'a' },
        { "list", no_argument, NULL, 'L' }, { "color", no_argument, NULL, 'C' },
        { "verbose", no_argument, NULL, 'v' }, { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };
    int option;
    while ((option = getopt_long(argc, argv, "k:", options, NULL)) != -1) {
        switch (option) {
        case 't':
        case 'k':
            VEC_PUSH(conform->arena, &wishes->tests, str_from(optarg));
            break;
        case 'f':
            wishes->format = format_of(optarg);
            break;
        case 's':
            conform->seed = number_of("not a seed:", optarg, UINT64_MAX);
            break;
        case 'c':
            conform->cases = (unsigned)number_of("not a number of cases:", optarg, 10000000);
            break;
        case 'l':
            conform->limit_ms = (unsigned)number_of("not a limit:", optarg, 3600000);
            break;
        case 'i':
            VEC_PUSH(conform->arena, &wishes->intents, str_from(optarg));
            break;
        case 'a':
            wishes->answers = optarg;
            break;
        case 'L':
            wishes->want_list = true;
            break;
        case 'C':
            wishes->has_color = true;
            break;
        case 'v':
            wishes->is_verbose = true;
            break;
        case 'h':
            (void)fputs(usage, stdout);
            exit(EXIT_OK);
        default:
            (void)fputs(usage, stderr);
            exit(EXIT_USAGE);
        }
    }
    wishes->plugin = optind < argc ? argv[optind] : NULL;
    if (!wishes->want_list && optind + 1 != argc) {
        wrong_usage("one file is needed, not", optind < argc ? argv[argc - 1] : "");
    }
}

static bool is_wished(const struct wishes *wishes, const struct test *test)
{
    for (size_t i = 0; i < wishes->tests.count; i++) {
        if (str_find_str(str_from(test->name), wishes->tests.items[i]) >= 0) {
            return true;
        }
    }
    return wishes->tests.count == 0;
}

/* A JSON list of objects with an action. */
static bool read_answers(struct conform *conform, const char *path)
{
    struct str text = STR_EMPTY;
    const struct value *list = NULL;
    struct diags diags;
    diags_init(&diags, conform->arena);
    if (file_read(conform->arena, str_from(path), ANSWERS_MAX_BYTES, &text) != 0 ||
            json_read(conform->arena, conform->keys, &diags, text, STR("the answers"), 0,
                    &list) != 0 ||
            !value_is(list, VALUE_LIST)) {
        (void)fprintf(stderr, "tf-atmos-conform: `%s` cannot be read as a JSON list\n", path);
        return false;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        struct buf json = BUF_INIT(ANSWERS_MAX_BYTES);
        if (value_string(value_get_str(value_at(list, i), STR("action"))).len == 0) {
            (void)fprintf(stderr, "tf-atmos-conform: `%s`: entry %zu has no action\n", path, i);
            return false;
        }
        json_write(&json, value_at(list, i), JSON_COMPACT | JSON_KEEP_ORDER);
        VEC_PUSH(conform->arena, &conform->answers, arena_dup(conform->arena, buf_str(&json)));
        buf_clear(&json);
    }
    return true;
}

/* Why a test cannot run; NULL when it can. */
static const char *obstacle(
        const struct conform *conform, const struct test *test, bool is_loadable)
{
    const struct facts *facts = &conform->facts;
    if ((test->needs & NEED_LOAD) == 0) {
        return NULL;
    }
    if (facts->identity == NULL || facts->elf.entry != ELF_ENTRY_DEFINED ||
            facts->catalogue_fault.len > 0) {
        return "the file is not a plugin that could be loaded";
    }
    if (!is_loadable) {
        return "the descriptor cannot be used";
    }
    if ((test->needs & NEED_CHECK) != 0 &&
            !str_list_has(&facts->identity->provides, STR("tfa.check/1"))) {
        return "the plugin offers no checks";
    }
    if (conform->intents.count == 0) {
        return "no intent that satisfies the schema could be made; give one with --intent";
    }
    return NULL;
}

static int run_all(struct conform *conform, const struct wishes *wishes)
{
    struct outcome *outcomes = ARENA_ARRAY(conform->arena, struct outcome, test_count);
    struct report report = { .conform = conform,
        .format = wishes->format,
        .has_color = wishes->has_color,
        .is_verbose = wishes->is_verbose,
        .outcomes = outcomes };
    bool is_loadable = true;
    bool has_failed = false;
    for (size_t i = 0; i < test_count; i++) {
        const struct test *test = &tests[i];
        bool is_gate = strcmp(test->name, "descriptor") == 0;
        if (!is_wished(wishes, test) && !is_gate) {
            continue;
        }
        const char *why = obstacle(conform, test, is_loadable);
        struct outcome outcome = {
            .test = test, .verdict = VERDICT_SKIPPED, .why = str_from(why)
        };
        if (why == NULL) {
            outcome = test_run(conform, test);
        }
        is_loadable = is_loadable && !(is_gate && outcome.verdict != VERDICT_PASSED);
        if (!is_wished(wishes, test)) {
            continue;
        }
        has_failed |= outcome.verdict == VERDICT_FAILED;
        outcomes[report.count++] = outcome;
        report_line(&report, &outcome);
    }
    if (report.count == 0 && wishes->tests.count > 0) {
        wrong_usage("no test has this in its name:",
                arena_cstr(conform->arena, wishes->tests.items[0]));
    }
    report_whole(&report);
    return has_failed ? EXIT_FINDINGS : EXIT_OK;
}

int main(int argc, char **argv)
{
    struct conform conform = { .arena = arena_new(),
        .seed = 1,
        .cases = CASES,
        .limit_ms = LIMIT_MS,
        .is_sanitized = IS_SANITIZED };
    struct wishes wishes = { 0 };
    int code = EXIT_DATA;
    conform.keys = keys_new(conform.arena);
    parse(&conform, argc, argv, &wishes);
    if (wishes.want_list) {
        for (size_t i = 0; i < test_count; i++) {
            (void)printf("%-12s %s\n", tests[i].name, tests[i].says);
        }
        code = EXIT_OK;
    } else if (!facts_read(&conform, wishes.plugin)) {
        code = EXIT_DATA;
    } else if (intents_make(&conform, &wishes.intents) &&
               (wishes.answers == NULL || read_answers(&conform, wishes.answers))) {
        code = run_all(&conform, &wishes);
    }
    arena_free(conform.arena);
    return code;
}
