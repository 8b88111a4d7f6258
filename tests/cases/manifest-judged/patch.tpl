{{ range $i, $m := .Manifests }}{{ if eq $m.kind "Deployment" }}
- {op: set, path: "{{ $i }}.spec.replicas", value: two}
{{ end }}{{ end }}
