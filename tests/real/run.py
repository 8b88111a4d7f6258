#!/usr/bin/env python3
"""Runs what the built-in provisioners ship against real servers.

`run.py PROGRAM` generates Compose files for the Score file beside this script, gives every service a network and a mount
namespace of its own, and starts the server of the same kind that this machine has, with the configuration, environment
and commands of the Compose file. Health checks are the file's own. What runs to completion runs twice. Then every
address that the workload receives is used to log in, twice. Needs root, `ip` and `unshare`; a server that is not
installed is named and left out.
"""
import contextlib
import http.client
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

import yaml

HERE = pathlib.Path(__file__).parent
PATIENCE = 120  # seconds that a server may take to become healthy
PREFIX = "sr"  # of the names of namespaces


class Failed(Exception):
    """A service did not do what it must."""


# What plays an image: its repository in, the programs that must be here and the script that its entrypoint amounts to.
# `$@` is the command of the service. The scripts run as root, in the service's namespaces and with its environment.
POSTGRES = """
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres | tail -n 1)")
chown -R postgres "$(dirname "$PGDATA")"; install -d -o postgres "$PGDATA"
as() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
cd /tmp
if [ ! -e "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > "$PGDATA.pw"; chown postgres "$PGDATA.pw"
  as "$bin/initdb" -D "$PGDATA" -U "${POSTGRES_USER:-postgres}" --pwfile="$PGDATA.pw" --auth-local=trust --auth-host=scram-sha-256 >/dev/null
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  as "$bin/pg_ctl" -D "$PGDATA" -o "-c listen_addresses= -k /tmp" -w start >/dev/null
  db=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
  [ "$db" = postgres ] || as psql -h /tmp -U "${POSTGRES_USER:-postgres}" -d postgres -c "CREATE DATABASE \\"$db\\"" >/dev/null
  for f in /docker-entrypoint-initdb.d/*.sql; do [ ! -e "$f" ] || as psql -v ON_ERROR_STOP=1 -h /tmp -U "${POSTGRES_USER:-postgres}" -d "$db" -f "$f"; done
  as "$bin/pg_ctl" -D "$PGDATA" -m fast -w stop >/dev/null
fi
[ $# -gt 0 ] || set -- postgres
shift
exec setpriv --reuid=postgres --regid=postgres --init-groups "$bin/postgres" -D "$PGDATA" -c 'listen_addresses=*' -k /tmp "$@"
"""
MYSQL = """
data=/var/lib/mysql; chown -R mysql $data; kind=$1; shift
case "${1:-}" in mysqld|mariadbd) shift ;; esac
get() { eval "echo \\"\\${${kind}_$1:-\\${MYSQL_$1:-}}\\""; }
if [ ! -d $data/mysql ]; then
  mariadb-install-db --user=mysql --datadir=$data --auth-root-authentication-method=normal >/dev/null
  root=$(get ROOT_PASSWORD) user=$(get USER) pass=$(get PASSWORD) db=$(get DATABASE)
  { # one statement a line
    echo "ALTER USER root@localhost IDENTIFIED BY '$root';"
    echo "DROP USER IF EXISTS root@'127.0.0.1', root@'::1';"
    echo "CREATE USER root@'%' IDENTIFIED BY '$root';"
    echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
    [ -z "$db" ] || echo "CREATE DATABASE \\`$db\\`;"
    [ -z "$user" ] || echo "CREATE USER '$user'@'%' IDENTIFIED BY '$pass';"
    [ -z "$user" ] || [ -z "$db" ] || echo "GRANT ALL ON \\`$db\\`.* TO '$user'@'%';"
  } > /tmp/first.sql
  set -- --init-file=/tmp/first.sql "$@"
fi
exec mariadbd --no-defaults --user=mysql --datadir=$data --bind-address=0.0.0.0 --socket=/tmp/mysqld.sock --skip-name-resolve --pid-file=/tmp/mysqld.pid "$@"
"""
RABBIT = """
chown -R rabbitmq /var/lib/rabbitmq; cd /tmp
exec rabbitmq-server
"""
NGINX = """
mkdir -p /tmp/nginx; cd /tmp
echo 'daemon off; worker_processes 1; pid /tmp/nginx/pid; error_log stderr; events {} http { access_log off; include /etc/nginx/conf.d/*.conf; }' > /tmp/nginx/main.conf
exec nginx -c /tmp/nginx/main.conf
"""
KAFKA = """
# As the image: the broker's properties are the variables that begin with `KAFKA_`, in lower case and with dots.
cd /tmp
env | grep '^KAFKA_' | grep -v '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r name value; do
  echo "$(echo "${name#KAFKA_}" | tr 'A-Z_' 'a-z.')=$value"
done > server.properties
jvm() { java $KAFKA_HEAP_OPTS -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' "$@"; }
[ -e "$KAFKA_LOG_DIRS/meta.properties" ] || jvm kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw --config server.properties
jvm kafka.Kafka server.properties
"""
TOOL = """#!/bin/sh
exec java $KAFKA_HEAP_OPTS -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' CLASS "$@"
"""
AS_IS = 'exec "$@"'
PLAYED = {
    "postgres": (["psql"], POSTGRES),
    "mysql": (["mariadbd", "mysql"], "set -- MYSQL \"$@\"\n" + MYSQL),
    "mariadb": (["mariadbd", "mariadb"], "set -- MARIADB \"$@\"\n" + MYSQL),
    "redis": (["redis-server", "redis-cli"], AS_IS),
    "valkey/valkey": (["valkey-server", "valkey-cli"], AS_IS),
    "rabbitmq": (["rabbitmq-server"], RABBIT),
    "nats": (["nats-server"], AS_IS),
    "nginx": (["nginx"], NGINX),
    "quay.io/minio/minio": (["minio", "mc", "curl"], 'exec minio "$@"'),
    "motoserver/moto": (["moto_server"], "exec moto_server -H 0.0.0.0 -p 5000"),
    "mcr.microsoft.com/azure-storage/azurite": (["azurite-blob", "node"], AS_IS),
    "stoplight/prism": (["prism", "node"], 'exec prism "$@"'),
    "apache/kafka": (["kafka-topics.sh", "java"], KAFKA),
    "axllent/mailpit": (["mailpit"], "exec mailpit"),
}
# What of a type is played, or why nothing is: docs/matrix.md shows it.
RUNS = yaml.safe_load((HERE / "runs.yaml").read_text())


