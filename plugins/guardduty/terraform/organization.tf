# Management account: trusted access, and one delegated administrator in every Region.

resource "aws_organizations_aws_service_access" "this" {
  for_each = local.is_management && var.manage_service_access ? toset([
    "guardduty.amazonaws.com",
    "malware-protection.guardduty.amazonaws.com",
  ]) : toset([])

  service_principal = each.key
}

resource "aws_guardduty_organization_admin_account" "this" {
  for_each = local.management_regions

  region           = each.key
  admin_account_id = var.delegated_administrator_account_id

  depends_on = [aws_organizations_aws_service_access.this]
}

# Delegated administrator: what the organization's accounts get.

resource "aws_guardduty_organization_configuration" "this" {
  for_each = local.admin_regions

  region                           = each.key
  detector_id                      = aws_guardduty_detector.this[each.key].id
  auto_enable_organization_members = var.auto_enable_organization_members
}

# Destroying one of these does not change the organization: keep unwanted features with NONE.
resource "aws_guardduty_organization_configuration_feature" "this" {
  for_each = local.organization_features

  region      = each.value.region
  detector_id = aws_guardduty_detector.this[each.value.region].id
  name        = each.value.name
  auto_enable = each.value.auto_enable

  dynamic "additional_configuration" {
    for_each = [for name in local.agent_order : name if contains(keys(each.value.additional), name)]

    content {
      name        = additional_configuration.value
      auto_enable = each.value.additional[additional_configuration.value].auto_enable
    }
  }

  depends_on = [aws_guardduty_organization_configuration.this]
}

# Accounts that differ. Destroying one of these does not change the account.
resource "aws_guardduty_member_detector_feature" "this" {
  for_each = local.member_features

  region      = each.value.region
  detector_id = aws_guardduty_detector.this[each.value.region].id
  account_id  = each.value.account_id
  name        = each.value.name
  status      = each.value.status

  dynamic "additional_configuration" {
    for_each = [for name in local.agent_order : name if contains(keys(each.value.additional), name)]

    content {
      name   = additional_configuration.value
      status = each.value.additional[additional_configuration.value]
    }
  }

  depends_on = [aws_guardduty_organization_configuration_feature.this]
}
