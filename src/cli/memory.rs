//! Whether customers to learn from will fit into memory, told before they are read.

use std::path::{Path, PathBuf};

use indicatif::HumanBytes;
use segmenta::Result;
use segmenta::dataset::files;

use super::output::note;

/// Learning from CSV takes so many times the file's bytes, as measured on 10 million rows: the file, its
/// columns, and what K-Means makes of the features.
const OF_TEXT: u64 = 4;
/// Parquet holds numbers in fewer bytes.
const OF_PARQUET: u64 = 8;
/// So does what is packed; how many times is not known before it is unpacked.
const OF_PACKED: u64 = 20;

/// Warns if learning from these files would take more memory than is free.
///
/// # Errors
///
/// As [`files::expand`].
pub fn warn(paths: &[PathBuf]) -> Result<()> {
    let needed = files::expand(paths)?.iter().map(|path| needed(path)).sum();
    if let Some(free) = available().filter(|&free| needed > free) {
        note(format_args!(
            "warning: learning from this takes about {} of memory, and {} are free; take a sample of the rows, or \
             a machine with more memory (predict and rfm read files of any size)",
            HumanBytes(needed),
            HumanBytes(free),
        ));
    }
    Ok(())
}

fn needed(path: &Path) -> u64 {
    let bytes = path.metadata().map_or(0, |metadata| metadata.len());
    let times = match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz" | "zst") => OF_PACKED,
        Some("parquet") => OF_PARQUET,
        _ => OF_TEXT,
    };
    bytes.saturating_mul(times)
}

/// The bytes that programs can still have, where the system tells it.
fn available() -> Option<u64> {
    available_in(&std::fs::read_to_string("/proc/meminfo").ok()?)
}

fn available_in(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_memory_is_read_as_linux_writes_it() {
        let meminfo = "MemTotal:       24684000 kB\nMemAvailable:    2048 kB\n";
        assert_eq!(available_in(meminfo), Some(2 << 20));
        assert_eq!(available_in("MemTotal: 1 kB\n"), None);
    }
}
