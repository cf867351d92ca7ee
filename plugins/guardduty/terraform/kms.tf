# One key for the topic, its queue and the export bucket, when the caller gives none.

locals {
  key_arn = local.creates_key ? one(aws_kms_key.this[*].arn) : var.kms_key_arn
}

data "aws_iam_policy_document" "key" {
  count = local.creates_key ? 1 : 0

  statement {
    sid       = "AccountAdministersKey"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "GuardDutyEncryptsFindings"
    actions   = ["kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["guardduty.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    # A pattern, not the detectors' ARNs: with the ids here the key would wait for the detectors.
    condition {
      test     = "StringLike"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:guardduty:*:${data.aws_caller_identity.current.account_id}:detector/*"]
    }
  }

  statement {
    sid       = "EventsPublish"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_kms_key" "this" {
  count = local.creates_key ? 1 : 0

  description             = "GuardDuty findings of ${local.id}"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = 30
  multi_region            = false
  policy                  = one(data.aws_iam_policy_document.key[*].json)
  tags                    = local.tags
}

resource "aws_kms_alias" "this" {
  count = local.creates_key ? 1 : 0

  name          = "alias/${local.id}"
  target_key_id = one(aws_kms_key.this[*].key_id)
}
