- op: set
  path: services.web-main.labels.day
  value: 2026-03-02