def listed(words):
    """A command of the Compose file as a list, with its doubled dollars single."""
    words = shlex.split(words) if isinstance(words, str) else list(words or [])
    return [word.replace("$$", "$") for word in words]


class Play:
    """One Compose file, played on this machine."""

    def __init__(self, file, room, tools):
        self.folder, self.room, self.tools = file.parent, room, tools
        self.services = yaml.safe_load(file.read_text())["services"]
        self.address = {name: f"10.86.0.{10 + number}" for number, name in enumerate(self.services)}
        self.space = {name: f"{PREFIX}{number}" for number, name in enumerate(self.services)}
        for name, service in self.services.items():  # one that lives in the network of another
            host = str(service.get("network_mode", "")).removeprefix("service:")
            self.space[name] = self.space.get(host, self.space[name])
        self.running, self.hosts = {}, room / "hosts"
        lines = ["127.0.0.1 localhost"]
        for name, service in self.services.items():
            aliases = [alias for net in (service.get("networks") or {}).values() for alias in (net or {}).get("aliases", [])]
            lines.append(" ".join([self.address[name], name, *aliases]))
        self.names = {word: line.split()[0] for line in lines for word in line.split()[1:]}
        self.hosts.write_text("\n".join(lines) + "\n")
        self.resolv = room / "resolv.conf"
        self.resolv.write_text("nameserver 127.0.0.11\n")

    def network(self):
        """A bridge, and a cable from it to every service."""
        sh(f"ip link add {PREFIX}br type bridge && ip addr add 10.86.0.1/24 dev {PREFIX}br && ip link set {PREFIX}br up")
        for name, space in self.space.items():
            if "network_mode" in self.services[name]:
                continue
            sh(f"ip netns add {space} && ip link add {space}a type veth peer name eth0 netns {space} && "
               f"ip link set {space}a master {PREFIX}br up && ip -n {space} addr add {self.address[name]}/24 dev eth0 && "
               f"ip -n {space} link set eth0 up && ip -n {space} link set lo up")

    def environment(self, name):
        """The environment of a service: its private files, then what the Compose file says."""
        service, found = self.services[name], {"PATH": f"{self.room}/bin:{os.environ['PATH']}", "HOME": "/tmp", "LANG": "C.UTF-8"}
        for entry in service.get("env_file", []):
            for line in (self.folder / entry["path"]).read_text().splitlines():
                key, _, value = line.partition("=")
                found[key] = value
        for key, value in (service.get("environment") or {}).items():
            found[key] = str(value).replace("$$", "$")
        if service.get("user"):
            found["HOME"] = os.path.expanduser(f"~{service['user']}")
        return found

    def inside(self, name, script, words=()):
        """The command that runs a script in the namespaces of a service, with its volumes and files mounted."""
        mounts = [f"mount --bind {source} {target}" for source, target in self.tools]
        mounts += [f"mount --bind {self.hosts} /etc/hosts", f"mount --bind {self.resolv} /etc/resolv.conf"]
        scratch = self.room / "scratch" / name
        scratch.mkdir(parents=True, exist_ok=True)
        scratch.chmod(0o1777)
        mounts.append(f"mount --bind {scratch} /tmp")
        for volume in self.services[name].get("volumes", []):
            target, kept = volume["target"], self.room / "volumes" / str(volume.get("source", ""))
            source = self.folder / volume["source"] if volume["type"] == "bind" else kept
            if volume["type"] != "bind":
                kept.mkdir(parents=True, exist_ok=True)
            make = f"mkdir -p {target}" if source.is_dir() else f"mkdir -p {os.path.dirname(target)} && touch {target}"
            mounts.append(f"{make} && mount --bind {source} {target}")
        if self.services[name]["image"].startswith("apache/kafka:"):
            mounts.append(f"mkdir -p /opt/kafka/libs /opt/kafka/bin && mount --bind {self.room}/kafka /opt/kafka/libs && "
                          f"mount --bind {self.room}/bin /opt/kafka/bin")
        if self.services[name]["image"].startswith("axllent/mailpit:"):  # where the image has it
            mounts.append("touch /mailpit && mount --bind $(command -v mailpit) /mailpit")
        user = self.services[name].get("user")
        if user and script == AS_IS:
            script = f'exec setpriv --reuid={user} --regid={user} --init-groups "$@"'
        text = "set -eu\n" + "\n".join(mounts) + f"\n{script}"
        return ["ip", "netns", "exec", self.space[name], "unshare", "--mount", "sh", "-c", text, "service", *words]

    def start(self, name, script):
        """Starts the server of a service."""
        log = open(self.room / f"{name}.log", "wb")
        words = listed(self.services[name].get("entrypoint")) + listed(self.services[name].get("command"))
        self.running[name] = subprocess.Popen(
            self.inside(name, script, words), env=self.environment(name), stdout=log, stderr=log, start_new_session=True)

    def healthy(self, name):
        """Waits until the service's own health check holds."""
        test = listed(self.services[name]["healthcheck"]["test"])
        kind, words = test[0], test[1:]
        script, words = (words[0], []) if kind == "CMD-SHELL" else ('exec "$@"', words)
        deadline = time.monotonic() + PATIENCE
        while True:
            asked = subprocess.run(self.inside(name, script, words), env=self.environment(name), capture_output=True, text=True)
            if asked.returncode == 0:
                return
            if time.monotonic() > deadline or self.running[name].poll() is not None:
                raise Failed(f"{name} is not healthy: {asked.stdout}{asked.stderr}\n{tail(self.room / f'{name}.log')}")
            time.sleep(0.5)

    def complete(self, name):
        """Runs a service that ends, twice: the second time finds what the first one made."""
        words = listed(self.services[name].get("entrypoint")) + listed(self.services[name].get("command"))
        for turn in ("first", "second"):
            ran = subprocess.run(self.inside(name, AS_IS, words), env=self.environment(name), capture_output=True, text=True, timeout=PATIENCE)
            if ran.returncode != 0:
                raise Failed(f"{name}, {turn} run: exit {ran.returncode}\n{ran.stdout}{ran.stderr}")

    def stop(self):
        """Ends every server and takes the network down."""
        for server in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
        for space in set(self.space.values()):
            for pid in sh(f"ip netns pids {space}", check=False).split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            sh(f"ip netns del {space}", check=False)
        sh(f"ip link del {PREFIX}br", check=False)


