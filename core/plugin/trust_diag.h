/* SPDX-License-Identifier: Apache-2.0 */
/* Every reason not to trust a plugin file, one code each. */
#ifndef TFATMOS_PLUGIN_TRUST_DIAG_H
#define TFATMOS_PLUGIN_TRUST_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define TRUST_DIAGS(X)                                                                         \
    X(TRUST_FILE_OWNER, "plugin/file-owner", DIAG_ERROR, EXIT_PERMISSION,                      \
            "a file that must be trusted belongs to somebody else",                            \
            "Its owner is neither root nor the user who runs tf-atmos, and can change it at "  \
            "any time.",                                                                       \
            "Change the owner as the message says, or remove the file.")                       \
    X(TRUST_FILE_WRITABLE, "plugin/file-writable", DIAG_ERROR, EXIT_PERMISSION,                \
            "a file that must be trusted can be written by others",                            \
            "Its mode lets its group or everyone change it.",                                  \
            "Run the chmod that the message names.")                                           \
    X(TRUST_FOLDER_OWNER, "plugin/folder-owner", DIAG_ERROR, EXIT_PERMISSION,                  \
            "a folder above a plugin belongs to somebody else",                                \
            "Who owns a folder can replace what lies in it.",                                  \
            "Change the owner as the message says, or put the plugin elsewhere.")              \
    X(TRUST_FOLDER_WRITABLE, "plugin/folder-writable", DIAG_ERROR, EXIT_PERMISSION,            \
            "a folder above a plugin can be written by others",                                \
            "Who can write to a folder can replace what lies in it.",                          \
            "Run the chmod that the message names.")                                           \
    X(TRUST_UNSIGNED, "plugin/unsigned", DIAG_ERROR, EXIT_PERMISSION,                          \
            "the plugin is not signed",                                                        \
            "The file carries no statement of a signer and has none beside it.",               \
            "Get the plugin signed, sign it with `tf-atmos plugin sign`, or enable exactly "   \
            "these bytes with `tf-atmos plugin enable`.")                                      \
    X(TRUST_KEY_UNKNOWN, "plugin/key-unknown", DIAG_ERROR, EXIT_PERMISSION,                    \
            "the plugin is signed with a key that is not trusted here",                        \
            "No key file of the trust stores has this key id.",                                \
            "Get the public key from the author over a way you trust, then run "               \
            "`tf-atmos plugin trust add`.")                                                    \
    X(TRUST_STATEMENT_MALFORMED, "plugin/signature-malformed", DIAG_ERROR, EXIT_PERMISSION,    \
            "the signature of a plugin cannot be read",                                        \
            "The statement at the end of the file, or beside it, is cut off, has unknown "     \
            "lines or values that are not valid.",                                             \
            "Copy the plugin again, or have it signed again.")                                 \
    X(TRUST_SIGNATURE_BAD, "plugin/signature-bad", DIAG_ERROR, EXIT_PERMISSION,                \
            "the signature of a plugin is wrong",                                              \
            "The key it names did not sign this statement: either was changed.",               \
            "Do not use the file; get it again from its author.")                              \
    X(TRUST_STATEMENT_DIFFERS, "plugin/signature-differs", DIAG_ERROR, EXIT_PERMISSION,        \
            "the signature is for another plugin",                                             \
            "The signed id, version or interface are not those of the metadata in the file.",  \
            "Do not use the file; get it again from its author.")                              \
    X(TRUST_CONTENT_CHANGED, "plugin/content-changed", DIAG_ERROR, EXIT_PERMISSION,            \
            "the plugin is not what was signed",                                               \
            "Length or SHA-256 of the file are not those of the signed statement.",            \
            "Do not use the file; get it again from its author.")                              \
    X(TRUST_SIGNATURE_EARLY, "plugin/signature-early", DIAG_ERROR, EXIT_PERMISSION,            \
            "the signature is not valid yet",                                                  \
            "The statement is dated in the future, or before the key may be used.",            \
            "Set the clock of this machine, or wait.")                                         \
    X(TRUST_SIGNATURE_EXPIRED, "plugin/signature-expired", DIAG_ERROR, EXIT_PERMISSION,        \
            "the signature has expired",                                                       \
            "The signer gave the statement an end, and it has passed.",                        \
            "Get a newer version of the plugin, or a newer signature.")                        \
    X(TRUST_KEY_EXPIRED, "plugin/key-expired", DIAG_ERROR, EXIT_PERMISSION,                    \
            "the key of the signer has expired",                                               \
            "The key file in the trust store says until when the key is trusted.",             \
            "Get the plugin signed with a newer key, or trust this key for longer.")           \
    X(TRUST_KEY_SCOPE, "plugin/key-scope", DIAG_ERROR, EXIT_PERMISSION,                        \
            "the key may not sign plugins with this id",                                       \
            "The id is covered by no `allow` line of the key file in the trust store.",        \
            "If the signer may publish such plugins, trust the key for that prefix with "      \
            "`tf-atmos plugin trust add --allow`.")                                            \
    X(TRUST_KEY_REVOKED, "plugin/key-revoked", DIAG_ERROR, EXIT_PERMISSION,                    \
            "the key of the signer was revoked",                                               \
            "A revocation list names the key: it may be in wrong hands.",                      \
            "Get the plugin signed with another key.")                                         \
    X(TRUST_DIGEST_REVOKED, "plugin/digest-revoked", DIAG_ERROR, EXIT_PERMISSION,              \
            "the plugin file was revoked", "A revocation list names the SHA-256 of the file.", \
            "Get another version of it.")                                                      \
    X(TRUST_VERSION_REVOKED, "plugin/version-revoked", DIAG_ERROR, EXIT_PERMISSION,            \
            "this version of the plugin was revoked",                                          \
            "A revocation list names a range of versions that has this one.",                  \
            "Get another version of the plugin.")                                              \
    X(TRUST_VERSION_ROLLED_BACK, "plugin/version-rolled-back", DIAG_ERROR, EXIT_PERMISSION,    \
            "the plugin is older than it may be",                                              \
            "A revocation list demands a later version.",                                      \
            "Get the version the message names, or a later one.")                              \
    X(TRUST_LIST_INVALID, "plugin/revocations-invalid", DIAG_ERROR, EXIT_PERMISSION,           \
            "a revocation list cannot be used",                                                \
            "The list is cut off, changed, unsafe, or signed by no root key of this store. "   \
            "While it is unknown what was revoked, no plugin from elsewhere runs.",            \
            "Get the list again and add it with `tf-atmos plugin trust add`.")                 \
    X(TRUST_LIST_ROLLED_BACK, "plugin/revocations-rollback", DIAG_ERROR, EXIT_PERMISSION,      \
            "a revocation list is older than one seen before",                                 \
            "Its serial is lower than the highest seen, or the list is gone: somebody may be " \
            "hiding a revocation.",                                                            \
            "Get the current list and add it with `tf-atmos plugin trust add`.")               \
    X(TRUST_LIST_EXPIRED, "plugin/revocations-expired", DIAG_WARNING, EXIT_PERMISSION,         \
            "a revocation list is out of date",                                                \
            "Its issuer promised a newer one by now. It still holds; with --strict no plugin " \
            "from elsewhere runs.",                                                            \
            "Get the current list and add it with `tf-atmos plugin trust add`.")               \
    X(TRUST_KEY_INVALID, "plugin/key-invalid", DIAG_WARNING, EXIT_OK,                          \
            "a key file of a trust store is not used",                                         \
            "It cannot be read, is not what `plugin trust add` writes, or others can write "   \
            "it.",                                                                             \
            "Do what the message says, or remove the file.")                                   \
    X(TRUST_POLICY_INVALID, "plugin/policy-invalid", DIAG_ERROR, EXIT_CONFIG,                  \
            "a plugin policy cannot be used",                                                  \
            "A key is unknown or a value is not allowed. A policy that is only half "          \
            "understood is not followed, so nothing runs.",                                    \
            "Correct the policy.")                                                             \
    X(TRUST_FORBIDDEN, "plugin/forbidden", DIAG_ERROR, EXIT_PERMISSION,                        \
            "a policy forbids the plugin",                                                     \
            "policy.json of the system, or plugins.policy of atmos.yaml, does not allow it.",  \
            "Ask whoever keeps the policy.")                                                   \
    X(TRUST_FORBIDDEN_SOON, "plugin/forbidden-soon", DIAG_WARNING, EXIT_OK,                    \
            "a policy would forbid the plugin",                                                \
            "The policy has the mode `warn`; with `enforce` the plugin would not run.",        \
            "Ask whoever keeps the policy.")                                                   \
    X(TRUST_LOCK_DRIFT, "plugin/lock-drift", DIAG_ERROR, EXIT_PERMISSION,                      \
            "the plugins are not those of the lock file",                                      \
            "With --locked exactly the plugins in tf-atmos.lock.json run; one is missing, "    \
            "different, or not in it.",                                                        \
            "Run the command without --locked, enable what is wanted, and commit the lock "    \
            "file.")                                                                           \
    X(TRUST_SIGNER_DIFFERS, "plugin/signer-differs", DIAG_ERROR, EXIT_PERMISSION,              \
            "the plugin has another signer than the one that was enabled",                     \
            "tf-atmos.lock.json names a signer, and the file now has another or none.",        \
            "If the change is wanted, enable the plugin again.")                               \
    X(TRUST_NO_CRYPTO, "plugin/no-libcrypto", DIAG_ERROR, EXIT_UNAVAILABLE,                    \
            "signatures cannot be checked or made",                                            \
            "libcrypto of OpenSSL 3 could not be opened.", "Install it (Debian 12: libssl3).") \
    X(TRUST_PRIVATE_KEY, "plugin/private-key", DIAG_ERROR, EXIT_DATA,                          \
            "a private key cannot be used",                                                    \
            "The file is no Ed25519 key in PEM, or TF_ATMOS_KEY_PASSPHRASE does not open it.", \
            "Name a key of `tf-atmos plugin keygen`; set TF_ATMOS_KEY_PASSPHRASE when it is "  \
            "encrypted.")                                                                      \
    X(TRUST_KEY_EXISTS, "plugin/key-exists", DIAG_ERROR, EXIT_USAGE,                           \
            "there is a file in the place of the new key",                                     \
            "A private key is never overwritten: what it signed could not be signed again.",   \
            "Choose another name, or move the file away.")                                     \
    X(TRUST_NOT_SIGNABLE, "plugin/not-signable", DIAG_ERROR, EXIT_DATA,                        \
            "the file cannot be signed",                                                       \
            "It is neither a plugin nor a revocation list, or the signature would be over "    \
            "before it begins.",                                                               \
            "Build the plugin with tfa_add_plugin() of the SDK; see the message.")             \
    X(TRUST_ADD_REFUSED, "plugin/trust-refused", DIAG_ERROR, EXIT_DATA,                        \
            "the trust store was not changed",                                                 \
            "The file is neither a public key nor a valid revocation list, or the command "    \
            "does not say what the key may sign.",                                             \
            "See the message; `tf-atmos plugin trust list` shows what is there.")              \
    X(TRUST_UNWRITABLE, "plugin/trust-unwritable", DIAG_ERROR, EXIT_IO,                        \
            "a key or a signature cannot be written",                                          \
            "The system refused to write; what was there is untouched.",                       \
            "Make the folder writable, or free space on its disk.")

enum trust_diag {
    TRUST_DIAGS(DIAG_KIND_ENUM) TRUST_DIAG__COUNT
};
extern const struct diag_kind trust_diags[TRUST_DIAG__COUNT];

#endif
