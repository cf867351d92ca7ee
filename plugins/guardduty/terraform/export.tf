# Findings to S3: the destination of each Region and, on request, the bucket in the home Region.

locals {
  export_bucket_name = local.creates_bucket ? coalesce(
    var.export.bucket_name, "${local.id}-findings-${data.aws_caller_identity.current.account_id}"
  ) : null
  export_bucket_arn = local.creates_bucket ? one(aws_s3_bucket.export[*].arn) : try(var.export.bucket_arn, null)
  export_key_arn    = try(coalesce(var.export.kms_key_arn, local.key_arn), null)
}

resource "aws_guardduty_publishing_destination" "this" {
  for_each = local.exports ? local.detector_regions : toset([])

  region           = each.key
  detector_id      = aws_guardduty_detector.this[each.key].id
  destination_type = "S3"
  destination_arn  = join("/", compact([local.export_bucket_arn, local.export_prefix]))
  kms_key_arn      = local.export_key_arn
  tags             = local.tags

  # GuardDuty writes a test object while the destination is created.
  depends_on = [aws_s3_bucket_policy.export, aws_kms_key.this]
}

resource "aws_s3_bucket" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket        = local.export_bucket_name
  force_destroy = false
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket                  = one(aws_s3_bucket.export[*].id)
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket = one(aws_s3_bucket.export[*].id)

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket = one(aws_s3_bucket.export[*].id)

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket = one(aws_s3_bucket.export[*].id)

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = local.export_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket = one(aws_s3_bucket.export[*].id)

  rule {
    id     = "tidy"
    status = "Enabled"

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 90
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.export]
}

data "aws_iam_policy_document" "export_bucket" {
  count = local.creates_bucket ? 1 : 0

  statement {
    sid       = "GuardDutyFindsBucket"
    actions   = ["s3:GetBucketLocation"]
    resources = aws_s3_bucket.export[*].arn

    principals {
      type        = "Service"
      identifiers = ["guardduty.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [for detector in aws_guardduty_detector.this : detector.arn]
    }
  }

  statement {
    sid       = "GuardDutyWritesFindings"
    actions   = ["s3:PutObject"]
    resources = [for arn in aws_s3_bucket.export[*].arn : join("/", compact([arn, local.export_prefix, "*"]))]

    principals {
      type        = "Service"
      identifiers = ["guardduty.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [for detector in aws_guardduty_detector.this : detector.arn]
    }
  }

  statement {
    sid       = "OnlyWithThisKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [for arn in aws_s3_bucket.export[*].arn : "${arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["guardduty.amazonaws.com"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [local.export_key_arn]
    }
  }

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = flatten([for arn in aws_s3_bucket.export[*].arn : [arn, "${arn}/*"]])

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "export" {
  count = local.creates_bucket ? 1 : 0

  bucket = one(aws_s3_bucket.export[*].id)
  policy = one(data.aws_iam_policy_document.export_bucket[*].json)

  depends_on = [aws_s3_bucket_public_access_block.export]
}
