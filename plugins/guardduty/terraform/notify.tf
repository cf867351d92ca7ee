# Findings to people: a rule in every Region, forwarded to one topic in the home Region.

locals {
  topic_arn = local.creates_topic ? one(aws_sns_topic.this[*].arn) : try(var.notify.sns_topic_arn, null)

  # A topic can only be the target of a rule in its own Region: the topic's ARN names the home.
  home_region = local.notifies ? coalesce(try(split(":", var.notify.sns_topic_arn)[3], null), var.region) : var.region

  # The home Region needs its rule even when it is not governed, else forwarded findings end there.
  notify_regions  = local.notifies ? setunion(local.detector_regions, [local.home_region]) : toset([])
  forward_regions = local.notifies ? setsubtract(local.detector_regions, [local.home_region]) : toset([])

  home_bus_arn = "arn:${data.aws_partition.current.partition}:events:${local.home_region}:${data.aws_caller_identity.current.account_id}:event-bus/default"
}

resource "aws_sns_topic" "this" {
  count = local.creates_topic ? 1 : 0

  name              = local.id
  display_name      = "GuardDuty findings"
  kms_master_key_id = local.key_arn
  tags              = local.tags
}

data "aws_iam_policy_document" "topic" {
  count = local.creates_topic ? 1 : 0

  statement {
    sid       = "EventsPublish"
    actions   = ["sns:Publish"]
    resources = aws_sns_topic.this[*].arn

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

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = aws_sns_topic.this[*].arn

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

resource "aws_sns_topic_policy" "this" {
  count = local.creates_topic ? 1 : 0

  arn    = one(aws_sns_topic.this[*].arn)
  policy = one(data.aws_iam_policy_document.topic[*].json)
}

resource "aws_sns_topic_subscription" "this" {
  for_each = local.notifies ? var.notify.subscribers : {}

  region    = local.home_region
  topic_arn = local.topic_arn
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.notify_regions

  region      = each.key
  name        = local.id
  description = "GuardDuty findings of severity ${var.notify.severity_at_least} and above"
  state       = "ENABLED"
  tags        = local.tags

  # By range: a list of severities misses the ones it does not name.
  event_pattern = jsonencode({
    source      = ["aws.guardduty"]
    detail-type = ["GuardDuty Finding"]
    detail      = { severity = [{ numeric = [">=", var.notify.severity_at_least] }] }
  })
}

resource "aws_cloudwatch_event_target" "topic" {
  count = local.notifies ? 1 : 0

  region    = local.home_region
  rule      = aws_cloudwatch_event_rule.this[local.home_region].name
  target_id = "topic"
  arn       = local.topic_arn

  dead_letter_config {
    arn = one(aws_sqs_queue.dead_letter[*].arn)
  }

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
}

resource "aws_cloudwatch_event_target" "forward" {
  for_each = local.forward_regions

  region    = each.key
  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "home"
  arn       = local.home_bus_arn
  role_arn  = one(aws_iam_role.forward[*].arn)
}

# Findings that could not be delivered, kept for two weeks.
resource "aws_sqs_queue" "dead_letter" {
  count = local.notifies ? 1 : 0

  region                    = local.home_region
  name                      = "${local.id}-undelivered"
  kms_master_key_id         = local.creates_topic ? local.key_arn : null
  sqs_managed_sse_enabled   = local.creates_topic ? null : true
  message_retention_seconds = 1209600
  tags                      = local.tags
}

data "aws_iam_policy_document" "dead_letter" {
  count = local.notifies ? 1 : 0

  statement {
    sid       = "EventsKeepUndelivered"
    actions   = ["sqs:SendMessage"]
    resources = aws_sqs_queue.dead_letter[*].arn

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.this[local.home_region].arn]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letter" {
  count = local.notifies ? 1 : 0

  region    = local.home_region
  queue_url = one(aws_sqs_queue.dead_letter[*].id)
  policy    = one(data.aws_iam_policy_document.dead_letter[*].json)
}

data "aws_iam_policy_document" "forward_trust" {
  count = length(local.forward_regions) > 0 ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

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

data "aws_iam_policy_document" "forward" {
  count = length(local.forward_regions) > 0 ? 1 : 0

  statement {
    sid       = "ForwardToHomeRegion"
    actions   = ["events:PutEvents"]
    resources = [local.home_bus_arn]
  }
}

resource "aws_iam_role" "forward" {
  count = length(local.forward_regions) > 0 ? 1 : 0

  name                 = substr("${local.id}-forward", 0, 64)
  assume_role_policy   = one(data.aws_iam_policy_document.forward_trust[*].json)
  permissions_boundary = var.permissions_boundary
  tags                 = local.tags
}

resource "aws_iam_role_policy" "forward" {
  count = length(local.forward_regions) > 0 ? 1 : 0

  name   = "forward-findings"
  role   = one(aws_iam_role.forward[*].id)
  policy = one(data.aws_iam_policy_document.forward[*].json)
}
