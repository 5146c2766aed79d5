import { Copy, CornerDownLeft, Trash2, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Lane } from '../../protocol/outputs.ts';
import type { LookAnswer } from '../../protocol/looking.ts';
import { useCommands, useUi } from '../context.ts';
import { EngineChip } from '../engines/EngineMark.tsx';
import { nameOf, SOON } from '../output/looking.ts';
import { ValueTree } from '../output/ValueTree.tsx';
import { copyTold } from '../shell/copy-told.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { KeepOr } from '../shell/KeepOr.tsx';
import { useQuestion } from '../shell/use-question.ts';
import { formatBytes } from '../format.ts';
import { laneName, type MatrixRow, pullLine, sizeText, typeText, valueGroups } from './matrix.ts';

interface Props {
  readonly row: MatrixRow;
  /** Undefined: the row as a whole. */
  readonly lane: Lane | undefined;
  readonly opened: boolean;
  readonly onOpen: () => void;
  /** The opened value is closed, the focus goes back to the matrix. */
  readonly onBack: () => void;
  /** The reader goes on in the notebook. */
  readonly onLeave: () => void;
}

/** What is known of the chosen cell or row, what can be done with it, and the value itself when it is opened. */
export function VariableDetail(props: Props): ReactNode {
  const { row, lane, opened } = props;
  const cell = lane === undefined ? undefined : row.cells.find((each) => each.lane === lane);
  const variable = cell?.variable ?? null;
  const openable = variable !== null && ['list', 'object'].includes(variable.kind);
  return (
    <section
      className={opened ? 'variable-detail opened' : 'variable-detail'}
      aria-label={lane === undefined ? row.name : `${row.name}, ${laneName(lane)}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.onBack();
      }}
    >
      <header>
        <h3>{row.name}</h3>
        {lane === undefined ? null : lane === null ? (
          <span className="kernel-chip">kernel</span>
        ) : (
          <EngineChip engine={lane} />
        )}
        <Actions {...props} />
      </header>
      {variable ? (
        <p className="variable-facts numbers">
          {typeText(variable)} · {sizeText(variable)}
        </p>
      ) : (
        <RowFacts row={row} lane={lane} presence={cell?.presence} />
      )}
      {opened && lane !== undefined ? (
        <OpenedValue key={`${row.name} ${String(lane)}`} name={row.name} lane={lane} />
      ) : variable ? (
        <p className="variable-value">
          <span className={`value-${variable.kind}`}>{variable.text}</span>
          {openable ? (
            <button type="button" className="link-button" onClick={props.onOpen}>
              Open
            </button>
          ) : null}
        </p>
      ) : null}
      {opened || variable ? null : <Groups row={row} />}
    </section>
  );
}

function RowFacts({
  row,
  lane,
  presence,
}: {
  readonly row: MatrixRow;
  readonly lane: Lane | undefined;
  readonly presence: 'absent' | 'named' | 'known' | undefined;
}): ReactNode {
  if (lane !== undefined) {
    const text =
      presence === 'named'
        ? `${nameOf(lane)} has it. Its value can be had with pull; it cannot be looked at from here.`
        : `${nameOf(lane)} has no ${row.name}.`;
    return <p className="variable-facts">{text}</p>;
  }
  const facts = [...(row.parts === null ? [] : [row.parts]), `${formatBytes(row.bytes)} in all`];
  return <p className="variable-facts numbers">{facts.join(' · ')}</p>;
}

/** Who holds what: four equal values are one line. */
function Groups({ row }: { readonly row: MatrixRow }): ReactNode {
  return (
    <dl className="variable-groups">
      {valueGroups(row).map(({ who, variable }) => (
        <div key={who}>
          <dt>{who}</dt>
          <dd className={`value-${variable.kind}`}>{variable.text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Actions({ row, lane, onLeave, onBack, opened }: Props): ReactNode {
  const commands = useCommands();
  const { variables } = useUi();
  const { asking, ask, close, opener } = useQuestion();
  const { name } = row;
  const holders = row.cells.filter(({ variable }) => variable !== null).map((cell) => cell.lane);
  const there =
    lane === undefined
      ? row.cells.some((cell) => cell.lane !== null && cell.presence !== 'absent')
      : row.cells.find((cell) => cell.lane === lane)?.presence !== 'absent';
  const chosen = lane === undefined ? holders : holders.filter((each) => each === lane);
  const where = lane === undefined ? 'everywhere' : lane === null ? 'in the kernel' : `on e${String(lane)}`;
  if (asking) {
    return (
      <span className="variable-ask">
        <span>Delete {where}? Running its cell again is the only way back.</span>
        <KeepOr
          verb="Delete"
          onKeep={close}
          onDo={() => {
            close();
            onBack();
            void Promise.all(chosen.map((each) => variables.forget(each, name))).then(() => {
              commands.announce(`${name} was deleted ${where}`);
            });
          }}
        />
      </span>
    );
  }
  return (
    <span className="variable-actions">
      <IconButton
        className="small"
        label="Copy the name"
        icon={<Copy size={13} />}
        onClick={() => {
          copyTold(commands, name, name);
        }}
      />
      {lane === null || !there ? null : (
        <IconButton
          className="small"
          label="Pull to the kernel"
          tip={`Insert a cell: ${pullLine(row, lane ?? null)}`}
          icon={<CornerDownLeft size={13} />}
          onClick={() => {
            onLeave();
            commands.insertCode(pullLine(row, lane ?? null));
          }}
        />
      )}
      {chosen.length === 0 ? null : (
        <IconButton
          className="small"
          label="Delete…"
          tip={`Delete ${name} ${where}, after what runs there`}
          icon={<Trash2 size={13} />}
          ref={opener}
          onClick={ask}
        />
      )}
      {opened ? (
        <IconButton
          className="small"
          label="Close the value"
          keys="Esc"
          icon={<X size={13} />}
          onClick={onBack}
        />
      ) : null}
    </span>
  );
}

type Answer = Extract<LookAnswer, { type: 'open' | 'gone' }>;

function OpenedValue({ name, lane }: { readonly name: string; readonly lane: Lane }): ReactNode {
  const { looking } = useUi();
  const [answer, setAnswer] = useState<Answer | 'waiting' | 'slow'>('waiting');
  useEffect(() => {
    let isOver = false;
    const slow = setTimeout(() => {
      setAnswer('slow');
    }, SOON);
    void looking.look(lane, { type: 'open', path: [name] }).then((found) => {
      clearTimeout(slow);
      if (!isOver) setAnswer(found.type === 'open' ? found : { type: 'gone' });
    });
    return () => {
      isOver = true;
      clearTimeout(slow);
    };
  }, [looking, lane, name]);
  if (answer === 'waiting') return null;
  if (answer === 'slow') {
    return (
      <p className="output-note" role="status">
        {nameOf(lane)} is busy; this opens as soon as it looks up.
      </p>
    );
  }
  if (answer.type === 'gone' || answer.summary === null) {
    return (
      <p className="output-note" role="status">
        {nameOf(lane)} no longer has {name}.
      </p>
    );
  }
  if (answer.value) return <ValueTree value={answer.value} at={lane} opened />;
  return (
    <p className="variable-value">
      <span className={`value-${answer.summary.kind}`}>{answer.summary.text}</span>
    </p>
  );
}
