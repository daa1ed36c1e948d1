//! How many files and connections a process may have open.

/// Raises the limit as far as the system lets the process: many shells start programs with room for 1,024, and
/// each connection needs one.
pub fn raise_limit() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
            tracing::debug!(%error, "the limit on open files stays as it is");
        }
    }
}
