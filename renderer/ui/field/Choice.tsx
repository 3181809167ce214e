import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  CheckboxGroup as AriaCheckboxGroup,
  RadioGroup as AriaRadioGroup,
  Switch as AriaSwitch,
  Radio,
} from 'react-aria-components';
import { Icon } from '../icon/Icon.tsx';
import { ariaFieldProps, FieldFrame, type FieldProps } from './FieldFrame.tsx';
import styles from './field.module.css';
import type { Option } from './Select.tsx';

interface TickProps {
  /** The words beside the box: what is true when it is ticked. */
  readonly children: ReactNode;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly help?: ReactNode;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  readonly name?: string;
}

/** Yes or no, taken with the rest of the form. */
export function Checkbox({ children, help, ...rest }: TickProps & { readonly isIndeterminate?: boolean }) {
  return (
    <AriaCheckbox {...rest} className={styles.choice ?? ''}>
      <span className={styles.box}>
        <Icon name="check" size={14} />
      </span>
      <span className={styles.choiceText}>
        <span>{children}</span>
        {help !== undefined && <span className={styles.help}>{help}</span>}
      </span>
    </AriaCheckbox>
  );
}

/** On or off, in force at once. */
export function Switch({ children, help, ...rest }: TickProps) {
  return (
    <AriaSwitch {...rest} className={styles.choice ?? ''}>
      <span className={styles.track} />
      <span className={styles.choiceText}>
        <span>{children}</span>
        {help !== undefined && <span className={styles.help}>{help}</span>}
      </span>
    </AriaSwitch>
  );
}

export interface RadioGroupProps<Value extends string> extends FieldProps {
  readonly options: readonly Option<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly orientation?: 'horizontal' | 'vertical';
}

/** One of a few, with room for a sentence under each. */
export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { options, value, onChange, orientation = 'vertical' } = props;
  return (
    <AriaRadioGroup
      {...ariaFieldProps(props)}
      className={styles.field ?? ''}
      orientation={orientation}
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key);
        if (chosen) onChange(chosen.value);
      }}
    >
      <FieldFrame {...props}>
        <div className={styles.options} data-orientation={orientation}>
          {options.map((option) => (
            <Radio
              key={option.value}
              value={option.value}
              className={styles.choice ?? ''}
              isDisabled={option.isDisabled ?? false}
            >
              <span className={styles.dot} />
              <span className={styles.choiceText}>
                <span>{option.label}</span>
                {option.description !== undefined && (
                  <span className={styles.help}>{option.description}</span>
                )}
              </span>
            </Radio>
          ))}
        </div>
      </FieldFrame>
    </AriaRadioGroup>
  );
}

export interface CheckboxGroupProps<Value extends string> extends FieldProps {
  readonly options: readonly Option<Value>[];
  readonly value: readonly Value[];
  readonly onChange: (value: readonly Value[]) => void;
}

/** Any number of a few, with room for a sentence under each. */
export function CheckboxGroup<Value extends string>(props: CheckboxGroupProps<Value>) {
  const { options, value, onChange } = props;
  return (
    <AriaCheckboxGroup
      {...ariaFieldProps(props)}
      className={styles.field ?? ''}
      value={[...value]}
      onChange={(keys) => onChange(options.map((o) => o.value).filter((v) => keys.includes(v)))}
    >
      <FieldFrame {...props}>
        <div className={styles.options}>
          {options.map((option) => (
            <AriaCheckbox key={option.value} value={option.value} className={styles.choice ?? ''}>
              <span className={styles.box}>
                <Icon name="check" size={14} />
              </span>
              <span className={styles.choiceText}>
                <span>{option.label}</span>
                {option.description !== undefined && (
                  <span className={styles.help}>{option.description}</span>
                )}
              </span>
            </AriaCheckbox>
          ))}
        </div>
      </FieldFrame>
    </AriaCheckboxGroup>
  );
}
