# An account by itself, with every protection plan the module turns on by default.
region  = "eu-west-1"
regions = ["eu-west-1"]
