//! Whether customers to learn from will fit into memory, told before they are read.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Learning from CSV takes so many times the file's bytes, as measured on 10 million rows: the file, its
/// columns, and what K-Means makes of the features.
const OF_TEXT: u64 = 4;
/// Parquet holds numbers in fewer bytes.
const OF_PARQUET: u64 = 8;
/// So does what is packed; how many times is not known before it is unpacked.
const OF_PACKED: u64 = 20;
/// Tables shrink at least to less than half, so it is hardly ever fewer times.
const LEAST_OF_PACKED: u64 = 8;

/// What the machine has, or what of it this program may take.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// What programs can still have.
    free: Option<u64>,
    /// All that this program could ever have.
    total: Option<u64>,
}

/// The bytes of memory that learning takes, as far as the files' sizes tell.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needed {
    /// At least so many.
    pub least: u64,
    /// So many, most often.
    pub likely: u64,
}

/// What becomes of a training.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is room.
    Fits,
    /// More than these bytes are needed, which are free.
    Tight(u64),
    /// More than these bytes are needed, which are all there are.
    Impossible(u64),
}

impl Memory {
    /// As Linux tells it now, with the limits of the control groups that this program is in. Other systems tell
    /// nothing, and nothing is refused there.
    pub fn of_this_machine() -> Self {
        let read = |path: &Path| std::fs::read_to_string(path).ok();
        let meminfo = read(Path::new("/proc/meminfo")).unwrap_or_default();
        let groups = read(Path::new("/proc/self/cgroup")).unwrap_or_default();
        let limit = limits(&groups).filter_map(|path| read(&path)?.trim().parse().ok()).min();
        let at_most = |bytes: Option<u64>| bytes.into_iter().chain(limit).min();
        Self {
            free: at_most(line_of(&meminfo, "MemAvailable:")),
            total: at_most(line_of(&meminfo, "MemTotal:")),
        }
    }

    /// The bytes that programs can still have, where the system tells.
    pub fn free(self) -> Option<u64> {
        self.free
    }

    /// Whether there is room for what is needed.
    pub fn judge(self, needed: Needed) -> Verdict {
        match (self.free, self.total) {
            (_, Some(total)) if needed.least > total => Verdict::Impossible(total),
            (Some(free), _) if needed.likely > free => Verdict::Tight(free),
            _ => Verdict::Fits,
        }
    }

    /// Refuses what needs more than is free now: a server that runs out of memory answers nobody any more.
    ///
    /// # Errors
    ///
    /// [`Error::NotEnoughMemory`].
    pub fn admit(self, needed: Needed) -> Result<()> {
        match self.free {
            Some(free) if needed.least > free => {
                Err(Error::NotEnoughMemory { needed: needed.least, free })
            }
            _ => Ok(()),
        }
    }

    /// The most bytes of text that can be learned from with all there is, where the system tells how much.
    pub fn most_text(self) -> Option<u64> {
        self.total.map(|total| total / OF_TEXT)
    }

    /// The same with what is free now.
    pub fn most_text_now(self) -> Option<u64> {
        self.free.map(|free| free / OF_TEXT)
    }
}

/// The files that may limit this program's memory: of its control group, and of those around it. Where
/// there is no limit they hold a word, or a number beyond all memory.
fn limits(groups: &str) -> impl Iterator<Item = PathBuf> {
    groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, group) = (fields.next().unwrap_or("-"), fields.next().unwrap_or("/"));
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            "memory" => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => return Vec::new(),
        };
        let group = Path::new(group.trim_start_matches('/'));
        group.ancestors().map(|group| Path::new(root).join(group).join(file)).collect()
    })
}

/// A number of bytes that Linux tells in kibibytes.
fn line_of(meminfo: &str, name: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

impl Needed {
    /// To learn from these files as one table.
    pub fn to_learn_from<'a>(files: impl IntoIterator<Item = &'a Path>) -> Self {
        files.into_iter().map(Self::for_file).fold(Self::default(), Self::plus)
    }

    /// To learn from so many bytes of files elsewhere, which may be of any kind.
    pub fn to_learn_from_bytes(bytes: u64) -> Self {
        let needed = bytes.saturating_mul(OF_PARQUET);
        Self { least: needed, likely: needed }
    }

    fn for_file(path: &Path) -> Self {
        let bytes = path.metadata().map_or(0, |metadata| metadata.len());
        let (least, likely) = match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz" | "zst" | "zstd") => (LEAST_OF_PACKED, OF_PACKED),
            Some("parquet") => (OF_PARQUET, OF_PARQUET),
            _ => (OF_TEXT, OF_TEXT),
        };
        Self { least: bytes.saturating_mul(least), likely: bytes.saturating_mul(likely) }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            likely: self.likely.saturating_add(other.likely),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_linux_writes_it() {
        let meminfo = "MemTotal:       24684000 kB\nMemAvailable:    2048 kB\n";
        assert_eq!(line_of(meminfo, "MemAvailable:"), Some(2 << 20));
        assert_eq!(line_of("MemTotal: 1 kB\n", "MemAvailable:"), None);
        let limits = |groups: &str| -> Vec<String> {
            limits(groups).map(|path| path.display().to_string()).collect()
        };
        assert_eq!(
            limits("0::/user.slice/a\n"),
            [
                "/sys/fs/cgroup/user.slice/a/memory.max",
                "/sys/fs/cgroup/user.slice/memory.max",
                "/sys/fs/cgroup/memory.max"
            ]
        );
        assert_eq!(
            limits("5:devices:/\n4:memory:/shop\n"),
            [
                "/sys/fs/cgroup/memory/shop/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes"
            ]
        );
    }

    #[test]
    fn more_than_there_is_is_refused_and_more_than_is_free_is_told() {
        let memory = Memory { free: Some(4), total: Some(8) };
        for (needed, verdict) in [
            (0, Verdict::Fits),
            (4, Verdict::Fits),
            (5, Verdict::Tight(4)),
            (8, Verdict::Tight(4)),
            (9, Verdict::Impossible(8)),
        ] {
            assert_eq!(memory.judge(Needed { least: needed, likely: needed }), verdict);
        }
        let packed = Needed { least: 8, likely: 20 };
        assert_eq!(memory.judge(packed), Verdict::Tight(4), "how far it unpacks is not known");
        assert!(memory.admit(Needed { least: 4, likely: 20 }).is_ok());
        let refused = memory.admit(Needed { least: 5, likely: 5 }).unwrap_err();
        assert!(matches!(refused, Error::NotEnoughMemory { needed: 5, free: 4 }), "{refused}");
        let endless = Needed { least: u64::MAX, likely: u64::MAX };
        assert_eq!(Memory::default().judge(endless), Verdict::Fits);
        assert!(Memory::default().admit(endless).is_ok());
    }
}
