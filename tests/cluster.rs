//! A cluster of real processes: the same model as on one machine, also when machines are lost and come.

#![cfg(feature = "cluster")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/customers.rs"]
#[allow(dead_code)]
mod customers;
#[path = "common/tables.rs"]
mod tables;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use customers::customers;
use segmenta::model::{Journal, Model, Progress, Stage, TrainOptions, train_out_of_core};
use tables::{close, numbers, parquet_of, same};
use tempfile::TempDir;

/// Long enough for a start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process that is killed when it goes out of scope.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn segmenta() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_segmenta"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A port that nobody has.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

struct Cluster {
    folder: TempDir,
    port: u16,
    scheduler: Option<Process>,
    executors: Vec<Process>,
}

impl Cluster {
    fn start(n_executors: usize) -> Self {
        let folder = TempDir::new().unwrap();
        let mut cluster = Self { folder, port: port(), scheduler: None, executors: Vec::new() };
        let address = format!("127.0.0.1:{}", cluster.port);
        let child = segmenta()
            .args(["cluster", "scheduler", "--addr", &address])
            .stderr(Stdio::null())
            .spawn();
        cluster.scheduler = Some(Process(child.unwrap()));
        for _ in 0..n_executors {
            cluster.join();
        }
        cluster.wait(if n_executors == 0 { "503" } else { "200" });
        cluster
    }

    fn join(&mut self) {
        let (results, tasks) = (port(), port());
        let work_dir = self.folder.path().join(results.to_string());
        std::fs::create_dir(&work_dir).unwrap();
        let child = segmenta()
            .args(["cluster", "executor", "--tasks", "2"])
            .args(["--scheduler", &format!("127.0.0.1:{}", self.port)])
            .args(["--addr", &format!("127.0.0.1:{results}"), "--task-port", &tasks.to_string()])
            .arg("--work-dir")
            .arg(work_dir)
            .stderr(Stdio::null())
            .spawn();
        self.executors.push(Process(child.unwrap()));
    }

    /// What the scheduler says of its readiness.
    fn readiness(&self) -> String {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().unwrap_or_default()
    }

    fn wait(&self, status: &str) {
        let start = Instant::now();
        while self.readiness().split(' ').nth(1) != Some(status) {
            assert!(start.elapsed() < PATIENCE, "the cluster is not there: {}", self.readiness());
            sleep(Duration::from_millis(50));
        }
    }

    fn wait_for_two(&self) {
        let start = Instant::now();
        while !self.readiness().contains("2 executors") {
            assert!(start.elapsed() < PATIENCE, "{}", self.readiness());
            sleep(Duration::from_millis(20));
        }
    }

    fn engine(&self) -> String {
        format!("df://127.0.0.1:{}?partitions=8", self.port)
    }

    /// `train` on the cluster.
    fn train(&self, files: &Path, out: &Path) -> Command {
        let mut command = segmenta();
        command.arg("train").arg(files).args(["--engine", &self.engine(), "--n-clusters", "4"]);
        command.args(["--features", "visits,spent"]).arg("--out").arg(out);
        command.current_dir(self.folder.path());
        command
    }
}

fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn model(path: &Path) -> Model {
    Model::open(path).unwrap()
}

/// A folder of several files, and how they are learned from on one machine.
fn files(folder: &Path, n_rows: u32) -> PathBuf {
    let path = folder.join("shop");
    std::fs::create_dir(&path).unwrap();
    let quarter = n_rows / 4;
    for part in 0..4 {
        let text = customers(part * quarter..(part + 1) * quarter);
        parquet_of(&text, &path.join(format!("{part}.parquet")), 20_000);
    }
    path
}

/// A model that was learned on one machine.
fn model_of(shop: &Path, folder: &Path) -> PathBuf {
    let alone = folder.join("alone.json");
    let mut command = segmenta();
    command.arg("train").arg(shop).args(["--n-clusters", "4", "--features", "visits,spent"]);
    done(command.current_dir(folder).arg("--out").arg(&alone));
    alone
}

