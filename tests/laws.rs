//! Laws that hold for any data: property tests of the pipeline.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use segmenta::dataset::{Dataset, OnError, Source};
use segmenta::elbow::{adjusted_rand_score, sweep};
use segmenta::features::Matrix;
use segmenta::identity::Evidence;
use segmenta::kmeans::{Cancel, Clustering, KMeansParams, squared_distance};
use segmenta::model::{Model, NClusters, TrainOptions, train};
use segmenta::personas::{Language, PersonaChoice};
use segmenta::preparation::Scaling;
use segmenta::quality::Quality;
use segmenta::scaler::Scaler;

/// 1 to 60 rows of 1 to 4 columns: whole numbers, so that rows repeat, or any numbers up to 1e6.
fn matrices() -> impl Strategy<Value = Matrix> {
    (1_usize..=4, 1_usize..=60, any::<bool>()).prop_flat_map(|(n_columns, n_rows, whole)| {
        let number =
            if whole { (-4_i32..=4).prop_map(f64::from).boxed() } else { (-1e6_f64..1e6).boxed() };
        let column = prop::collection::vec(number, n_rows);
        prop::collection::vec(column, n_columns)
            .prop_map(|columns| Matrix::from_columns(columns).unwrap())
    })
}

fn params(n_clusters: usize, n_init: usize, random_state: u64) -> KMeansParams {
    KMeansParams { n_init, random_state, ..KMeansParams::new(n_clusters) }
}

fn fit(matrix: &Matrix, n_clusters: usize, random_state: u64) -> Clustering {
    params(n_clusters, 3, random_state).check().unwrap().fit(matrix).unwrap()
}

/// A matrix and a number of clusters that it has enough distinct rows for.
fn clusterable() -> impl Strategy<Value = (Matrix, usize)> {
    matrices().prop_flat_map(|matrix| {
        let most = matrix.distinct_rows(8);
        (Just(matrix), 1..=most)
    })
}

/// Two groupings of 2 to 200 rows.
fn groupings() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    (2_usize..200, 1_u32..8, 1_u32..8).prop_flat_map(|(n_rows, k_one, k_other)| {
        (prop::collection::vec(0..k_one, n_rows), prop::collection::vec(0..k_other, n_rows))
    })
}

/// 1 to 8 different centres on a plane, and the same ones in another order: with each its place among the first.
fn shuffled_centers() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<usize>)> {
    prop::collection::hash_set((-50_i32..50, -50_i32..50), 1..=8).prop_flat_map(|centers| {
        let centers: Vec<Vec<f64>> =
            centers.into_iter().map(|(x, y)| vec![f64::from(x), f64::from(y)]).collect();
        let places: Vec<usize> = (0..centers.len()).collect();
        (Just(centers), Just(places).prop_shuffle())
    })
}

/// Any evidence about 1 to 6 earlier and 1 to 6 new segments.
fn evidence() -> impl Strategy<Value = Evidence> {
    let center = || prop::collection::vec(-3.0_f64..3.0, 2);
    (1_usize..=6, 1_usize..=6).prop_flat_map(move |(n_earlier, n_found)| {
        let row = prop::collection::vec(0_usize..50, n_found);
        let counts = prop::option::of(prop::collection::vec(row, n_earlier));
        let earlier = prop::collection::vec(center(), n_earlier);
        let found = prop::collection::vec(prop::option::of(center()), n_found);
        (0.0_f64..=1.0, earlier, found, 0.0_f64..3.0, counts).prop_map(
            |(known, earlier, found, spread, counts)| Evidence {
                known,
                earlier,
                found,
                spread,
                counts,
            },
        )
    })
}

/// How each of four columns is scaled, and its weight.
fn scalings() -> impl Strategy<Value = Vec<(Scaling, f64)>> {
    let scaling = prop::sample::select(vec![Scaling::None, Scaling::Standard, Scaling::Robust]);
    prop::collection::vec((scaling, 0.01_f64..100.0), 4)
}

fn bits<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> Vec<u64> {
    numbers.into_iter().map(|number| number.to_bits()).collect()
}

