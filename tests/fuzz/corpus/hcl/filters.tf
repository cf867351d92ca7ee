# Saved filters and suppression rules, in every governed Region unless the filter names its own.

resource "aws_guardduty_filter" "this" {
  for_each = local.filters

  region      = each.value.region
  detector_id = aws_guardduty_detector.this[each.value.region].id
  name        = each.value.name
  description = each.value.description
  rank        = each.value.rank
  action      = each.value.action
  tags        = local.tags

  finding_criteria {
    dynamic "criterion" {
      for_each = each.value.criteria

      content {
        field                 = criterion.key
        equals                = criterion.value.equals
        not_equals            = criterion.value.not_equals
        matches               = criterion.value.matches
        not_matches           = criterion.value.not_matches
        greater_than          = criterion.value.greater_than
        greater_than_or_equal = criterion.value.greater_than_or_equal
        less_than             = criterion.value.less_than
        less_than_or_equal    = criterion.value.less_than_or_equal
      }
    }
  }
}

# Lists of addresses. GuardDuty reads the object when the list is activated, not when it changes.

resource "aws_guardduty_ipset" "this" {
  for_each = local.trusted_ip_lists

  region      = each.value.region
  detector_id = aws_guardduty_detector.this[each.value.region].id
  name        = each.value.name
  format      = each.value.format
  location    = each.value.location
  activate    = each.value.activate
  tags        = local.tags
}

resource "aws_guardduty_threatintelset" "this" {
  for_each = local.threat_lists

  region      = each.value.region
  detector_id = aws_guardduty_detector.this[each.value.region].id
  name        = each.value.name
  format      = each.value.format
  location    = each.value.location
  activate    = each.value.activate
  tags        = local.tags
}
