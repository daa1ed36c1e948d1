/** The sentences on signing in and on what a role may do, in both languages. */
export const sessionStrings = {
  signInTitle: { en: 'Sign in', id: 'Masuk' },
  signInIntro: {
    en: 'This server asks who you are before it shows customers.',
    id: 'Server ini perlu tahu siapa Anda sebelum menampilkan pelanggan.',
  },
  token: { en: 'Token', id: 'Token' },
  tokenHint: {
    en: 'It begins with sgm_. Whoever runs the server makes one with segmenta token create.',
    id: 'Diawali sgm_. Pengelola server membuatnya dengan segmenta token create.',
  },
  tokenWrong: {
    en: 'This token is wrong, has expired or was revoked.',
    id: 'Token ini salah, kedaluwarsa, atau telah dicabut.',
  },
  tokenTooMany: {
    en: 'Too many wrong tokens. Wait a minute, then try again.',
    id: 'Terlalu banyak token salah. Tunggu satu menit, lalu coba lagi.',
  },
  signIn: { en: 'Sign in', id: 'Masuk' },
  signOut: { en: 'Sign out', id: 'Keluar' },
  mayPredict: { en: '{name} (may predict)', id: '{name} (boleh memprediksi)' },
  mayRead: { en: '{name} (may read)', id: '{name} (boleh membaca)' },
  mayAll: { en: '{name} (may do everything)', id: '{name} (boleh segalanya)' },
  needsRead: {
    en: 'This shows customers. It needs a token with the role read or admin.',
    id: 'Bagian ini menampilkan pelanggan. Perlu token dengan peran read atau admin.',
  },
  needsAdmin: {
    en: 'This changes what the server keeps. It needs a token with the role admin.',
    id: 'Bagian ini mengubah isi server. Perlu token dengan peran admin.',
  },
};
