/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures: answers of our own, computed by another program, and the public vectors where they are. */
#include <stdio.h>
#include <string.h>

#include "aws/sigv4.h"
#include "check.h"

#define MAX_FILE ((size_t)1 << 20)

struct fixture {
    struct arena *arena;
    struct crypto_library crypto;
    struct sigv4 signer;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    struct str why = STR_EMPTY;
    fixture.arena = arena_new();
    if (crypto_library_open(&fixture.crypto, fixture.arena, "libcrypto.so.3", &why) != 0) {
        fprintf(stderr, "%.*s\n", STR_ARG(why));
        return -1;
    }
    sigv4_init(&fixture.signer, &fixture.crypto);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    sigv4_clear(&fixture->signer);
    arena_free(fixture->arena);
    return 0;
}

static void assert_text(struct str got, struct str want)
{
    if (!str_eq(got, want)) {
        fail_msg("got:\n%.*s\nwant:\n%.*s", STR_ARG(got), STR_ARG(want));
    }
}

/* ---- answers of our own ---- */

#define SECRET   "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define HEADERS  4
#define MIDNIGHT 1709251200 /* 2024-03-01T00:00:00Z */

struct known {
    const char *what;
    const char *method;
    const char *path;
    const char *query;
    const char *headers[HEADERS][2];
    const char *body;
    const char *region;
    const char *service;
    const char *token;
    int64_t time_s;
    unsigned flags;
    const char *signature;
    int64_t expires_s;
};

static const struct known known[] = {
    { "an escaped path is encoded a second time", "GET",
            "/tags/arn%3Aaws%3Aguardduty%3Aeu-west-1", "",
            { { "Host", "guardduty.eu-west-1.amazonaws.com" } }, "", "eu-west-1", "guardduty",
            "", MIDNIGHT - 1, 0,
            "f3cb8441ec355cf0ee3f1ecd20d10e3c4e8f320f1e6ecbfcdcf108c9b6b86ae3", 0 },
    { "S3: the path is encoded once, a key without value gets `=`", "GET",
            "/b/env:/dev/a%20b=c", "list-type=2&versioning",
            { { "Host", "s3.eu-west-1.amazonaws.com" } }, "", "eu-west-1", "s3", "",
            MIDNIGHT - 1, SIGV4_S3,
            "cbbda60abdb18944a53f41b85c670675ce57b37383725ca3dba4bc7353ed078e", 0 },
    { "S3: dots and empty segments stay", "GET", "/b/a//./../c", "",
            { { "Host", "s3.eu-west-1.amazonaws.com" } }, "", "eu-west-1", "s3", "",
            MIDNIGHT - 1, SIGV4_S3,
            "bd98eea6c4f34fd020dde0d3b480293ea4db584ff0e5494ba555c64baf0146c0", 0 },
    { "a plus sign, a lower-case escape, sorting by encoded name and value", "GET", "/",
            "a=b+c&a=%2f&A=1&a-b=2&a", { { "Host", "x.example" } }, "", "eu-west-1",
            "guardduty", "", MIDNIGHT - 1, 0,
            "bde1dc5418d97698f5377b32e5a4a207e761d0dd0d9202dcf2477c4c52517e2e", 0 },
    { "header names that begin like each other", "GET", "/", "",
            { { "X-A-B", "2" }, { "X-A", "1" }, { "X-A1", "3" }, { "Host", "x.example" } }, "",
            "eu-west-1", "guardduty", "", MIDNIGHT - 1, 0,
            "5604ec489a98f527e817018acf918cb3b052cca62a9756546d03c1c8e0d47e71", 0 },
    { "a port in the host, a body, a session token", "POST", "/", "",
            { { "Host", "127.0.0.1:5555" }, { "Content-Type", "application/x-amz-json-1.1" },
                    { "X-Amz-Target", "AWSOrganizationsV20161128.ListAccounts" } },
            "{\"MaxResults\":20}", "us-east-1", "organizations", "tok/en+==", MIDNIGHT - 1, 0,
            "ff4c76d0dad24f27950d745c0d52601211d32778a82a9fd934e2d92d31ebc38b", 0 },
    { "midnight belongs to the new day", "GET", "/", "", { { "Host", "x.example" } }, "",
            "eu-west-1", "guardduty", "", MIDNIGHT, 0,
            "d257b29a98fead50af7a3bdb0b4164a88cbdc05abaa7f62f84966deba8213473", 0 },
    { "presigned, path encoded once, token signed", "GET", "/b/env:/a%20b", "versionId=x/y",
            { { "Host", "s3.eu-west-1.amazonaws.com" } }, "", "eu-west-1", "s3",
            "tok/en+==", MIDNIGHT - 1, SIGV4_QUERY | SIGV4_KEEP_SEGMENTS | SIGV4_ENCODED_ONCE,
            "f1a55362f84cd4c3bccdd2c424fb5f29b2151d9bbed6f5310b5471a9b3bff630", 900 },
    { "presigned, another header signed, token added afterwards", "GET", "/", "",
            { { "Host", "x.example" }, { "X-A", "1" } }, "", "eu-west-1", "iotdata",
            "tok/en+==", MIDNIGHT - 1, SIGV4_QUERY | SIGV4_TOKEN_AFTER,
            "203be1533ebdcb922f4199f351dd7843a1b2f2e37fd7149e8bdb1e294f6cba7f", 3600 },
};

