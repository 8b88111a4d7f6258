{{- $x := dict "a" 1 "b" (list 1 2 "c") -}}
{{ range $i, $v := $x.b }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ $v | toString | upper | quote }}{{ else }}none{{ end }}
{{ define "t" }}{{ .name }}{{ end }}{{ template "t" . }}{{ with .in }}{{ .list | splitList "," | toJson }}{{ end }}
