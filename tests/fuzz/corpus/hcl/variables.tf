# Context: the same in every bundled module.

variable "enabled" {
  description = "Create the resources of this module. `false` gives no resources and null outputs."
  type        = bool
  default     = true
  nullable    = false
}

variable "namespace" {
  description = "First part of resource names, usually the organization."
  type        = string
  default     = null
}

variable "tenant" {
  description = "Second part of resource names."
  type        = string
  default     = null
}

variable "environment" {
  description = "Third part of resource names, usually a short Region code."
  type        = string
  default     = null
}

variable "stage" {
  description = "Fourth part of resource names, such as `prod`."
  type        = string
  default     = null
}

variable "name" {
  description = "Last part of resource names."
  type        = string
  default     = "guardduty"
}

variable "attributes" {
  description = "Further parts appended to resource names."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "region" {
  description = "Home Region: the provider's Region, where the topic, the export bucket and the key live."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "region must be a Region name such as eu-west-1."
  }
}

variable "assume_role" {
  description = "Role the provider assumes in the account of this instance; null uses the ambient credentials."
  type = object({
    role_arn     = string
    session_name = optional(string)
    external_id  = optional(string)
  })
  default = null
}

# Place in the organization.

variable "account_role" {
  description = <<-EOT
    What this account is in the organization:
    `management` names the delegated administrator, `delegated_administrator` governs the organization,
    `member` is governed by it, `standalone` governs only itself.
  EOT
  type        = string
  default     = "standalone"
  nullable    = false

  validation {
    condition = contains(
      ["management", "delegated_administrator", "member", "standalone"], var.account_role
    )
    error_message = "account_role must be management, delegated_administrator, member or standalone."
  }
}

variable "delegated_administrator_account_id" {
  description = "Account that administers GuardDuty for the organization. Required unless account_role is standalone."
  type        = string
  default     = null

  validation {
    condition = (
      var.delegated_administrator_account_id == null
      || can(regex("^[0-9]{12}$", var.delegated_administrator_account_id))
    )
    error_message = "delegated_administrator_account_id must be 12 digits in quotes."
  }

  validation {
    condition = (
      var.account_role == "standalone" || var.delegated_administrator_account_id != null
    )
    error_message = "delegated_administrator_account_id is required unless account_role is standalone."
  }
}

variable "regions" {
  description = "Governed Regions. GuardDuty is regional: each one gets its own detector, features and filters."
  type        = set(string)
  nullable    = false

  validation {
    condition = length(var.regions) > 0 && alltrue(
      [for region in var.regions : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", region))]
    )
    error_message = "regions must hold at least one Region name such as eu-west-1."
  }
}

variable "manage_service_access" {
  description = "Turn on trusted access for GuardDuty in AWS Organizations (management account only)."
  type        = bool
  default     = true
  nullable    = false
}

variable "existing_detector_ids" {
  description = <<-EOT
    Detectors that exist already, Region to id; they are imported instead of created. Naming a delegated
    administrator makes AWS create its detector, so that account usually needs this once.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.existing_detector_ids) : can(regex("^[0-9a-f]{32}$", id))])
    error_message = "existing_detector_ids must map a Region to a detector id of 32 hexadecimal digits."
  }
}

# Protection.

variable "auto_enable_organization_members" {
  description = "Which accounts of the organization become members: `ALL`, `NEW` or `NONE`."
  type        = string
  default     = "ALL"
  nullable    = false

  validation {
    condition     = contains(["ALL", "NEW", "NONE"], var.auto_enable_organization_members)
    error_message = "auto_enable_organization_members must be ALL, NEW or NONE."
  }
}

variable "finding_publishing_frequency" {
  description = "How often repeated findings are published: `FIFTEEN_MINUTES`, `ONE_HOUR` or `SIX_HOURS`."
  type        = string
  default     = "FIFTEEN_MINUTES"
  nullable    = false

  validation {
    condition = contains(
      ["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"], var.finding_publishing_frequency
    )
    error_message = "finding_publishing_frequency must be FIFTEEN_MINUTES, ONE_HOUR or SIX_HOURS."
  }
}

