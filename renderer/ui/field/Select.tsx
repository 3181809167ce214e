import type { ReactNode } from 'react';
import {
  ComboBox as AriaComboBox,
  Select as AriaSelect,
  Button,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { cx } from '../cx.ts';
import { Icon } from '../icon/Icon.tsx';
import popover from '../overlay/popover.module.css';
import { ariaFieldProps, FieldFrame, type FieldProps } from './FieldFrame.tsx';
import styles from './field.module.css';

/** One choice of a list. */
export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  readonly description?: string;
  readonly isDisabled?: boolean;
}

export interface SelectProps<Value extends string> extends Omit<FieldProps, 'isReadOnly'> {
  readonly options: readonly Option<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly placeholder?: string;
}

function findValue<Value extends string>(options: readonly Option<Value>[], key: unknown): Value | undefined {
  return options.find((option) => option.value === key)?.value;
}

/** One of up to about fifteen; longer lists take {@link ComboBox}. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { t } = useTranslation('common');
  const { options, value, onChange, placeholder } = props;
  return (
    <AriaSelect
      {...ariaFieldProps(props)}
      className={styles.field ?? ''}
      value={value}
      onChange={(key) => {
        const chosen = findValue(options, key);
        if (chosen !== undefined) onChange(chosen);
      }}
      placeholder={placeholder ?? t('field.choose')}
    >
      <FieldFrame {...props}>
        <Button className={`${styles.control} ${styles.trigger}`}>
          <SelectValue className={styles.chosen ?? ''}>
            {({ isPlaceholder, selectedText, defaultChildren }) =>
              isPlaceholder ? defaultChildren : selectedText
            }
          </SelectValue>
          <Icon name="chevronDown" />
        </Button>
      </FieldFrame>
      <Popover className={popover.popover ?? ''} offset={4}>
        <OptionList options={options} />
      </Popover>
    </AriaSelect>
  );
}

function OptionList<Value extends string>({ options }: { readonly options: readonly Option<Value>[] }) {
  return (
    <ListBox
      className={popover.list ?? ''}
      items={options.map((option) => ({ ...option, id: option.value }))}
    >
      {(option) => (
        <ListBoxItem
          className={popover.item ?? ''}
          id={option.value}
          textValue={option.label}
          isDisabled={option.isDisabled ?? false}
        >
          <span className={popover.itemText}>
            <span>{option.label}</span>
            {option.description !== undefined && (
              <span className={popover.itemNote}>{option.description}</span>
            )}
          </span>
          <Icon name="check" className={popover.tick} />
        </ListBoxItem>
      )}
    </ListBox>
  );
}

export interface ComboBoxProps<Value extends string> extends Omit<FieldProps, 'isReadOnly'> {
  readonly options: readonly Option<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value | null) => void;
  readonly placeholder?: string;
  readonly empty?: ReactNode;
}

/** One of many, found by typing. */
export function ComboBox<Value extends string>(props: ComboBoxProps<Value>) {
  const { t } = useTranslation('common');
  const { options, value, onChange, placeholder, empty } = props;
  return (
    <AriaComboBox
      {...ariaFieldProps(props)}
      className={styles.field ?? ''}
      value={value}
      // The list is drawn after the field, so what is chosen already has to be named.
      defaultInputValue={options.find((option) => option.value === value)?.label ?? ''}
      defaultItems={options.map((option) => ({ ...option, id: option.value }))}
      menuTrigger="focus"
      allowsEmptyCollection
      onChange={(key) => onChange(findValue(options, key) ?? null)}
    >
      <FieldFrame {...props}>
        <span className={styles.withButton}>
          <Input
            className={cx(styles.control, styles.beside)}
            placeholder={placeholder ?? t('field.choose')}
          />
          <Button className={styles.inside ?? ''} aria-label={t('field.openList')}>
            <Icon name="chevronDown" />
          </Button>
        </span>
      </FieldFrame>
      <Popover className={popover.popover ?? ''} offset={4}>
        <ListBox
          className={popover.list ?? ''}
          renderEmptyState={() => <div className={popover.empty}>{empty ?? t('field.noMatch')}</div>}
        >
          {(option: Option<Value> & { id: Value }) => (
            <ListBoxItem className={popover.item ?? ''} id={option.id} textValue={option.label}>
              <span className={popover.itemText}>
                <span>{option.label}</span>
                {option.description !== undefined && (
                  <span className={popover.itemNote}>{option.description}</span>
                )}
              </span>
              <Icon name="check" className={popover.tick} />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
