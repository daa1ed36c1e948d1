//! Model files: refused by name, or a model that answers, is written and read again as it was.

use std::fmt::Write;

use segmenta::export;
use segmenta::model::Model;
use segmenta::personas::Language;
use segmenta::preparation::Steps;
use sha2::{Digest, Sha256};

use super::LONGEST;

/// A model file. One whose checksum is wrong is looked at again with the right one, since behind the checksum
/// nothing else would ever be reached.
pub fn model_file(bytes: &[u8]) {
    if bytes.len() > LONGEST {
        return;
    }
    let sealed = || Model::from_json("model.json", &sealed(bytes)?).ok();
    let Some(model) = Model::from_json("model.json", bytes).ok().or_else(sealed) else { return };
    let written = model.to_json();
    let again = Model::from_json("model.json", written.as_bytes()).expect("what was written");
    assert_eq!(again, model);
    assert_eq!(again.to_json(), written);
    answers(&model);
    for language in Language::ALL {
        let _ = export::report(&model, None, language);
        let _ = export::pmml(&model, language);
        let _ = export::onnx(&model, language);
        let _ = export::sklearn(&model, language);
    }
}

/// Customers get an answer in finite numbers, or are refused.
fn answers(model: &Model) {
    let is_category = |feature: &Steps| matches!(feature, Steps::Categorical(_));
    let features = model.preparation.features();
    for value in [0.0, 1.0, -1e300, 40.5, f64::NAN] {
        let customer: Vec<f64> = features
            .iter()
            .map(|feature| if is_category(&feature.steps) { 0.0 } else { value })
            .collect();
        if let Ok(prediction) = model.predict(&customer) {
            assert!(prediction.segment < model.segments.len());
            assert!(prediction.distance.is_finite(), "{prediction:?}");
            assert!((0.0..=1.0).contains(&prediction.confidence), "{prediction:?}");
        }
        let _ = (model.explain(&customer), model.on_plane(&customer));
    }
}

/// The file with the checksum that its content has.
fn sealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (body, _) = text.rsplit_once(",\n  \"sha256\"")?;
    let digest = Sha256::digest(body.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Some(format!("{body},\n  \"sha256\": \"{digest}\"\n}}\n").into_bytes())
}
