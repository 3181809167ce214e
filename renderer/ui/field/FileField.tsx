import { useId } from 'react';
import { FileTrigger, Group } from 'react-aria-components';
import { Button } from '../button/Button.tsx';
import { Icon } from '../icon/Icon.tsx';
import styles from './field.module.css';

interface FileFieldProps {
  readonly label: string;
  /** On the button that opens the system's dialog. */
  readonly action: string;
  /** Name and size of the file that was chosen; null while none is. */
  readonly chosen: string | null;
  readonly onChoose: (file: File) => void;
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
}

/** One file, chosen in the dialog of the system. */
export function FileField({ label, action, chosen, onChoose, error, isDisabled = false }: FileFieldProps) {
  const id = useId();
  return (
    <Group className={styles.field ?? ''} aria-labelledby={`${id}-label`}>
      <span className={styles.label} id={`${id}-label`}>
        {label}
      </span>
      <FileTrigger
        onSelect={(files) => {
          const file = files?.[0];
          if (file !== undefined) onChoose(file);
        }}
      >
        <Button icon="file" isDisabled={isDisabled} wide aria-describedby={`${id}-state`}>
          {action}
        </Button>
      </FileTrigger>
      <span id={`${id}-state`} role="status" className={error === undefined ? styles.help : styles.error}>
        {error !== undefined && <Icon name="warn" />}
        {error ?? chosen}
      </span>
    </Group>
  );
}
