import {
  ArrowDown,
  ArrowRight,
  ArrowUp,
  BookOpen,
  Boxes,
  Check,
  createElement,
  Download,
  Equal,
  GraduationCap,
  LayoutDashboard,
  Lightbulb,
  Maximize,
  Minus,
  Monitor,
  Moon,
  Pencil,
  Plus,
  Sun,
  Trash2,
  TriangleAlert,
  Undo2,
  Upload,
  UserSearch,
  X,
} from 'lucide';

const icons = {
  alert: TriangleAlert,
  back: Undo2,
  cancel: X,
  check: Check,
  dashboard: LayoutDashboard,
  dark: Moon,
  docs: BookOpen,
  down: ArrowDown,
  delete: Trash2,
  download: Download,
  edit: Pencil,
  equal: Equal,
  idea: Lightbulb,
  light: Sun,
  minus: Minus,
  models: Boxes,
  plus: Plus,
  predictor: UserSearch,
  reset: Maximize,
  right: ArrowRight,
  system: Monitor,
  train: GraduationCap,
  up: ArrowUp,
  upload: Upload,
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