def program_at(path, text):
    path.write_text(text)
    path.chmod(0o755)


def sh(text, check=True):
    ran = subprocess.run(text, shell=True, capture_output=True, text=True)
    if check and ran.returncode != 0:
        raise Failed(f"{text}: {ran.stderr}")
    return ran.stdout


def tail(log):
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def ask_sql(play, name, url, statement):
    """Logs in and asks; gives the last line of the answer."""
    parts = urlsplit(url)
    if parts.scheme.startswith("postgres"):
        words = ["psql", "-v", "ON_ERROR_STOP=1", "-qAt", url, "-c", statement]
    else:
        words = ["mariadb", "--no-defaults", f"--host={parts.hostname}", f"--port={parts.port}", f"--user={parts.username}", f"--password={parts.password}", "-N",
                 "-e", statement, *filter(None, [parts.path.lstrip("/")])]
    ran = subprocess.run(play.inside(name, AS_IS, words), env=play.environment(name), capture_output=True, text=True)
    if ran.returncode != 0:
        raise Failed(f"no login with {parts.scheme}://{parts.username}@{parts.hostname}: {ran.stdout}{ran.stderr}")
    return "".join(ran.stdout.strip().splitlines()[-1:])


def login_sql(play, name, url):
    parts = urlsplit(url)
    database = parts.path.lstrip("/")
    seen = "CREATE TABLE IF NOT EXISTS seen (n int); INSERT INTO seen VALUES (1); SELECT "
    if not database:  # an administrator's address names none
        seen = "CREATE DATABASE IF NOT EXISTS seen; SELECT COALESCE(DATABASE(), 'none') -- "
    seen += "current_database()" if parts.scheme.startswith("postgres") else "DATABASE()"
    found = ask_sql(play, name, url, seen)
    if found != (database or "none"):
        raise Failed(f"{parts.scheme}://{parts.username}@{parts.hostname} leads to {found}")


