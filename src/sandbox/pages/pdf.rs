//! A PDF of one page, by hand: a line of text under the other.

/// Lines of text as a sheet of A4.
#[must_use]
pub fn sheet(lines: &[String]) -> Vec<u8> {
    let mut text = b"BT /F1 12 Tf 18 TL 60 780 Td\n".to_vec();
    for line in lines {
        text.push(b'(');
        text.extend(line.chars().flat_map(letter));
        text.extend(b") Tj T*\n");
    }
    text.extend(b"ET");
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
          /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"
            .to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_vec(),
        [
            format!("<< /Length {} >>\nstream\n", text.len()).as_bytes(),
            &text,
            b"\nendstream",
        ]
        .concat(),
    ];
    bound(&objects)
}

/// Objects with the table of where each begins.
fn bound(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", number + 1).as_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let count = objects.len() + 1;
    let end = format!(
        "xref\n0 {count}\n{places}trailer\n<< /Size {count} /Root 1 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    file.extend(end.as_bytes());
    file
}

/// A letter as the sheet's font counts them.
fn letter(letter: char) -> Vec<u8> {
    match letter {
        '(' | ')' | '\\' => format!("\\{letter}").into_bytes(),
        '−' | '–' => b"-".to_vec(),
        _ => match u8::try_from(u32::from(letter)) {
            Ok(byte) if byte >= b' ' => vec![byte],
            _ => b"?".to_vec(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_a_pdf_whose_table_is_right() {
        let file = sheet(&["Atrium (sandbox)".to_owned(), "2 × Starter, −5".to_owned()]);
        let text = String::from_utf8_lossy(&file);
        assert!(text.starts_with("%PDF-1.4\n") && text.ends_with("%%EOF\n"));
        assert!(text.contains("(Atrium \\(sandbox\\)) Tj"));
        let start = text.rsplit("startxref\n").next().unwrap();
        let start: usize = start.lines().next().unwrap().parse().unwrap();
        assert!(file[start..].starts_with(b"xref\n"));
    }
}