static void sign_known(
        struct fixture *fixture, const struct known *one, struct sigv4_signature *ret_signature)
{
    struct header headers[HEADERS];
    size_t count = 0;
    while (count < HEADERS && one->headers[count][0]) {
        headers[count] = (struct header){ str_from(one->headers[count][0]),
            str_from(one->headers[count][1]) };
        count++;
    }
    struct credentials *credentials =
            credentials_new(STR("AKIDEXAMPLE"), STR(SECRET), str_from(one->token));
    struct sigv4_request request = { str_from(one->method), str_from(one->path),
        str_from(one->query), headers, count, str_from(one->body) };
    struct sigv4_scope scope = { credentials, str_from(one->region), str_from(one->service),
        one->time_s, one->expires_s, one->flags };
    int err =
            sigv4_sign(&fixture->signer, fixture->arena, &request, &scope, ret_signature, NULL);
    credentials_free(credentials);
    assert_int_equal(err, 0);
}

static void test_known_answers(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct sigv4_signature signature;
        sign_known(fixture, &known[i], &signature);
        if (strcmp(signature.hex, known[i].signature) != 0) {
            fail_msg("%s: got %s", known[i].what, signature.hex);
        }
    }
}

static void test_what_is_sent(void **state)
{
    struct fixture *fixture = *state;
    struct sigv4_signature signature;
    sign_known(fixture, &known[5], &signature);
    assert_str(signature.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240229/us-east-1/organizations/"
            "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;"
            "x-amz-target, Signature="
            "ff4c76d0dad24f27950d745c0d52601211d32778a82a9fd934e2d92d31ebc38b");
    assert_string_equal(signature.stamp.text, "20240229T235959Z");
    assert_str(signature.query, "");
    /* The query keeps what it had, untouched, in front. */
    sign_known(fixture, &known[7], &signature);
    assert_str(signature.query,
            "versionId=x/y&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F"
            "20240229%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20240229T235959Z"
            "&X-Amz-SignedHeaders=host&X-Amz-Expires=900"
            "&X-Amz-Security-Token=tok%2Fen%2B%3D%3D&X-Amz-Signature="
            "f1a55362f84cd4c3bccdd2c424fb5f29b2151d9bbed6f5310b5471a9b3bff630");
    sign_known(fixture, &known[8], &signature);
    assert_true(str_find_str(signature.query, STR("X-Amz-Security-Token=tok%2F")) > 0);
    assert_str(signature.authorization, "");
}

static void test_keys_are_derived_once(void **state)
{
    struct fixture *fixture = *state;
    struct sigv4_signature first;
    struct sigv4_signature again;
    struct sigv4_signature other_day;
    sigv4_clear(&fixture->signer);
    sigv4_init(&fixture->signer, &fixture->crypto);
    sign_known(fixture, &known[0], &first);
    sign_known(fixture, &known[0], &again);
    assert_int_equal(fixture->signer.derived, 1);
    assert_string_equal(first.hex, again.hex);
    sign_known(fixture, &known[6], &other_day);
    assert_int_equal(fixture->signer.derived, 2);
}

static void test_many_scopes_share_the_cache(void **state)
{
    struct fixture *fixture = *state;
    struct sigv4_signature signature;
    struct known one = known[0];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3 * SIGV4_KEYS; i++) {
            one.time_s = MIDNIGHT - 1 + (int64_t)i * 86400;
            sign_known(fixture, &one, &signature);
        }
        sign_known(fixture, &known[0], &signature);
        assert_string_equal(signature.hex, known[0].signature);
    }
}

