//! Large pages of memory.
//!
//! Linux hands out memory in pages of 4 KiB, each when it is first written, and looks up where a page is
//! whenever it is not one of the last few. Both are a large part of the time that a pass over millions of
//! rows takes. Pages of 2 MiB make it small, but most systems give them only to those who ask.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use rayon::prelude::*;

/// The size and the alignment of a large page on most machines.
const LARGE: usize = 1 << 21;

/// Asks for large pages behind memory that was just allocated and is not written yet. It is no more than a
/// wish: the system may have none, and nothing but the speed depends on it. Systems other than Linux are
/// not asked.
///
/// ```
/// let mut numbers: Vec<f64> = Vec::with_capacity(10_000_000);
/// segmenta::pages::prefer_large(numbers.spare_capacity_mut());
/// numbers.resize(10_000_000, 1.0);
/// ```
#[allow(unsafe_code)]
pub fn prefer_large<T>(room: &[T]) {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        use rustix::mm::{Advice, madvise};

        let bytes = room.as_ptr_range();
        let (start, end) = (bytes.start as usize, bytes.end as usize);
        let skipped = start.next_multiple_of(LARGE) - start;
        let Some(length) = (end - start).checked_sub(skipped) else { return };
        let length = length / LARGE * LARGE;
        if length > 0 {
            let first = bytes.start.wrapping_byte_add(skipped).cast_mut().cast();
            // SAFETY: this advice changes neither what the memory holds nor whether it can be used, and the
            // memory is all within `room`.
            let advised = unsafe { madvise(first, length, Advice::LinuxHugepage) };
            // A system without large pages goes on without them.
            let _ = advised;
        }
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = room;
}

/// All bytes of a file, in large pages. On Unix all processors read at once: most of the time goes into
/// memory that is written for the first time.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    // Where the length is no more than a promise, there may be no room for it.
    let length = usize::try_from(metadata.len()).unwrap_or(0);
    let mut bytes = Vec::new();
    #[cfg(unix)]
    if metadata.is_file() && is_room_for::<u8>(length) {
        bytes = zeros(0, length);
        match read_side_by_side(&file, &mut bytes) {
            // It may have grown meanwhile.
            Ok(()) => file.seek(SeekFrom::Start(length as u64)).map(drop)?,
            // It may have shrunk.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => bytes.clear(),
            Err(error) => return Err(error),
        }
    }
    if bytes.is_empty() && bytes.try_reserve_exact(length).is_ok() {
        prefer_large(bytes.spare_capacity_mut());
    }
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(unix)]
fn read_side_by_side(file: &File, bytes: &mut [u8]) -> io::Result<()> {
    use std::os::unix::fs::FileExt;

    const CHUNK: usize = 2 * LARGE;
    bytes
        .par_chunks_mut(CHUNK)
        .enumerate()
        .try_for_each(|(index, chunk)| file.read_exact_at(chunk, (index * CHUNK) as u64))
}

/// Whether there is memory for so many. Who asks for more than there is without this question ends the
/// program, and the lengths that damaged files claim may be any.
pub(crate) fn is_room_for<T>(length: usize) -> bool {
    let mut room: Vec<T> = Vec::new();
    let found = room.try_reserve_exact(length);
    // Memory that nobody uses need not be asked for at all, as far as the compiler is concerned.
    std::hint::black_box(&mut room);
    found.is_ok()
}

/// All that an iterator gives, in large pages.
pub(crate) fn collect<T>(numbers: impl ExactSizeIterator<Item = T>) -> Vec<T> {
    let mut collected = Vec::with_capacity(numbers.len());
    prefer_large(collected.spare_capacity_mut());
    collected.extend(numbers);
    collected
}

/// So many zeros, or what else is all bits 0, in large pages.
pub(crate) fn zeros<T: Clone>(zero: T, length: usize) -> Vec<T> {
    let zeros = vec![zero; length];
    prefer_large(&zeros);
    zeros
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_any_size_can_be_wished_for() {
        for length in [0, 1, 1 << 10, (1 << 21) - 1, 1 << 21, 5 << 20] {
            let mut bytes = zeros(0_u8, length);
            assert_eq!(bytes.len(), length);
            bytes.fill(1);
            assert!(bytes.iter().all(|&byte| byte == 1));
        }
        prefer_large(Vec::<u64>::new().spare_capacity_mut());
    }

    #[test]
    fn files_of_any_size_come_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for length in [0, 1, 4 * LARGE - 1, 4 * LARGE, 4 * LARGE + 1] {
            let written: Vec<u8> = (0..251).cycle().take(length).collect();
            std::fs::write(&path, &written).unwrap();
            assert!(read(&path).unwrap() == written, "{length} bytes");
        }
        assert!(read(folder.path()).is_err());
        assert!(read(&folder.path().join("none")).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn files_may_hold_more_than_they_say() {
        assert!(!read(Path::new("/proc/self/status")).unwrap().is_empty());
    }

    #[test]
    fn there_is_no_room_for_everything() {
        assert!(is_room_for::<u64>(1000));
        assert!(!is_room_for::<u64>(usize::MAX / 32) && !is_room_for::<u64>(usize::MAX));
    }
}
