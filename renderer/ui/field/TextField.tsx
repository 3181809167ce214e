import { type Ref, useState } from 'react';
import { TextArea as AriaTextArea, TextField as AriaTextField, Button, Input } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { cx } from '../cx.ts';
import { given } from '../given.ts';
import { Icon } from '../icon/Icon.tsx';
import { ariaFieldProps, FieldFrame, type FieldProps } from './FieldFrame.tsx';
import styles from './field.module.css';

interface TextProps extends FieldProps {
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onChange?: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string;
  readonly maxLength?: number;
}

export interface TextFieldProps extends TextProps {
  readonly type?: 'text' | 'email' | 'tel' | 'search';
  readonly size?: 'medium' | 'large';
  readonly autoComplete?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
}

function valueProps({ value, defaultValue, onChange, onBlur, maxLength }: TextProps) {
  return given({ value, defaultValue, onChange, onBlur, maxLength });
}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { type = 'text', size = 'medium', autoComplete = 'off', placeholder, inputRef } = props;
  return (
    <AriaTextField
      {...ariaFieldProps(props)}
      {...valueProps(props)}
      type={type}
      autoComplete={autoComplete}
      className={cx(styles.field, size === 'large' && styles.large)}
    >
      <FieldFrame {...props}>
        <Input className={styles.control ?? ''} {...given({ placeholder, ref: inputRef })} />
      </FieldFrame>
    </AriaTextField>
  );
}

/** A passphrase: hidden, and shown on demand. Never stored by the browser's own means. */
export function PassphraseField(props: Omit<TextFieldProps, 'type' | 'placeholder'>) {
  const { t } = useTranslation('common');
  const [shown, setShown] = useState(false);
  const { size = 'large', autoComplete = 'off', inputRef } = props;
  return (
    <AriaTextField
      {...ariaFieldProps(props)}
      {...valueProps(props)}
      type={shown ? 'text' : 'password'}
      autoComplete={autoComplete}
      spellCheck="false"
      className={cx(styles.field, size === 'large' && styles.large)}
    >
      <FieldFrame {...props}>
        <span className={styles.withButton}>
          <Input className={cx(styles.control, styles.beside)} {...given({ ref: inputRef })} />
          <Button
            className={styles.inside ?? ''}
            aria-label={t(shown ? 'field.hidePassphrase' : 'field.showPassphrase')}
            onPress={() => setShown(!shown)}
          >
            <Icon name={shown ? 'hide' : 'show'} />
          </Button>
        </span>
      </FieldFrame>
    </AriaTextField>
  );
}

export interface TextAreaProps extends TextProps {
  /** Lines shown when empty; it grows with the text. */
  readonly lines?: number;
  readonly maxLines?: number;
  readonly inputRef?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text; grows with what is written. */
export function TextArea(props: TextAreaProps) {
  const { lines = 3, maxLines = 18, placeholder, inputRef } = props;
  const size = { '--lines': lines, '--max-lines': maxLines } as Record<string, number>;
  return (
    <AriaTextField {...ariaFieldProps(props)} {...valueProps(props)} className={styles.field ?? ''}>
      <FieldFrame {...props}>
        <AriaTextArea
          className={cx(styles.control, styles.area)}
          style={size}
          {...given({ placeholder, ref: inputRef })}
        />
      </FieldFrame>
    </AriaTextField>
  );
}
