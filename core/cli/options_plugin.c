/* SPDX-License-Identifier: Apache-2.0 */
/* Options about which plugins run and who signs them. */
#include "table.h"

/* `list instances` has one of this name that means something else, hence no variable; the configuration
 * reads TF_ATMOS_PLUGINS_LOCKED. */
const struct option option_locked_plugins = { .name = "locked",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "run only plugins that the lock file pins; anything else fails" };

/* Both deadlines: whoever types it waits for the command, not for one function of a plugin. */
const struct option option_plugin_timeout = { .name = "plugin-timeout",
    .kind = OPTION_TEXT,
    .value = "<seconds>",
    .least = 1,
    .most = 3600,
    .help = "how long one call of a plugin may take, whatever atmos.yaml and the plugin say" };

const struct option *const options_plugin[] = { &option_locked_plugins, NULL };

static const struct option option_key = { .name = "key",
    .kind = OPTION_TEXT,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "the private key to sign with" };

/* What is trusted is said where it can be seen, never by a variable. */
static const struct option option_detached = { .name = "detached",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "write the signature to <file>.sig instead of the end of the file" };

static const struct option option_expires = { .name = "expires",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<date>",
    .help = "when the signature ends, for example 2027-01-01" };

static const struct option option_comment = { .name = "comment",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<text>",
    .help = "who owns the key, for people" };

static const struct option option_allow = { .name = "allow",
    .kind = OPTION_LIST,
    .flags = OPTION_TYPED,
    .value = "<prefix>",
    .help = "the key may sign this id and ids below it, for example com.example" };

static const struct option option_root = {
    .name = "root", .kind = OPTION_FLAG, .help = "the key may sign revocation lists"
};

static const struct option option_from = { .name = "from",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<date>",
    .help = "what was signed before is not trusted" };

static const struct option option_until = { .name = "until",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<date>",
    .help = "the key is trusted no longer than this" };

const struct option *const options_plugin_keygen[] = { &option_comment, NULL };
const struct option *const options_plugin_sign[] = { &option_key, &option_detached,
    &option_expires, NULL };
const struct option *const options_trust_add[] = { &option_allow, &option_root, &option_from,
    &option_until, NULL };

static const struct option option_user = { .name = "user",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "place it in your own plugin folder, not in the repository" };

static const struct option option_replace = { .name = "force",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "replace a file that is there" };

static const struct option option_untrusted = { .name = "untrusted",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "place a plugin that nobody trusted has signed, without enabling it" };

static const struct option option_sha256 = { .name = "sha256",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<digest>",
    .help = "install only a file with this SHA-256, and enable it" };

static const struct option option_allow_downgrade = { .name = "allow-downgrade",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "place a version older than the one that is there" };

static const struct option option_accept_signer = { .name = "accept-signer",
    .kind = OPTION_FLAG,
    .flags = OPTION_TYPED,
    .help = "take it from another signer than before" };

const struct option *const options_plugin_install[] = { &option_locked_plugins, &option_user,
    &option_replace, &option_sha256, &option_untrusted, &option_allow_downgrade,
    &option_accept_signer, NULL };
const struct option *const options_plugin_update[] = { &option_locked_plugins,
    &option_allow_downgrade, &option_accept_signer, NULL };

static const char *const choices_language[] = { "c", "cpp", "rust", NULL };

static const struct option option_language = { .name = "lang",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<language>",
    .choices = choices_language,
    .standard = "c",
    .help = "language of the plugin" };
static const struct option option_new_folder = { .name = "folder",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<folder>",
    .completion = COMPLETE_FOLDER,
    .help = "where to write; by default the last word of the id" };
const struct option *const options_plugin_new[] = { &option_language, &option_new_folder,
    NULL };

static const struct option option_test = { .name = "test",
    .letter = 'k',
    .kind = OPTION_LIST,
    .flags = OPTION_TYPED,
    .value = "<names>",
    .help = "only tests with one of these in their name" };

static const struct option option_seed = { .name = "seed",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<number>",
    .standard = "1",
    .help = "where everything random begins" };

static const struct option option_cases = { .name = "cases",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<number>",
    .standard = "300",
    .help = "random intents of the test fuzz" };

static const struct option option_limit_ms = { .name = "limit",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<milliseconds>",
    .help = "processor time for one test; 20000 unless given" };

static const struct option option_intent = { .name = "intent",
    .kind = OPTION_LIST,
    .flags = OPTION_TYPED,
    .value = "<files>",
    .completion = COMPLETE_FILE,
    .help = "intents to start from, beside those made from the schema" };

static const struct option option_answers = { .name = "answers",
    .kind = OPTION_TEXT,
    .flags = OPTION_TYPED,
    .value = "<file>",
    .completion = COMPLETE_FILE,
    .help = "answers of AWS for the checks: a JSON list of {action, status, body, path}" };

const struct option *const options_conform[] = { &option_test, &option_seed, &option_cases,
    &option_limit_ms, &option_intent, &option_answers, NULL };
