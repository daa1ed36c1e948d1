//! Elements of a document, with data that may hold any character.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::BytesText;
use quick_xml::events::attributes::Attribute;
use quick_xml::name::QName;
use quick_xml::writer::ElementWriter;

use super::Xml;

/// An element that is begun.
pub(super) type Element<'a> = ElementWriter<'a, Vec<u8>>;

/// Begins an element with these attributes.
pub(super) fn element<'a, T: AsRef<str>>(
    xml: &'a mut Xml,
    name: &'a str,
    attributes: &[(&str, T)],
) -> Element<'a> {
    let mut element = Writer::create_element(xml, name);
    for (name, value) in attributes {
        let value = allowed(value.as_ref());
        // Readers make a space of a tab or the end of a line that stands there by itself.
        let value = escape(value).replace('\t', "&#9;").replace('\n', "&#10;");
        element = element.with_attribute(Attribute { key: QName(name), value: value.into() });
    }
    element
}

/// Writes an element that holds a text.
pub(super) fn text_element(
    xml: &mut Xml,
    name: &str,
    attributes: &[(&str, String)],
    text: &str,
) -> io::Result<()> {
    let text = allowed(text);
    element(xml, name, attributes).write_text_content(BytesText::new(&text))?;
    Ok(())
}

/// A number with all its digits, as XML Schema writes doubles.
pub(super) fn number(x: f64) -> String {
    if x.abs() < 1e15 { x.to_string() } else { format!("{x:e}") }
}

/// XML has no way to write most control characters; a mark stands for them.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(is_forbidden) {
        Cow::Owned(text.replace(is_forbidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
