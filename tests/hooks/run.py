#!/usr/bin/env python3
"""The commit hooks and the GitHub Action, run as people run them.

  run.py path/to/sightread

Needs `pre-commit` (and `shellcheck`, where there is one) beside the interpreter or on the path; what cannot be had is
named and left out. Prints `test result:` lines that .ci/run counts.
"""
import os, shutil, subprocess, sys, tempfile, time, unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BIN = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, 'target/release/sightread')

SCORE = '''apiVersion: score.dev/v1b1
metadata:
  name: web
service:
  ports:
    web:
      port: 80
containers:
  main:
    image: nginx:1.29-alpine
    variables:
      DATABASE: ${resources.db.url}
    livenessProbe:
      httpGet:
        path: /
        port: 80
resources:
  db:
    type: postgres
  dns:
    type: dns
  route:
    type: route
    params:
      host: ${resources.dns.host}
      path: /
      port: 80
'''

HOOKS = '''repos:
  - repo: local
    hooks:
'''


def read(path):
    with open(path, encoding='utf8') as file:
        return file.read()


def tool(name):
    beside = os.path.join(os.path.dirname(sys.executable), name)
    return beside if os.path.exists(beside) else shutil.which(name)


def hooks():
    """Our hooks with the binary under test in place of a build."""
    text = read(os.path.join(ROOT, '.pre-commit-hooks.yaml')).replace('language: rust', 'language: system')
    text = text.replace('entry: sightread ', f'entry: {BIN} ')
    lines = [line for line in text.splitlines() if not line.startswith('#')]
    return HOOKS + ''.join(f'      {line}\n' for line in lines)


def alone():
    """Runs a command without a network, where the machine allows it."""
    for words in (['unshare', '-n'], ['unshare', '-rn']):
        if shutil.which('unshare') and subprocess.run(words + ['true'], capture_output=True).returncode == 0:
            return words
    print('no network namespace can be had here: the hooks run with a network')
    return []


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hooks-')
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.env = {'PATH': f'{os.path.dirname(BIN)}:{os.environ["PATH"]}', 'HOME': self.folder,
                    'GIT_CONFIG_GLOBAL': '/dev/null', 'PRE_COMMIT_HOME': os.path.join(self.folder, '.cache')}

    def write(self, path, text):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)

    def call(self, *words, **more):
        env = {**self.env, **more.pop('env', {})}
        return subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, timeout=300, **more)

    def fine(self, *words, **more):
        ran = self.call(*words, **more)
        self.assertEqual(ran.returncode, 0, f'{words}\n{ran.stdout}{ran.stderr}')
        return ran


@unittest.skipUnless(tool('pre-commit'), 'pre-commit could not be had')
class Hooks(Folder):
    def repository(self, files, extra=''):
        self.write('.pre-commit-config.yaml', hooks() + extra)
        for path, text in files.items():
            self.write(path, text)
        self.fine('git', 'init', '-q')
        self.fine('git', 'add', '-A')

    def hook(self, name):
        return self.call(*alone(), tool('pre-commit'), 'run', name, '--all-files', '--verbose')

    def test_200_files_in_time_and_without_a_network(self):
        files = {f'services/s{n}/score.yaml': SCORE for n in range(199)}
        self.repository({**files, 'web.score.yaml': SCORE, 'other.yaml': 'not: score\n'})
        ran = self.hook('sightread-check')
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertIn('200 files are right', ran.stdout)
        names = sorted(name for name in [*files, 'web.score.yaml'])
        best = 9.9
        for _ in range(5):
            start = time.perf_counter()
            self.fine(*alone(), BIN, 'check', '--each', *names)
            best = min(best, time.perf_counter() - start)
        print(f'200 files: {best * 1000:.0f} ms of our own time')
        self.assertEqual(self.fine('git', 'status', '--porcelain', '--untracked-files=all', '--ignored').stdout.count('.sightread'), 0)

    def test_a_wrong_file_stops_the_commit(self):
        self.repository({'a/score.yaml': SCORE, 'b/score.yaml': SCORE.replace('${resources.db.url}', '8080')})
        ran = self.hook('sightread-check')
        self.assertEqual(ran.returncode, 1, ran.stdout)
        self.assertIn('b/score.yaml:12:17', ran.stdout)
        self.assertIn('1 of 2 files is wrong: 1 error', ran.stdout)

    def test_drift_is_found(self):
        plain = SCORE.replace('      DATABASE: ${resources.db.url}', '      MODE: fast').replace('  db:\n    type: postgres\n', '')
        self.repository({'score.yaml': plain})
        text = read(os.path.join(self.folder, '.pre-commit-config.yaml'))
        place = text.index('pass_filenames: false')
        self.write('.pre-commit-config.yaml', text[:place] + 'args: [-t, kubernetes]\n        ' + text[place:])
        self.fine(BIN, 'generate', '-t', 'kubernetes')
        self.fine('git', 'add', '-A')
        self.assertEqual(self.hook('sightread-drift').returncode, 0)
        self.write('score.yaml', plain.replace('MODE: fast', 'MODE: slow'))
        ran = self.hook('sightread-drift')
        self.assertEqual(ran.returncode, 1, ran.stdout)
        self.assertIn('slow', ran.stdout)


