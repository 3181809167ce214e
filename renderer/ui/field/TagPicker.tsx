import { Tag as AriaTag, Label, TagGroup, TagList, Text } from 'react-aria-components';
import { Icon } from '../icon/Icon.tsx';
import { type FieldProps, LabelText } from './FieldFrame.tsx';
import styles from './field.module.css';
import type { Option } from './Select.tsx';

export interface TagPickerProps<Value extends string>
  extends Pick<FieldProps, 'label' | 'help' | 'isDisabled' | 'isOptional'> {
  readonly options: readonly Option<Value>[];
  readonly value: readonly Value[];
  readonly onChange: (value: readonly Value[]) => void;
}

/** Any number of a visible set, such as the warning behaviours: arrows move, space takes or leaves one. */
export function TagPicker<Value extends string>(props: TagPickerProps<Value>) {
  const { label, help, options, value, onChange, isDisabled = false, isOptional } = props;
  return (
    <TagGroup
      className={styles.field ?? ''}
      selectionMode="multiple"
      selectionBehavior="toggle"
      selectedKeys={value}
      disabledKeys={isDisabled ? options.map((option) => option.value) : []}
      onSelectionChange={(keys) =>
        onChange(options.map((o) => o.value).filter((v) => keys === 'all' || keys.has(v)))
      }
    >
      <Label className={styles.label ?? ''}>
        <LabelText label={label} {...(isOptional && { isOptional })} />
      </Label>
      <TagList className={styles.tags ?? ''}>
        {options.map((option) => (
          <AriaTag key={option.value} id={option.value} textValue={option.label} className={styles.tag ?? ''}>
            <Icon name="check" size={14} className={styles.tick} />
            {option.label}
          </AriaTag>
        ))}
      </TagList>
      {help !== undefined && (
        <Text slot="description" className={styles.help ?? ''}>
          {help}
        </Text>
      )}
    </TagGroup>
  );
}
