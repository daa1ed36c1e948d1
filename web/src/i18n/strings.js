import { driftStrings } from './drift.strings.js';
import { modelsStrings } from './models.strings.js';
import { sessionStrings } from './session.strings.js';
import { trainingStrings } from './training.strings.js';

/**
 * Every sentence of the page, in both languages, side by side; those of trainings and of kept models
 * stand in files of their own.
 * `{name}` is a place to fill; a pair of `one` and `other` is chosen by `{count}`.
 */
export const strings = {
  ...trainingStrings,
  ...modelsStrings,
  ...driftStrings,
  ...sessionStrings,

  skip: { en: 'Skip to content', id: 'Langsung ke isi' },
  dashboard: { en: 'Dashboard', id: 'Dasbor' },
  predictor: { en: 'Predictor', id: 'Prediksi' },
  train: { en: 'Train', id: 'Latih' },
  models: { en: 'Models', id: 'Model' },
  navigation: { en: 'Main navigation', id: 'Navigasi utama' },
  apiDocs: { en: 'API', id: 'API' },
  language: { en: 'Language', id: 'Bahasa' },
  theme: { en: 'Theme', id: 'Tema' },
  themeLight: { en: 'Light', id: 'Terang' },
  themeDark: { en: 'Dark', id: 'Gelap' },
  themeSystem: { en: 'As the system', id: 'Ikuti sistem' },
  modelFoot: { en: 'Model {version}', id: 'Model {version}' },

  dashboardIntro: {
    en: 'Who your customers are, in groups that behave alike.',
    id: 'Siapa pelanggan Anda, dalam kelompok yang perilakunya serupa.',
  },
  keyFigures: { en: 'Key figures', id: 'Angka utama' },
  totalCustomers: { en: 'Customers', id: 'Pelanggan' },
  skippedRows: {
    en: { one: '1 row could not be used', other: '{count} rows could not be used' },
    id: '{count} baris tidak bisa dipakai',
  },
  estimatedFrom: {
    en: 'sizes and WCSS are exact; profiles and other indices are estimated from {count} of them',
    id: 'ukuran dan WCSS persis; profil dan indeks lain ditaksir dari {count} di antaranya',
  },
  clusters: { en: 'Segments', id: 'Segmen' },
  clustersAdvised: { en: 'as the data advise', id: 'sesuai anjuran data' },
  clustersForced: { en: 'chosen by hand; {k} advised', id: 'dipilih sendiri; anjurannya {k}' },
  clustersSlices: {
    en: 'slices of a continuum, no natural groups',
    id: 'irisan dari satu rentang, bukan kelompok alami',
  },
  topPersona: { en: 'Largest segment', id: 'Segmen terbesar' },
  shareOfAll: { en: '{share} of all customers', id: '{share} dari semua pelanggan' },
  average: { en: 'Average {column}', id: 'Rata-rata {column}' },
  mostFrequent: { en: 'Most frequent {column}', id: '{column} terbanyak' },
  valuesCount: { en: { one: '1 value', other: '{count} values' }, id: '{count} nilai' },
  featuresCount: { en: 'Features', id: 'Fitur' },
  moreFeatures: { en: '{count} more', id: '{count} lainnya' },
  rangeOf: { en: '{min} to {max}', id: '{min} sampai {max}' },

  mapTitle: { en: 'Map of customers', id: 'Peta pelanggan' },
  mapHint: {
    en: 'Each mark is a customer; a ring marks the middle of a segment.',
    id: 'Setiap tanda adalah satu pelanggan; lingkaran menandai titik tengah segmen.',
  },
  mapHintRegions: {
    en: 'The shading shows which segment a customer there belongs to.',
    id: 'Warna latar menunjukkan segmen bagi pelanggan di posisi itu.',
  },
  mapHintStrips: {
    en: 'Each segment has a strip; where a mark stands within its strip’s height means nothing.',
    id: 'Setiap segmen punya satu lajur; tinggi tanda di dalam lajurnya tidak berarti apa-apa.',
  },
  mapHintComponents: {
    en: 'Principal components are the directions in which customers differ most. These two show {share} of all differences: groups that touch here may be apart in others.',
    id: 'Komponen utama adalah arah tempat pelanggan paling berbeda. Keduanya menunjukkan {share} dari seluruh perbedaan: kelompok yang bersentuhan di sini mungkin terpisah di arah lain.',
  },
  mapName: {
    en: 'Scatter plot of customers: {x} across, {y} upward, coloured by segment',
    id: 'Diagram pencar pelanggan: {x} mendatar, {y} tegak, warna menurut segmen',
  },
  axisX: { en: 'Across', id: 'Sumbu datar' },
  axisY: { en: 'Upward', id: 'Sumbu tegak' },
  axisFeatures: { en: 'Features', id: 'Fitur' },
  axisColumns: { en: 'Other columns', id: 'Kolom lain' },
  axisComponents: { en: 'All features at once', id: 'Semua fitur sekaligus' },
  component: {
    en: 'Principal component {number} (explains {share})',
    id: 'Komponen utama {number} (menjelaskan {share})',
  },
  segmentAxis: { en: 'Segment', id: 'Segmen' },
  zoomIn: { en: 'Zoom in', id: 'Perbesar' },
  zoomOut: { en: 'Zoom out', id: 'Perkecil' },
  zoomReset: { en: 'Show everything', id: 'Tampilkan semua' },
  download: { en: 'Download as PNG', id: 'Unduh sebagai PNG' },
  legend: { en: 'Segments shown', id: 'Segmen yang ditampilkan' },
  truncated: {
    en: 'Showing {shown} of {total} customers.',
    id: 'Menampilkan {shown} dari {total} pelanggan.',
  },
  viewAll: {
    en: {
      one: '1 customer is in view.',
      other: '{count} customers are in view, each a point.',
    },
    id: '{count} pelanggan terlihat, masing-masing satu titik.',
  },
  viewCells: {
    en: '{count} customers are in view. Colours show how many are where, and which segment is most frequent there; {points} customers are drawn as points. Zoom in to see all.',
    id: '{count} pelanggan terlihat. Warna menunjukkan kepadatan dan segmen terbanyak di tiap tempat; {points} pelanggan digambar sebagai titik. Perbesar untuk melihat semuanya.',
  },
  leftOut: {
    en: {
      one: '1 customer lacks one of these values and is not on this view.',
      other: '{count} customers lack one of these values and are not on this view.',
    },
    id: '{count} pelanggan tidak punya salah satu nilai ini dan tidak tampil di sini.',
  },
  moreColumns: {
    en: { one: '1 more column', other: '{count} more columns' },
    id: '{count} kolom lainnya',
  },
  noCustomers: { en: 'There are no customers to show.', id: 'Belum ada pelanggan.' },
  noAxes: {
    en: 'There is no numeric column to draw the customers by.',
    id: 'Tidak ada kolom angka untuk menggambar pelanggan.',
  },
  asTable: { en: 'The same as a table', id: 'Lihat sebagai tabel' },
  tableCaption: { en: 'Averages by segment', id: 'Rata-rata per segmen' },
  customersCount: {
    en: { one: '1 customer', other: '{count} customers' },
    id: '{count} pelanggan',
  },
  share: { en: 'Share', id: 'Porsi' },

  distributionTitle: { en: 'Size of the segments', id: 'Ukuran segmen' },

  elbowTitle: {
    en: { one: 'Why one segment', other: 'Why {count} segments' },
    id: 'Mengapa {count} segmen',
  },
  elbowWcss: { en: 'Spread within segments (WCSS)', id: 'Sebaran dalam segmen (WCSS)' },
  elbowSilhouette: { en: 'Separation (silhouette)', id: 'Keterpisahan (silhouette)' },
  elbowWcssName: {
    en: 'Line chart of WCSS by number of segments, k = {k} marked',
    id: 'Diagram garis WCSS menurut jumlah segmen, k = {k} ditandai',
  },
  elbowSilhouetteName: {
    en: 'Line chart of silhouette by number of segments, k = {k} marked',
    id: 'Diagram garis silhouette menurut jumlah segmen, k = {k} ditandai',
  },
  numberOfSegments: { en: 'Number of segments (k)', id: 'Jumlah segmen (k)' },
  elbowAdvised: { en: 'The data advise k = {k}.', id: 'Data menganjurkan k = {k}.' },
  elbowByElbow: {
    en: 'The curve bends at k = {k}: up to there each further segment makes the groups much tighter, beyond it hardly.',
    id: 'Kurva menekuk di k = {k}: sampai titik itu setiap tambahan segmen membuat kelompok jauh lebih rapat, setelahnya hampir tidak.',
  },
  elbowBySilhouette: {
    en: 'The curve has no clear bend, so the silhouette decided: the segments stand furthest apart at k = {k}.',
    id: 'Kurva tidak punya tekukan yang jelas, jadi silhouette yang menentukan: segmen paling terpisah di k = {k}.',
  },
  elbowByGroups: {
    en: 'The customers fall into natural groups, which stand as far apart at k = {k} as with any number of them (silhouette, to a hundredth). This counts for more here than the bend of the curve.',
    id: 'Pelanggan membentuk kelompok alami, yang di k = {k} terpisah sejauh pada jumlah mana pun (silhouette, hingga seperseratus). Di sini hal itu lebih menentukan daripada tekukan kurva.',
  },
  elbowBySingle: {
    en: 'The customers are too alike to be split: one segment holds them all.',
    id: 'Pelanggan terlalu mirip untuk dipisah: satu segmen mencakup semuanya.',
  },
  elbowForced: {
    en: 'This model was trained with k = {k} all the same, as asked.',
    id: 'Meski begitu, model ini dilatih dengan k = {k} sesuai permintaan.',
  },
  elbowAgree: {
    en: { one: '{names} agrees.', other: '{names} agree.' },
    id: '{names} sepakat.',
  },
  elbowDiffer: { en: '{name} would choose {k}.', id: '{name} akan memilih {k}.' },
  elbowDisagree: {
    en: 'The criteria disagree: other numbers of segments can be defended as well.',
    id: 'Kriterianya tidak sepakat: jumlah segmen lain juga bisa dibenarkan.',
  },
  elbowCriterion: { en: 'The elbow', id: 'Siku kurva' },
  stability: { en: 'Stability', id: 'Kestabilan' },
  elbowTableHint: {
    en: 'A dot marks what a criterion takes for the best number: dots in different rows disagree.',
    id: 'Titik menandai jumlah terbaik menurut tiap kriteria: titik di baris berbeda berarti tidak sepakat.',
  },
  criterionChoice: { en: 'Chosen', id: 'Dipilih' },
  noGrouping: {
    en: 'No natural grouping: the customers spread without gaps, as one whole. These segments are slices of a continuum. They can still be of use, but neighbours on both sides of a border are much alike, and other borders would do as well.',
    id: 'Tidak ada pengelompokan alami: pelanggan tersebar tanpa celah, sebagai satu kesatuan. Segmen ini adalah irisan dari satu rentang. Tetap bisa berguna, tetapi pelanggan di kedua sisi batas sangat mirip, dan batas lain sama baiknya.',
  },

  segmentsTitle: { en: 'The segments', id: 'Segmen satu per satu' },
  clusterId: { en: 'Cluster {id}', id: 'Klaster {id}' },
  setsApart: { en: 'What sets it apart', id: 'Yang membedakan' },
  farAbove: {
    en: '{column} far above average: {mean}, against {average}',
    id: '{column} jauh di atas rata-rata: {mean}, dibanding {average}',
  },
  above: {
    en: '{column} above average: {mean}, against {average}',
    id: '{column} di atas rata-rata: {mean}, dibanding {average}',
  },
  slightlyAbove: {
    en: '{column} slightly above average: {mean}, against {average}',
    id: '{column} sedikit di atas rata-rata: {mean}, dibanding {average}',
  },
  farBelow: {
    en: '{column} far below average: {mean}, against {average}',
    id: '{column} jauh di bawah rata-rata: {mean}, dibanding {average}',
  },
  below: {
    en: '{column} below average: {mean}, against {average}',
    id: '{column} di bawah rata-rata: {mean}, dibanding {average}',
  },
  slightlyBelow: {
    en: '{column} slightly below average: {mean}, against {average}',
    id: '{column} sedikit di bawah rata-rata: {mean}, dibanding {average}',
  },
  moreOften: {
    en: 'More {value}: {share}, against {average}',
    id: 'Lebih banyak {value}: {share}, dibanding {average}',
  },
  moreOftenIn: {
    en: '{column}: {value} more often: {share}, against {average}',
    id: '{column}: {value} lebih sering: {share}, dibanding {average}',
  },
  typical: {
    en: 'Close to the average customer in everything',
    id: 'Mirip pelanggan rata-rata dalam segala hal',
  },
  meanOf: { en: 'Average', id: 'Rata-rata' },
  women: { en: 'Women', id: 'Perempuan' },
  men: { en: 'Men', id: 'Laki-laki' },
  yes: { en: 'Yes', id: 'Ya' },
  no: { en: 'No', id: 'Tidak' },
  moreTraits: { en: '{count} more', id: '{count} lagi' },
  otherValues: {
    en: { one: '1 other value', other: '{count} other values' },
    id: '{count} nilai lain',
  },
  recommended: { en: 'What to do', id: 'Langkah yang disarankan' },

  preparationTitle: { en: 'How the data were prepared', id: 'Bagaimana data disiapkan' },
  preparationHint: {
    en: 'Done before the segments were found, and in the same way for each new customer.',
    id: 'Dilakukan sebelum segmen dicari, dan dengan cara yang sama untuk setiap pelanggan baru.',
  },
  preparationPlain: {
    en: 'Only standardised, as always: {names}.',
    id: 'Hanya distandarkan, seperti biasa: {names}.',
  },

  predictorIntro: {
    en: 'Find out which segment a customer belongs to.',
    id: 'Cari tahu seorang pelanggan masuk segmen yang mana.',
  },
  customerTitle: { en: 'The customer', id: 'Data pelanggan' },
  optionalGroup: { en: 'More about the customer (optional)', id: 'Data tambahan (opsional)' },
  optionalHint: {
    en: 'Kept with your answers; the segment does not depend on it.',
    id: 'Disimpan bersama jawaban; tidak memengaruhi segmen.',
  },
  neededGroup: { en: 'Needed for an answer', id: 'Wajib diisi' },
  assumedGroup: { en: 'May be left empty', id: 'Boleh dikosongkan' },
  assumedGroupHint: {
    en: 'The model then assumes what stands beneath the field.',
    id: 'Model lalu memakai nilai yang tertulis di bawah isian.',
  },
  optional: { en: 'optional', id: 'opsional' },
  assumedMedian: {
    en: 'If left empty, {value} is assumed, the median',
    id: 'Jika kosong dianggap {value}, yaitu median',
  },
  assumedMean: {
    en: 'If left empty, {value} is assumed, the average',
    id: 'Jika kosong dianggap {value}, yaitu rata-rata',
  },
  assumedMode: {
    en: 'If left empty, {value} is assumed, the most frequent',
    id: 'Jika kosong dianggap {value}, yaitu yang terbanyak',
  },
  assumedSomething: {
    en: 'If left empty, the usual value is assumed',
    id: 'Jika kosong dianggap nilai yang lazim',
  },
  assumed: {
    en: 'Left empty, and therefore assumed: {values}.',
    id: 'Dikosongkan, jadi dianggap: {values}.',
  },
  trainingRange: {
    en: 'Customers so far: {min} to {max}',
    id: 'Pelanggan selama ini: {min} sampai {max}',
  },
  notGiven: { en: 'Not given', id: 'Tidak diisi' },
  pleaseChoose: { en: 'Please choose', id: 'Silakan pilih' },
  predict: { en: 'Find the segment', id: 'Cari segmennya' },
  predicting: { en: 'Finding the segment…', id: 'Mencari segmen…' },
  answerTitle: { en: 'The answer', id: 'Jawaban' },
  answerEmpty: {
    en: 'Fill in the form, and the customer’s segment appears here.',
    id: 'Isi formulirnya, lalu segmen pelanggan akan muncul di sini.',
  },
  belongsTo: {
    en: 'This customer belongs to {persona}.',
    id: 'Pelanggan ini masuk segmen {persona}.',
  },
  confidence: { en: 'Confidence', id: 'Keyakinan' },
  confidenceClear: { en: 'a clear case', id: 'jelas' },
  confidenceFair: { en: 'fairly clear', id: 'cukup jelas' },
  confidenceBorder: { en: 'on the border', id: 'di perbatasan' },
  runnerUp: { en: 'Next nearest: {persona}', id: 'Terdekat berikutnya: {persona}' },
  switchUp: {
    en: 'With {column} at {to} instead of {from}, this customer would belong to {persona}.',
    id: 'Jika {column} naik dari {from} menjadi {to}, pelanggan ini masuk segmen {persona}.',
  },
  switchDown: {
    en: 'With {column} at {to} instead of {from}, this customer would belong to {persona}.',
    id: 'Jika {column} turun dari {from} menjadi {to}, pelanggan ini masuk segmen {persona}.',
  },
  switchCategory: {
    en: 'With {column} {to} instead of {from}, this customer would belong to {persona}.',
    id: 'Jika {column} {to}, bukan {from}, pelanggan ini masuk segmen {persona}.',
  },
  switchTo: {
    en: 'With {column} {to}, this customer would belong to {persona}.',
    id: 'Jika {column} {to}, pelanggan ini masuk segmen {persona}.',
  },
  whatWouldChange: { en: 'What would change it', id: 'Yang bisa mengubahnya' },
  reasons: { en: 'Why this segment', id: 'Mengapa segmen ini' },
  speaksFor: { en: 'speaks for {persona}', id: 'mendukung {persona}' },
  speaksForThis: { en: 'speaks for this segment', id: 'mendukung segmen ini' },
  speaksForNext: { en: 'speaks for the next nearest', id: 'mendukung yang terdekat berikutnya' },
  speaksNeither: { en: 'speaks for neither', id: 'tidak condong ke mana pun' },
  placeTitle: { en: 'Among the other customers', id: 'Di antara pelanggan lain' },
  placePart: {
    en: 'Of the numbers given, those that say most are shown; the model decides by {count} features.',
    id: 'Dari angka yang diisi, yang tampil paling menentukan; model memakai {count} fitur.',
  },
  newCustomer: { en: 'New customer', id: 'Pelanggan baru' },
  newCustomerStar: { en: 'The star is the new customer.', id: 'Bintang adalah pelanggan baru.' },
  historyTitle: { en: 'Latest answers', id: 'Jawaban terakhir' },
  historyClear: { en: 'Clear', id: 'Hapus' },
  modelChanged: {
    en: 'The model has changed since the page was opened; the page now shows the new one.',
    id: 'Model sudah berganti sejak halaman dibuka; halaman kini menampilkan yang baru.',
  },

  ruleMissing: { en: 'Please fill this in.', id: 'Mohon diisi.' },
  ruleNumberType: { en: 'Please write a number, such as 12.5.', id: 'Tulis angka, misalnya 12,5.' },
  ruleNumberFinite: { en: 'This number is too large.', id: 'Angka ini terlalu besar.' },
  ruleBelowMinimum: { en: 'The least possible is {minimum}.', id: 'Paling kecil {minimum}.' },
  ruleOutOfRange: {
    en: '{value} lies outside what the model has seen ({min} to {max}): take the answer with care.',
    id: '{value} di luar rentang yang dikenal model ({min} sampai {max}): cermati jawabannya.',
  },
  ruleUnknownCategory: {
    en: 'The model has never seen this value: take the answer with care.',
    id: 'Model belum pernah melihat nilai ini: cermati jawabannya.',
  },

  errorNetwork: {
    en: 'The server cannot be reached. Is it running, and are you online?',
    id: 'Server tidak bisa dihubungi. Apakah server berjalan dan Anda tersambung?',
  },
  errorTimeout: {
    en: 'The server took too long to answer.',
    id: 'Server terlalu lama menjawab.',
  },
  errorFields: {
    en: 'Some of the fields need another look.',
    id: 'Beberapa isian perlu diperiksa lagi.',
  },
  errorTooLarge: { en: 'The request is too large.', id: 'Permintaannya terlalu besar.' },
  errorNotFound: {
    en: 'The server has nothing here.',
    id: 'Server tidak menemukan apa pun di sini.',
  },
  errorUnavailable: {
    en: 'The server cannot give this at the moment.',
    id: 'Server belum bisa memberikan data ini.',
  },
  errorBusy: {
    en: 'Too many requests at once. Please wait a little.',
    id: 'Terlalu banyak permintaan. Mohon tunggu sebentar.',
  },
  errorServer: { en: 'Something went wrong on the server.', id: 'Ada yang salah di server.' },
  errorUnknown: { en: 'Something went wrong.', id: 'Ada yang salah.' },
  statsUnavailable: {
    en: 'The customers’ own rows are not kept with this model, so there is no map.',
    id: 'Data setiap pelanggan tidak disimpan bersama model ini, jadi petanya tidak ada.',
  },
  errorNoRoom: {
    en: 'The server’s disk is full. Delete files or models that are no longer needed.',
    id: 'Penyimpanan server penuh. Hapus berkas atau model yang tidak dipakai.',
  },
  cancel: { en: 'Cancel', id: 'Batal' },
  delete: { en: 'Delete', id: 'Hapus' },
  save: { en: 'Save', id: 'Simpan' },
  retry: { en: 'Try again', id: 'Coba lagi' },
  loading: { en: 'Loading…', id: 'Memuat…' },
};
