/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of AWS services and partitions. */
#ifndef TFATMOS_AWS_SERVICE_H
#define TFATMOS_AWS_SERVICE_H

#include "aws.h"

enum partition {
    PARTITION_AWS,
    PARTITION_CHINA,
    PARTITION_GOV,
    PARTITION__COUNT
};

struct partition_entry {
    const char *name; /* "aws-cn" */
    const char *suffix; /* of host names, "amazonaws.com.cn" */
};

extern const struct partition_entry partitions[PARTITION__COUNT];

/*
 * The partition of a Region. False when the text is not shaped like a Region ("eu-west-1"), or is one
 * of a partition that is not in the table.
 */
bool partition_of(struct str region, enum partition *ret_partition);

/* One service. Members that are NULL follow from the others. */
struct service {
    const char
            *id; /* as calls name it, and as the host name begins unless `prefix` says else */
    const char *prefix; /* begin of the host name; NULL: id */
    const char *signing; /* name in signatures; NULL: the prefix */
    const char *iam; /* prefix of IAM actions; NULL: the prefix */
    const char *variable; /* <SERVICE> of AWS_ENDPOINT_URL_<SERVICE> */
    enum aws_protocol protocol;
    const char *target_prefix; /* of X-Amz-Target */
    bool is_global; /* one endpoint per partition, in the Region `home` */
    bool has_plain_host; /* the host name has no Region in it */
    unsigned absent_in; /* bits of partitions that lack it */
    const char *home[PARTITION__COUNT]; /* signing Region of a global service */
};

/* By id, or by the name it is signed with. NULL: not in the table. */
const struct service *service_find(struct str name);
/* The whole table, for tests and documentation. */
const struct service *service_table(size_t *ret_count);

#endif
