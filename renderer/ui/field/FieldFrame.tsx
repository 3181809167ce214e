import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon/Icon.tsx';
import styles from './field.module.css';

/** What every field takes. `label` is its visible and accessible name: there is no field without one. */
export interface FieldProps {
  readonly label: string;
  /** What is expected, in one short sentence. */
  readonly help?: ReactNode;
  /** What is wrong and how to put it right; shows the field as invalid. */
  readonly error?: string | undefined;
  readonly isRequired?: boolean;
  /** Says "optional" beside the label, for forms where most fields are required. */
  readonly isOptional?: boolean;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  /** Name in the form, and the key of its error in `Form`. */
  readonly name?: string;
  readonly autoFocus?: boolean;
}

/** Label text with the mark "required" or "optional". */
export function LabelText({
  label,
  isRequired,
  isOptional,
}: Pick<FieldProps, 'label' | 'isRequired' | 'isOptional'>) {
  const { t } = useTranslation('common');
  return (
    <>
      {label}
      {isRequired === true && <span className={styles.mark}> · {t('state.required')}</span>}
      {isOptional === true && <span className={styles.mark}> · {t('state.optional')}</span>}
    </>
  );
}

/** Label above, control in the middle, help and error below; used inside a React Aria field. */
export function FieldFrame(props: FieldProps & { readonly children: ReactNode }) {
  const { label, isRequired, isOptional, help, error, children } = props;
  return (
    <>
      <Label className={styles.label ?? ''}>
        <LabelText label={label} {...(isRequired && { isRequired })} {...(isOptional && { isOptional })} />
      </Label>
      {children}
      <FieldHelp help={help} error={error} />
    </>
  );
}

/** Help while all is well, else what is wrong: from `error`, or from the form's validation. */
export function FieldHelp({ help, error }: Pick<FieldProps, 'help' | 'error'>) {
  return (
    <>
      {help !== undefined && (
        <Text slot="description" className={styles.help ?? ''}>
          {help}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>
        {({ validationErrors }) => (
          <>
            <Icon name="warn" />
            <span>{error ?? validationErrors.join(' ')}</span>
          </>
        )}
      </FieldError>
    </>
  );
}

/** The React Aria props shared by all fields, from ours. */
export function ariaFieldProps(props: FieldProps) {
  const { isRequired, isDisabled, isReadOnly, name, autoFocus, error } = props;
  return {
    isRequired: isRequired ?? false,
    isDisabled: isDisabled ?? false,
    isReadOnly: isReadOnly ?? false,
    autoFocus: autoFocus ?? false,
    validationBehavior: 'aria' as const,
    ...(name !== undefined && { name }),
    ...(error !== undefined && { isInvalid: true }),
  };
}