# What a server with settings of its own answers: the statement, and the setting of score.yaml.
SETTINGS = {
    "POSTGRES_OWN": ("SHOW search_path", "$user, public, it's"),
    "MYSQL_OWN": ("SELECT @@init_connect", "SET @seen = '$user'"),
}


def holds_setting(play, name, key, url):
    statement, wanted = SETTINGS[key]
    found = ask_sql(play, name, url, statement)
    if found != wanted:
        raise Failed(f"{statement} says {found}, not {wanted}")


def login_redis(play, name, url):
    ran = subprocess.run(play.inside(name, AS_IS, ["redis-cli", "-u", url, "ping"]), env=play.environment(name), capture_output=True, text=True)
    if ran.stdout.strip() != "PONG":
        raise Failed(f"no login to {urlsplit(url).hostname}: {ran.stdout}{ran.stderr}")


def login_nats(play, name, url):
    parts = urlsplit(url)
    with socket.create_connection((play.names[parts.hostname], parts.port), 10) as line:
        said = line.makefile("rb")
        said.readline()
        line.sendall(f'CONNECT {{"user":"{parts.username}","pass":"{parts.password}","verbose":false}}\r\nPING\r\n'.encode())
        answer = said.readline().strip()
    if answer != b"PONG":
        raise Failed(f"no login to {parts.hostname}: {answer}")


def login_amqp(play, name, url):
    import pika
    parts = urlsplit(url)
    line = pika.BlockingConnection(pika.URLParameters(url.replace(f"@{parts.hostname}:", f"@{play.names[parts.hostname]}:")))
    line.channel().queue_declare("seen", durable=False)
    line.close()


