#![no_main]

libfuzzer_sys::fuzz_target!(
    // The library makes errors of what the reader of Parquet panics at, so only a panic that gets here ends the run.
    init: std::panic::set_hook(Box::new(|_| ())),
    |bytes: &[u8]| segmenta_fuzz::parquet(bytes)
);
