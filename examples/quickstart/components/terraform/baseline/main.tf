# Stands for what a platform team puts into every account. terraform_data needs no provider and no account,
# so this applies anywhere.

terraform {
  required_version = ">= 1.5.0"
}

locals {
  name = "${var.stage}-${var.environment}"
}

resource "terraform_data" "contact" {
  for_each = var.contacts

  input = {
    account = var.account_id
    role    = each.key
    address = each.value
  }
}

resource "terraform_data" "tags" {
  input = merge(var.tags, { stack = local.name, region = var.region })
}
