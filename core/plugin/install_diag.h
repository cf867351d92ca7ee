/* SPDX-License-Identifier: Apache-2.0 */
/* Every reason not to install, update or remove a plugin, one code each. */
#ifndef TFATMOS_PLUGIN_INSTALL_DIAG_H
#define TFATMOS_PLUGIN_INSTALL_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define INSTALL_DIAGS(X)                                                                       \
    X(INSTALL_UNTRUSTED, "plugin/install-untrusted", DIAG_ERROR, EXIT_PERMISSION,              \
            "nobody trusted has signed the plugin",                                            \
            "The plugin has no signature by a key that is trusted here, and no digest was "    \
            "given to know it by.",                                                            \
            "Trust its key with `tf-atmos plugin trust add`, or give the SHA-256 its author "  \
            "publishes with --sha256, or place it without enabling it with --untrusted.")      \
    X(INSTALL_DIGEST, "plugin/install-digest", DIAG_ERROR, EXIT_PERMISSION,                    \
            "the plugin is not the one whose digest was given",                                \
            "The SHA-256 of the file differs from --sha256. Nothing was installed.",           \
            "Do not use the file; get it again, or ask its author for the digest.")            \
    X(INSTALL_EXISTS, "plugin/install-exists", DIAG_ERROR, EXIT_DATA,                          \
            "there is a plugin with this id already",                                          \
            "Installing replaces nothing unless told to, and a plugin behind another with "    \
            "the same id would never be used.",                                                \
            "Run `tf-atmos plugin update`, or replace the file with --force.")                 \
    X(INSTALL_DOWNGRADE, "plugin/install-downgrade", DIAG_ERROR, EXIT_PERMISSION,              \
            "the plugin is older than the one that is there",                                  \
            "An older version may have faults that are known and corrected.",                  \
            "Get a later version, or say --allow-downgrade.")                                  \
    X(INSTALL_VERSION_REUSED, "plugin/install-version-reused", DIAG_ERROR, EXIT_PERMISSION,    \
            "two different files claim to be one version",                                     \
            "The file has the version of the one that is there or pinned, and other bytes.",   \
            "Ask the author why; replace it with `plugin install --force` if it is meant.")    \
    X(INSTALL_SIGNER, "plugin/install-signer", DIAG_ERROR, EXIT_PERMISSION,                    \
            "another key has signed the plugin than before",                                   \
            "tf-atmos.lock.json names the signer the plugin had when it was enabled.",         \
            "Ask the author whether the key was changed; then say --accept-signer.")           \
    X(INSTALL_OTHER_ID, "plugin/install-other-id", DIAG_ERROR, EXIT_DATA,                      \
            "the source holds another plugin now",                                             \
            "The file at the recorded source has another id than the plugin to update.",       \
            "Install the plugin from where it is now.")                                        \
    X(INSTALL_NO_SOURCE, "plugin/no-source", DIAG_ERROR, EXIT_DATA,                            \
            "nobody knows where the plugin came from",                                         \
            "tf-atmos.lock.json has no source for it: it was put in place by hand, or "        \
            "installed from outside of the repository or from an address with a query.",       \
            "Run `tf-atmos plugin install` with the file or address of the new version.")      \
    X(INSTALL_NOT_OURS, "plugin/not-installed", DIAG_ERROR, EXIT_PERMISSION,                   \
            "the plugin is not in a folder that commands change",                              \
            "`plugin update` and `plugin remove` touch plugins.d of the repository and the "   \
            "user's folder only, never what comes with tf-atmos or lies elsewhere.",           \
            "Remove or replace the file where it is; `plugin disable` switches it off.")       \
    X(INSTALL_UNWRITABLE, "plugin/install-unwritable", DIAG_ERROR, EXIT_IO,                    \
            "a plugin cannot be put in place or removed",                                      \
            "The system refused to write to the plugin folder.",                               \
            "Make the folder writable, or free space on its disk.")                            \
    X(INSTALL_NO_FILE, "plugin/install-no-file", DIAG_ERROR, EXIT_DATA,                        \
            "there is no plugin to install",                                                   \
            "The file or folder does not exist, cannot be read, is larger than 256 MiB, or "   \
            "the folder holds no .so file.",                                                   \
            "Name a plugin file, a folder with plugins, an https:// address or an oci:// "     \
            "reference.")                                                                      \
    X(INSTALL_ADDRESS, "plugin/fetch-address", DIAG_ERROR, EXIT_USAGE,                         \
            "this address cannot be fetched from",                                             \
            "Plugins come over https:// or from an oci:// registry, without a password in "    \
            "the address.",                                                                    \
            "Write https://host/path/x.so, oci://host/name:tag or "                            \
            "oci://host/name@sha256:<digest>.")                                                \
    X(INSTALL_LIBRARY, "plugin/fetch-library", DIAG_ERROR, EXIT_UNAVAILABLE,                   \
            "libcurl, which fetches plugins, is missing",                                      \
            "Commands that fetch load libcurl when they start; it could not be loaded.",       \
            "Install the package libcurl4 (Ubuntu 24.04: libcurl4t64), or fetch the file "     \
            "another way and install it from the disk.")                                       \
    X(INSTALL_FETCH_FAILED, "plugin/fetch-failed", DIAG_ERROR, EXIT_UNAVAILABLE,               \
            "a plugin could not be fetched",                                                   \
            "The server was not reached, refused, sent something that is no plugin, or "       \
            "stopped in the middle. Nothing was installed.",                                   \
            "Check the address; AWS_CA_BUNDLE names the certificates of a private server.")    \
    X(INSTALL_REGISTRY, "plugin/fetch-registry", DIAG_ERROR, EXIT_UNAVAILABLE,                 \
            "the registry's answer is not what it must be",                                    \
            "A manifest or a layer is malformed, is not for this machine, or has another "     \
            "digest or size than promised. Nothing was installed.",                            \
            "Check the reference; push the plugin as docs/sdk/publish.md says.")               \
    X(INSTALL_LOGIN, "plugin/fetch-login", DIAG_ERROR, EXIT_UNAVAILABLE,                       \
            "the login for a registry could not be found out",                                 \
            "config.json of Docker names a helper program for the registry (credHelpers, "     \
            "credsStore), and it is missing, failed, took too long, or answered something "    \
            "else than a user name and a password.",                                           \
            "Run `docker-credential-<name> get` with the host on its input to see what it "    \
            "says; take the entry out of config.json where no login is needed.")

enum install_diag {
    INSTALL_DIAGS(DIAG_KIND_ENUM) INSTALL_DIAG__COUNT
};
extern const struct diag_kind install_diags[INSTALL_DIAG__COUNT];

#endif