variable "features" {
  description = <<-EOT
    Every protection plan by its API name: `status` is the administrator's own detector, `auto_enable` the
    organization's accounts. Keep unwanted plans here with `DISABLED` and `NONE`: removing an entry makes
    Terraform forget the plan, it does not turn it off.
  EOT
  type = map(object({
    status      = string
    auto_enable = optional(string, "NONE")
    additional = optional(map(object({
      status      = string
      auto_enable = optional(string, "NONE")
    })), {})
  }))
  default = {
    S3_DATA_EVENTS         = { status = "ENABLED", auto_enable = "ALL" }
    EKS_AUDIT_LOGS         = { status = "ENABLED", auto_enable = "ALL" }
    EBS_MALWARE_PROTECTION = { status = "ENABLED", auto_enable = "ALL" }
    RDS_LOGIN_EVENTS       = { status = "ENABLED", auto_enable = "ALL" }
    LAMBDA_NETWORK_LOGS    = { status = "ENABLED", auto_enable = "ALL" }
    AI_PROTECTION          = { status = "DISABLED" }
    AI_ANALYST             = { status = "DISABLED" }
    RUNTIME_MONITORING = {
      status      = "ENABLED"
      auto_enable = "ALL"
      additional = {
        EKS_ADDON_MANAGEMENT         = { status = "ENABLED", auto_enable = "ALL" }
        ECS_FARGATE_AGENT_MANAGEMENT = { status = "ENABLED", auto_enable = "ALL" }
        EC2_AGENT_MANAGEMENT         = { status = "ENABLED", auto_enable = "ALL" }
      }
    }
  }
  nullable = false

  validation {
    condition = length(setsubtract(keys(var.features), [
      "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS",
      "LAMBDA_NETWORK_LOGS", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING", "AI_PROTECTION",
      "AI_ANALYST",
    ])) == 0
    error_message = "features holds a name that is not a GuardDuty feature."
  }

  validation {
    condition = alltrue(flatten([
      for feature in values(var.features) : concat(
        [contains(["ENABLED", "DISABLED"], feature.status)],
        [contains(["ALL", "NEW", "NONE"], feature.auto_enable)],
        [for agent in values(feature.additional) : contains(["ENABLED", "DISABLED"], agent.status)],
        [for agent in values(feature.additional) : contains(["ALL", "NEW", "NONE"], agent.auto_enable)],
      )
    ]))
    error_message = "features: status is ENABLED or DISABLED, auto_enable is ALL, NEW or NONE."
  }

  validation {
    condition = !alltrue([
      for name in ["EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"] : contains(keys(var.features), name)
    ])
    error_message = "features: RUNTIME_MONITORING contains EKS_RUNTIME_MONITORING, name only one."
  }

  validation {
    condition = alltrue([
      for name, feature in var.features : length(setsubtract(keys(feature.additional), lookup({
        RUNTIME_MONITORING = [
          "EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT",
        ]
        EKS_RUNTIME_MONITORING = ["EKS_ADDON_MANAGEMENT"]
      }, name, []))) == 0
    ])
    error_message = "features: an additional setting does not belong to its feature."
  }

  validation {
    condition     = try(var.features["AI_ANALYST"].auto_enable, "NONE") == "NONE"
    error_message = "features: AI_ANALYST cannot be enabled organization-wide."
  }
}

variable "member_features" {
  description = "Member accounts that differ from the organization, under keys of your choice."
  type = map(object({
    account_id = string
    region     = string
    name       = string
    status     = string
    additional = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for feature in values(var.member_features) : (
        can(regex("^[0-9]{12}$", feature.account_id))
        && contains(var.regions, feature.region)
        && alltrue([
          for status in concat([feature.status], values(feature.additional)) :
          contains(["ENABLED", "DISABLED"], status)
        ])
      )
    ])
    error_message = "member_features: account_id is 12 digits, region is governed, status is ENABLED or DISABLED."
  }
}

# Findings: where they go, which are archived.