# What a program in the workload's place does with the addresses that the workload receives.
BOTO = """
import boto3, os
get = os.environ.get
def client(kind, endpoint, key="any", secret="any"):
    return boto3.client(kind, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret)
"""
SCENES = {
    "S3": ("boto3", BOTO + """
from botocore.exceptions import ClientError
s3 = client("s3", get("S3"), get("S3_KEY"), get("S3_SECRET"))
s3.put_object(Bucket=get("S3_BUCKET"), Key="seen", Body=b"1")
assert s3.get_object(Bucket=get("S3_BUCKET"), Key="seen")["Body"].read() == b"1"
for refused in (lambda: s3.create_bucket(Bucket="another"), lambda: s3.put_object(Bucket=get("S3_OTHER"), Key="seen", Body=b"1")):
    try:
        refused()
    except ClientError:
        continue
    raise SystemExit("the key opens more than its own bucket")
"""),
    "SQS": ("boto3", BOTO + """
queues = client("sqs", get("SQS"), get("SQS_KEY"), get("SQS_SECRET"))
queues.send_message(QueueUrl=get("SQS_URL"), MessageBody="seen")
taken = queues.receive_message(QueueUrl=get("SQS_URL"), WaitTimeSeconds=5)["Messages"]
assert taken[0]["Body"] == "seen"
queues.delete_message(QueueUrl=get("SQS_URL"), ReceiptHandle=taken[0]["ReceiptHandle"])
"""),
    "SNS": ("boto3", BOTO + """
assert client("sns", get("SNS")).publish(TopicArn=get("SNS_TOPIC"), Message="seen")["MessageId"]
"""),
    "DYNAMODB": ("boto3", BOTO + """
tables = client("dynamodb", get("DYNAMODB"))
tables.put_item(TableName=get("DYNAMODB_TABLE"), Item={"id": {"S": "seen"}})
assert tables.get_item(TableName=get("DYNAMODB_TABLE"), Key={"id": {"S": "seen"}})["Item"] == {"id": {"S": "seen"}}
"""),
    "AZURE": ("azure.storage.blob", """
import os
from azure.storage.blob import BlobServiceClient
blobs = BlobServiceClient.from_connection_string(os.environ["AZURE_CONNECTION"])
blob = blobs.get_blob_client(os.environ["AZURE_CONTAINER"], "seen")
blob.upload_blob(b"1", overwrite=True)
assert blob.download_blob().readall() == b"1"
"""),
    "API": ("json", """
import json, os, urllib.request
answer = json.load(urllib.request.urlopen(os.environ["API"] + "/orders", timeout=10))
assert answer == [{"id": 7}], answer
"""),
    "SMTP": ("smtplib", """
import json, os, smtplib, urllib.request
from urllib.parse import urlsplit
get, server = os.environ.get, urlsplit(os.environ["SMTP"])
with smtplib.SMTP(server.hostname, server.port, timeout=10) as line:
    line.login(get("SMTP_USER"), get("SMTP_PASSWORD"))
    line.sendmail("a@example.com", ["b@example.com"], "Subject: seen\\n\\n1")
shown = lambda path: json.load(urllib.request.urlopen(get("SMTP_WEB") + path, timeout=10))
assert shown("/api/v1/messages")["messages"][0]["Subject"] == "seen"
assert shown("/api/v1/webui")["Label"] == "it's $HOME"
"""),
    "KAFKA": ("kafka", """
import os
from kafka import KafkaConsumer, KafkaProducer
server, topic = os.environ["KAFKA"], os.environ["KAFKA_TOPIC"]
producer = KafkaProducer(bootstrap_servers=server)
producer.send(topic, b"seen").get(20)
consumer = KafkaConsumer(topic, bootstrap_servers=server, auto_offset_reset="earliest", consumer_timeout_ms=20000)
assert next(iter(consumer)).value == b"seen"
assert len(consumer.partitions_for_topic(topic)) == 3
"""),
}


