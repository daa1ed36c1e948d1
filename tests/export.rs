//! A model in other forms: what is in the files, whatever the data are called. `scripts/export-check`
//! compares what other programs make of them.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;
use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::Event;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::export;
use segmenta::model::{Customers, Model, NClusters, TrainOptions, Trained, train};
use segmenta::personas::Language;
use segmenta::preparation::Choices;
use serde_json::Value;

/// What must never be read as markup.
const EVIL: &str = "<script>alert(\"1\")</script>&'\t\u{1}";

fn learn(source: &Source, features: &[&str], choices: &[&str], n_clusters: NClusters) -> Trained {
    let options = TrainOptions {
        features: features.iter().map(|&name| name.to_owned()).collect(),
        preparation: Choices::parse(choices).unwrap(),
        n_clusters,
        ..TrainOptions::new().unwrap()
    };
    train(Dataset::read(source, OnError::Fail).unwrap(), &options, |_| ()).unwrap()
}

/// The bundled customers: nothing but standard scaling.
static MALL: LazyLock<Trained> =
    LazyLock::new(|| learn(&Source::mall_customers(), &[], &[], NClusters::Auto));

/// Customers with every step of the preparation.
static SHOP: LazyLock<Trained> = LazyLock::new(|| {
    let mut csv = "spent,distance,city,vip\n".to_owned();
    for row in 0..60 {
        let (spent, far) = (1 << (row % 10), if row % 7 == 0 { 500 } else { row % 5 });
        let city = ["Jakarta", "Medan", ""][row % 3];
        let vip = if row % 4 == 0 { "yes" } else { "no" };
        writeln!(csv, "{spent},{far},{city},{vip}").unwrap();
    }
    let choices = [
        "spent=log1p,robust,no-clip,missing:median",
        "distance=clip:0.1-0.8,no-log1p",
        "city=weight:2",
    ];
    let features = ["spent", "distance", "city", "vip"];
    learn(&Source::new("shop.csv", csv), &features, &choices, NClusters::Fixed(3))
});

/// Customers whose file, columns and values are called as badly as can be, and whose segments too.
static HOSTILE: LazyLock<(Model, Customers)> = LazyLock::new(|| {
    let mut csv = format!("\"{}\",kind,other\n", EVIL.replace('"', "\"\""));
    for row in 0..40 {
        let kind = if row % 2 == 0 { EVIL } else { "]]>--><b>" };
        writeln!(csv, "{row},\"{}\",{row}", kind.replace('"', "\"\"")).unwrap();
    }
    let source = Source::new(EVIL, csv);
    let Trained { mut model, customers } =
        learn(&source, &[EVIL, "kind"], &[], NClusters::Fixed(2));
    EVIL.clone_into(&mut model.features[0].name);
    for segment in &mut model.segments {
        for text in [&mut segment.persona, &mut segment.description, &mut segment.action] {
            *text = format!("{EVIL}{}", segment.cluster_id);
        }
    }
    (model, customers)
});

/// The text with what changes from one training to another hidden.
fn redacted(text: &str, model: &Model) -> String {
    text.replace(&model.version, "[version]").replace(&model.created_at, "[created]")
}

#[test]
fn pmml() {
    for (name, Trained { model, .. }) in [("pmml_mall", &*MALL), ("pmml_shop", &*SHOP)] {
        let text = export::pmml(model, Language::English);
        // 41 texts that count as empty say nothing new.
        let lines = text.lines().filter(|line| !line.contains("property=\"missing\""));
        let text: String = lines.map(|line| line.to_owned() + "\n").collect();
        insta::assert_snapshot!(name, redacted(&text, model));
    }
}

#[test]
fn sklearn() {
    for (name, Trained { model, .. }) in [("sklearn_mall", &*MALL), ("sklearn_shop", &*SHOP)] {
        let text = export::sklearn(model, Language::Indonesian);
        insta::assert_snapshot!(name, redacted(&text, model));
    }
}

#[test]
fn the_documentation_has_the_lines_that_the_command_prints() {
    let documentation = include_str!("../docs/export.md");
    let readme = include_str!("../README.md");
    for lines in [export::REBUILD, export::REBUILD_PREPARATION] {
        let indented =
            |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
        let lines: String = lines.lines().map(indented).collect();
        assert!(documentation.contains(&lines), "{lines}");
        assert!(readme.contains(&lines) == (lines.lines().count() == 4), "{lines}");
    }
}

