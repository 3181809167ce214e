import {
  Archive,
  ArrowDown,
  ArrowRight,
  ArrowUp,
  Calendar,
  Check,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  CircleCheck,
  CircleHelp,
  Clock,
  Ellipsis,
  Eye,
  EyeOff,
  FileText,
  Flag,
  FolderOpen,
  GitCompareArrows,
  History,
  Inbox,
  Info,
  Laptop,
  Link2,
  Lock,
  type LucideIcon,
  MessageSquareText,
  OctagonAlert,
  Pencil,
  Phone,
  Plus,
  RefreshCw,
  Search,
  Settings,
  Shield,
  Sun,
  TriangleAlert,
  Undo2,
  UserRound,
  Users,
  X,
} from 'lucide-react';

const icons = {
  add: Plus,
  archive: Archive,
  arrowDown: ArrowDown,
  arrowRight: ArrowRight,
  arrowUp: ArrowUp,
  calendar: Calendar,
  case: FolderOpen,
  check: Check,
  chevronDown: ChevronDown,
  chevronLeft: ChevronLeft,
  chevronRight: ChevronRight,
  clock: Clock,
  close: X,
  conflict: GitCompareArrows,
  danger: OctagonAlert,
  day: Sun,
  device: Laptop,
  done: CircleCheck,
  edit: Pencil,
  file: FileText,
  flag: Flag,
  help: CircleHelp,
  hide: EyeOff,
  history: History,
  info: Info,
  link: Link2,
  lock: Lock,
  measure: Shield,
  more: Ellipsis,
  observation: MessageSquareText,
  people: Users,
  person: UserRound,
  phone: Phone,
  report: Inbox,
  search: Search,
  settings: Settings,
  show: Eye,
  sync: RefreshCw,
  undo: Undo2,
  warn: TriangleAlert,
} as const satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof icons;

interface IconProps {
  readonly name: IconName;
  /** Edge in px; 16 beside text, 20 alone, 24 in empty states. */
  readonly size?: number;
  readonly className?: string | undefined;
}

/** A picture beside a word. It is hidden from screen readers: the word, or an `aria-label`, says it. */
export function Icon({ name, size = 16, className }: IconProps) {
  const Drawn = icons[name];
  return <Drawn size={size} strokeWidth={1.75} className={className} aria-hidden focusable="false" />;
}
