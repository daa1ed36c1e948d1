/** The sentences on whether the model is still current, in both languages. */
export const driftStrings = {
  driftTitle: { en: 'Is the model still current?', id: 'Apakah model masih sesuai?' },
  driftSoFar: {
    en: { one: '1 prediction so far.', other: '{count} predictions so far.' },
    id: 'Baru ada {count} prediksi.',
  },
  driftHint: {
    en: 'The last {count} predictions beside the customers of training.',
    id: '{count} prediksi terakhir dibandingkan dengan pelanggan saat pelatihan.',
  },
  driftFigures: { en: 'Figure by figure', id: 'Angka demi angka' },
  driftFigure: { en: 'Figure', id: 'Angka' },
  driftPsi: { en: 'Stability index (PSI)', id: 'Indeks kestabilan (PSI)' },
  driftChance: { en: 'By chance up to', id: 'Kebetulan hingga' },
  driftSegments: { en: 'Sizes of segments', id: 'Ukuran segmen' },
  driftSegment: { en: 'Segment', id: 'Segmen' },
  driftDistance: { en: 'Distance to the centre', id: 'Jarak ke titik tengah' },
  driftTrained: { en: 'In training', id: 'Saat dilatih' },
  driftRecent: { en: 'Recently', id: 'Belakangan' },
  driftTooFew: { en: 'too few', id: 'terlalu sedikit' },
  driftSteady: { en: 'steady', id: 'stabil' },
  driftShifting: { en: 'shifting', id: 'bergeser' },
  driftDrifted: { en: 'drifted', id: 'berubah' },
  driftUnknown: { en: 'not available', id: 'tidak tersedia' },
};
