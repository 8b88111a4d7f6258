{{ range $name, $_ := .Workloads }}
- op: set
  path: services.{{ $name }}-main.restart
  value: always
{{ end }}
