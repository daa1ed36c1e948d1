//! How far executors are with a pass, as the scheduler tells: the rows of those of its parts that are done.

use serde::Deserialize;

use super::readiness::Scheduler;

/// A piece of work that the scheduler knows of.
#[derive(Deserialize)]
struct Job {
    #[serde(rename = "job_id")]
    id: String,
    #[serde(rename = "job_name")]
    name: String,
    status: String,
}

/// The stages that a job is made in: each needs all of the one before.
#[derive(Deserialize)]
struct Stages {
    stages: Vec<Stage>,
}

#[derive(Deserialize)]
struct Stage {
    input_rows: u64,
}

impl Scheduler {
    /// The rows that were read so far of the work that goes on for this process, if the scheduler tells.
    pub(super) async fn rows_read(&self) -> Option<u64> {
        let jobs: Vec<Job> = self.told("/api/jobs").await?;
        let is_ours = |job: &&Job| job.name == self.job_name() && job.status == "Running";
        let job = jobs.iter().find(is_ours)?;
        let Stages { stages } = self.told(&format!("/api/job/{}/stages", job.id)).await?;
        // What later stages read is what came of the rows.
        stages.iter().map(|stage| stage.input_rows).max()
    }

    async fn told<T: for<'a> Deserialize<'a>>(&self, path: &str) -> Option<T> {
        let answer = self.ask(path).await.ok().filter(|answer| answer.is_good)?;
        serde_json::from_str(&answer.body).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A scheduler that answers so many questions, each by its path.
    fn scheduler(n_questions: usize, answer: fn(&str) -> &'static str) -> Scheduler {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for _ in 0..n_questions {
                let (mut stream, _) = listener.accept().unwrap();
                let mut question = [0; 1024];
                let n = stream.read(&mut question).unwrap();
                let question = String::from_utf8_lossy(&question[..n]).into_owned();
                let body = answer(question.split(' ').nth(1).unwrap());
                let status = if body.is_empty() { "404 Not Found" } else { "200 OK" };
                write!(stream, "HTTP/1.0 {status}\r\ncontent-type: x\r\n\r\n{body}").unwrap();
            }
        });
        Scheduler::new("127.0.0.1".to_owned(), port, "segmenta-7".to_owned())
    }

    #[tokio::test]
    async fn rows_are_those_of_the_work_that_goes_on_here() {
        let scheduler = scheduler(2, |path| match path {
            "/api/jobs" => {
                r#"[{"job_id":"a","job_name":"segmenta-7","status":"Completed","num_stages":2},
                    {"job_id":"b","job_name":"segmenta-8","status":"Running","num_stages":2},
                    {"job_id":"c","job_name":"segmenta-7","status":"Running","num_stages":2}]"#
            }
            "/api/job/c/stages" => {
                r#"{"stages":[{"stage_id":"2","stage_status":"UnResolved","input_rows":0,"tasks":[]},
                    {"stage_id":"1","stage_status":"Running","input_rows":35000,"tasks":[null]}]}"#
            }
            _ => "",
        });
        assert_eq!(scheduler.rows_read().await, Some(35_000));
    }

    #[tokio::test]
    async fn nothing_is_told_where_nothing_is_known() {
        assert_eq!(scheduler(1, |_| "[]").rows_read().await, None);
        assert_eq!(scheduler(1, |_| "").rows_read().await, None);
        assert_eq!(scheduler(1, |_| "a page").rows_read().await, None);
        assert_eq!(scheduler(0, |_| "").rows_read().await, None);
    }
}
