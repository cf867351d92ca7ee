variable "account_id" {
  type        = string
  description = "Account the component is deployed to."
}

variable "region" {
  type        = string
  description = "Region the component is deployed to."
}

variable "environment" {
  type        = string
  description = "Short name of the region."
}

variable "stage" {
  type        = string
  description = "Name of the account."
}

variable "contacts" {
  type        = map(string)
  description = "Addresses by role."
  default     = {}
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything in the account."
  default     = {}
}
