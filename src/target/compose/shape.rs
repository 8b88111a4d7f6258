//! What the Compose specification allows in a service, a volume, a network and a model, as data.

/// What stands under a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Anything: not looked into.
    Any,
    /// Text.
    Text,
    /// True or false.
    Flag,
    /// True or false where saying it matters either way.
    Choice,
    /// True or false where true is what happens anyway.
    OptOut,
    /// True or false, always said.
    Told,
    /// A number.
    Number,
    /// A number where zero matters.
    Exact,
    /// The permissions of a file, in octal digits.
    Mode,
    /// A length of time such as `1m30s`.
    Duration,
    /// An amount of memory such as `64m`.
    Bytes,
    /// A command: a list of words, or a line that is split as a shell would.
    Words,
    /// The command of a health check.
    Test,
    /// A list of text.
    Texts,
    /// A list of text, or one text.
    OneOrMore,
    /// A map of text, or a list of `NAME=value`.
    Pairs,
    /// As `Pairs`; a name without a value stays without.
    PairsOrNull,
    /// A map of a host to its address, or a list of both.
    Hosts,
    /// A limit: a number, or a map of `soft` and `hard`.
    Ulimit,
    /// A map of options, each with one value or more.
    Options,
    /// A list.
    Each(&'static Shape),
    /// A map of names; one of which nothing is said is as good as an empty one.
    Named(&'static Shape),
    /// A map of names, of which nothing need be said.
    Sparse(&'static Shape),
    /// A map of these keys.
    Record(&'static [(&'static str, Shape)]),
}

use Shape::{
    Any, Bytes, Choice, Duration, Each, Exact, Flag, Hosts, Mode, Named, Number, OneOrMore, OptOut, Options,
    Pairs, PairsOrNull, Record, Sparse, Test, Text, Texts, Told, Ulimit, Words,
};

/// What stands under a section's names.
pub(super) const fn of(section: &str) -> Shape {
    match section.as_bytes() {
        b"services" => Record(SERVICE),
        b"volumes" => Record(VOLUME),
        b"networks" => Record(NETWORK),
        b"models" => Record(MODEL),
        _ => Any,
    }
}

/// A whole document.
pub(super) const DOCUMENT: Shape = Record(&[
    ("configs", Any),
    ("include", Any),
    ("models", Named(&Record(MODEL))),
    ("name", Text),
    ("networks", Named(&Record(NETWORK))),
    ("secrets", Any),
    ("services", Named(&Record(SERVICE))),
    ("version", Text),
    ("volumes", Named(&Record(VOLUME))),
]);

/// True for the sections that this table describes.
pub(super) fn is_section(name: &str) -> bool {
    matches!(name, "services" | "volumes" | "networks" | "models")
}

/// A `build` section.
pub(super) const BUILD: Shape = Record(&[
    ("additional_contexts", Pairs),
    ("args", PairsOrNull),
    ("cache_from", OneOrMore),
    ("cache_to", OneOrMore),
    ("context", Text),
    ("dockerfile", Text),
    ("dockerfile_inline", Text),
    ("entitlements", Texts),
    ("extra_hosts", Hosts),
    ("isolation", Text),
    ("labels", Pairs),
    ("network", Text),
    ("no_cache", Flag),
    ("no_cache_filter", OneOrMore),
    ("platforms", OneOrMore),
    ("privileged", Flag),
    ("provenance", Text),
    ("pull", Flag),
    ("sbom", Text),
    ("secrets", Each(&HELD)),
    ("shm_size", Bytes),
    ("ssh", Any),
    ("tags", OneOrMore),
    ("target", Text),
    ("ulimits", Sparse(&Ulimit)),
]);

/// An entry of a service's `volumes`.
pub(super) const MOUNT: Shape = Record(&[
    (
        "bind",
        Record(&[
            ("create_host_path", OptOut),
            ("propagation", Text),
            ("recursive", Text),
            ("selinux", Text),
        ]),
    ),
    ("consistency", Text),
    ("image", Record(&[("subpath", Text)])),
    ("read_only", Flag),
    ("source", Text),
    ("target", Text),
    ("tmpfs", Record(&[("mode", Number), ("size", Bytes)])),
    ("type", Text),
    ("volume", Record(&[("labels", Pairs), ("nocopy", Flag), ("subpath", Text)])),
]);

const HELD: Shape =
    Record(&[("gid", Text), ("mode", Mode), ("source", Text), ("target", Text), ("uid", Text)]);

const VOLUME: &[(&str, Shape)] =
    &[("driver", Text), ("driver_opts", Pairs), ("external", Flag), ("labels", Pairs), ("name", Text)];

const NETWORK: &[(&str, Shape)] = &[
    ("attachable", Flag),
    ("driver", Text),
    ("driver_opts", Pairs),
    ("enable_ipv4", Choice),
    ("enable_ipv6", Choice),
    ("external", Flag),
    ("internal", Flag),
    ("ipam", Any),
    ("labels", Pairs),
    ("name", Text),
];

const MODEL: &[(&str, Shape)] =
    &[("context_size", Number), ("model", Text), ("name", Text), ("runtime_flags", Texts)];

const DEVICE: Shape = Record(&[
    ("capabilities", Texts),
    ("count", Any),
    ("device_ids", Texts),
    ("driver", Text),
    ("options", Pairs),
]);

const AMOUNTS: Shape = Record(&[
    ("cpus", Number),
    ("devices", Each(&DEVICE)),
    ("generic_resources", Any),
    ("memory", Bytes),
    ("pids", Number),
]);

