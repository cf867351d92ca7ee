/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of validate, one per topic. Each reports all it finds and fails only for lack of memory. */
#ifndef GUARDDUTY_VALIDATE_H
#define GUARDDUTY_VALIDATE_H

#include "guardduty_manifest.h"
#include "intent.h"

void validate_place(const struct gd *gd, const struct intent *intent);
void validate_regions(const struct gd *gd, const struct intent *intent);
void validate_protection(const struct gd *gd, const struct intent *intent);
void validate_members(const struct gd *gd, const struct intent *intent);
void validate_export(const struct gd *gd, const struct intent *intent);
void validate_notify(const struct gd *gd, const struct intent *intent);
void validate_rules(const struct gd *gd, const struct intent *intent);
void validate_lists(const struct gd *gd, const struct intent *intent);
void validate_malware(const struct gd *gd, const struct intent *intent);

/* Reports GD0007 for each Region of entry's `regions` that is not governed. */
void validate_entry_regions(const struct gd *gd, const struct intent *intent, tfa_val entry);

/* Reports GD0022 when the ARN belongs to another partition than the governed Regions. */
void validate_partition(const struct gd *gd, const struct intent *intent, tfa_val arn);

/* The first of the entries before `index` whose text under `key` equals that of entry `index`. */
tfa_val first_with_same(const struct gd *gd, tfa_val list, uint64_t index, struct tfa_str key);

/* Do two entries hold in a common Region? */
bool entries_meet(const struct gd *gd, const struct intent *intent, tfa_val a, tfa_val b);

#endif
