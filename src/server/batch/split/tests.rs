//! However a body is cut into pieces, its rows are the same.

use proptest::prelude::*;

use super::{Block, LONGEST_ROW, Splitter};

/// Rows as text, and mistakes by their kind behind a `!`.
fn told(blocks: &[Block]) -> Vec<String> {
    let mut told = Vec::new();
    for block in blocks {
        let text = |place| String::from_utf8_lossy(block.row(place)).trim().to_owned();
        told.extend((0..block.n_rows()).map(text));
        told.extend(block.problem.as_ref().map(|problem| format!("!{}", problem.kind)));
    }
    told
}

fn rows(mut splitter: Splitter, pieces: &[&[u8]]) -> Vec<String> {
    let mut blocks: Vec<Block> = pieces.iter().flat_map(|piece| splitter.push(piece)).collect();
    blocks.extend(splitter.end());
    told(&blocks)
}

const ARRAYS: [(&str, &[&str]); 12] = [
    ("[]", &[]),
    (" [ ] \n", &[]),
    ("[1,{\"a\":[1,2]} , \"x,]\\\"\" ]", &["1", "{\"a\":[1,2]}", "\"x,]\\\"\""]),
    ("[ null\n, true,[[],{}]]", &["null", "true", "[[],{}]"]),
    ("[{\"a\":\"}\"},nonsense,{a:1}]", &["{\"a\":\"}\"}", "nonsense", "{a:1}"]),
    ("[1,{\"a\":1", &["1", "!json_invalid"]),
    ("[1 2,3]", &["1", "!json_invalid"]),
    ("[{}{},3]", &["{}", "!json_invalid"]),
    ("[1,,2]", &["1", "!json_invalid"]),
    ("[1,]", &["1", "!json_invalid"]),
    ("[{\"a\":[1}],2]", &["!json_invalid"]),
    ("[1] 2", &["1", "!json_invalid"]),
];

const TABLES: [(&str, &[&str]); 7] = [
    ("a;b\n1;2\n\n3;4", &["a;b", "1;2", "3;4"]),
    ("a;b\r\n1;2\r\r3;\"4\"\r\n", &["a;b", "1;2", "3;\"4\""]),
    ("\"a;\nb\"\"\";c\n1;2\n", &["\"a;\nb\"\"\";c", "1;2"]),
    ("a;b\n1\"2;\"3\" ;4\n", &["a;b", "1\"2;\"3\" ;4"]),
    ("a;b\n\"1;2\n3;4\n", &["a;b", "!csv_invalid"]),
    ("a;b\n\"1\"x;2\n3;4\n", &["a;b", "!csv_invalid"]),
    ("", &[]),
];

#[test]
fn rows_and_mistakes() {
    for (text, expected) in ARRAYS {
        assert_eq!(rows(Splitter::array(), &[text.as_bytes()]), expected, "{text:?}");
    }
    for (text, expected) in TABLES {
        assert_eq!(rows(Splitter::table(b';'), &[text.as_bytes()]), expected, "{text:?}");
    }
    let lines = "{\"a\":1}\r\n\n  \n[\nx";
    assert_eq!(rows(Splitter::lines(), &[lines.as_bytes()]), ["{\"a\":1}", "[", "x"]);
}

#[test]
fn a_row_that_is_too_long_takes_no_memory_and_none_with_it() {
    let long = "x".repeat(LONGEST_ROW + 1);
    let array = format!("[1,\"{long}\",2,{long},[{long}],3]");
    let expected = ["1", "!too_long", "2", "!too_long", "!too_long", "3"];
    assert_eq!(rows(Splitter::array(), &[array.as_bytes()]), expected);
    let lines = format!("1\n{long}\n2\n{long}");
    let expected = ["1", "!too_long", "2", "!too_long"];
    assert_eq!(rows(Splitter::lines(), &[lines.as_bytes()]), expected);
    let cells = format!("1\n{long},2\n2\n\"{long}\n\"\n3\n");
    let expected = ["1", "!too_long", "2", "!too_long", "3"];
    assert_eq!(rows(Splitter::table(b','), &[cells.as_bytes()]), expected);
    let whole = "y".repeat(LONGEST_ROW);
    assert_eq!(rows(Splitter::lines(), &[whole.as_bytes()]), [&*whole]);
}

proptest! {
    #[test]
    fn pieces_change_nothing(seed in 0_usize..1000, sizes in prop::collection::vec(1_usize..6, 1..9)) {
        let cut = |text: &'static str| {
            let (mut rest, mut pieces) = (text.as_bytes(), Vec::new());
            let mut sizes = sizes.iter().cycle();
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                pieces.push(piece);
                rest = behind;
            }
            pieces
        };
        let (text, expected) = ARRAYS[seed % ARRAYS.len()];
        prop_assert_eq!(rows(Splitter::array(), &cut(text)), expected);
        let (text, expected) = TABLES[seed % TABLES.len()];
        prop_assert_eq!(rows(Splitter::table(b';'), &cut(text)), expected);
    }
}
