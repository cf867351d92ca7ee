# The management account: names the administrator in every governed Region.
region                             = "eu-west-1"
account_role                       = "management"
delegated_administrator_account_id = "222233334444"
regions                            = ["eu-west-1", "eu-central-1"]
