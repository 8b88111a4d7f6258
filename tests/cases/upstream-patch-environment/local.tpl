- op: set
  path: services.web-main.labels.team
  value: {{ env "TEAM" | quote }}
- op: set
  path: services.web-main.labels.who
  value: {{ expandenv "team $TEAM" | quote }}
