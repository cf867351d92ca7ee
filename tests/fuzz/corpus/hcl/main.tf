# Names, and what this account has to do in which Region. Every other file reads only these.

locals {
  id = join("-", compact(concat(
    [var.namespace, var.tenant, var.environment, var.stage, var.name], var.attributes
  )))
  tags = merge(var.tags, { Name = local.id })

  is_management = var.enabled && var.account_role == "management"
  is_admin      = var.enabled && var.account_role == "delegated_administrator"
  owns_detector = local.is_admin || (var.enabled && var.account_role == "standalone")

  management_regions = local.is_management ? var.regions : toset([])
  admin_regions      = local.is_admin ? var.regions : toset([])
  detector_regions   = local.owns_detector ? var.regions : toset([])

  # The API answers additional settings in this order, and the organization resource keeps them as a list.
  agent_order = ["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]

  region_features = merge([
    for region in local.detector_regions : {
      for name, feature in var.features : "${region}/${name}" => merge(feature, {
        region = region
        name   = name
      })
    }
  ]...)

  # The organization cannot enable AI_ANALYST.
  organization_features = {
    for key, feature in local.region_features : key => feature
    if local.is_admin && feature.name != "AI_ANALYST"
  }

  member_features = local.is_admin ? var.member_features : {}

  filters = merge([
    for name, filter in var.filters : {
      for region in coalesce(filter.regions, var.regions) : "${region}/${name}" => merge(filter, {
        region = region
        name   = name
      })
    } if local.owns_detector
  ]...)

  trusted_ip_lists = merge([
    for name, list in var.trusted_ip_lists : {
      for region in coalesce(list.regions, var.regions) : "${region}/${name}" => merge(list, {
        region = region
        name   = name
      })
    } if local.owns_detector
  ]...)

  threat_lists = merge([
    for name, list in var.threat_lists : {
      for region in coalesce(list.regions, var.regions) : "${region}/${name}" => merge(list, {
        region = region
        name   = name
      })
    } if local.owns_detector
  ]...)

  malware_plans = var.enabled ? var.s3_malware : {}
  malware_roles = { for key, plan in local.malware_plans : key => plan if plan.role_arn == null }

  exports        = local.owns_detector && var.export != null
  creates_bucket = local.exports && try(var.export.create, false)
  notifies       = local.owns_detector && var.notify != null
  creates_topic  = local.notifies && try(var.notify.sns_topic_arn, null) == null
  creates_key = var.kms_key_arn == null && (
    local.creates_topic || (local.creates_bucket && try(var.export.kms_key_arn, null) == null)
  )

  export_prefix = try(trim(var.export.prefix, "/"), "")
}
