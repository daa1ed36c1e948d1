//! Persona files: refused in words, or names for any segments.

use segmenta::personas::{Language, PersonaRules};

use super::LONGEST;

/// A file of personas in TOML.
pub fn persona_file(bytes: &[u8]) {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST) else {
        return;
    };
    let Ok(rules) = PersonaRules::parse("personas.toml", text) else { return };
    let features = ["annual_income", "spending_score", "age"];
    let figures = [-9.0, -0.5, 0.0, 0.5, 9.0];
    // Some stand twice, so that names have to be told apart.
    let centers: Vec<Vec<f64>> =
        (0..12).map(|i| vec![figures[i % 5], figures[i / 2 % 5], figures[i / 3 % 5]]).collect();
    let naming = rules.name(&centers, &features);
    let mut order = naming.order.clone();
    order.sort_unstable();
    assert!(order.into_iter().eq(0..centers.len()), "segments are lost: {:?}", naming.order);
    assert_eq!(naming.levels.len(), centers.len());
    for language in Language::ALL {
        let mut names: Vec<&str> =
            naming.personas.iter().map(|persona| persona.texts(language).name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), centers.len(), "a name stands twice: {names:?}");
    }
}