class Action(Folder):
    def script(self, name, **env):
        for file in ('path', 'output', 'summary'):
            self.write(file, '')
        at = {f'GITHUB_{key}': os.path.join(self.folder, file)
              for key, file in (('PATH', 'path'), ('OUTPUT', 'output'), ('STEP_SUMMARY', 'summary'))}
        return self.call(os.path.join(ROOT, '.ci/action', name), env={**at, **env})

    def read(self, path):
        return read(os.path.join(self.folder, path))

    def test_what_is_on_the_path_is_used(self):
        ran = self.script('install')
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(self.read('path'), '')

    def test_a_version_is_installed_else_the_checkout_is_built(self):
        self.write('bin/cargo', '#!/bin/sh\necho "$@" >>"$HOME/cargo.log"\n[ "$1" != binstall ]\n')
        os.chmod(os.path.join(self.folder, 'bin/cargo'), 0o755)
        path = f'{self.folder}/bin:/usr/bin:/bin'
        for version, first in (('v1.2.3', 'binstall --no-confirm'), ('', 'install --locked --root')):
            self.write('cargo.log', '')
            ran = self.script('install', PATH=path, RUNNER_TEMP=self.folder, SIGHTREAD_VERSION=version)
            self.assertEqual(ran.returncode, 0, ran.stderr)
            self.assertTrue(self.read('cargo.log').startswith(first), self.read('cargo.log'))
            self.assertEqual(self.read('path'), f'{self.folder}/sightread/bin\n')
            self.assertEqual('1.2.3' in self.read('cargo.log'), bool(version))

    def test_annotations_a_summary_and_a_log(self):
        self.write('a b/score.yaml', SCORE.replace('${resources.db.url}', '8080'))
        self.write('score.yaml', SCORE)
        ran = self.script('check', SIGHTREAD_SARIF='out.sarif')
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn('::error title=sightread%3A wrong-type,file=a b/score.yaml,line=12', ran.stdout)
        self.assertIn('1 of 2 files is wrong', self.read('summary'))
        self.assertIn('"ruleId": "wrong-type"', self.read('out.sarif'))
        self.assertEqual(self.read('output'), 'sarif=out.sarif\n')
        self.assertEqual(self.script('check', SIGHTREAD_FILES='score.yaml\n').returncode, 0)
        self.assertEqual(self.script('check', SIGHTREAD_FILES='a b/score.yaml\nscore.yaml').returncode, 1)

    def test_drift(self):
        self.write('score.yaml', SCORE.replace('${resources.db.url}', 'none').replace('  db:\n    type: postgres\n', ''))
        self.fine(BIN, 'generate', '-t', 'kubernetes')
        self.assertEqual(self.script('drift', SIGHTREAD_DRIFT='-t\nkubernetes').returncode, 0)
        self.write('manifests.yaml', '')
        self.assertEqual(self.script('drift', SIGHTREAD_DRIFT='-t\nkubernetes').returncode, 1)

    @unittest.skipUnless(tool('shellcheck'), 'shellcheck could not be had')
    def test_shell(self):
        scripts = [os.path.join(ROOT, '.ci/action', name) for name in sorted(os.listdir(os.path.join(ROOT, '.ci/action')))]
        self.fine(tool('shellcheck'), *scripts, os.path.join(ROOT, '.ci/run'))


if __name__ == '__main__':
    ran = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2).result
    failed = len(ran.failures) + len(ran.errors)
    for test, why in ran.skipped:
        print(f'left out: {test}: {why}')
    print(f'test result: {"ok" if not failed else "FAILED"}. {ran.testsRun - failed - len(ran.skipped)} passed; {failed} failed; {len(ran.skipped)} ignored')
    sys.exit(1 if failed else 0)
