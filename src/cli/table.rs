//! Tables of plain text.

/// On which side a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Rows under a header, each column as wide as its widest cell.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new<'a>(columns: impl IntoIterator<Item = (&'a str, Align)>) -> Self {
        let columns = columns.into_iter().map(|(header, align)| (printable(header), align));
        Self { columns: columns.collect(), rows: Vec::new() }
    }

    /// Adds a row; cells beyond the columns are dropped.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| printable(&cell)).collect());
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers: Vec<String> = self.columns.iter().map(|(header, _)| header.clone()).collect();
        let lines = || std::iter::once(&headers).chain(&self.rows);
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| lines().filter_map(|line| line.get(at)).map(|c| width(c)).max().unwrap_or(0))
            .collect();
        for line in lines() {
            let cells = line.iter().zip(&widths).zip(&self.columns);
            let cells = cells.map(|((cell, &wide), &(_, align))| {
                let gap = " ".repeat(wide - width(cell));
                if align == Align::Left { format!("{cell}{gap}") } else { format!("{gap}{cell}") }
            });
            let text = cells.collect::<Vec<String>>().join("  ");
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// The text without characters that would break the line, steer the terminal or turn the direction
/// of what follows.
pub fn printable(text: &str) -> String {
    let is_unprintable =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect()
}

/// The same for a text whose lines are to stay.
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<String>>().join("\n")
}

/// Numbers of one column, all with as many decimals as its largest needs to show four digits.
pub fn numbers(values: &[f64]) -> Vec<String> {
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let (format, decimals) = match largest {
        0.0 => (Form::Fixed, 0),
        1e-4..1e9 => {
            // The magnitude lies between -4 and 9.
            #[allow(clippy::cast_possible_truncation)]
            let magnitude = largest.log10().floor() as i32;
            (Form::Fixed, usize::try_from(3 - magnitude).unwrap_or(0))
        }
        _ => (Form::Scientific, 3),
    };
    values
        .iter()
        .map(|value| match format {
            Form::Fixed => format!("{value:.decimals$}"),
            Form::Scientific => format!("{value:.decimals$e}"),
        })
        .collect()
}

#[derive(Clone, Copy)]
enum Form {
    Fixed,
    Scientific,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_stay_lines() {
        let mut table = Table::new([("name", Align::Left), ("n", Align::Right)]);
        table.row(["Größe\n".to_owned(), "7".to_owned()]);
        table.row(["a".to_owned(), "12".to_owned()]);
        assert_eq!(table.to_string(), "name     n\nGröße    7\na       12\n");
    }

    #[test]
    fn numbers_of_a_column_share_their_decimals() {
        assert_eq!(numbers(&[88.2, 7.0]), ["88.20", "7.00"]);
        assert_eq!(numbers(&[0.531, -0.1]), ["0.5310", "-0.1000"]);
        assert_eq!(numbers(&[54_321.9, 1.0]), ["54322", "1"]);
        assert_eq!(numbers(&[1e12]), ["1.000e12"]);
        assert_eq!(numbers(&[0.0]), ["0"]);
        assert!(numbers(&[]).is_empty());
    }
}
