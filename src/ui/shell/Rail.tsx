import { BookOpen, ChartGantt, Files, ListTree } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';
import { KEYS } from '../keys.ts';
import type { Drawer } from '../stores/page-store.ts';
import { IconButton } from './IconButton.tsx';

/** The left edge: what opens a drawer. */
export function Rail(): ReactNode {
  return (
    <nav className="rail" aria-label="Drawers">
      <RailButton drawer="notebooks" label="Notebooks" icon={<BookOpen size={17} />} />
      <RailButton drawer="contents" label="Contents" icon={<ListTree size={17} />} />
      <RailButton drawer="files" label="Files" icon={<Files size={17} />} />
      <StreamButton />
    </nav>
  );
}

/** At the foot, beside the drawer that it opens. */
function StreamButton(): ReactNode {
  const commands = useCommands();
  const open = usePage((page) => page.streamOpen);
  return (
    <IconButton
      className="foot"
      label="Task stream"
      keys={KEYS.taskStream}
      icon={<ChartGantt size={17} />}
      aria-expanded={open}
      onClick={() => {
        commands.setStreamOpen(!open);
      }}
    />
  );
}

function RailButton(props: {
  readonly drawer: Drawer;
  readonly label: string;
  readonly icon: ReactNode;
}): ReactNode {
  const commands = useCommands();
  const open = usePage((page) => page.drawer === props.drawer);
  return (
    <IconButton
      label={props.label}
      icon={props.icon}
      aria-expanded={open}
      onClick={() => {
        commands.setDrawer(open ? null : props.drawer);
      }}
    />
  );
}
