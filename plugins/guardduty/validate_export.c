/* SPDX-License-Identifier: Apache-2.0 */
/* Validation of where findings go: export and notification. */
#include "validate.h"

/* Region in an ARN: its fourth part. */
static struct tfa_str arn_region(struct tfa_str arn)
{
    for (unsigned i = 0; i < 3; i++) {
        arn = str_from(arn, str_find(arn, ':') + 1);
    }
    return str_to(arn, str_find(arn, ':'));
}

/* The module makes the bucket in the home Region: the variable region, else the first governed one. */
static struct tfa_str home_region(const struct gd *gd, const struct intent *intent)
{
    struct tfa_str written = gd_get_text(gd, gd_get(gd, gd->context, S("vars")), S("region"));
    return written.len > 0 || intent->region_count == 0 ? written : intent->regions[0];
}

static void check_made_bucket(const struct gd *gd, const struct intent *intent, tfa_val export)
{
    tfa_val bucket = gd_get(gd, export, S("bucket_arn"));
    struct tfa_str key = gd_get_text(gd, export, S("kms_key_arn"));
    struct tfa_str home = home_region(gd, intent);
    if (gd_is_set(gd, bucket)) {
        gd_report(gd, bucket, S(GD0023),
                S("export.create and export.bucket_arn exclude each other"));
    }
    if (key.len > 0 && home.len > 0 && !tfa_str_eq(arn_region(key), home)) {
        gd_report(gd, gd_get(gd, export, S("kms_key_arn")), S(GD0025),
                gd_format(gd, "the key is in %.*s, the bucket will be in %.*s",
                        STR(arn_region(key)), STR(home)));
    }
}

static void check_given_bucket(const struct gd *gd, tfa_val export)
{
    if (!gd_is_set(gd, gd_get(gd, export, S("bucket_arn")))) {
        gd_report_under(gd, "/export/bucket_arn", S(GD0021), S("export names no bucket"));
    }
    if (!gd_is_set(gd, gd_get(gd, export, S("kms_key_arn")))) {
        gd_report_under(gd, "/export/kms_key_arn", S(GD0020), S("export names no key"));
    }
}

void validate_export(const struct gd *gd, const struct intent *intent)
{
    tfa_val export = gd_find(gd, "/export");
    tfa_val create = gd_get(gd, export, S("create"));
    if (!gd_is_set(gd, export) || gd_is_unknown(gd, export)) {
        return;
    }
    if (gd_truth(gd, create, false)) {
        check_made_bucket(gd, intent, export);
    } else if (!gd_is_unknown(gd, create)) {
        check_given_bucket(gd, export);
    }
    tfa_val bucket = gd_get(gd, export, S("bucket_arn"));
    tfa_val prefix = gd_get(gd, export, S("prefix"));
    struct tfa_str arn = gd_text(gd, bucket);
    if (gd_is_set(gd, prefix) && str_find(arn, '/') < arn.len) {
        gd_report_second(gd, prefix, bucket, S(GD0024),
                S("prefix is set, and bucket_arn has a prefix already"));
    }
    validate_partition(gd, intent, bucket);
    validate_partition(gd, intent, gd_get(gd, export, S("kms_key_arn")));
}

void validate_notify(const struct gd *gd, const struct intent *intent)
{
    tfa_val notify = gd_find(gd, "/notify");
    tfa_val topic = gd_get(gd, notify, S("sns_topic_arn"));
    tfa_val subscribers = gd_get(gd, notify, S("subscribers"));
    validate_partition(gd, intent, topic);
    validate_partition(gd, intent, gd_find(gd, "/kms_key_arn"));
    validate_partition(gd, intent, gd_find(gd, "/permissions_boundary"));
    if (gd_is_set(gd, notify) && !gd_is_unknown(gd, notify) && !gd_is_set(gd, topic) &&
            !gd_is_unknown(gd, subscribers) && gd_count(gd, subscribers) == 0) {
        gd_report(gd, notify, S(GD0071), S("nobody subscribes to the topic that will be made"));
    }
}
