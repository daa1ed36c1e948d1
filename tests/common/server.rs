//! The server as a process of its own.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Long enough for a start on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

pub fn segmenta(data_dir: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
    command.args(["serve", "--addr", "127.0.0.1:0", "--data-dir"]).arg(data_dir).args(options);
    command.args(["--allowed-host", "t"]);
    piped(command)
}

/// With nothing of the environment, and pipes to read what it says.
pub fn piped(mut command: Command) -> Command {
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The same command as the arguments of another one, which gets to it in the end.
pub fn behind(wrapper: &[&str], command: &Command) -> Command {
    let mut whole = Command::new(wrapper[0]);
    whole.args(&wrapper[1..]).arg(command.get_program()).args(command.get_args());
    piped(whole)
}

/// A running server, killed when it goes out of scope.
pub struct Server {
    pub child: Child,
    pub address: String,
    /// The messages that it logged until it was reachable.
    pub start: Vec<String>,
    pub log: mpsc::Receiver<Value>,
}

impl Server {
    pub fn start(data_dir: &Path, options: &[&str]) -> Self {
        Self::from(segmenta(data_dir, options))
    }

    /// A server that this command becomes.
    pub fn from(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, log) = mpsc::channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let entry = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(entry).is_err() {
                    break;
                }
            }
        });
        // Made before it is reachable, so that it is killed when it never is.
        let mut server = Self { child, address: String::new(), start: Vec::new(), log };
        while server.address.is_empty() {
            let entry = server.log.recv_timeout(PATIENCE).expect("the server says its address");
            let message = entry["message"].as_str().unwrap_or_default().to_owned();
            if let Some((_, address)) = message.split_once("Segmenta is at http")
                && let Some((_, address)) = address.split_once("://")
            {
                address.clone_into(&mut server.address);
            }
            server.start.push(message);
        }
        server
    }

    pub fn connect(&self) -> TcpStream {
        connect(&self.address).unwrap()
    }

    /// Sends bytes and reads until the server closes the connection.
    pub fn exchange(&self, request: &str) -> String {
        exchange(&self.address, request.as_bytes()).unwrap()
    }

    pub fn get(&self, path: &str) -> String {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n"))
    }

    pub fn predict(&self) -> String {
        let body = r#"{"annual_income": 50, "spending_score": 50}"#;
        self.exchange(&request_with(body.len(), body))
    }

    pub fn signal(&self, name: &str) {
        let sent =
            Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// The exit code, if the server ends in time.
    pub fn wait(&mut self) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not stop");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A prediction that announces `length` bytes and brings `body`.
pub fn request_with(length: usize, body: &str) -> String {
    format!(
        "POST /predict HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Sends bytes to a server that may be gone, and reads until it closes the connection.
pub fn exchange(address: &str, request: &[u8]) -> io::Result<String> {
    let mut stream = connect(address)?;
    stream.write_all(request)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// What a server answers that may be gone.
pub fn ask(address: &str, method: &str, path: &str, kind: &str, body: &str) -> io::Result<String> {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    let answer = exchange(address, request.as_bytes())?;
    if answer.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(answer) }
}

/// The body of an answer.
pub fn json_of(answer: &str) -> Value {
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).unwrap_or(Value::Null)
}