static void test_a_long_service_name_is_signed_without_cache(void **state)
{
    struct fixture *fixture = *state;
    char name[400];
    memset(name, 's', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    struct known one = known[0];
    struct sigv4_signature long_one;
    struct sigv4_signature longer;
    one.service = name + 1;
    sign_known(fixture, &one, &long_one);
    one.service = name;
    sign_known(fixture, &one, &longer);
    assert_string_not_equal(long_one.hex, longer.hex);
}

static void test_clear_wipes(void **state)
{
    struct fixture *fixture = *state;
    struct sigv4_signature signature;
    static const struct sigv4 zero;
    sign_known(fixture, &known[0], &signature);
    assert_string_not_equal(fixture->signer.keys[0].name, "");
    sigv4_clear(&fixture->signer);
    assert_memory_equal(&fixture->signer, &zero, sizeof(zero));
    sigv4_init(&fixture->signer, &fixture->crypto);
}

/* ---- the public vectors ---- */

struct vector {
    struct fixture *fixture;
    struct str folder;
    struct str context;
    struct sigv4_request request;
    struct header headers[16];
    struct str target;
};

static struct str shared_folder(struct arena *arena)
{
    const char *given = getenv("TF_ATMOS_SHARED");
    struct str top = given ? str_from(given) : STR("../shared");
    return path_join(arena, top, STR("vectors/sigv4"));
}

static struct str read_part(const struct vector *vector, const char *name)
{
    struct arena *arena = vector->fixture->arena;
    struct str path = path_join(arena, vector->folder, str_from(name));
    struct str content = STR_EMPTY;
    if (file_read(arena, path, MAX_FILE, &content) != 0) {
        fail_msg("cannot read %.*s", STR_ARG(path));
    }
    return content;
}

/* Text after `"name": ` up to the next quote, comma or end of line; empty when absent. */
static struct str context_get(const struct vector *vector, const char *name)
{
    struct arena *arena = vector->fixture->arena;
    struct str key = arena_printf(arena, "\"%s\":", name);
    ptrdiff_t at = str_find_str(vector->context, key);
    if (at < 0) {
        return STR_EMPTY;
    }
    struct str rest = str_trim(str_from_index(vector->context, (size_t)at + key.len));
    bool is_quoted = rest.ptr[0] == '"';
    size_t from = is_quoted ? 1 : 0;
    size_t to = from;
    while (is_quoted ? rest.ptr[to] != '"' : strchr(",\r\n }", rest.ptr[to]) == NULL) {
        to++;
    }
    return str_sub(rest, from, to);
}

static void add_header(struct vector *vector, struct str line)
{
    struct arena *arena = vector->fixture->arena;
    struct header *last = &vector->headers[vector->request.header_count];
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
        last[-1].value =
                arena_printf(arena, "%.*s\n%.*s", STR_ARG(last[-1].value), STR_ARG(line));
        return;
    }
    ptrdiff_t colon = str_find(line, ':');
    assert_true(colon > 0 && vector->request.header_count < 16);
    last->name = str_sub(line, 0, (size_t)colon);
    last->value = str_from_index(line, (size_t)colon + 1);
    vector->request.header_count++;
}

static void read_request(struct vector *vector)
{
    struct str text = read_part(vector, "request.txt");
    ptrdiff_t blank = str_find_str(text, STR("\n\n"));
    struct str head = blank < 0 ? text : str_sub(text, 0, (size_t)blank);
    if (blank >= 0) {
        vector->request.body = str_from_index(text, (size_t)blank + 2);
    }
    bool more = true;
    struct str line;
    assert_true(str_split(&head, &more, '\n', &line));
    size_t first = (size_t)str_find(line, ' ');
    size_t last = (size_t)str_rfind(line, ' ');
    vector->request.method = str_sub(line, 0, first);
    vector->target = str_sub(line, first + 1, last);
    ptrdiff_t mark = str_find(vector->target, '?');
    vector->request.path = mark < 0 ? vector->target : str_sub(vector->target, 0, (size_t)mark);
    vector->request.query =
            mark < 0 ? STR_EMPTY : str_from_index(vector->target, (size_t)mark + 1);
    vector->request.headers = vector->headers;
    while (str_split(&head, &more, '\n', &line)) {
        if (line.len > 0) {
            add_header(vector, line);
        }
    }
}

