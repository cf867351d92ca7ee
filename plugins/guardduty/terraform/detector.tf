# One detector per Region and every feature of it, the unwanted ones too.

import {
  for_each = { for region, id in var.existing_detector_ids : region => id if contains(local.detector_regions, region) }
  to       = aws_guardduty_detector.this[each.key]
  id       = "${each.value}@${each.key}"
}

resource "aws_guardduty_detector" "this" {
  for_each = local.detector_regions

  region                       = each.key
  enable                       = true
  finding_publishing_frequency = var.finding_publishing_frequency
  tags                         = local.tags
}

# Destroying one of these does not turn the feature off: keep unwanted features with DISABLED.
resource "aws_guardduty_detector_feature" "this" {
  for_each = local.region_features

  region      = each.value.region
  detector_id = aws_guardduty_detector.this[each.value.region].id
  name        = each.value.name
  status      = each.value.status

  dynamic "additional_configuration" {
    for_each = each.value.additional

    content {
      name   = additional_configuration.key
      status = additional_configuration.value.status
    }
  }
}
