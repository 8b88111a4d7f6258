- op: set
  path: services.web-main.imag
  value: nginx:2
- op: set
  path: servces.other.image
  value: nginx:2
- op: set
  path: services.web-main.mem_limit
  value: much
