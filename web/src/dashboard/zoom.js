import { t } from '../i18n/index.js';
import { el } from '../ui/dom.js';
import { icon } from '../ui/icons.js';

/** @import { IconName } from '../ui/icons.js' */

const step = 1.4;

/**
 * Buttons for what the wheel and the fingers do, and for saving the map.
 * @param {{ zoom: (factor: number) => void, reset: () => void, save: () => void }} actions
 */
export function zoomButtons({ zoom, reset, save }) {
  const button = (
    /** @type {IconName} */ face,
    /** @type {string} */ name,
    /** @type {() => void} */ click,
  ) =>
    el(
      'button',
      { type: 'button', class: 'button w-9 px-0', 'aria-label': name, title: name, on: { click } },
      icon(face),
    );
  return el(
    'div',
    { class: 'flex shrink-0 gap-1.5' },
    button('plus', t('zoomIn'), () => zoom(step)),
    button('minus', t('zoomOut'), () => zoom(1 / step)),
    button('reset', t('zoomReset'), reset),
    button('download', t('download'), save),
  );
}
