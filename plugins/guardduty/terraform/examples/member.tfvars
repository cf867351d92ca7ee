# A member account: governed from elsewhere, with one bucket of its own to protect.
region                             = "eu-west-1"
account_role                       = "member"
delegated_administrator_account_id = "222233334444"
regions                            = ["eu-west-1"]

s3_malware = {
  uploads = { bucket = "acme-payments-uploads", region = "eu-west-1" }
}
