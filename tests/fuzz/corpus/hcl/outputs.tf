output "account_role" {
  description = "What this account is in the organization; null when the module is off."
  value       = var.enabled ? var.account_role : null
}

output "regions" {
  description = "Governed Regions; null when the module is off."
  value       = var.enabled ? sort(var.regions) : null
}

output "detector_ids" {
  description = "Detector ids by Region; null in accounts whose detector someone else governs."
  value       = local.owns_detector ? { for region, detector in aws_guardduty_detector.this : region => detector.id } : null
}

output "detector_arns" {
  description = "Detector ARNs by Region; null in accounts whose detector someone else governs."
  value       = local.owns_detector ? { for region, detector in aws_guardduty_detector.this : region => detector.arn } : null
}

output "delegated_administrator_account_id" {
  description = "Account that administers GuardDuty for the organization."
  value       = var.enabled ? var.delegated_administrator_account_id : null
}

output "auto_enable_organization_members" {
  description = "Which accounts of the organization become members; null unless this account administers it."
  value       = local.is_admin ? var.auto_enable_organization_members : null
}

output "features" {
  description = "Effective features; null in accounts whose detector someone else governs."
  value       = local.owns_detector ? var.features : null
}

output "filter_arns" {
  description = "Filter ARNs by `Region/name`."
  value       = var.enabled ? { for key, filter in aws_guardduty_filter.this : key => filter.arn } : null
}

output "malware_plan_ids" {
  description = "Malware protection plan ids by key."
  value       = var.enabled ? { for key, plan in aws_guardduty_malware_protection_plan.this : key => plan.id } : null
}

output "export_destination_ids" {
  description = "Publishing destination ids by Region; null without an export."
  value = local.exports ? {
    for region, destination in aws_guardduty_publishing_destination.this : region => destination.destination_id
  } : null
}

output "export_bucket_arn" {
  description = "Bucket the findings go to; null without an export."
  value       = local.exports ? local.export_bucket_arn : null
}

output "kms_key_arn" {
  description = "Key of the topic and the export; null when none is used."
  value       = local.key_arn
}

output "sns_topic_arn" {
  description = "Topic the findings go to; null without notification."
  value       = local.notifies ? local.topic_arn : null
}
