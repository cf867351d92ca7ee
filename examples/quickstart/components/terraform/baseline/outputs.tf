output "contacts" {
  description = "Who is told, by role."
  value       = { for role, contact in terraform_data.contact : role => contact.output.address }
}

output "tags" {
  description = "Tags as they were merged."
  value       = terraform_data.tags.output
}
