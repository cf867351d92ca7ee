/* SPDX-License-Identifier: Apache-2.0 */
/* Every diagnostic of aws/. */
#ifndef TFATMOS_AWS_AWS_DIAG_H
#define TFATMOS_AWS_AWS_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define AWS_DIAGS(X)                                                                           \
    X(AWS_LIBRARY_MISSING, "aws/library-missing", DIAG_ERROR, EXIT_UNAVAILABLE,                \
            "a library needed to call AWS is missing",                                         \
            "Commands that call AWS load libcurl and libcrypto when they start; one of them "  \
            "could not be loaded.",                                                            \
            "Install the package named in the message.")                                       \
    X(AWS_NO_CREDENTIALS, "aws/no-credentials", DIAG_ERROR, EXIT_PERMISSION,                   \
            "there are no AWS credentials",                                                    \
            "Neither the environment nor the shared files hold an access key for the profile " \
            "in use.",                                                                         \
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add the profile to "          \
            "~/.aws/credentials, or name another one with AWS_PROFILE.")                       \
    X(AWS_CREDENTIALS_INCOMPLETE, "aws/credentials-incomplete", DIAG_ERROR, EXIT_PERMISSION,   \
            "AWS credentials are incomplete",                                                  \
            "One half of an access key is set and the other is not.",                          \
            "Set both the access key id and the secret access key.")                           \
    X(AWS_CREDENTIALS_MALFORMED, "aws/credentials-malformed", DIAG_ERROR, EXIT_PERMISSION,     \
            "an AWS access key is not one",                                                    \
            "A key contains blanks, control characters or other bytes that no access key has," \
            " for example after a copy with line breaks.",                                     \
            "Enter the keys again.")                                                           \
    X(AWS_CREDENTIALS_UNSUPPORTED, "aws/credentials-unsupported", DIAG_ERROR, EXIT_PERMISSION, \
            "this way to get AWS credentials is not supported yet",                            \
            "The profile or the environment asks for credentials that come from somewhere "    \
            "else: an assumed role, single sign-on, a program, a container.",                  \
            "Get temporary keys with another tool (for example `aws configure "                \
            "export-credentials`) and put them into the environment.")                         \
    X(AWS_SETTING_UNSUPPORTED, "aws/setting-unsupported", DIAG_ERROR, EXIT_CONFIG,             \
            "an AWS setting is not supported yet",                                             \
            "A setting that changes where or how AWS is called cannot be followed, and "       \
            "calling another place instead would be wrong.",                                   \
            "Remove the setting for this command.")                                            \
    X(AWS_FILE_UNREADABLE, "aws/file-unreadable", DIAG_ERROR, EXIT_PERMISSION,                 \
            "a shared AWS file cannot be read",                                                \
            "The file exists but the system refuses to read it, or it is not a regular file.", \
            "Correct its owner and mode, or name another file in "                             \
            "AWS_SHARED_CREDENTIALS_FILE or AWS_CONFIG_FILE.")                                 \
    X(AWS_FILE_INVALID, "aws/file-invalid", DIAG_ERROR, EXIT_CONFIG,                           \
            "a shared AWS file is malformed",                                                  \
            "A line is neither a section, nor a setting, nor a comment.", "Correct the line.") \
    X(AWS_CREDENTIALS_EXPIRED, "aws/credentials-expired", DIAG_ERROR, EXIT_PERMISSION,         \
            "AWS credentials have expired",                                                    \
            "Temporary credentials end after their time; AWS no longer accepts these.",        \
            "Log in again, or renew the keys in the environment or the file named.")           \
    X(AWS_CREDENTIALS_REFUSED, "aws/credentials-refused", DIAG_ERROR, EXIT_PERMISSION,         \
            "AWS does not accept the credentials",                                             \
            "The access key does not exist, is switched off, belongs to another partition, "   \
            "or its secret is wrong.",                                                         \
            "Check which credentials are in use with `tf-atmos doctor`, then correct them.")   \
    X(AWS_CLOCK_WRONG, "aws/clock-wrong", DIAG_ERROR, EXIT_TEMPORARY,                          \
            "the clock of this machine is wrong",                                              \
            "AWS refuses requests whose time differs by some minutes from its own.",           \
            "Set the clock, for example by switching on time synchronization.")                \
    X(AWS_NO_REGION, "aws/no-region", DIAG_ERROR, EXIT_CONFIG, "no AWS Region is known",       \
            "Neither the stack nor the environment nor the profile names a Region.",           \
            "Set `vars.region` of the stack, AWS_REGION, or `region` of the profile.")         \
    X(AWS_BAD_REGION, "aws/bad-region", DIAG_ERROR, EXIT_DATA, "this is not an AWS Region",    \
            "The text is not shaped like a Region of a partition this version knows (aws, "    \
            "aws-cn, aws-us-gov).",                                                            \
            "Correct the Region.")                                                             \
    X(AWS_BAD_ENDPOINT, "aws/bad-endpoint", DIAG_ERROR, EXIT_CONFIG,                           \
            "an AWS endpoint address cannot be used",                                          \
            "An endpoint is https://HOST[:PORT][/PATH]; plain http is accepted only for "      \
            "this machine, because signed requests and answers would cross the network "       \
            "readable for everyone.",                                                          \
            "Correct AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE> or `endpoint_url`.")         \
    X(AWS_CALL_INVALID, "aws/call-invalid", DIAG_ERROR, EXIT_DATA,                             \
            "an AWS call cannot be built",                                                     \
            "Service, operation, path, labels, query or body of the call are not usable.",     \
            "This is a fault of the plugin that made the call: tell its author.")              \
    X(AWS_UNREACHABLE_ENDPOINT, "aws/unreachable", DIAG_ERROR, EXIT_UNAVAILABLE,               \
            "an AWS endpoint cannot be reached",                                               \
            "The name is unknown, the connection was refused or broke before an answer came.", \
            "Check the network, a proxy, and AWS_ENDPOINT_URL if it is set.")                  \
    X(AWS_TLS_FAILED, "aws/tls-failed", DIAG_ERROR, EXIT_UNAVAILABLE,                          \
            "no secure connection to an AWS endpoint",                                         \
            "The certificate of the other side was not accepted, or no common TLS version "    \
            "was found; a proxy that opens TLS does this.",                                    \
            "Name the certificate authority of the proxy in AWS_CA_BUNDLE.")                   \
    X(AWS_TIME_OUT, "aws/time-out", DIAG_ERROR, EXIT_TEMPORARY,                                \
            "an AWS endpoint did not answer in time",                                          \
            "Connecting, waiting for bytes, or the whole answer took longer than allowed.",    \
            "Try again; check the network and AWS_ENDPOINT_URL if it is set.")                 \
    X(AWS_ANSWER_TRUNCATED, "aws/answer-truncated", DIAG_ERROR, EXIT_UNAVAILABLE,              \
            "an answer of AWS is truncated",                                                   \
            "The connection ended before the announced end of the answer.",                    \
            "Try again; check proxies between here and AWS.")                                  \
    X(AWS_ANSWER_NOT_JSON, "aws/answer-not-json", DIAG_ERROR, EXIT_UNAVAILABLE,                \
            "an answer is not what AWS sends",                                                 \
            "Something other than AWS answered (a proxy's login page, a simulator without "    \
            "this operation), or the answer is damaged.",                                      \
            "Check proxies, and AWS_ENDPOINT_URL if it is set.")                               \
    X(AWS_ANSWER_TOO_LARGE, "aws/answer-too-large", DIAG_ERROR, EXIT_UNAVAILABLE,              \
            "an answer of AWS is larger than allowed",                                         \
            "Answers are cut off at a fixed size, so that a broken endpoint cannot fill the "  \
            "memory.",                                                                         \
            "Check AWS_ENDPOINT_URL if it is set; otherwise report this.")                     \
    X(AWS_ANSWER_REDIRECT, "aws/answer-redirect", DIAG_ERROR, EXIT_UNAVAILABLE,                \
            "an AWS endpoint redirects to another address",                                    \
            "Signed requests are never sent on to an address that the answer names.",          \
            "Check proxies, the Region, and AWS_ENDPOINT_URL if it is set.")                   \
    X(AWS_PAGES_ENDLESS, "aws/pages-endless", DIAG_ERROR, EXIT_UNAVAILABLE,                    \
            "a list of AWS has no end",                                                        \
            "The service gave the same page token twice, or more pages than allowed; the "     \
            "list is incomplete.",                                                             \
            "Try again; if it stays, report this.")                                            \
    X(AWS_SERVER_ERROR, "aws/server-error", DIAG_ERROR, EXIT_TEMPORARY,                        \
            "an AWS service failed",                                                           \
            "The service answered with a fault of its own, also after retries.",               \
            "Try again later; see https://health.aws.amazon.com/.")                            \
    X(AWS_THROTTLED_CALL, "aws/throttled", DIAG_ERROR, EXIT_TEMPORARY,                         \
            "AWS throttles the calls",                                                         \
            "The account made more calls than the service allows, also after waiting.",        \
            "Try again later, or run fewer things against this account at a time.")            \
    X(AWS_DENIED_CALL, "aws/denied", DIAG_ERROR, EXIT_PERMISSION, "AWS denies a call",         \
            "The identity in use lacks a permission, or a policy of the organization forbids " \
            "the call.",                                                                       \
            "Allow the action named in the message for the identity in use.")                  \
    X(AWS_THING_NOT_FOUND, "aws/not-found", DIAG_ERROR, EXIT_DATA,                             \
            "AWS does not know the thing asked for",                                           \
            "The resource does not exist in this account and Region.",                         \
            "Check account and Region; the resource may not have been applied yet.")           \
    X(AWS_CALL_REJECTED, "aws/rejected", DIAG_ERROR, EXIT_DATA, "AWS rejects a call",          \
            "The service answered with an error of its own.",                                  \
            "The code and message of the service say why.")                                    \
    X(AWS_SERVICE_ABSENT, "aws/service-absent", DIAG_INFO, EXIT_OK,                            \
            "a service does not exist in this partition",                                      \
            "Some services exist only in some partitions (aws, aws-cn, aws-us-gov).",          \
            "Nothing to do: what needs the service is skipped.")                               \
    X(AWS_CALL_CANCELLED, "aws/cancelled", DIAG_ERROR, EXIT_TEMPORARY, "a call was cancelled", \
            "The command was interrupted before the answer came.", "Run the command again.")

enum aws_diag {
    AWS_DIAGS(DIAG_KIND_ENUM) AWS_DIAG__COUNT
};

extern const struct diag_kind aws_diags[AWS_DIAG__COUNT];

#endif
