//! What the values of options must be. A refusal says what is needed, with an example.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::num::NonZeroU32;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use segmenta::dataset::date::{self, DateOrder};
use segmenta::elbow::MinSegmentSize;
use segmenta::model::NClusters;

/// Reads a parameter of the method. A refusal is worded as the library's are, which refuses other
/// values of the same parameters: `n_init = -1: at least 1 start is needed`.
#[derive(Clone)]
pub struct Parameter<T>(pub fn(&str) -> Result<T, String>);

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Parameter<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let text = value.to_string_lossy();
        (self.0)(text.trim()).map_err(|needed| {
            let name = arg.map_or("value", |arg| arg.get_id().as_str());
            let message = format!("{name} = {text}: {needed}\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

/// The number of clusters.
pub fn n_clusters(text: &str) -> Result<NClusters, String> {
    if text == "auto" {
        return Ok(NClusters::Auto);
    }
    count(text, 1, "cluster is", "5, or auto for what the elbow advises").map(NClusters::Fixed)
}

/// The number of starts.
pub fn n_init(text: &str) -> Result<usize, String> {
    count(text, 1, "start is", "10")
}

/// How many swaps in a row must bring nothing.
pub fn n_swaps(text: &str) -> Result<usize, String> {
    count(text, 0, "swaps are", "8")
}

/// The most steps of a start.
pub fn max_iter(text: &str) -> Result<usize, String> {
    count(text, 1, "step is", "300")
}

/// The largest number of clusters to try.
pub fn k_max(text: &str) -> Result<usize, String> {
    count(text, 1, "cluster is", "10")
}

/// The least size of a segment: a number, or a share with its sign.
pub fn min_segment_size(text: &str) -> Result<MinSegmentSize, String> {
    let Some(percent) = text.strip_suffix('%') else {
        return count(text, 1, "customer is", "50, or a share such as 5%")
            .map(MinSegmentSize::Count);
    };
    let percent = percent.trim().parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
    percent
        .map(|percent: f64| MinSegmentSize::Share(percent / 100.0))
        .ok_or("a share from 0% to 100% is needed, such as 5%".to_owned())
}

/// The movement of centres that ends a start. Which numbers are allowed the library says.
pub fn tol(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "a number from 0 up is needed, such as 0.0001".to_owned())
}

/// The seed.
pub fn random_state(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a whole number from 0 up is needed, such as 42".to_owned())
}

fn count(text: &str, least: usize, what: &str, example: &str) -> Result<usize, String> {
    let few = || Err(format!("at least {least} {what} needed"));
    match text.parse::<usize>() {
        Ok(number) if number >= least => Ok(number),
        Err(_) if text.parse::<f64>().is_ok_and(|number| number < 0.0) => few(),
        Ok(_) => few(),
        Err(_) => Err(format!("a whole number is needed, such as {example}")),
    }
}

/// A day.
pub fn day(text: &str) -> Result<Date, String> {
    let day = date::parse(text, DateOrder::YearFirst);
    day.map(DateTime::date).map_err(|_| "a day is needed, such as 2026-11-25".to_owned())
}

/// The sign between two cells.
pub fn delimiter(text: &str) -> Result<u8, &'static str> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        &[sign] if sign == b'\t' || sign.is_ascii_punctuation() && sign != b'"' => Ok(sign),
        _ => Err("give one sign such as ; or | or ,, or the word tab"),
    }
}

/// A number of bytes, with or without a unit.
pub fn size(text: &str) -> Result<u64, &'static str> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "kib" | "k" => Some(1 << 10),
        "mib" | "m" => Some(1 << 20),
        "gib" | "g" => Some(1 << 30),
        "tib" | "t" => Some(1 << 40),
        "kb" => Some(1_000),
        "mb" => Some(1_000_000),
        "gb" => Some(1_000_000_000),
        "tb" => Some(1_000_000_000_000),
        _ => None,
    };
    let bytes = number.parse().ok().zip(factor);
    let bytes = bytes.and_then(|(number, factor): (u64, u64)| number.checked_mul(factor));
    bytes.filter(|&bytes| bytes > 0).ok_or("give a size such as 500MiB, 64GiB or 1000000")
}

