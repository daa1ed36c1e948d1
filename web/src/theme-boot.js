// A plain script, not a module: it runs before the first paint, so the page never flashes the other theme.
(function () {
  var theme = null;
  try {
    theme = localStorage.getItem('segmenta.theme');
  } catch {
    // Storage may be switched off; the system's theme is then the answer.
  }
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.dataset.theme = theme;
})();
