#!/usr/bin/env python3
"""Asks a Kubernetes API server and kubeconform about manifests, right ones and broken ones, and keeps what they say.

  ask.py --etcd etcd --apiserver kube-apiserver --gateway CRDS [--kubeconform kubeconform --schemas LOCATION]

Starts an API server of its own, with the Gateway API's resource definitions from the folder CRDS. Each object of
`objects.yaml` is sent as it is and with one thing changed, at random but always the same, as a dry run with strict field
validation; `verdicts.tsv` gets a row for each: the number of the object, the change as a JSON patch, what the server said
(`ok`, or its refusal), and what kubeconform said. `tests/judge.rs` holds our own judge against the rows; nothing of this
is needed for that. Needs PyYAML and openssl.
"""
import argparse
import copy
import json
import os
import random
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
WANTED = 520


def free():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


PORT = free()
PLAIN = ssl._create_unverified_context()


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {'Authorization': 'Bearer token', 'Content-Type': 'application/json'}
    request = urllib.request.Request(f'https://127.0.0.1:{PORT}{path}', method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, context=PLAIN, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        try:
            return error.code, json.loads(text)
        except ValueError:
            return error.code, {'message': text}


def serve(etcd, apiserver, folder):
    """Starts both, and waits until the server answers."""
    with open(f'{folder}/tokens', 'w') as file:
        file.write('token,admin,admin,system:masters\n')
    subprocess.run(['openssl', 'genrsa', '-out', f'{folder}/key', '2048'], check=True, capture_output=True)
    peers, clients = f'http://127.0.0.1:{free()}', f'http://127.0.0.1:{free()}'
    log = open(f'{folder}/log', 'w')
    started = [
        subprocess.Popen([etcd, '--data-dir', f'{folder}/etcd', '--listen-client-urls', clients, '--advertise-client-urls', clients,
                          '--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers,
                          '--initial-cluster', f'default={peers}'], stdout=log, stderr=log),
        subprocess.Popen([apiserver, f'--etcd-servers={clients}', f'--secure-port={PORT}', '--bind-address=127.0.0.1',
                          f'--cert-dir={folder}/certs', f'--token-auth-file={folder}/tokens', '--authorization-mode=AlwaysAllow',
                          f'--service-account-key-file={folder}/key', f'--service-account-signing-key-file={folder}/key',
                          '--service-account-issuer=https://example.com', '--service-cluster-ip-range=10.0.0.0/16',
                          '--disable-admission-plugins=ServiceAccount', '--allow-privileged=true'], stdout=log, stderr=log),
    ]
    for _ in range(600):
        time.sleep(1)
        if any(process.poll() is not None for process in started):
            raise SystemExit(open(f'{folder}/log').read()[-2000:])
        try:
            if call('GET', '/api/v1/namespaces/default')[0] == 200:
                return started
        except OSError:
            pass
    raise SystemExit('the API server does not answer')


def define(folder):
    """The Gateway API, and waits until the server knows all of it."""
    names = []
    for name in sorted(os.listdir(folder)):
        for crd in yaml.safe_load_all(open(os.path.join(folder, name))):
            if crd and crd.get('kind') == 'CustomResourceDefinition':
                crd['metadata'].setdefault('annotations', {})['api-approved.kubernetes.io'] = 'https://example.com'
                status, said = call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd)
                assert status in (201, 409), said
                names.append(crd['metadata']['name'])
    for name in names:
        while not any(one['type'] == 'Established' and one['status'] == 'True' for one in
                      call('GET', f'/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}')[1]['status'].get('conditions', [])):
            time.sleep(0.5)
    time.sleep(5)


def kinds():
    """Where objects of each kind are sent."""
    found = {}
    groups = [('v1', '/api/v1')]
    groups += [(v['groupVersion'], '/apis/' + v['groupVersion']) for g in call('GET', '/apis')[1]['groups'] for v in g['versions']]
    for version, path in groups:
        for one in call('GET', path)[1].get('resources', []):
            if '/' not in one['name']:
                found[(version, one['kind'])] = path + ('/namespaces/default/' if one['namespaced'] else '/') + one['name']
    return found


def alive(started):
    if any(process.poll() is not None for process in started):
        raise SystemExit('the API server or its store has ended')


def server(paths, doc):
    path = paths.get((str(doc.get('apiVersion')), str(doc.get('kind'))))
    if path is None:
        return 'there is no such kind'
    status, said = call('POST', path + '?dryRun=All&fieldValidation=Strict', doc)
    text = ' '.join(str(said.get('message', '')).split())
    if status in (200, 201, 409) or 'already allocated' in text:
        return 'ok'
    return text[:160] or str(status)


