//! What the report says, in both languages side by side. `{name}` is a place to fill.

use crate::personas::Language;

/// A sentence or a label.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    english: &'static str,
    indonesian: &'static str,
}

impl Text {
    /// The text in a language.
    pub(super) fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Indonesian => self.indonesian,
        }
    }

    /// The text in a language, with its places filled.
    pub(super) fn with(self, language: Language, places: &[(&str, &str)]) -> String {
        // A value that holds a place's name is not filled again: each place is looked for in what is left.
        let mut text = String::new();
        let mut rest = self.say(language);
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let value = places.iter().find(|(place, _)| *place == name);
            text.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        text + rest
    }
}

macro_rules! texts {
    ($($name:ident: $english:literal, $indonesian:literal;)*) => {
        $(pub(super) const $name: Text = Text { english: $english, indonesian: $indonesian };)*

        #[cfg(test)]
        pub(super) const ALL: &[(&str, Text)] = &[$((stringify!($name), $name)),*];
    };
}

texts! {
    TITLE: "Customer segments: {data}", "Segmen pelanggan: {data}";
    LEARNED_FROM:
        "Learned from {rows} customers of {data} by {features}, on {date}.",
        "Dipelajari dari {rows} pelanggan pada {data} menurut {features}, pada {date}.";
    SKIPPED:
        "Rows of the file that could not be used: {count}.",
        "Baris berkas yang tidak bisa dipakai: {count}.";
    CUSTOMERS: "Customers", "Pelanggan";
    SEGMENTS: "Segments", "Segmen";
    FEATURES: "Features", "Fitur";
    LARGEST: "Largest segment", "Segmen terbesar";

    OVERVIEW: "The segments", "Segmen-segmennya";
    SEGMENT: "Segment", "Segmen";
    ID: "Id", "Id";
    SIZE: "Customers", "Pelanggan";
    SHARE: "Share", "Porsi";
    OVERVIEW_CAPTION:
        "Every segment with its size and its centre, the average of the features as they are compared",
        "Setiap segmen dengan ukuran dan titik tengahnya, yaitu rata-rata fitur sebagaimana dibandingkan";
    SIZES: "Size of the segments", "Ukuran segmen";
    SIZES_DESCRIPTION:
        "Bar chart of the share of customers in each segment: {list}",
        "Diagram batang porsi pelanggan tiap segmen: {list}";

    MAP: "Map of customers", "Peta pelanggan";
    MAP_DESCRIPTION:
        "Scatter plot of {shown} customers: {x} across, {y} upward, coloured by segment",
        "Diagram pencar {shown} pelanggan: {x} mendatar, {y} tegak, warna menurut segmen";
    MAP_CAPTION:
        "Each mark is a customer; a ring marks the centre of a segment.",
        "Setiap tanda adalah satu pelanggan; lingkaran menandai titik tengah segmen.";
    MAP_SAMPLE:
        "{shown} of {total} customers are shown, spread evenly over the file.",
        "{shown} dari {total} pelanggan ditampilkan, tersebar merata di seluruh berkas.";
    MAP_COMPARED:
        "Values stand where they are compared, prepared as told below.",
        "Nilai ditempatkan sebagaimana dibandingkan, setelah disiapkan seperti dijelaskan di bawah.";
    MAP_STRIPS:
        "Each segment has a strip; where a mark stands within its strip's height means nothing.",
        "Setiap segmen punya satu lajur; tinggi tanda di dalam lajurnya tidak berarti apa-apa.";
    MAP_COMPONENTS:
        "The axes are principal components, the directions in which customers differ most. These two show {share} of all differences: groups that touch here may be apart in others.",
        "Sumbunya adalah komponen utama, yaitu arah tempat pelanggan paling berbeda. Keduanya menunjukkan {share} dari seluruh perbedaan: kelompok yang bersentuhan di sini mungkin terpisah di arah lain.";
    MAP_MISSING:
        "The customers that the model was learned from were not at hand, so there is no map of them.",
        "Pelanggan yang menjadi bahan belajar model tidak tersedia, jadi petanya tidak ada.";
    COMPONENT: "Principal component {number} ({share})", "Komponen utama {number} ({share})";

    ELBOW: "Why {k} segments", "Mengapa {k} segmen";
    ELBOW_ONE: "Why one segment", "Mengapa satu segmen";
    K: "Number of segments (k)", "Jumlah segmen (k)";
    WCSS: "Spread within segments (WCSS)", "Sebaran dalam segmen (WCSS)";
    SILHOUETTE: "Separation (silhouette)", "Keterpisahan (silhouette)";
    LINE_DESCRIPTION:
        "Line chart: {what} by number of segments; k = {k} is marked. The table below has the figures.",
        "Diagram garis: {what} menurut jumlah segmen; k = {k} ditandai. Angkanya ada di tabel di bawah.";
    ELBOW_CAPTION:
        "What each number of segments gives; the advised one is marked",
        "Hasil setiap jumlah segmen; yang dianjurkan ditandai";
    STABILITY: "Stability", "Kestabilan";
    ADVISED: "advised", "anjuran";
    USED: "in this model", "pada model ini";
    BY_ELBOW:
        "The data advise k = {k}. The curve of WCSS bends there: up to it each further segment makes the groups much tighter, beyond it hardly.",
        "Data menganjurkan k = {k}. Kurva WCSS menekuk di sana: sampai titik itu setiap tambahan segmen membuat kelompok jauh lebih rapat, setelahnya hampir tidak.";
    BY_SILHOUETTE:
        "The data advise k = {k}. The curve of WCSS has no clear bend that counts, so the silhouette decided: there the segments stand furthest apart.",
        "Data menganjurkan k = {k}. Kurva WCSS tidak punya tekukan jelas yang bisa dipakai, jadi silhouette yang menentukan: di sana segmen paling terpisah.";
    BY_GROUPS:
        "The data advise k = {k}. The customers fall into natural groups, which stand as far apart there as with any number of them (silhouette, to a hundredth); this counts for more than the bend of the curve of WCSS.",
        "Data menganjurkan k = {k}. Pelanggan membentuk kelompok alami, yang di sana terpisah sejauh pada jumlah mana pun (silhouette, hingga seperseratus); ini lebih menentukan daripada tekukan kurva WCSS.";
    BY_NOTHING:
        "The customers are too alike, or too few differ, to be split: one segment holds them all.",
        "Pelanggan terlalu mirip, atau terlalu sedikit yang berbeda, untuk dipisah: satu segmen mencakup semuanya.";
    FORCED:
        "This model has k = {k} all the same, as was asked.",
        "Meski begitu, model ini memakai k = {k} sesuai permintaan.";
    PREFERS: "{name} prefers {k}.", "{name} memilih {k}.";
    NATURAL:
        "The customers fall into groups by themselves: far more of their spread is explained than without groups.",
        "Pelanggan memang terbagi dalam kelompok: jauh lebih banyak sebaran yang dijelaskan daripada tanpa kelompok.";
    NOT_NATURAL:
        "There is no natural grouping: the segments are useful slices of a continuum, and their borders could lie elsewhere.",
        "Tidak ada kelompok alami: segmen adalah irisan berguna dari satu rentang, dan batasnya bisa saja terletak di tempat lain.";

    QUALITY: "Quality", "Mutu";
    QUALITY_CAPTION: "How good the segments of this model are", "Seberapa baik segmen model ini";
    MEASURE: "Measure", "Ukuran";
    VALUE: "Value", "Nilai";
    MEANING: "How to read it", "Cara membacanya";
    SILHOUETTE_MEANING:
        "From -1 to 1; higher is better. Above 0.5 segments are well apart, near 0 they touch.",
        "Dari -1 sampai 1; makin tinggi makin baik. Di atas 0,5 segmen terpisah jelas, dekat 0 bersentuhan.";
    CALINSKI_HARABASZ_MEANING:
        "Spread between segments over spread within them; higher is better.",
        "Sebaran antarsegmen dibagi sebaran di dalamnya; makin tinggi makin baik.";
    DAVIES_BOULDIN_MEANING:
        "How alike each segment is to its nearest neighbour; lower is better.",
        "Seberapa mirip tiap segmen dengan tetangga terdekatnya; makin rendah makin baik.";
    WCSS_MEANING:
        "The sum of squared distances of customers to their centres; comparable only within the same data.",
        "Jumlah kuadrat jarak pelanggan ke titik tengahnya; hanya bisa dibandingkan pada data yang sama.";

    PERSONAS: "Who they are, and what to do for them", "Siapa mereka, dan apa yang perlu dilakukan";
    ACTION: "What to do:", "Yang perlu dilakukan:";
    SIZE_OF: "{count} customers, {share} of all", "{count} pelanggan, {share} dari semuanya";
    NUMBERS_CAPTION: "{persona}: averages of numbers", "{persona}: rata-rata angka";
    SHARES_CAPTION: "{persona}: shares of values", "{persona}: porsi nilai";
    COLUMN: "Column", "Kolom";
    AVERAGE: "Average", "Rata-rata";
    EVERYBODY: "All customers", "Semua pelanggan";
    DIFFERENCE: "Difference in standard deviations", "Selisih dalam simpangan baku";
    MORE: "{count} more", "{count} lainnya";

    PREPARATION: "How values are compared", "Cara nilai dibandingkan";
    PREPARATION_INTRO:
        "Before customers are compared, each feature is prepared:",
        "Sebelum pelanggan dibandingkan, setiap fitur disiapkan:";

    READING: "How to read this report", "Cara membaca laporan ini";
    READING_SEGMENT:
        "A segment is a group of customers who are alike in the features. A customer belongs to the segment whose centre is nearest (K-Means).",
        "Segmen adalah kelompok pelanggan yang mirip menurut fiturnya. Seorang pelanggan masuk ke segmen yang titik tengahnya terdekat (K-Means).";
    READING_PERSONA:
        "A persona is a name for where a segment's centre lies. It describes an average; single customers differ from it.",
        "Persona adalah nama untuk letak titik tengah segmen. Ia menggambarkan rata-rata; setiap pelanggan bisa berbeda.";
    READING_DIFFERENCE:
        "A difference of 1 means: the segment's average is one standard deviation above that of all customers. Differences below about 0.2 are small.",
        "Selisih 1 berarti rata-rata segmen satu simpangan baku di atas rata-rata semua pelanggan. Selisih di bawah sekitar 0,2 tergolong kecil.";
    READING_CAUSE:
        "Segments describe; they do not say why customers are as they are, nor what a campaign will change. Try an action on a part of a segment first.",
        "Segmen menggambarkan; ia tidak menjelaskan mengapa pelanggan begitu atau apa yang akan diubah kampanye. Coba dulu tindakan pada sebagian segmen.";
    FOOT: "Model {version}, written by Segmenta {program}", "Model {version}, ditulis oleh Segmenta {program}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        let places = |text: &str| {
            let mut places: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            places.sort_unstable();
            places
        };
        for (name, text) in ALL {
            assert_eq!(places(text.english), places(text.indonesian), "{name}");
            assert!(!text.indonesian.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let text = SIZE_OF.with(Language::English, &[("count", "{share}"), ("share", "3%")]);
        assert_eq!(text, "{share} customers, 3% of all");
    }
}
