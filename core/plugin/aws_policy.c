/* SPDX-License-Identifier: Apache-2.0 */
/* The reading verbs, the reads that are none, and what a REST request really is. */
#include "aws_policy.h"

#include <string.h>

#include "aws_reads.h"

/* First word of an operation that only reads. */
static const char *const verbs[] = { "BatchDescribe", "BatchGet", "Describe", "Estimate", "Get",
    "Head", "List", "Lookup", "Query", "Search", "Select", "Simulate", "View" };

/* Operations that begin like reads but hand out secrets, credentials or data of the account. */
static const char *const secrets[] = { "athena:GetQueryResults",
    "codeartifact:GetAuthorizationToken", "cognito-identity:GetCredentialsForIdentity",
    "cognito-identity:GetOpenIdToken", "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "connect:GetFederationToken", "dynamodb:BatchGetItem", "dynamodb:GetItem",
    "dynamodb:GetRecords", "dynamodb:Query", "ec2:GetPasswordData",
    "ecr-public:GetAuthorizationToken", "ecr:GetAuthorizationToken",
    "gamelift:GetComputeAuthToken", "gamelift:GetInstanceAccess", "kinesis:GetRecords",
    "lightsail:GetInstanceAccessDetails", "lightsail:GetRelationalDatabaseMasterUserPassword",
    "macie2:GetSensitiveDataOccurrences", "redshift-serverless:GetCredentials",
    "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM", "s3:GetObject",
    "s3:GetObjectTorrent", "s3:GetObjectVersion", "s3:SelectObjectContent",
    "secretsmanager:BatchGetSecretValue", "secretsmanager:GetRandomPassword",
    "secretsmanager:GetSecretValue", "sso:GetRoleCredentials", "ssm:GetParameter",
    "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath",
    "sts:GetFederationToken", "sts:GetServiceBearerToken", "sts:GetSessionToken",
    "sts:GetWebIdentityToken" };

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool aws_action_is_valid(struct str action)
{
    ptrdiff_t colon = str_find(action, ':');
    if (colon <= 0 || action.len > 128) {
        return false;
    }
    for (size_t i = 0; i < (size_t)colon; i++) {
        char c = action.ptr[i];
        bool is_fine =
                (c >= 'a' && c <= 'z') || (i > 0 && (c == '-' || (c >= '0' && c <= '9')));
        if (!is_fine) {
            return false;
        }
    }
    struct str operation = str_from_index(action, (size_t)colon + 1);
    for (size_t i = 0; i < operation.len; i++) {
        if (!is_letter_or_digit(operation.ptr[i])) {
            return false;
        }
    }
    return operation.len > 0 && operation.ptr[0] >= 'A' && operation.ptr[0] <= 'Z';
}

/* "GetDetector" begins with the word Get, "Getaway" does not. */
static bool has_verb(struct str operation)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        struct str verb = str_from(verbs[i]);
        if (str_starts_with(operation, verb)) {
            return operation.len == verb.len ||
                   (operation.ptr[verb.len] >= 'A' && operation.ptr[verb.len] <= 'Z');
        }
    }
    return false;
}

const char *aws_action_refusal(struct str action)
{
    ptrdiff_t colon = str_find(action, ':');
    if (!aws_action_is_valid(action)) {
        return "is not an action";
    }
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
        if (str_eq_cstr(action, secrets[i])) {
            return "hands out secrets or data";
        }
    }
    if (!has_verb(str_from_index(action, (size_t)colon + 1))) {
        return "does not only read";
    }
    return NULL;
}

/* One segment of a path against one of a template: {} stands for a label or a plain text. */
static bool segment_matches(struct str template, struct str segment)
{
    if (!str_eq(template, STR("{}"))) {
        return str_eq(template, segment);
    }
    if (segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}') {
        return segment.ptr[segment.len - 2] != '+' && str_rfind(segment, '{') == 0;
    }
    return segment.len > 0 && str_find(segment, '{') < 0 && str_find(segment, '}') < 0;
}

static bool path_matches(struct str template, struct str path)
{
    bool more_template = true;
    bool more_path = true;
    struct str a;
    struct str b;
    for (;;) {
        bool has_a = str_split(&template, &more_template, '/', &a);
        bool has_b = str_split(&path, &more_path, '/', &b);
        if (!has_a || !has_b) {
            return has_a == has_b;
        }
        if (!segment_matches(a, b)) {
            return false;
        }
    }
}

bool aws_rest_is_read(
        struct str service, struct str operation, struct str method, struct str path)
{
    /* Nothing that changes what the path means. */
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c <= ' ' || c >= 0x7f || c == '?' || c == '#' || c == '%' || c == '\\') {
            return false;
        }
    }
    if (str_find_str(path, STR("..")) >= 0 || str_find_str(path, STR("//")) >= 0) {
        return false;
    }
    if (str_eq(method, STR("GET")) || str_eq(method, STR("HEAD"))) {
        return true;
    }
    if (!str_eq(method, STR("POST"))) {
        return false;
    }
    for (size_t i = 0; i < aws_post_read_count; i++) {
        const struct aws_post_read *read = &aws_post_reads[i];
        if (str_eq_cstr(service, read->service) && str_eq_cstr(operation, read->operation)) {
            return path_matches(str_from(read->path), path);
        }
    }
    return false;
}