def kubeconform(program, schemas, docs):
    """What it says of each: `ok`, `refused`, or `-` where it has no schema."""
    if not program:
        return ['-'] * len(docs)
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, doc in enumerate(docs):
            names.append(f'{folder}/{number}.json')
            with open(names[-1], 'w') as file:
                json.dump(doc, file)
        said = {}
        for at in range(0, len(names), 200):
            ran = subprocess.run([program, '-strict', '-output', 'json', '-verbose', '-ignore-missing-schemas',
                                  '-schema-location', schemas, *names[at:at + 200]], capture_output=True, text=True)
            for one in json.loads(ran.stdout)['resources']:
                said[one['filename']] = {'statusValid': 'ok', 'statusSkipped': '-'}.get(one['status'], 'refused')
        return [said.get(name, '-') for name in names]


def nodes(tree, path=()):
    yield path, tree
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield from nodes(value, path + (key,))


def pointer(path):
    return ''.join('/' + str(step).replace('~', '~0').replace('/', '~1') for step in path)


def change(doc, dice):
    """One thing changed, as a JSON patch; None where this kind of change does not fit."""
    below = [(path, value) for path, value in nodes(doc) if path]
    plain = [(path, value) for path, value in below if not isinstance(value, (dict, list))]
    keyed = [(path, value) for path, value in below if isinstance(path[-1], str)]

    def one(rows):
        return dice.choice(rows) if rows else (None, None)

    def named(*names):
        return [(path, value) for path, value in plain if path[-1] in names]

    def put(path, value):
        return None if path is None else [{'op': 'replace', 'path': pointer(path), 'value': value}]

    def rename(path, value, name):
        return [{'op': 'remove', 'path': pointer(path)}, {'op': 'add', 'path': pointer(path[:-1] + (name,)), 'value': value}]

    how = dice.choice('drop type unknown typo name word number twice selector empty null rubbish label wrap case amount good'.split())
    if how == 'drop':
        path, _ = one(keyed)
        return [{'op': 'remove', 'path': pointer(path)}]
    if how == 'type':
        return put(one(below)[0], dice.choice([[1], {'a': 'b'}, 'text', 7, True, -1.5]))
    if how == 'unknown':
        path, _ = dice.choice([row for row in below if isinstance(row[1], dict)] + [((), doc)])
        return [{'op': 'add', 'path': pointer(path + (dice.choice(['foo', 'Name', 'images', 'extra_field']),)), 'value': dice.choice(['x', 1, {}])}]
    if how == 'typo':
        path, value = one(keyed)
        at = dice.randrange(len(path[-1]))
        return rename(path, value, path[-1][:at] + path[-1][at] + path[-1][at:])
    if how == 'case':
        path, value = one(keyed)
        other = path[-1][0].swapcase() + path[-1][1:]
        return None if other == path[-1] else rename(path, value, other)
    if how == 'name':
        rows = named('name', 'serviceName', 'claimName', 'secretName', 'key', 'host', 'hostname', 'topologyKey', 'path', 'mountPath')
        return put(one(rows)[0], dice.choice(['Bad_Name', '-x', 'a' * 64, 'a' * 300, 'x y', 'ü', 'UPPER', 'a..b', '']))
    if how == 'word':
        rows = named('type', 'protocol', 'pathType', 'operator', 'effect', 'restartPolicy', 'imagePullPolicy', 'dnsPolicy', 'method',
                     'concurrencyPolicy', 'mode', 'whenUnsatisfiable', 'podManagementPolicy', 'volumeMode', 'schedule', 'sessionAffinity')
        return put(one(rows)[0], dice.choice(['Nope', 'always', '']))
    if how == 'number':
        rows = [(path, value) for path, value in plain if isinstance(value, int) and not isinstance(value, bool)]
        return put(one(rows)[0], dice.choice([-1, 0, 65536, 70000, 10**12, -100]))
    if how == 'twice':
        path, value = one([(path, value) for path, value in below if isinstance(value, list) and value and isinstance(value[0], dict)])
        return path and [{'op': 'add', 'path': pointer(path + ('-',)), 'value': value[0]}]
    if how == 'selector':
        rows = [(path, value) for path, value in plain if 'matchLabels' in path or ('template' in path and 'labels' in path)]
        return put(one(rows)[0], 'other')
    if how == 'empty':
        path, value = one(below)
        return put(path, {} if isinstance(value, dict) else [] if isinstance(value, list) else '')
    if how == 'null':
        return put(one(below)[0], None)
    if how == 'rubbish':
        rows = [(path, value) for path, value in plain if isinstance(value, str)]
        return put(one(rows)[0], dice.choice(['!!', 'a b c', '/../x', '10.0.0.300', '1x', '*', '%', 'é', 'x' * 70]))
    if how == 'label':
        labels = dict(doc['metadata'].get('labels') or {})
        labels[dice.choice(['bad key', '-a', 'a/b/c', 'ok', 'x' * 64])] = dice.choice(['has space', '-x', 'x' * 64, 'a/b', 5, 'fine'])
        return [{'op': 'add', 'path': '/metadata/labels', 'value': labels}]
    if how == 'wrap':
        path, value = one(below)
        return put(path, [value])
    if how == 'amount':
        rows = [(path, value) for path, value in plain if len(path) > 1 and path[-2] in ('limits', 'requests', 'capacity', 'hard', 'max', 'min')]
        return put(one(rows)[0], dice.choice(['1GB', '-1', 'lots', '', '1 Gi', '1e', '0x1', '500mi', '2', '1.5Gi']))
    # What people change and may: labels, annotations, names, words, small numbers.
    kind = dice.randrange(4)
    if kind == 0:
        return [{'op': 'add', 'path': '/metadata/annotations', 'value': {'example.com/note': dice.choice(['', 'a b', 'é', '5'])}}]
    if kind == 1:
        return [{'op': 'add', 'path': '/metadata/labels', 'value': {'app.kubernetes.io/part-of': dice.choice(['shop', 'a.b', ''])}}]
    if kind == 2:
        return [{'op': 'replace', 'path': '/metadata/name', 'value': dice.choice(['a', 'web-2', 'x' * 50])}]
    rows = named('replicas', 'minReadySeconds', 'revisionHistoryLimit', 'periodSeconds', 'backoffLimit', 'weight')
    return put(one(rows)[0], dice.choice([1, 2, 3]))


