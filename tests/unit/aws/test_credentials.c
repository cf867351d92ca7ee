/* SPDX-License-Identifier: Apache-2.0 */
/* The credential chain and the shared files. */
#include <sys/stat.h>

#include "aws/aws_fixture.h"
#include "aws/credentials.h"

#define ENV(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Files of the cases; NULL: none. */
struct files {
    const char *credentials;
    const char *config;
};

/* What came out. Texts live until `done`. */
struct outcome {
    struct fixture fixture;
    struct profiles profiles;
    struct credentials *keys;
    const struct aws_fault *fault;
};

static void find(struct outcome *outcome, const char *const *variables, struct files files,
        const char *profile)
{
    *outcome = (struct outcome){ 0 };
    fixture_start(&outcome->fixture, variables);
    if (files.credentials) {
        fixture_write(&outcome->fixture, ".aws/credentials", files.credentials);
    }
    if (files.config) {
        fixture_write(&outcome->fixture, ".aws/config", files.config);
    }
    struct run *run = &outcome->fixture.run;
    int err = profiles_load(run, &outcome->profiles, &outcome->fault);
    if (err == 0) {
        err = credentials_find(
                run, &outcome->profiles, str_from(profile), &outcome->keys, &outcome->fault);
    }
    assert_int_equal(err == 0, outcome->fault == NULL);
    assert_int_equal(err == 0, outcome->keys != NULL);
}

static void done(struct outcome *outcome)
{
    credentials_free(outcome->keys);
    if (outcome->profiles.arena) {
        profiles_clear(&outcome->profiles);
    }
    fixture_stop(&outcome->fixture);
}

static void assert_keys(const char *const *variables, struct files files, const char *profile,
        const char *id, const char *token, const char *source)
{
    struct outcome outcome;
    find(&outcome, variables, files, profile);
    if (outcome.fault) {
        fail_msg("%.*s", STR_ARG(outcome.fault->message));
    }
    assert_str(outcome.keys->key_id, id);
    assert_str(outcome.keys->token, token);
    assert_has(outcome.keys->source, source);
    assert_lacks(outcome.keys->source, "hunter2");
    done(&outcome);
}

static void assert_fault(const char *const *variables, struct files files, const char *profile,
        enum aws_diag kind, const char *part)
{
    struct outcome outcome;
    find(&outcome, variables, files, profile);
    assert_non_null(outcome.fault);
    assert_string_equal(outcome.fault->kind->id, aws_diags[kind].id);
    assert_has(outcome.fault->message, part);
    assert_lacks(outcome.fault->message, "hunter2");
    assert_lacks(outcome.fault->detail, "hunter2");
    assert_true(outcome.fault->hint.len > 0);
    done(&outcome);
}

#define TWO_PROFILES                                                                           \
    "[default]\naws_access_key_id=DEF\naws_secret_access_key=hunter21\n"                       \
    "[dev]\naws_access_key_id = DEV\naws_secret_access_key = hunter22\n"                       \
    "aws_session_token = TOK\n"
#define ENV_KEYS "AWS_ACCESS_KEY_ID=ENV", "AWS_SECRET_ACCESS_KEY=hunter20"

static const struct files none;
static const struct files two = { TWO_PROFILES, NULL };

static void test_order(void **state)
{
    (void)state;
    assert_keys(ENV(ENV_KEYS), two, "", "ENV", "", "environment");
    assert_keys(ENV(ENV_KEYS, "AWS_SESSION_TOKEN=T0"), two, "", "ENV", "T0", "environment");
    /* AWS_PROFILE does not switch the keys of the environment off, a profile asked for does. */
    assert_keys(ENV(ENV_KEYS, "AWS_PROFILE=dev"), two, "", "ENV", "", "environment");
    assert_keys(ENV(ENV_KEYS), two, "dev", "DEV", "TOK", "profile `dev`");
    assert_keys(ENV("X=1"), two, "", "DEF", "", "profile `default`");
    assert_keys(ENV("AWS_PROFILE=dev"), two, "", "DEV", "TOK", ".aws/credentials:5");
    /* Empty is unset. */
    assert_keys(ENV("AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_PROFILE="), two, "",
            "DEF", "", "profile `default`");
}

