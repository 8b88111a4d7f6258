//! Rows in, a table drawn with `+`, `-` and `|` out, as the Go tools draw theirs.

/// Draws a table: the heads centred in capitals, a rule between all rows.
pub(super) fn draw(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).flat_map(|cell| cell.lines());
        let cells = cells.map(|line| line.chars().count());
        cells.chain(heads.get(column).map(|head| head.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let rule: String =
        widths.iter().fold("+".to_owned(), |line, width| line + &"-".repeat(width + 2) + "+") + "\n";
    let heads: Vec<String> = heads.iter().map(|head| head.to_uppercase()).collect();
    let mut text = rule.clone() + &line(&heads, &widths, centred) + &rule;
    for row in rows {
        // A cell of several lines makes its row as high.
        let height = row.iter().map(|cell| cell.lines().count()).max().unwrap_or(0).max(1);
        for number in 0..height {
            let cells: Vec<String> =
                row.iter().map(|cell| cell.lines().nth(number).unwrap_or_default().to_owned()).collect();
            text += &line(&cells, &widths, |cell, width| format!("{cell:<width$}"));
        }
        text += &rule;
    }
    text
}

fn line(cells: &[String], widths: &[usize], place: fn(&str, usize) -> String) -> String {
    let cells = cells.iter().zip(widths);
    cells.fold("|".to_owned(), |line, (cell, width)| line + " " + &place(cell, *width) + " |") + "\n"
}

fn centred(cell: &str, width: usize) -> String {
    let left = (width - cell.chars().count().min(width)) / 2;
    format!("{:left$}{cell:<rest$}", "", rest = width - left)
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn tables_are_drawn() {
        let drawn = draw(&["uid", "outputs"], &[vec!["dns.default#a.b".to_owned(), "host".to_owned()]]);
        let wanted = "+-----------------+---------+\n|       UID       | OUTPUTS |\n+-----------------+---------+\n\
                      | dns.default#a.b | host    |\n+-----------------+---------+\n";
        assert_eq!(drawn, wanted);
        let drawn = draw(&["a", "b"], &[vec!["x".to_owned(), "one\nthree\n".to_owned()]]);
        assert!(drawn.contains("| x | one   |\n|   | three |\n+"), "{drawn}");
    }
}