def scene(play, name, text):
    ran = subprocess.run(play.inside(name, AS_IS, ["python", "-c", text]), env=play.environment(name), capture_output=True, text=True, timeout=PATIENCE)
    if ran.returncode != 0:
        raise Failed(f"{ran.stdout}{ran.stderr}")


LOGINS = {"postgresql": login_sql, "postgres": login_sql, "mysql": login_sql, "mariadb": login_sql, "redis": login_redis,
          "nats": login_nats, "amqp": login_amqp}


def names_server(play, space):
    """Answers for the names of the services, as the platform's own name server does at this address."""
    script = (
        "import socket,struct,sys\n"
        "names=dict(word.split('=') for word in sys.argv[1:])\n"
        "line=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); line.bind(('127.0.0.11',53))\n"
        "while True:\n"
        "    asked,who=line.recvfrom(512); at,labels=12,[]\n"
        "    while asked[at]: labels.append(asked[at+1:at+1+asked[at]].decode()); at+=asked[at]+1\n"
        "    question=asked[12:at+5]; found=names.get('.'.join(labels))\n"
        "    head=asked[:2]+struct.pack('>HHHHH',0x8180 if found else 0x8183,1,1 if found else 0,0,0)\n"
        "    tail=b'\\xc0\\x0c'+struct.pack('>HHIH',1,1,5,4)+socket.inet_aton(found) if found else b''\n"
        "    line.sendto(head+question+tail,who)\n")
    known = [f"{name}={address}" for name, address in play.names.items()]
    return subprocess.Popen(["ip", "netns", "exec", space, sys.executable, "-c", script, *known], start_new_session=True)


def ask(play, proxy, host):
    """The status and the text that a proxy gives for a host."""
    line = http.client.HTTPConnection(play.address[proxy], 80, timeout=5)
    try:
        line.request("GET", "/", headers={"Host": host})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except OSError as fault:
        return 0, str(fault)


def route(play, proxy, host, workload):
    """Asks for a host through the proxy; the workload is played by a small server."""
    page = play.room / "page"
    page.mkdir()
    (page / "index.html").write_text("played by the workload")
    played = ["ip", "netns", "exec", play.space[workload], sys.executable, "-m", "http.server", "8080", "--directory", str(page)]
    helpers = [names_server(play, play.space[proxy]), subprocess.Popen(played, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)]
    try:
        deadline = time.monotonic() + 20
        while ask(play, proxy, host) != (200, "played by the workload"):
            if time.monotonic() > deadline:
                raise Failed(f"{host} through {proxy}: {ask(play, proxy, host)}\n{tail(play.room / f'{proxy}.log')}")
            time.sleep(0.3)
        if ask(play, proxy, "nobody.example")[0] != 404:
            raise Failed(f"{proxy} answers for a host that nobody routes")
    finally:
        for helper in helpers:
            os.killpg(helper.pid, signal.SIGKILL)


