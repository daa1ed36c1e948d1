import {
  ArrowDown,
  ArrowRight,
  ArrowUp,
  BookOpen,
  createElement,
  Download,
  Equal,
  LayoutDashboard,
  Lightbulb,
  Maximize,
  Minus,
  Monitor,
  Moon,
  Plus,
  Sun,
  TriangleAlert,
  UserSearch,
} from 'lucide';

const icons = {
  alert: TriangleAlert,
  dashboard: LayoutDashboard,
  dark: Moon,
  docs: BookOpen,
  down: ArrowDown,
  download: Download,
  equal: Equal,
  idea: Lightbulb,
  light: Sun,
  minus: Minus,
  plus: Plus,
  predictor: UserSearch,
  reset: Maximize,
  right: ArrowRight,
  system: Monitor,
  up: ArrowUp,
};

/** @typedef {keyof typeof icons} IconName */

/**
 * An icon beside words that say the same: hidden from screen readers.
 * @param {IconName} name
 * @param {string} [classes]
 */
export function icon(name, classes = 'size-4') {
  return createElement(icons[name], {
    class: `${classes} shrink-0`,
    'aria-hidden': 'true',
    'stroke-width': 1.75,
  });
}
