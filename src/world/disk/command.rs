//! Programs that are run: their input is fed, what they print is gathered or shown, and none runs or prints without end.

use std::io::{self, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::TICK;
use crate::world::{Command, Ran};

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started or prints too much.
pub(super) fn run(command: &Command) -> io::Result<Ran> {
    let mut starting = std::process::Command::new(&command.program);
    starting.args(&command.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(variables) = &command.env {
        starting.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
    }
    let mut child = starting.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        let bytes = command.stdin.clone();
        // A command that does not read its input closes the pipe, which is its right.
        thread::spawn(move || input.write_all(&bytes).unwrap_or_default());
    }
    let stdout = collect(child.stdout.take(), command.max_output);
    let stderr =
        child.stderr.take().map(|pipe| Shown { pipe, label: command.label.clone(), line: Vec::new() });
    let stderr = collect(stderr, command.max_output);
    let end = command.timeout.map(|timeout| Instant::now() + timeout);
    let (status, timed_out) = wait(&mut child, end)?;
    let too_much = |bytes: &Vec<u8>| bytes.len() > command.max_output;
    let ran = Ran {
        status,
        stdout: gathered(&stdout),
        stderr: gathered(&stderr),
        timed_out,
        shown: command.label.is_some(),
    };
    if too_much(&ran.stdout) || too_much(&ran.stderr) {
        return Err(io::Error::other(format!("it printed more than {}", size(command.max_output))));
    }
    Ok(ran)
}

/// A limit as a person would say it.
fn size(bytes: usize) -> String {
    if bytes.is_multiple_of(1 << 20) { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

/// Waits for the end, which comes by itself or at `end`.
fn wait(child: &mut Child, end: Option<Instant>) -> io::Result<(Option<i32>, bool)> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status.code(), false));
        }
        if end.is_some_and(|end| Instant::now() >= end) {
            child.kill()?;
            child.wait()?;
            return Ok((None, true));
        }
        thread::sleep(TICK);
    }
}

/// Reads a pipe on a thread of its own, so that a full pipe never stops the command.
fn collect(pipe: Option<impl Read + Send + 'static>, limit: usize) -> Receiver<Vec<u8>> {
    let (give, take) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before a broken pipe is all there is.
            pipe.take(limit as u64 + 1).read_to_end(&mut bytes).unwrap_or_default();
        }
        give.send(bytes).unwrap_or_default();
    });
    take
}

/// A pipe whose lines are shown on standard error as they are read, where there is a label to head them with.
struct Shown<P> {
    pipe: P,
    label: Option<String>,
    line: Vec<u8>,
}

impl<P> Shown<P> {
    fn show(&mut self) {
        if let Some(label) = self.label.as_ref().filter(|_| !self.line.is_empty()) {
            let line = String::from_utf8_lossy(&self.line);
            // Nobody may be there to read it any more; the command goes on.
            writeln!(io::stderr(), "{label}: {}", line.trim_end()).unwrap_or_default();
        }
        self.line.clear();
    }
}

impl<P: Read> Read for Shown<P> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.pipe.read(into)?;
        for byte in into.iter().take(count) {
            self.line.push(*byte);
            if *byte == b'\n' {
                self.show();
            }
        }
        if count == 0 {
            self.show();
        }
        Ok(count)
    }
}

/// What a pipe gave. A grandchild may keep it open for ever, so this does not wait for ever.
fn gathered(pipe: &Receiver<Vec<u8>>) -> Vec<u8> {
    pipe.recv_timeout(Duration::from_secs(5)).unwrap_or_default()
}