def main(program):
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("unshare"):
        print("left out: namespaces need root, `ip` and `unshare`")
        return 0
    room = pathlib.Path(tempfile.mkdtemp(prefix="real-", dir="/var/tmp"))
    room.chmod(0o755)
    work, tools = room / "work", room / "bin"
    work.mkdir()
    tools.mkdir()
    # The family shares its protocol and its configuration: where one is missing, its sibling plays.
    for missing, sibling in [("valkey-server", "redis-server"), ("valkey-cli", "redis-cli"), ("mysql", "mariadb")]:
        if not shutil.which(missing) and shutil.which(sibling):
            (tools / missing).symlink_to(shutil.which(sibling))
            print(f"note: `{sibling}` stands in for `{missing}`")
    print("note: `mariadbd` stands in for `mysqld`")
    # What language registries have stands in folders of its own, which services see in the room: theirs is another /tmp.
    kept = {name: pathlib.Path(os.environ.get(f"REAL_{name.upper()}") or "none").resolve() for name in ("node", "kafka", "go")}
    kept = {"python": pathlib.Path(sys.prefix), **{name: folder for name, folder in kept.items() if folder.is_dir()}}
    for name in kept:
        (room / name).mkdir()
    binds = [(folder, room / name) for name, folder in kept.items()]
    python = f'#!/bin/sh\nexec {room}/python/bin/python '
    program_at(tools / "python", python + '"$@"\n')
    if importlib.util.find_spec("moto"):
        program_at(tools / "moto_server", python + '-m moto.server "$@"\n')
    if "kafka" in kept:
        for name, kind in [("kafka-topics.sh", "org.apache.kafka.tools.TopicCommand"), ("kafka-configs.sh", "kafka.admin.ConfigCommand")]:
            program_at(tools / name, TOOL.replace("CLASS", kind))
    here = [str(kept[name] / part) for name, part in (("node", "node_modules/.bin"), ("go", "")) if name in kept]
    there = [f"{room}/node/node_modules/.bin", f"{room}/go"]
    os.environ["PATH"] = ":".join([str(tools), os.environ["PATH"], "/usr/sbin", "/sbin", *there, *here])
    for file in ("score.yaml", "api.yaml"):
        shutil.copy(HERE / file, work)
    subprocess.run([program, "generate", "-t", "compose"], cwd=work, check=True, capture_output=True, env={**os.environ, "SIGHTREAD_SEED": "real"})
    play, passed, failed, left = Play(work / "compose.yaml", room, binds), [], [], []
    asked = {one["type"] for one in yaml.safe_load((HERE / "score.yaml").read_text())["resources"].values()}
    if asked != {name for name, how in RUNS.items() if "played" in how}:
        failed.append(f"runs.yaml says that others are played than score.yaml asks for: {sorted(asked)}")
    try:
        play.network()
    except Failed as fault:
        play.stop()
        print(f"left out: this machine lets nobody make networks: {fault}")
        return 0
    try:
        ends = {name for service in play.services.values() for name, how in (service.get("depends_on") or {}).items()
                if how["condition"] == "service_completed_successfully"}
        servers = {}
        for name, service in play.services.items():
            programs, script = PLAYED.get(re.sub(r":[^/]*$", "", service["image"]), (None, None))
            if programs is None:
                continue
            missing = [program for program in programs if not shutil.which(program)]
            if missing:
                left.append(f"{name}: {', '.join(missing)} could not be had")
            elif name not in ends:
                servers[name] = script
        def attempt(label, act):
            try:
                act()
                passed.append(label)
            except (Failed, OSError, subprocess.SubprocessError) as fault:
                failed.append(f"{label}: {fault}")
            except Exception as fault:  # a client library's own
                failed.append(f"{label}: {fault!r}")
        for name, script in servers.items():
            play.start(name, script)
        for name in servers:
            attempt(f"{name} becomes healthy", lambda: play.healthy(name))
        for name in sorted(ends):
            after = play.services[name].get("depends_on") or {}
            if all(other in servers for other in after):
                attempt(f"{name} runs twice", lambda: play.complete(name))
        gone = {entry.split(":")[0] for entry in left}
        for key, value in sorted(play.environment("app-main").items()):
            parts = urlsplit(value if "//" in value else f"//{value}")
            login = LOGINS.get(parts.scheme)
            if parts.hostname in gone:
                continue
            if key in SCENES:
                module, text = SCENES[key]
                if importlib.util.find_spec(module.split(".")[0]) is None:
                    left.append(f"{key}: the client `{module}` could not be had")
                    continue
                login = lambda play, name, _, text=text: scene(play, name, text)  # noqa: E731
            if login:
                for turn in ("once", "twice"):
                    attempt(f"{key} logs in {turn}", lambda: login(play, "app-main", value))
            if login and key in SETTINGS:
                attempt(f"{key} has its settings", lambda: holds_setting(play, "app-main", key, value))
        if "route-proxy" in servers:
            attempt("app.example is routed", lambda: route(play, "route-proxy", "app.example", "app-main"))
    finally:
        play.stop()
        shutil.rmtree(room, ignore_errors=True)
    for line in passed:
        print(f"ok: {line}")
    for line in left:
        print(f"left out: {line}")
    for line in failed:
        print(f"FAILED: {line}")
    print(f"test result: {'FAILED' if failed else 'ok'}. {len(passed)} passed; {len(failed)} failed; 0 ignored")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