static void test_config_file(void **state)
{
    (void)state;
    struct files config = { NULL, "[profile dev]\naws_access_key_id=C\n"
                                  "aws_secret_access_key=hunter2\n[other]\na=b\n"
                                  "[profile \"q r\"]\naws_access_key_id=Q\n"
                                  "aws_secret_access_key=hunter2\n" };
    assert_keys(NULL, config, "dev", "C", "", ".aws/config:2");
    assert_keys(NULL, config, "q r", "Q", "", "profile `q r`");
    assert_fault(NULL, config, "other", AWS_NO_CREDENTIALS, "no profile `other`");

    struct files both = { TWO_PROFILES, config.config };
    assert_keys(NULL, both, "dev", "DEV", "TOK", ".aws/credentials:5");

    struct files twice = { NULL, "[profile default]\naws_access_key_id=NEW\n"
                                 "aws_secret_access_key=hunter2\n"
                                 "[default]\naws_access_key_id=OLD\n" };
    assert_keys(NULL, twice, "", "NEW", "", "profile `default`");

    struct files merged = {
        "[x]\naws_access_key_id=A\n[y]\n[x]\naws_secret_access_key=hunter2\n"
        "aws_access_key_id=B\n",
        NULL
    };
    assert_keys(NULL, merged, "x", "B", "", ".aws/credentials:6");
}

static void test_other_places(void **state)
{
    (void)state;
    struct outcome outcome;
    fixture_start(
            &outcome.fixture, ENV("HOME=/nonexistent", "AWS_SHARED_CREDENTIALS_FILE=here/keys",
                                      "AWS_CONFIG_FILE=conf"));
    fixture_write(&outcome.fixture, "here/keys", TWO_PROFILES);
    fixture_write(&outcome.fixture, "conf", "[default]\nregion = eu-west-1\n");
    struct setting setting;
    assert_int_equal(profiles_load(&outcome.fixture.run, &outcome.profiles, &outcome.fault), 0);
    assert_true(profiles_get(&outcome.profiles, STR("default"), "region", &setting));
    assert_str(setting.value, "eu-west-1");
    assert_true(profiles_get(&outcome.profiles, STR("dev"), "aws_access_key_id", &setting));
    outcome.keys = NULL;
    done(&outcome);

    assert_fault(ENV("HOME="), none, "", AWS_NO_CREDENTIALS, "no AWS credentials were found");
}

static void test_nothing_found(void **state)
{
    (void)state;
    struct outcome outcome;
    find(&outcome, NULL, none, "");
    assert_str(outcome.fault->message, "no AWS credentials were found");
    assert_has(outcome.fault->detail, "AWS_ACCESS_KEY_ID is not set");
    assert_has(outcome.fault->detail, ".aws/credentials` (not there)");
    assert_int_equal(outcome.fault->kind->exit_code, 77);
    done(&outcome);

    find(&outcome, NULL, two, "dve");
    assert_has(outcome.fault->message, "there is no profile `dve`");
    assert_has(outcome.fault->hint, "dev");
    done(&outcome);

    struct files empty = { "[dev]\nregion = eu-west-1\n", NULL };
    assert_fault(NULL, empty, "dev", AWS_NO_CREDENTIALS, "profile `dev` has no access key");
}

static void test_halves(void **state)
{
    (void)state;
    assert_fault(ENV("AWS_ACCESS_KEY_ID=hunter2"), two, "", AWS_CREDENTIALS_INCOMPLETE,
            "AWS_SECRET_ACCESS_KEY is not");
    assert_fault(ENV("AWS_SECRET_ACCESS_KEY=hunter2"), two, "", AWS_CREDENTIALS_INCOMPLETE,
            "AWS_ACCESS_KEY_ID is not");
    struct files half = { "[default]\n\naws_secret_access_key = hunter2\n", NULL };
    assert_fault(NULL, half, "", AWS_CREDENTIALS_INCOMPLETE, ".aws/credentials:3");
}

