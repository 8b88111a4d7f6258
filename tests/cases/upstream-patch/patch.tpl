{{ range $i, $m := .Manifests }}
{{ if eq $m.kind "Deployment" }}
- op: set
  path: {{ $i }}.spec.template.spec.securityContext.runAsUser
  value: 1000650000
  description: the user that the cluster expects
- op: set
  path: {{ $i }}.metadata.labels.example\.com/team
  value: {{ substituteValue "web" "${metadata.team}" }}
- op: delete
  path: {{ $i }}.status
{{ end }}
{{ end }}
- op: set
  path: "-1"
  value: {apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}
