#!/usr/bin/env python3
"""Fetches provisioners over SSH from a real server on loopback.

`ssh.py PROGRAM` makes a bare Git repository, serves it with asyncssh to whoever holds the right key, and has PROGRAM fetch a
file, a folder and an older version of it. Then it asks for what is not there, and comes with a key that the server does not
know. Needs Git, the OpenSSH client and the package asyncssh; where they are missing, this is said and nothing is run.
"""
import asyncio
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

THING = '- uri: template://thing\n  type: thing\n  outputs: |\n    a: {}\n'


def git(folder, *words):
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    subprocess.run(["git", *names, *words], cwd=folder, check=True, env=quiet, capture_output=True)


def repository(root):
    """A bare repository `shop.git`: one provisioner, of which the tag `v1` holds an older version, and a second one."""
    work = root / "work"
    (work / "provisioners").mkdir(parents=True)
    git(work, "init", "--quiet")
    (work / "provisioners/one.yaml").write_text(THING.format("old"))
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "first")
    git(work, "tag", "v1")
    (work / "provisioners/one.yaml").write_text(THING.format("new"))
    (work / "provisioners/two.yaml").write_text(THING.format("other").replace("thing", "other"))
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "second")
    git(root, "clone", "--quiet", "--bare", "work", "shop.git")
    return root / "shop.git"


async def serve(asyncssh, key, known):
    """The server, which runs what a client asks of Git, with standard input and output led through."""

    class Door(asyncssh.SSHServer):
        def begin_auth(self, _):
            return True

        def public_key_auth_supported(self):
            return True

        def validate_public_key(self, _, offered):
            return offered == known

    async def answer(process):
        # asyncssh drops a queue that it has no more use for, and Python says so.
        warnings.filterwarnings("ignore", "coroutine 'Queue.join'", RuntimeWarning)
        child = await asyncio.create_subprocess_shell(
            process.command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
        process.exit(await child.wait())

    return await asyncssh.create_server(
        Door, "127.0.0.1", 0, server_host_keys=[key], process_factory=answer, encoding=None
    )


async def asked(program, folder, door, words):
    """One run of the program; its exit code and what it said."""
    variables = {**os.environ, "GIT_SSH_COMMAND": door, "GIT_TERMINAL_PROMPT": "0", "HOME": str(folder)}
    run = await asyncio.create_subprocess_exec(
        program, *words, cwd=folder, env=variables, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await run.communicate()
    return run.returncode, said.decode()


async def checks(asyncssh, program, root):
    bare = repository(root)
    host, friend, stranger = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(3))
    for name, key in (("friend", friend), ("stranger", stranger)):
        key.write_private_key(root / name)
        (root / name).chmod(0o600)
    server = await serve(asyncssh, host, friend.convert_to_public())
    port = server.sockets[0].getsockname()[1]
    (root / "hosts").write_text(f"[127.0.0.1]:{port} {host.export_public_key().decode()}")
    doors = {
        name: f"ssh -F none -i {root / name} -o IdentitiesOnly=yes -o UserKnownHostsFile={root / 'hosts'} -o BatchMode=yes"
        for name in ("friend", "stranger")
    }
    begin = f"git-ssh://git@127.0.0.1:{port}{bare}"
    # Who comes, what is asked for, whether it is there, and what the files or the complaint must hold.
    rows = [
        ("friend", "provisioners/one.yaml", True, ["a: new"]),
        ("friend", "provisioners/", True, ["a: new", "a: other"]),
        ("friend", "provisioners/one.yaml?ref=v1", True, ["a: old"]),
        ("friend", "nothing/here.yaml", False, ["nothing/here.yaml"]),
        ("stranger", "provisioners/one.yaml", False, ["Permission denied"]),
    ]
    failed = 0
    for number, (who, path, there, wanted) in enumerate(rows):
        folder = root / f"project{number}"
        folder.mkdir()
        status, said = await asked(program, folder, doors[who], ["provisioners", "add", f"{begin}/{path}"])
        files = "".join(file.read_text() for file in sorted(folder.glob("provisioners/*.yaml")))
        fine = (status == 0) is there and all(words in (files if there else said) for words in wanted)
        fine &= (folder / "sightread.lock").exists() is there
        print(f"git-ssh {who} {path}: {'ok' if fine else 'FAILED'}")
        if not fine:
            failed += 1
            print(said)
    server.close()
    await server.wait_closed()
    print(f"test result: {'FAILED' if failed else 'ok'}. {len(rows) - failed} passed; {failed} failed")
    return failed


def main():
    try:
        import asyncssh
    except ImportError:
        asyncssh = None
    missing = [name for name in ("git", "ssh") if not shutil.which(name)] + (["asyncssh"] if asyncssh is None else [])
    if missing:
        print(f"left out: Git over SSH needs {', '.join(missing)}")
        return 0
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as root:
        return 1 if asyncio.run(checks(asyncssh, program, pathlib.Path(root))) else 0


if __name__ == "__main__":
    sys.exit(main())
