# The security account: governs the organization in two Regions.
namespace                          = "acme"
stage                              = "security"
region                             = "eu-west-1"
account_role                       = "delegated_administrator"
delegated_administrator_account_id = "222233334444"
regions                            = ["eu-west-1", "eu-central-1"]
auto_enable_organization_members   = "ALL"
finding_publishing_frequency       = "FIFTEEN_MINUTES"

existing_detector_ids = {
  eu-west-1 = "12abc34d567e8fa901bc2d34e56789f0"
}

features = {
  S3_DATA_EVENTS         = { status = "ENABLED", auto_enable = "ALL" }
  EKS_AUDIT_LOGS         = { status = "ENABLED", auto_enable = "ALL" }
  EBS_MALWARE_PROTECTION = { status = "ENABLED", auto_enable = "NEW" }
  RDS_LOGIN_EVENTS       = { status = "ENABLED", auto_enable = "ALL" }
  LAMBDA_NETWORK_LOGS    = { status = "DISABLED" }
  AI_PROTECTION          = { status = "DISABLED" }
  AI_ANALYST             = { status = "DISABLED" }
  RUNTIME_MONITORING = {
    status      = "ENABLED"
    auto_enable = "ALL"
    additional = {
      EKS_ADDON_MANAGEMENT         = { status = "ENABLED", auto_enable = "ALL" }
      ECS_FARGATE_AGENT_MANAGEMENT = { status = "ENABLED", auto_enable = "ALL" }
      EC2_AGENT_MANAGEMENT         = { status = "DISABLED" }
    }
  }
}

member_features = {
  "333344445555/eu-west-1/runtime" = {
    account_id = "333344445555"
    region     = "eu-west-1"
    name       = "RUNTIME_MONITORING"
    status     = "ENABLED"
    additional = { EKS_ADDON_MANAGEMENT = "DISABLED" }
  }
}

export = {
  create      = true
  bucket_name = "acme-guardduty-findings"
  prefix      = "organization"
}

filters = {
  scanner = {
    rank        = 1
    description = "Our own port scanner"
    criteria = {
      type     = { equals = ["Recon:EC2/Portscan"] }
      severity = { less_than = "7" }
    }
  }
}

trusted_ip_lists = {
  offices = { location = "s3://acme-lists/offices.txt" }
}

s3_malware = {
  uploads = {
    bucket   = "acme-uploads"
    region   = "eu-west-1"
    prefixes = ["incoming/"]
  }
}

notify = {
  severity_at_least = 7
  subscribers = {
    soc = { protocol = "email", endpoint = "soc@example.com" }
  }
}