#[test]
fn a_cluster_learns_what_one_machine_learns() {
    let cluster = Cluster::start(2);
    let folder = cluster.folder.path();
    let shop = files(folder, 40_000);
    let out = folder.join("cluster.json");
    done(&mut cluster.train(&shop, &out));

    let alone = model_of(&shop, folder);
    same(&model(&out), &model(&alone));

    let elbow = |how: [&str; 2]| -> serde_json::Value {
        let mut elbow = segmenta();
        elbow.arg("elbow").arg(&shop).args(how).args(["--features", "visits,spent", "--json"]);
        serde_json::from_slice(&done(&mut elbow).stdout).unwrap()
    };
    let found = elbow(["--engine", &cluster.engine()]);
    let known = elbow(["--memory-limit", "1KiB"]);
    assert_eq!(found["rows"], 40_000);
    let wcss = |found: &serde_json::Value| -> Vec<f64> {
        let by_k = found["elbow"]["by_k"].as_array().unwrap();
        by_k.iter().map(|point| point["wcss"].as_f64().unwrap()).collect()
    };
    assert_eq!(wcss(&found).len(), 10);
    wcss(&found).iter().zip(wcss(&known)).for_each(|(&one, other)| close(one, other, 1e-9));

    // Scored customers have the same labels, whoever scored them and in whatever order.
    let scored = |name: &str, engine: &[&str]| {
        let path = folder.join(name);
        let mut command = segmenta();
        command.arg("predict").arg(&shop).arg("--model").arg(&alone).args(engine);
        done(command.arg("--out").arg(&path));
        let columns = numbers(&path);
        let mut rows: Vec<(u64, u64, u64)> = (0..columns["id"].len())
            .map(|row| {
                ["id", "cluster_id", "distance"].map(|name| columns[name][row].to_bits()).into()
            })
            .collect();
        rows.sort_unstable();
        rows
    };
    let (here, there) =
        (scored("here.parquet", &[]), scored("there.parquet", &["--engine", &cluster.engine()]));
    assert_eq!(here.len(), 40_000);
    assert!(here == there);
}

#[test]
fn what_is_wrong_with_data_comes_back_from_the_machine_that_read_it() {
    let cluster = Cluster::start(1);
    let folder = cluster.folder.path();
    let path = folder.join("shop.csv");
    let mut text = customers(0..100);
    text.push_str("100,many,5,Rome\n");
    std::fs::write(&path, text).unwrap();
    let output = cluster.train(&path, &folder.join("model.json")).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("shop.csv") && told.contains("\"visits\"") && told.contains("many"),
        "{told}"
    );
    assert!(!folder.join("model.json").exists());

    let mut command = cluster.train(&path, &folder.join("model.json"));
    let output = command.args(["--decimal", "comma"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && told.contains("leave these out"), "{told}");
}

#[test]
fn a_lost_executor_costs_seconds_and_a_new_one_takes_its_place() {
    let mut cluster = Cluster::start(2);
    let folder = cluster.folder.path().to_owned();
    let shop = files(&folder, 400_000);
    let undisturbed = folder.join("undisturbed.json");
    let start = Instant::now();
    done(&mut cluster.train(&shop, &undisturbed));
    let usual = start.elapsed();

    let out = folder.join("disturbed.json");
    let start = Instant::now();
    let training = cluster.train(&shop, &out).spawn().unwrap();
    sleep(usual.mul_f64(0.4));
    drop(cluster.executors.remove(0));
    let output = training.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let later = start.elapsed().saturating_sub(usual);
    // Half the machines do the rest, which may take as long again.
    assert!(later < Duration::from_secs(15) + usual, "{later:?} later than {usual:?}");
    same(&model(&out), &model(&undisturbed));

    // The last one goes while one that joined in the meantime has its work.
    let out = folder.join("joined.json");
    let training = cluster.train(&shop, &out).spawn().unwrap();
    cluster.join();
    cluster.wait_for_two();
    drop(cluster.executors.remove(0));
    let output = training.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    same(&model(&out), &model(&undisturbed));
}

