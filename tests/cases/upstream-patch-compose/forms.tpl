{{ range $name, $_ := .Workloads }}
- op: set
  path: services.{{ $name }}-main.mem_limit
  value: 64m
- op: set
  path: services.{{ $name }}-main.volumes
  value:
  - {type: tmpfs, target: /tmp, tmpfs: {size: 32768}}
  description: a place to write
- op: set
  path: services.{{ $name }}-main.command
  value: sh -c 'sleep 1'
- op: set
  path: services.{{ $name }}-main.restart
- op: set
  path: services.{{ $name }}-main.x-team
  value: web
- op: delete
  path: services.nothing.there
{{ end }}
- op: set
  path: services.sidecar
  value: {image: "busybox:1", healthcheck: {test: "true", interval: 90s}, extra_hosts: {db: [10.0.0.1]}}
- op: set
  path: services.web-main.depends_on
  value: {sidecar: {condition: service_healthy}}