proptest! {
    #[test]
    fn agreement_is_the_same_either_way_and_at_most_1((one, other) in groupings()) {
        let score = adjusted_rand_score(&one, &other).unwrap();
        prop_assert_eq!(score, adjusted_rand_score(&other, &one).unwrap());
        prop_assert!((-1.0..=1.0).contains(&score), "{score}");
    }

    #[test]
    fn agreement_is_1_with_the_same_groups_by_other_names((one, _) in groupings(), by in 1_u32..9) {
        let renamed: Vec<u32> = one.iter().map(|label| (label * 7 + by) % 8 * 1000).collect();
        prop_assert_eq!(adjusted_rand_score(&one, &renamed).unwrap(), 1.0);
    }

    #[test]
    fn agreement_is_near_0_with_groups_drawn_at_random(
        one in prop::collection::vec(0_u32..4, 3000),
        other in prop::collection::vec(0_u32..6, 3000),
    ) {
        let score = adjusted_rand_score(&one, &other).unwrap();
        prop_assert!(score.abs() < 0.02, "{score}");
    }

    #[test]
    fn scaling_gives_mean_0_and_variance_1_and_can_be_undone(matrix in matrices()) {
        let scaler = Scaler::fit(&matrix, &["a", "b", "c", "d"], &[(Scaling::Standard, 1.0); 4]).unwrap();
        let scaled = scaler.transform(&matrix);
        let back = scaler.inverse_transform(&scaled);
        let n = matrix.n_rows() as f64;
        for index in 0..matrix.n_columns() {
            let mean = scaled.column(index).iter().sum::<f64>() / n;
            let variance = scaled.column(index).iter().map(|z| (z - mean).powi(2)).sum::<f64>() / n;
            prop_assert!(mean.abs() < 1e-9, "mean {mean}");
            let constant = matrix.column(index).iter().all(|x| *x == matrix.column(index)[0]);
            let expected = if constant { 0.0 } else { 1.0 };
            prop_assert!((variance - expected).abs() < 1e-9, "variance {variance}");
            for (x, y) in matrix.column(index).iter().zip(back.column(index)) {
                prop_assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0));
            }
        }
    }

    #[test]
    fn every_row_is_in_its_nearest_cluster_and_every_centre_is_a_mean((matrix, k) in clusterable()) {
        let found = fit(&matrix, k, 1);
        let mut inertia = 0.0;
        for (row, &label) in found.labels.iter().enumerate() {
            let point = matrix.row(row);
            let distances: Vec<f64> =
                found.cluster_centers.iter().map(|center| squared_distance(&point, center)).collect();
            let own = distances[label as usize];
            prop_assert!(distances.iter().all(|&other| own <= other), "{distances:?}");
            inertia += own;
        }
        prop_assert!((inertia - found.inertia).abs() <= 1e-9 * inertia.max(1.0));
        for (cluster, center) in found.cluster_centers.iter().enumerate() {
            let members: Vec<usize> =
                (0..matrix.n_rows()).filter(|&row| found.labels[row] as usize == cluster).collect();
            prop_assert_eq!(members.len(), found.sizes[cluster]);
            prop_assert!(!members.is_empty());
            for (index, coordinate) in center.iter().enumerate() {
                let sum: f64 = members.iter().map(|&row| matrix.column(index)[row]).sum();
                let mean = sum / members.len() as f64;
                prop_assert!((mean - coordinate).abs() <= 1e-9 * mean.abs().max(1.0));
            }
        }
    }

    #[test]
    fn the_result_depends_on_nothing_but_data_parameters_and_seed((matrix, k) in clusterable(), seed: u64) {
        prop_assert_eq!(fit(&matrix, k, seed), fit(&matrix, k, seed));
    }

    #[test]
    fn a_step_more_never_raises_the_sum((matrix, k) in clusterable(), seed: u64) {
        let after = |max_iter| {
            let params = KMeansParams { max_iter, n_swaps: 0, ..params(k, 1, seed) };
            // One start may end with an empty cluster when it is cut short: that is an error.
            params.check().unwrap().fit(&matrix).map(|found| found.inertia).ok()
        };
        let sums: Vec<f64> = [1, 2, 3, 10, 300].into_iter().filter_map(after).collect();
        for pair in sums.windows(2) {
            prop_assert!(pair[1] <= pair[0] * (1.0 + 1e-9) + 1e-9, "{sums:?}");
        }
    }

    #[test]
    fn more_starts_never_end_worse((matrix, k) in clusterable(), seed: u64) {
        // A search goes on from one start alone, and may end anywhere below it.
        let best_of = |n_init| {
            let params = KMeansParams { n_swaps: 0, ..params(k, n_init, seed) };
            params.check().unwrap().fit(&matrix).unwrap().inertia
        };
        prop_assert!(best_of(8) <= best_of(2));
        prop_assert!(best_of(2) <= best_of(1));
    }

    #[test]
    fn quality_stays_in_its_bounds((matrix, k) in clusterable()) {
        let quality = Quality::of(&matrix, &fit(&matrix, k, 1).cluster_centers);
        prop_assert_eq!(quality.silhouette.is_some(), k > 1 && k < matrix.n_rows());
        prop_assert!(quality.silhouette.is_none_or(|s| (-1.0..=1.0).contains(&s)));
        prop_assert!(quality.calinski_harabasz.is_none_or(|index| index >= 0.0));
        prop_assert!(quality.davies_bouldin.is_none_or(|index| index >= 0.0));
    }

    #[test]
    fn the_sweep_ends_at_the_distinct_rows_and_advises_one_of_its_ks(matrix in matrices()) {
        let sweep = sweep(&matrix, &params(1, 2, 1), 6, &Cancel::default(), |_| ()).unwrap();
        let ks: Vec<usize> = sweep.elbow.by_k.iter().map(|point| point.k).collect();
        prop_assert_eq!(&ks, &(1..=matrix.distinct_rows(6)).collect::<Vec<_>>());
        prop_assert!(ks.contains(&sweep.elbow.n_clusters));
        for point in &sweep.elbow.by_k {
            prop_assert!(point.stability.is_none_or(|score| (-1.0..=1.0).contains(&score)));
            prop_assert!((1..=matrix.n_rows()).contains(&point.smallest.unwrap()));
        }
    }

    #[test]
    fn no_two_segments_share_a_name(
        centers in prop::collection::vec(prop::collection::vec(-2.0_f64..2.0, 2), 1..20),
        features in prop::sample::select(vec![
            ["annual_income", "spending_score"], ["recency", "frequency"], ["visits", "basket"],
        ]),
    ) {
        // The third coordinate repeats the first, so that a persona has several segments.
        let monetary = |center: &Vec<f64>| vec![center[0], center[1], center[0]];
        let is_rfm = features[0] == "recency";
        let centers = if is_rfm { centers.iter().map(monetary).collect() } else { centers };
        let features = if is_rfm { [&features[..], &["monetary"]].concat() } else { features.to_vec() };
        let personas = PersonaChoice::embedded().unwrap();
        let naming = personas.rules(&features).name(&centers, &features);
        let mut order = naming.order.clone();
        order.sort_unstable();
        prop_assert_eq!(order, (0..centers.len()).collect::<Vec<_>>());
        for language in Language::ALL {
            let names: std::collections::HashSet<_> =
                naming.personas.iter().map(|persona| &persona.texts(language).name).collect();
            prop_assert_eq!(names.len(), centers.len());
        }
    }

    #[test]
    fn any_scaling_can_be_undone_and_is_kept_to_the_bit(matrix in matrices(), scalings in scalings()) {
        let scalings = &scalings[..matrix.n_columns()];
        let scaler = Scaler::fit(&matrix, &["a", "b", "c", "d"], scalings).unwrap();
        let scaled = scaler.transform(&matrix);
        let back = scaler.inverse_transform(&scaled);
        let kept: Scaler = serde_json::from_str(&serde_json::to_string(&scaler).unwrap()).unwrap();
        prop_assert_eq!(bits(&kept.mean), bits(&scaler.mean));
        prop_assert_eq!(bits(&kept.scale), bits(&scaler.scale));
        prop_assert_eq!(bits(&kept.weight), bits(&scaler.weight));
        for row in 0..matrix.n_rows() {
            // One customer is scaled as all together are.
            prop_assert_eq!(bits(&scaler.transform_row(&matrix.row(row))), bits(&scaled.row(row)));
            prop_assert_eq!(bits(&kept.transform_row(&matrix.row(row))), bits(&scaled.row(row)));
        }
        for (index, column) in matrix.columns().iter().enumerate() {
            let largest = column.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
            for (x, y) in column.iter().zip(back.column(index)) {
                prop_assert!((x - y).abs() <= 1e-9 * largest, "{x} came back as {y}");
            }
        }
    }

    #[test]
    fn no_single_step_raises_the_sum((matrix, k) in clusterable(), seed: u64) {
        let start = fit(&matrix, k, seed).cluster_centers;
        // Away from where it ended, but each still with a row of its own where that can be.
        let mut centers: Vec<Vec<f64>> =
            start.iter().map(|center| center.iter().map(|x| x * 0.9 + 0.1).collect()).collect();
        let one = KMeansParams { max_iter: 1, n_swaps: 0, ..params(k, 1, seed) }.check().unwrap();
        let nearest = |centers: &[Vec<f64>]| -> f64 {
            let to_nearest = |row| {
                let point = matrix.row(row);
                centers.iter().map(|center| squared_distance(&point, center)).fold(f64::INFINITY, f64::min)
            };
            (0..matrix.n_rows()).map(to_nearest).sum()
        };
        let mut sum = nearest(&centers);
        for _ in 0..6 {
            let Ok(stepped) = one.fit_from(&matrix, &centers) else { break };
            centers = stepped.cluster_centers;
            let next = nearest(&centers);
            prop_assert!(next <= sum * (1.0 + 1e-9) + 1e-9, "from {sum} to {next}");
            sum = next;
        }
    }

    #[test]
    fn the_same_centres_in_another_order_are_found_again((earlier, places) in shuffled_centers()) {
        let found = places.iter().map(|&place| Some(earlier[place].clone())).collect();
        let evidence = Evidence { known: 1.0, earlier, found, spread: 1.0, counts: None };
        let matches: Vec<_> =
            evidence.matches().iter().map(|found| found.map(|m| (m.earlier, m.sureness))).collect();
        let expected: Vec<_> = places.iter().map(|&place| Some((place, 1.0))).collect();
        prop_assert_eq!(matches, expected);
    }

    #[test]
    fn no_earlier_segment_is_found_twice(evidence in evidence()) {
        let matches = evidence.matches();
        prop_assert_eq!(matches.len(), evidence.found.len());
        let mut earlier: Vec<usize> = matches.iter().flatten().map(|found| found.earlier).collect();
        earlier.sort_unstable();
        let n_matches = earlier.len();
        earlier.dedup();
        prop_assert_eq!(earlier.len(), n_matches);
        prop_assert!(earlier.iter().all(|&place| place < evidence.earlier.len()));
        for found in matches.into_iter().flatten() {
            prop_assert!(found.sureness > 0.5 && found.sureness <= 1.0, "{found:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_model_comes_back_from_its_file_to_the_bit((matrix, k) in clusterable()) {
        let names: Vec<String> = (0..matrix.n_columns()).map(|column| format!("c{column}")).collect();
        let mut csv = format!("{},id\n", names.join(","));
        for row in 0..matrix.n_rows() {
            let cells: Vec<String> = matrix.row(row).iter().map(f64::to_string).collect();
            csv += &(cells.join(",") + ",C" + &row.to_string() + "\n");
        }
        let options = TrainOptions {
            features: names,
            n_clusters: NClusters::Fixed(k),
            k_max: 4.max(k),
            ..TrainOptions::new().unwrap()
        };
        let data = Dataset::read(&Source::new("x.csv", csv), OnError::Fail).unwrap();
        // Steps of the preparation may make different rows the same.
        let Ok(trained) = train(data, &options, |_| ()) else { return Ok(()) };
        let model = trained.model;
        let read = Model::from_json("model.json", model.to_json().as_bytes()).unwrap();
        prop_assert_eq!(read.to_json(), model.to_json());
        prop_assert_eq!(bits(read.kmeans.cluster_centers.iter().flatten()), bits(model.kmeans.cluster_centers.iter().flatten()));
        prop_assert_eq!(bits(&read.scaler.scale), bits(&model.scaler.scale));
        prop_assert_eq!(read, model);
    }
}