def patched(doc, patch):
    doc = copy.deepcopy(doc)
    for step in patch:
        at, steps = doc, [one.replace('~1', '/').replace('~0', '~') for one in step['path'].split('/')[1:]]
        for one in steps[:-1]:
            at = at[int(one)] if isinstance(at, list) else at[one]
        last = steps[-1]
        if isinstance(at, list):
            at.append(step['value']) if last == '-' else at.__setitem__(int(last), step['value'])
        elif step['op'] == 'remove':
            del at[last]
        else:
            at[last] = step['value']
    return doc


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('etcd', 'apiserver', 'gateway'):
        asked.add_argument('--' + name, required=True)
    asked.add_argument('--kubeconform')
    asked.add_argument('--schemas', default='default')
    asked = asked.parse_args()
    docs = [doc for doc in yaml.safe_load_all(open(f'{HERE}/objects.yaml', encoding='utf8')) if doc]
    with tempfile.TemporaryDirectory() as folder:
        started = serve(asked.etcd, asked.apiserver, folder)
        try:
            define(asked.gateway)
            paths = kinds()
            rows, judged, count = [], [], {True: 0, False: 0}
            for number, doc in enumerate(docs):
                alive(started)
                said = server(paths, doc)
                if said != 'ok':
                    raise SystemExit(f'object {number} is not right: {said}')
                rows.append((number, [], said))
                judged.append(doc)
                count[said == 'ok'] += 1
            dice, seen = random.Random(20261121), set()
            while min(count.values()) < WANTED:
                number = dice.randrange(len(docs))
                patch = change(docs[number], dice)
                if not patch or (number, str(patch)) in seen:
                    continue
                seen.add((number, str(patch)))
                alive(started)
                doc = patched(docs[number], patch)
                said = server(paths, doc)
                # A dry run allocates no port, so that it takes any; and a few kinds make a name up, which nothing can apply.
                named = (doc.get('metadata') or {}).get('name')
                if said == 'ok' and ('nodePort' in str(patch) or not named):
                    continue
                if count[said == 'ok'] >= WANTED:
                    continue
                if sum(count.values()) % 100 == 0:
                    print(f'{count[True]} right, {count[False]} broken so far')
                rows.append((number, patch, said))
                judged.append(doc)
                count[said == 'ok'] += 1
        finally:
            for process in started:
                process.kill()
                process.wait()
    other = kubeconform(asked.kubeconform, asked.schemas, judged)
    with open(f'{HERE}/verdicts.tsv', 'w', encoding='utf8') as file:
        file.write('# object\tchange\tAPI server 1.36\tkubeconform; written by ask.py\n')
        for (number, patch, said), strict in zip(rows, other):
            file.write(f'{number}\t{json.dumps(patch, ensure_ascii=False)}\t{said}\t{strict}\n')
    print(f'{count[True]} right, {count[False]} broken')


if __name__ == '__main__':
    main()