/// The most rows of a pass that were told of.
#[derive(Default)]
struct Told {
    of_pass: AtomicU64,
    most: AtomicU64,
}

impl Progress for Told {
    fn begin(&self, _: usize, _: Stage, _: Option<u64>) {
        self.of_pass.store(0, Ordering::Relaxed);
    }

    fn read(&self, rows: u64) {
        let read = self.of_pass.fetch_add(rows, Ordering::Relaxed) + rows;
        self.most.fetch_max(read, Ordering::Relaxed);
    }

    fn found(&self, _: usize, _: usize) {}
}

#[test]
#[cfg(unix)]
fn how_far_executors_are_is_told_while_a_pass_goes_on() {
    let cluster = Cluster::start(2);
    cluster.wait_for_two();
    let shop = files(cluster.folder.path(), 40_000);
    // One of them stands still, so that the pass waits until it is given up.
    let Process(executor) = &cluster.executors[0];
    let stopped = Command::new("kill").args(["-STOP", &executor.id().to_string()]).status();
    assert!(stopped.unwrap().success());
    let session = segmenta::cluster::connect(&cluster.engine()).unwrap();
    let table = session.table(&[shop]).unwrap();
    let features = vec!["visits".to_owned(), "spent".to_owned()];
    let options = TrainOptions { features, ..TrainOptions::new().unwrap() };
    let told = Told::default();
    let found = train_out_of_core(&table, &options, 0, Journal::default(), &told).unwrap();
    assert_eq!(found.model.data.rows, 40_000);
    let most = told.most.into_inner();
    assert!(0 < most && most <= 40_000, "{most} rows were told of");
}

#[test]
fn without_machines_there_is_an_error_and_resume_goes_on() {
    let mut cluster = Cluster::start(0);
    let folder = cluster.folder.path().to_owned();
    let shop = files(&folder, 40_000);
    let (out, passes) = (folder.join("model.json"), folder.join("passes"));
    let train = |cluster: &Cluster| {
        let mut command = cluster.train(&shop, &out);
        command.arg("--resume").arg(&passes);
        command
    };
    let start = Instant::now();
    let output = train(&cluster).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("no executor") && start.elapsed().as_secs() < 40, "{told}");
    assert!(!out.exists());

    let scored = folder.join("scored.parquet");
    let mut command = segmenta();
    command.arg("predict").arg(&shop).args(["--engine", &cluster.engine(), "--out"]).arg(&scored);
    command.arg("--model").arg(model_of(&shop, &folder));
    let start = Instant::now();
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_ne!(output.status.code(), Some(0), "{told}");
    assert!(start.elapsed().as_secs() < 40 && !scored.exists(), "{told}");

    // The scheduler is lost as soon as a pass is written down.
    cluster.join();
    cluster.wait("200");
    let training = train(&cluster).spawn().unwrap();
    let start = Instant::now();
    let lines = || std::fs::read_to_string(&passes).map_or(0, |text| text.lines().count());
    while lines() < 2 {
        assert!(start.elapsed() < PATIENCE, "no pass is written down");
        sleep(Duration::from_millis(5));
    }
    drop(cluster.scheduler.take());
    let start = Instant::now();
    let output = training.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("does not answer") && start.elapsed().as_secs() < 40, "{told}");
    assert!(!out.exists() && passes.exists());

    let again = Cluster::start(1);
    done(&mut train(&again));
    assert!(out.exists() && !passes.exists());
}

#[test]
fn other_machines_are_let_in_only_when_asked_for() {
    for role in ["scheduler", "executor"] {
        let output = segmenta().args(["cluster", role, "--addr", "0.0.0.0:0"]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains("--insecure"), "{told}");
    }
    let output =
        segmenta().args(["train", "x.parquet", "--engine", "df://127.0.0.1:9"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("does not answer"), "{told}");
}