static void test_unsupported_constructs(void **state)
{
    (void)state;
    static const char *const names[] = { "role_arn", "web_identity_token_file", "sso_session",
        "sso_start_url", "sso_account_id", "login_session", "credential_process" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char config[128];
        char want[128];
        snprintf(config, sizeof(config), "[profile p]\nregion=eu-west-1\n%s = hunter2\n",
                names[i]);
        snprintf(want, sizeof(want), "profile `p` gets its credentials by `%s`", names[i]);
        assert_fault(
                NULL, (struct files){ NULL, config }, "p", AWS_CREDENTIALS_UNSUPPORTED, want);
        assert_fault(NULL, (struct files){ NULL, config }, "p", AWS_CREDENTIALS_UNSUPPORTED,
                ".aws/config:3");
    }
    /* A role wins over keys in the same profile; a program does not. */
    struct files role = { TWO_PROFILES, "[profile dev]\nrole_arn = hunter2\n" };
    assert_fault(NULL, role, "dev", AWS_CREDENTIALS_UNSUPPORTED, "`role_arn`");
    struct files program = { TWO_PROFILES, "[profile dev]\ncredential_process = hunter2\n" };
    assert_keys(NULL, program, "dev", "DEV", "TOK", "profile `dev`");

    assert_fault(ENV("AWS_WEB_IDENTITY_TOKEN_FILE=hunter2"), two, "",
            AWS_CREDENTIALS_UNSUPPORTED, "AWS_WEB_IDENTITY_TOKEN_FILE is set");
    assert_fault(ENV("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://hunter2"), none, "",
            AWS_CREDENTIALS_UNSUPPORTED, "AWS_CONTAINER_CREDENTIALS_FULL_URI is set");
    assert_fault(ENV("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/hunter2"), none, "",
            AWS_CREDENTIALS_UNSUPPORTED, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set");
    /* Shared files come before the container. */
    assert_keys(ENV("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x"), two, "", "DEF", "",
            "profile `default`");
}

static void test_malformed_keys(void **state)
{
    (void)state;
    assert_fault(ENV("AWS_ACCESS_KEY_ID=A\nB", "AWS_SECRET_ACCESS_KEY=hunter2"), none, "",
            AWS_CREDENTIALS_MALFORMED, "the access key id in AWS_ACCESS_KEY_ID");
    assert_fault(ENV("AWS_ACCESS_KEY_ID=A", "AWS_SECRET_ACCESS_KEY=hunter2\r\nX: y"), none, "",
            AWS_CREDENTIALS_MALFORMED, "the secret access key in AWS_SECRET_ACCESS_KEY");
    assert_fault(ENV("AWS_ACCESS_KEY_ID=A/B", "AWS_SECRET_ACCESS_KEY=hunter2"), none, "",
            AWS_CREDENTIALS_MALFORMED, "the access key id");
    struct files folded = { "[default]\naws_access_key_id=A\naws_secret_access_key=hunter2\n"
                            "  hunter2\n",
        NULL };
    assert_fault(NULL, folded, "", AWS_CREDENTIALS_MALFORMED, "it goes over several lines");
}

static void test_bad_files(void **state)
{
    (void)state;
    struct files bad = { "[default]\nhunter2\n", NULL };
    assert_fault(NULL, bad, "", AWS_FILE_INVALID, ".aws/credentials:2: ");

    struct outcome outcome = { 0 };
    fixture_start(&outcome.fixture, ENV("AWS_CONFIG_FILE=pipe"));
    struct str path = path_join(outcome.fixture.run.arena, outcome.fixture.home, STR("pipe"));
    assert_int_equal(mkfifo(path.ptr, 0600), 0);
    assert_int_equal(
            profiles_load(&outcome.fixture.run, &outcome.profiles, &outcome.fault), ERR_IO);
    assert_string_equal(outcome.fault->kind->id, "aws/file-unreadable");
    assert_has(outcome.fault->message, "it is not a regular file");
    done(&outcome);

    fixture_start(&outcome.fixture, ENV("AWS_CONFIG_FILE=big"));
    char *big = malloc((1 << 20) + 2);
    assert_non_null(big);
    memset(big, '#', (1 << 20) + 1);
    big[(1 << 20) + 1] = '\0';
    fixture_write(&outcome.fixture, "big", big);
    free(big);
    assert_int_equal(
            profiles_load(&outcome.fixture.run, &outcome.profiles, &outcome.fault), ERR_IO);
    assert_has(outcome.fault->message, "larger than 1 MiB");
    done(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_config_file),
        cmocka_unit_test(test_other_places),
        cmocka_unit_test(test_nothing_found),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_unsupported_constructs),
        cmocka_unit_test(test_malformed_keys),
        cmocka_unit_test(test_bad_files),
    };
    return RUN_TESTS(tests);
}