/* "2015-08-30T12:36:00Z" */
static int64_t read_time(struct str text)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
        "Aug", "Sep", "Oct", "Nov", "Dec" };
    char date[64];
    int64_t time_s = 0;
    assert_int_equal(text.len, 20);
    int month = (text.ptr[5] - '0') * 10 + text.ptr[6] - '0';
    assert_in_range(month, 1, 12);
    snprintf(date, sizeof(date), "Sun, %.2s %s %.4s %.8s GMT", text.ptr + 8, months[month - 1],
            text.ptr, text.ptr + 11);
    assert_true(http_date_parse(str_from(date), &time_s));
    return time_s;
}

static void check_form(struct vector *vector, const struct sigv4_scope *scope, bool is_query)
{
    struct fixture *fixture = vector->fixture;
    struct sigv4_signature signature;
    struct sigv4_steps steps;
    assert_int_equal(sigv4_sign(&fixture->signer, fixture->arena, &vector->request, scope,
                             &signature, &steps),
            0);
    const char *form = is_query ? "query" : "header";
    char name[64];
    snprintf(name, sizeof(name), "%s-canonical-request.txt", form);
    assert_text(steps.canonical, read_part(vector, name));
    snprintf(name, sizeof(name), "%s-string-to-sign.txt", form);
    assert_text(steps.string_to_sign, read_part(vector, name));
    snprintf(name, sizeof(name), "%s-signature.txt", form);
    assert_text(str_from(signature.hex), str_trim(read_part(vector, name)));
    snprintf(name, sizeof(name), "%s-signed-request.txt", form);
    struct str sent = read_part(vector, name);
    struct str part = is_query ? arena_printf(fixture->arena, "?%.*s HTTP/1.1\n",
                                         STR_ARG(signature.query))
                               : arena_printf(fixture->arena, "Authorization:%.*s\n",
                                         STR_ARG(signature.authorization));
    if (str_find_str(sent, part) < 0) {
        fail_msg("%.*s is not in\n%.*s", STR_ARG(part), STR_ARG(sent));
    }
}

static void check_vector(struct fixture *fixture, struct str folder)
{
    struct vector vector = { .fixture = fixture, .folder = folder };
    vector.context = read_part(&vector, "context.json");
    read_request(&vector);
    struct credentials *credentials = credentials_new(context_get(&vector, "access_key_id"),
            context_get(&vector, "secret_access_key"), context_get(&vector, "token"));
    struct sigv4_scope scope = { .credentials = credentials,
        .region = context_get(&vector, "region"),
        .service = context_get(&vector, "service"),
        .time_s = read_time(context_get(&vector, "timestamp")) };
    int64_t expires = 0;
    assert_true(str_to_i64(context_get(&vector, "expiration_in_seconds"), &expires));
    scope.expires_s = expires;
    scope.flags |=
            str_eq(context_get(&vector, "normalize"), STR("true")) ? 0 : SIGV4_KEEP_SEGMENTS;
    scope.flags |= str_eq(context_get(&vector, "sign_body"), STR("true")) ? SIGV4_SIGN_BODY : 0;
    scope.flags |= str_eq(context_get(&vector, "omit_session_token"), STR("true"))
                           ? SIGV4_TOKEN_AFTER
                           : 0;
    check_form(&vector, &scope, false);
    scope.flags |= SIGV4_QUERY;
    check_form(&vector, &scope, true);
    credentials_free(credentials);
}

static void test_public_vectors(void **state)
{
    struct fixture *fixture = *state;
    struct str top = shared_folder(fixture->arena);
    struct folder_entry *entries = NULL;
    size_t count = 0;
    size_t cases = 0;
    if (folder_list(fixture->arena, top, &entries, &count) != 0) {
        print_message("SKIPPED: the public signing vectors are not at %.*s "
                      "(set TF_ATMOS_SHARED)\n",
                STR_ARG(top));
        skip();
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i].kind == FILE_FOLDER) {
            print_message("    %.*s\n", STR_ARG(entries[i].name));
            check_vector(fixture, path_join(fixture->arena, top, entries[i].name));
            cases++;
        }
    }
    assert_int_equal(cases, 38);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_what_is_sent),
        cmocka_unit_test(test_keys_are_derived_once),
        cmocka_unit_test(test_many_scopes_share_the_cache),
        cmocka_unit_test(test_a_long_service_name_is_signed_without_cache),
        cmocka_unit_test(test_clear_wipes),
        cmocka_unit_test(test_public_vectors),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