#[test]
fn segments_go_by_their_id_and_not_by_their_place() {
    let mut model = MALL.model.clone();
    for segment in &mut model.segments {
        segment.cluster_id = 700 + 10 * segment.cluster_id;
    }
    let pmml = export::pmml(&model, Language::English);
    assert!(pmml.contains("<Cluster id=\"740\" name=\"Target\" size=\"39\">"), "{pmml}");
    assert!(!pmml.contains("<Cluster id=\"4\""));
    let sklearn: Value = serde_json::from_str(&export::sklearn(&model, Language::English)).unwrap();
    assert_eq!(sklearn["cluster_ids"], serde_json::json!([700, 710, 720, 730, 740]));
    let report = export::report(&model, None, Language::English);
    assert!(report.contains("<td>740</td>"), "{report}");
    let onnx = export::onnx(&model, Language::English);
    let ids: Vec<u8> =
        [700_i64, 710, 720, 730, 740].into_iter().flat_map(i64::to_le_bytes).collect();
    assert!(onnx.windows(ids.len()).any(|bytes| bytes == ids));
}

#[test]
fn no_input_has_the_name_of_an_output() {
    assert_eq!(export::input_names(&SHOP.model), ["spent", "distance_", "city", "vip"]);
}

/// The attributes and texts of a document, as a reader finds them.
fn read_xml(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return found,
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    let value =
                        attribute.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0);
                    found.push(value.unwrap().into_owned());
                }
            }
            _ => {}
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let (model, customers) = &*HOSTILE;
    let shown = EVIL.replace('\u{1}', "\u{fffd}");
    let pmml = read_xml(&export::pmml(model, Language::English));
    assert!(pmml.contains(&shown), "{pmml:?}");
    assert!(pmml.contains(&format!("{shown}1")), "{pmml:?}");
    let sklearn: Value = serde_json::from_str(&export::sklearn(model, Language::English)).unwrap();
    assert_eq!(sklearn["features"][0]["name"], EVIL);
    for language in Language::ALL {
        let report = export::report(model, Some(customers), language);
        assert!(report.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;"));
        assert!(report.contains("<use href=\"#mark-0\""));
        assert!(!report.contains("<script"), "{report}");
        assert!(!report.contains("<b>"), "{report}");
    }
}

#[test]
fn a_report_loads_nothing() {
    let report = export::report(&MALL.model, Some(&MALL.customers), Language::English);
    for loading in ["src=", "url(", "@import", "http:", "https:", "<link", "<script", "onload="] {
        assert!(!report.contains(loading), "{loading}");
    }
    assert!(report.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    // What is named is a part of the page.
    assert!(report.split("href=\"").skip(1).all(|target| target.starts_with('#')));
}

/// Headings, captions and cards of a report, a line each.
fn outline(report: &str) -> String {
    let mut outline = String::new();
    for (name, mark) in [
        ("title", "#"),
        ("h1", "#"),
        ("h2", "##"),
        ("h3", "###"),
        ("caption", "|"),
        ("figcaption", "="),
        ("desc", "="),
    ] {
        for rest in report.split(&format!("<{name}")).skip(1) {
            let (_, text) = rest.split_once('>').unwrap();
            let text = text.split(&format!("</{name}>")).next().unwrap();
            // The mark of a segment's colour.
            let text = text.rsplit("</span>").next().unwrap();
            writeln!(outline, "{mark} {}", text.trim()).unwrap();
        }
    }
    outline
}

#[test]
fn report() {
    for language in Language::ALL {
        for (name, trained) in [("mall", &*MALL), ("shop", &*SHOP)] {
            let report = export::report(&trained.model, Some(&trained.customers), language);
            let name = format!("report_{name}_{}", language.tag());
            insta::assert_snapshot!(name, outline(&report));
            for segment in &trained.model.segments {
                assert!(report.contains(segment.persona(language)));
                assert!(report.contains(segment.description(language)));
                assert!(report.contains(segment.action(language)));
            }
        }
    }
}

#[test]
fn a_report_shows_each_customer_once_and_without_them_says_so() {
    let marks = |report: &str| report.matches("<use href=\"#mark-").count();
    let Trained { model, customers } = &*MALL;
    let keys = model.segments.len();
    let report = export::report(model, Some(customers), Language::English);
    assert_eq!(marks(&report), 200 + keys);
    let without = export::report(model, None, Language::English);
    assert_eq!(marks(&without), 0);
    assert!(without.contains("there is no map of them"));
}

#[test]
fn a_report_of_many_customers_shows_some_of_them() {
    let mut csv = "spent\n".to_owned();
    for row in 0..3000 {
        writeln!(csv, "{}", row % 90).unwrap();
    }
    let source = Source::new("many.csv", csv);
    let Trained { model, customers } = learn(&source, &[], &[], NClusters::Fixed(2));
    let report = export::report(&model, Some(&customers), Language::English);
    assert_eq!(report.matches("<use href=\"#mark-").count(), export::MOST_POINTS + 2);
    assert!(report.contains("2,000 of 3,000 customers are shown"));
}
