//! What the command line says where customers to learn from might not fit into memory.

use std::path::PathBuf;

use indicatif::HumanBytes;
use segmenta::dataset::files;
use segmenta::memory::{Memory, Needed, Verdict};

use super::failure::Usage;
use super::output::note;

/// Warns if learning from these files would take more memory than is free, and refuses if it would take
/// more than there is.
///
/// # Errors
///
/// [`Usage`]; as [`files::expand`].
pub fn check(paths: &[PathBuf]) -> anyhow::Result<()> {
    let files = files::expand(paths)?;
    let needed = Needed::to_learn_from(files.iter().map(PathBuf::as_path));
    let shown = HumanBytes(needed.likely);
    match Memory::of_this_machine().judge(needed) {
        Verdict::Fits => {}
        Verdict::Tight(free) => note(format_args!(
            "warning: learning from this takes about {shown} of memory, and {} are free; take a sample of the \
             rows, or a machine with more memory (predict and rfm read files of any size)",
            HumanBytes(free),
        )),
        Verdict::Impossible(total) => {
            return Err(Usage(format!(
                "learning from this takes about {shown} of memory, and there are {} in all; take a sample of \
                 the rows, leave out columns that are not needed, or take a machine with more memory \
                 (predict and rfm read files of any size); --ignore-memory goes on anyway",
                HumanBytes(total),
            ))
            .into());
        }
    }
    Ok(())
}