const UPDATE: Shape = Record(&[
    ("delay", Duration),
    ("failure_action", Text),
    ("max_failure_ratio", Number),
    ("monitor", Duration),
    ("order", Text),
    ("parallelism", Exact),
]);

const DEPLOY: Shape = Record(&[
    ("endpoint_mode", Text),
    ("labels", Pairs),
    ("mode", Text),
    ("placement", Any),
    ("replicas", Exact),
    ("resources", Record(&[("limits", AMOUNTS), ("reservations", AMOUNTS)])),
    (
        "restart_policy",
        Record(&[("condition", Text), ("delay", Duration), ("max_attempts", Exact), ("window", Duration)]),
    ),
    ("rollback_config", UPDATE),
    ("update_config", UPDATE),
]);

const HEALTH: Shape = Record(&[
    ("disable", Flag),
    ("interval", Duration),
    ("retries", Exact),
    ("start_interval", Duration),
    ("start_period", Duration),
    ("test", Test),
    ("timeout", Duration),
]);

const HOOK: Shape = Record(&[
    ("command", Words),
    ("environment", PairsOrNull),
    ("privileged", Flag),
    ("user", Text),
    ("working_dir", Text),
]);

const NETWORKED: Shape = Record(&[
    ("aliases", Texts),
    ("driver_opts", Pairs),
    ("gw_priority", Number),
    ("interface_name", Text),
    ("ipv4_address", Text),
    ("ipv6_address", Text),
    ("link_local_ips", Texts),
    ("mac_address", Text),
    ("priority", Number),
]);

const PORT: Shape = Record(&[
    ("app_protocol", Text),
    ("host_ip", Text),
    ("mode", Text),
    ("name", Text),
    ("protocol", Text),
    ("published", Text),
    ("target", Number),
]);

const SERVICE: &[(&str, Shape)] = &[
    ("annotations", Pairs),
    ("attach", Choice),
    ("blkio_config", Any),
    ("build", BUILD),
    ("cap_add", Texts),
    ("cap_drop", Texts),
    ("cgroup", Text),
    ("cgroup_parent", Text),
    ("command", Words),
    ("configs", Each(&HELD)),
    ("container_name", Text),
    ("cpu_count", Number),
    ("cpu_percent", Number),
    ("cpu_period", Number),
    ("cpu_quota", Number),
    ("cpu_rt_period", Number),
    ("cpu_rt_runtime", Number),
    ("cpu_shares", Number),
    ("cpus", Number),
    ("cpuset", Text),
    ("credential_spec", Record(&[("config", Text), ("file", Text), ("registry", Text)])),
    ("depends_on", Named(&Record(&[("condition", Text), ("required", Told), ("restart", Flag)]))),
    ("deploy", DEPLOY),
    ("develop", Any),
    ("device_cgroup_rules", Texts),
    ("devices", Each(&Record(&[("permissions", Text), ("source", Text), ("target", Text)]))),
    ("dns", OneOrMore),
    ("dns_opt", Texts),
    ("dns_search", OneOrMore),
    ("domainname", Text),
    ("entrypoint", Words),
    ("env_file", Each(&Record(&[("format", Text), ("path", Text), ("required", OptOut)]))),
    ("environment", PairsOrNull),
    ("expose", OneOrMore),
    ("extends", Record(&[("file", Text), ("service", Text)])),
    ("external_links", Texts),
    ("extra_hosts", Hosts),
    ("gpus", Each(&DEVICE)),
    ("group_add", Texts),
    ("healthcheck", HEALTH),
    ("hostname", Text),
    ("image", Text),
    ("init", Choice),
    ("ipc", Text),
    ("isolation", Text),
    ("label_file", OneOrMore),
    ("labels", Pairs),
    ("links", Texts),
    ("logging", Record(&[("driver", Text), ("options", Pairs)])),
    ("mac_address", Text),
    ("mem_limit", Bytes),
    ("mem_reservation", Bytes),
    ("mem_swappiness", Bytes),
    ("memswap_limit", Bytes),
    ("models", Sparse(&Record(&[("endpoint_var", Text), ("model_var", Text)]))),
    ("network_mode", Text),
    ("networks", Sparse(&NETWORKED)),
    ("oom_kill_disable", Flag),
    ("oom_score_adj", Number),
    ("pid", Text),
    ("pids_limit", Number),
    ("platform", Text),
    ("ports", Each(&PORT)),
    ("post_start", Each(&HOOK)),
    ("pre_start", Any),
    ("pre_stop", Each(&HOOK)),
    ("privileged", Flag),
    ("profiles", Texts),
    ("provider", Record(&[("options", Options), ("type", Text)])),
    ("pull_policy", Text),
    ("pull_refresh_after", Text),
    ("read_only", Flag),
    ("restart", Text),
    ("runtime", Text),
    ("scale", Exact),
    ("secrets", Each(&HELD)),
    ("security_opt", Texts),
    ("shm_size", Bytes),
    ("stdin_open", Flag),
    ("stop_grace_period", Duration),
    ("stop_signal", Text),
    ("storage_opt", Pairs),
    ("sysctls", Pairs),
    ("tmpfs", OneOrMore),
    ("tty", Flag),
    ("ulimits", Sparse(&Ulimit)),
    ("use_api_socket", Flag),
    ("user", Text),
    ("userns_mode", Text),
    ("uts", Text),
    ("volumes", Each(&MOUNT)),
    ("volumes_from", Texts),
    ("working_dir", Text),
];
