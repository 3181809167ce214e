import { ToggleButton, ToggleButtonGroup, type ToggleButtonProps } from 'react-aria-components';
import { given } from '../given.ts';
import { Kbd } from '../text/Kbd.tsx';
import { digitChoice } from './digitChoice.ts';
import styles from './field.module.css';
import type { Option } from './Select.tsx';

export interface SegmentedControlProps<Value extends string> {
  /** Accessible name of the group; where a visible text names it, give `aria-labelledby` instead. */
  readonly 'aria-label'?: string;
  readonly 'aria-labelledby'?: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly isDisabled?: boolean;
  /** Shows the digit that chooses each segment. The digits work in any case while the group has focus. */
  readonly showDigits?: boolean;
  /** False for a control in a row that Tab passes by, because the rows are reached with the arrow keys. */
  readonly isTabStop?: boolean;
}

/**
 * One of two to five, all visible. Arrow keys move, space chooses, the digits 1 to 9 choose at once. A row that
 * wants the digits while something else in it has focus calls {@link digitChoice} itself.
 */
export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>) {
  const { options, value, onChange, isDisabled = false, showDigits = false, isTabStop = true } = props;
  const onKeyDown: ToggleButtonProps['onKeyDown'] = (event) => {
    const chosen = digitChoice(event, options);
    // React Aria stops what is handled here; the rest belongs to the row or the screen around.
    if (chosen === undefined) event.continuePropagation();
    else onChange(chosen);
  };
  return (
    <ToggleButtonGroup
      className={styles.segments ?? ''}
      {...given({ 'aria-label': props['aria-label'], 'aria-labelledby': props['aria-labelledby'] })}
      selectionMode="single"
      disallowEmptySelection={value !== null}
      isDisabled={isDisabled}
      selectedKeys={value === null ? [] : [value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.value));
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option, index) => (
        <ToggleButton
          key={option.value}
          id={option.value}
          className={styles.segment ?? ''}
          isDisabled={option.isDisabled ?? false}
          excludeFromTabOrder={!isTabStop}
          onKeyDown={onKeyDown}
        >
          {showDigits && <Kbd keys={String(index + 1)} />}
          <span className={styles.word} data-word={option.label}>
            {option.label}
          </span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
