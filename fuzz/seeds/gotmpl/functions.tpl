{{ printf "%05d|%-8s|%v|%q" 3 .name .in .name }}{{ now | date "2006-01-02" }}{{ randAlphaNum 8 | b64enc | sha256sum }}
{{ regexReplaceAll "(a+)" "baaac" "<$1>" }}{{ until 5 | join "-" }}{{ default 1 (get .in "z") }}{{ "1.2.3" | semver }}
{{ merge (dict "a" 1) (dict "b" 2) | toPrettyJson }}{{ add 1 2 | mul 3 }}{{ ternary "a" "b" true }}
