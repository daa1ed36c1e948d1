//! Files of customers that a cluster scores.

use std::path::Path;

use indicatif::HumanCount;
use segmenta::cluster;
use segmenta::model::Model;

use super::super::failure::Usage;
use super::super::options::is_stdin;
use super::super::output::note;
use super::PredictArgs;

pub fn run(args: &PredictArgs, model: &Model, address: &str) -> anyhow::Result<()> {
    let ends = |out: &&Path| out.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet"));
    let out = args.out.as_deref().filter(|out| !is_stdin(out)).filter(ends);
    let Some(out) = out.filter(|_| !args.json.json) else {
        let problem =
            "--engine: what a cluster gives is written as Parquet; give --out FILE.parquet";
        return Err(Usage(problem.to_owned()).into());
    };
    let session = cluster::connect(address)?;
    let query = args.queries.ask(&session, &args.files, args.format.options())?;
    let scored = query.scored(model, args.lang.language(), args.on_error.choice())?;
    let mut output = args.output()?;
    let (n_rows, n_skipped) = scored.write_parquet(&mut output, out)?;
    output.finish()?;
    if n_skipped > 0 {
        note(format_args!("{} rows could not be scored and were left out", HumanCount(n_skipped)));
    }
    note(format_args!("{} customers scored", HumanCount(n_rows)));
    Ok(())
}