/// A size or a number of rows.
pub fn at_least_1(text: &str) -> Result<usize, &'static str> {
    let number = text.trim().parse().ok().filter(|&number| number > 0);
    number.ok_or("give a whole number from 1 up, such as 10000")
}

/// A time limit, from a second to a day.
pub fn seconds(text: &str) -> Result<u64, &'static str> {
    let seconds = text.trim().parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
    seconds.ok_or("give whole seconds from 1 to 86400, such as 30")
}

/// A time that may be none at all, up to an hour.
pub fn any_seconds(text: &str) -> Result<u64, &'static str> {
    let seconds = text.trim().parse().ok().filter(|seconds| (0..=3600).contains(seconds));
    seconds.ok_or("give whole seconds from 0 to 3600, such as 5")
}

/// A number of requests a second.
pub fn rate(text: &str) -> Result<NonZeroU32, &'static str> {
    text.trim().parse().map_err(|_| "give a whole number of requests a second, such as 100")
}

/// The name of something that people make.
pub fn name(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_good = !text.is_empty() && text.len() <= 100 && !text.contains(char::is_control);
    if is_good { Ok(text.to_owned()) } else { Err("give a name of 1 to 100 letters in one line") }
}

/// How long something is good.
pub fn lifetime(text: &str) -> Result<SignedDuration, &'static str> {
    const NEEDED: &str = "give a time such as 30m, 12h or 90d";
    let text = text.trim();
    let unit = text.chars().last().ok_or(NEEDED)?;
    let seconds = match unit {
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(NEEDED),
    };
    let number = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok());
    let number = number.filter(|&number| number > 0).ok_or(NEEDED)?;
    Ok(SignedDuration::from_secs(i64::from(number) * seconds))
}

/// A switch. The variable of one can hold either answer.
pub fn switch(text: &str) -> Result<bool, &'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("give true or false"),
    }
}

/// A host and a port. What a host's name means shows when it is listened at.
pub fn address(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_named = text.rsplit_once(':').is_some_and(|(host, port)| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
        host.chars().all(is_name)
            && host.contains(char::is_alphabetic)
            && port.parse::<u16>().is_ok()
    });
    if is_named || text.parse::<SocketAddr>().is_ok() {
        return Ok(text.to_owned());
    }
    Err("give a host and a port, such as 127.0.0.1:8000, localhost:8000 or [::1]:8000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_hosts_with_ports() {
        for good in ["127.0.0.1:0", "[::1]:8000", "localhost:8000", " web-1.shop.example:80 "] {
            assert_eq!(address(good).as_deref(), Ok(good.trim()));
        }
        for bad in [
            "nonsense",
            "8000",
            ":8000",
            "::1:8000",
            "127.0.0:80",
            "localhost:",
            "localhost:99999",
            "http://localhost:80",
            "localhost:80/",
            "",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("7", 7), ("2KiB", 2048), (" 3 mb", 3_000_000), ("64GiB", 64 << 30)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "0", "MiB", "-1", "1.5GiB", "3 apples", "99999999TiB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn delimiters_are_one_sign() {
        for (text, byte) in [(";", b';'), ("tab", b'\t'), ("\t", b'\t'), ("|", b'|')] {
            assert_eq!(delimiter(text), Ok(byte), "{text}");
        }
        for bad in ["", "\"", "a", "7", ";;", " ", "ß"] {
            assert!(delimiter(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn counts_are_whole_and_large_enough() {
        assert_eq!(n_init("3"), Ok(3));
        for few in ["0", "-1", "-0.5", "-99999999999999999999"] {
            assert_eq!(n_init(few), Err("at least 1 start is needed".to_owned()), "{few}");
        }
        for other in ["x", "", "2.5", "1e3", "99999999999999999999", "NaN"] {
            assert!(n_init(other).is_err_and(|text| text.starts_with("a whole number")), "{other}");
        }
    }
}
