- op: delete
  path: services
