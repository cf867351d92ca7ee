a = <<-EOF
    x ${y}
  $${z}
  EOF
b = f(<<E
)
E
, [1, { "k" : "\u00e4" }], "%{ if x }y%{ endif }")