variable "export" {
  description = <<-EOT
    Export of findings to S3. With `create` the module makes the bucket (named `bucket_name`) and, unless
    `kms_key_arn` is given, the key; else both ARNs are required. Bucket and key must be in one Region.
  EOT
  type = object({
    create      = optional(bool, false)
    bucket_arn  = optional(string)
    bucket_name = optional(string)
    prefix      = optional(string)
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition = var.export == null || try(
      var.export.create || (var.export.bucket_arn != null && var.export.kms_key_arn != null), false
    )
    error_message = "export needs bucket_arn and kms_key_arn, or create = true."
  }

  validation {
    condition     = !try(var.export.create && var.export.bucket_arn != null, false)
    error_message = "export: with create = true the bucket is named by bucket_name, not by bucket_arn."
  }
}

variable "filters" {
  description = "Saved filters and suppression rules (`action = \"ARCHIVE\"`) by name; `criteria` by finding field."
  type = map(object({
    description = optional(string)
    rank        = number
    action      = optional(string, "ARCHIVE")
    regions     = optional(set(string))
    criteria = map(object({
      equals                = optional(list(string))
      not_equals            = optional(list(string))
      matches               = optional(list(string))
      not_matches           = optional(list(string))
      greater_than          = optional(string)
      greater_than_or_equal = optional(string)
      less_than             = optional(string)
      less_than_or_equal    = optional(string)
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.filters) : can(regex("^[A-Za-z0-9._-]{3,64}$", name))])
    error_message = "filters: a name has 3 to 64 letters, digits, dots, underscores or hyphens."
  }

  validation {
    condition = (
      length(var.filters) <= 100
      && alltrue([for f in values(var.filters) : f.rank >= 1 && f.rank <= 100])
      && alltrue([
        for region in var.regions : length(distinct([
          for f in values(var.filters) : f.rank if contains(coalesce(f.regions, var.regions), region)
          ])) == length([
          for f in values(var.filters) : f.rank if contains(coalesce(f.regions, var.regions), region)
        ])
      ])
    )
    error_message = "filters: at most 100, each with a rank from 1 to 100 that no other has in its Regions."
  }

  validation {
    condition = alltrue([
      for f in values(var.filters) : contains(["ARCHIVE", "NOOP"], f.action) && length(f.criteria) > 0
    ])
    error_message = "filters: action is ARCHIVE or NOOP, and criteria is not empty."
  }
}

variable "trusted_ip_lists" {
  description = "Addresses that raise no findings, by name; one active list per Region."
  type = map(object({
    location = string
    format   = optional(string, "TXT")
    activate = optional(bool, true)
    regions  = optional(set(string))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for list in values(var.trusted_ip_lists) :
      contains(["TXT", "STIX", "OTX_CSV", "ALIEN_VAULT", "PROOF_POINT", "FIRE_EYE"], list.format)
    ])
    error_message = "trusted_ip_lists: format is TXT, STIX, OTX_CSV, ALIEN_VAULT, PROOF_POINT or FIRE_EYE."
  }
}

variable "threat_lists" {
  description = "Known malicious addresses, by name; six lists per Region."
  type = map(object({
    location = string
    format   = optional(string, "TXT")
    activate = optional(bool, true)
    regions  = optional(set(string))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for list in values(var.threat_lists) :
      contains(["TXT", "STIX", "OTX_CSV", "ALIEN_VAULT", "PROOF_POINT", "FIRE_EYE"], list.format)
    ])
    error_message = "threat_lists: format is TXT, STIX, OTX_CSV, ALIEN_VAULT, PROOF_POINT or FIRE_EYE."
  }
}

variable "s3_malware" {
  description = <<-EOT
    Buckets whose new objects are scanned, under keys of your choice. Without `role_arn` the module makes a
    role for each; `kms_key_arn` is the key of the bucket's objects. Bucket and plan share a Region.
  EOT
  type = map(object({
    bucket      = string
    region      = string
    prefixes    = optional(set(string), [])
    tag_objects = optional(bool, true)
    role_arn    = optional(string)
    kms_key_arn = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for plan in values(var.s3_malware) : length(plan.prefixes) <= 5])
    error_message = "s3_malware: a plan has at most 5 prefixes."
  }

  validation {
    condition = (
      length(distinct([for plan in values(var.s3_malware) : plan.bucket])) == length(var.s3_malware)
    )
    error_message = "s3_malware: one plan per bucket."
  }
}

variable "permissions_boundary" {
  description = "Permissions boundary of the roles this module creates."
  type        = string
  default     = null
}

# Notification.

variable "notify" {
  description = <<-EOT
    Send findings of at least this severity to a topic in the home Region. Without `sns_topic_arn` the module
    makes the topic; other Regions forward their findings to the home Region.
  EOT
  type = object({
    severity_at_least = optional(number, 7)
    sns_topic_arn     = optional(string)
    subscribers = optional(map(object({
      protocol = string
      endpoint = string
    })), {})
  })
  default = null

  validation {
    condition     = try(var.notify.severity_at_least >= 0 && var.notify.severity_at_least <= 10, true)
    error_message = "notify.severity_at_least must be between 0 and 10."
  }
}

variable "kms_key_arn" {
  description = "Key for the topic, its queue and the export bucket; null creates one when one of them needs it."
  type        = string
  default     = null
}
